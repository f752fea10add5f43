"""The Facts of ``journey``: score, work, money at stake and losses, a stage at a time."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.facts.words import named
from cxdash.questions.journey.find import Found
from cxdash.questions.journey.tables import following_of
from cxdash.stats.estimate import Estimate

__all__ = ["facts", "left_fact"]

_OVERLAP: Final = "Customers are met at several stages, so stakes overlap and are never added up."
_MET: Final = "Met means a survey answer or a contact; whoever passes in silence is not in it."


def facts(found: Found) -> tuple[Fact, ...]:
    return tuple(fact for number in range(len(found.stops)) for fact in _of(found, number))


def _of(found: Found, number: int) -> Iterator[Fact]:
    yield from _score(found, number)
    yield from _work(found, number)
    yield from _stake(found, number)
    if found.losses and found.losses[number].customers:
        yield left_fact(found, number)


def _id(found: Found, what: str, number: int) -> str:
    return f"journey.{what}.{found.stops[number].key}"


def _year(found: Found) -> str:
    return f"the twelve months to {found.stage.as_of.isoformat()}"


def _score(found: Found, number: int) -> Iterator[Fact]:
    rating = found.scores[number]
    if rating is None:
        return
    best = rating.best
    held = ("segment",) if rating.adjusted else ()
    yield Fact(
        id=_id(found, "score", number),
        label=f"{fmt.spoken(rating.item)} at {found.stops[number].said}",
        value=best.estimate,
        interval=_interval(best),
        unit=rating.unit,
        method=Method(
            description="Mean over customers, each with the mean of its answers there"
            + (", segments at their share among today's customers." if held else "."),
            adjusted_for=held,
            card=Card(
                model="Direct standardisation" if held else "Mean over customers",
                formula="sum over segments of share among today's customers × mean of the segment"
                if held
                else "mean over customers of the mean of their answers",
                sample=f"{fmt.count(rating.raw.n)} customers who answered there",
                window=_year(found),
                exclusions=("Answers that come with a goodbye.",),
                assumptions=("Within a segment, those who answered are like those who did not.",),
                sensitivity="As counted: "
                + fmt.number(rating.raw.estimate, rating.unit, interval=_interval(rating.raw))
                + ".",
                code="cxdash.questions.journey.scores.ratings",
            ),
        ),
        n=rating.raw.n,
        population=found.stage.population,
        period=_year(found),
        definition="stage_score",
        caveats=() if held else ("As counted: the mix of customers is not held equal.",),
        sources=found.stage.ground.sources,
    )


def _interval(estimate: Estimate) -> Interval:
    return Interval(estimate.low, estimate.high, estimate.level)


def _work(found: Found, number: int) -> Iterator[Fact]:
    work, money = found.work[number], found.stage.currency
    if not work.contacts or work.cost is None or money is None:
        return
    yield Fact(
        id=_id(found, "cost", number),
        label=f"Cost of contacts at {found.stops[number].said} in twelve months",
        value=round(work.cost, 2),
        unit=money,
        method=Method(description="Added up from the cost of each contact that belongs to it."),
        n=work.customers,
        population=found.stage.population,
        period=_year(found),
        definition="stage_cost",
        caveats=("Only contacts have a cost in the files.",),
        sources=found.stage.ground.sources,
    )


def _stake(found: Found, number: int) -> Iterator[Fact]:
    at, money = found.stakes[number], found.stage.currency
    if at.stake is None or money is None:
        return
    stake = at.stake
    yield Fact(
        id=_id(found, "stake", number),
        label=f"Revenue at stake among customers met at {found.stops[number].said}",
        value=stake.estimate,
        interval=Interval(stake.low, stake.high, stake.level),
        unit=money,
        method=Method(
            description="Chance of leaving from what finance and operations know, times what each "
            "customer pays; leavers are drawn.",
            adjusted_for=found.held_equal,
            card=Card(
                model="Discrete-time logistic hazard; sum by simulation",
                formula="sum over customers of P(leaves within the horizon) × rate × horizon",
                sample=f"{fmt.count(found.windows)} closed customer-windows; "
                f"{fmt.count(stake.customers)} of today's customers met there within a year",
                window=found.stage.period,
                exclusions=("Customers who have said goodbye.",),
                assumptions=("Chances of leaving stay as they were.",),
                sensitivity="It is not what the stage takes away: a customer met there may leave "
                "for any reason.",
                code="cxdash.questions.journey.stakes.at_stake",
            ),
        ),
        n=stake.customers,
        population=found.stage.population,
        period=found.stage.coming,
        definition="stage_stake",
        caveats=(_OVERLAP,),
        sources=found.stage.ground.sources,
    )


def left_fact(found: Found, number: int) -> Fact:
    """The share lost between a stage and what follows it."""
    loss, horizon = found.losses[number], found.stage.horizon
    left = loss.left
    following = following_of(found, number)
    label = f"Customers who left after {found.stops[number].said}"
    ahead, period = fmt.number(horizon, "months"), f"up to {found.stage.as_of.isoformat()}"
    said = f"Customers first met there at least {ahead} ago; who of them left within {ahead}" + (
        ", before they were met at the next stage." if following else "."
    )
    return Fact(
        id=_id(found, "left", number),
        label=f"{label}, before {named(following)}" if following else label,
        value=left.estimate if left else None,
        interval=_interval(left) if left else None,
        unit="share",
        method=Method(
            description=said,
            card=Card(
                model=said,
                formula="left before the next stage / met at this stage, Wilson interval",
                sample=f"{fmt.counted(loss.customers, 'customer', 'customers')} met there",
                window=period,
                exclusions=(_MET,),
                assumptions=("Customers leave independently of each other.",),
                validation="Counted by hand on a small company in the tests.",
                sensitivity="A longer horizon counts more of those who leave late.",
                code="cxdash.stats.proportions.share",
            ),
        ),
        n=loss.customers,
        population=found.stage.population,
        period=period,
        definition="stage_left",
        caveats=(_MET,) if left else ("Nobody was met there so long ago.", _MET),
        sources=found.stage.ground.sources,
    )
