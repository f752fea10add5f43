"""The Facts of ``listening`` about the score: as heard, weighted, bounded, what would tip it."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.listening.findings import Findings
from cxdash.questions.listening.score import FEWEST_HABITS, Adjusted
from cxdash.stats.estimate import Difference, Estimate
from cxdash.stats.weighting import SMALLEST_CHANCE

__all__ = [
    "CANNOT_REPAIR",
    "COUNTED",
    "ONE_LIST",
    "gap_of",
    "metric_name",
    "no_customers",
    "range_of",
    "score_facts",
    "year",
]

COUNTED: Final = Method(description="Counted in the imported files.")
CANNOT_REPAIR: Final = (
    "It cannot repair answering that goes with the opinion itself. Nothing in the answers shows "
    "whether that is so; the bounds show how far it could go."
)
ONE_LIST: Final = (
    "Its range and that of the score as heard both speak of today's customers as a fixed list; "
    "the weighted one can be the narrower, because what is known of every customer explains part "
    "of how answers differ."
)
_CERTAIN: Final = 0.999  # bounds hold always; an interval needs a level
_ASSUMES: Final = (
    "Customers alike in what is known of them think alike, whether they answered or not",
    "Every customer had some chance to answer",
)


def score_facts(found: Findings) -> Iterator[Fact]:
    """Heard, weighted, bounds, tipping point, then what the weights are worth."""
    yield _heard(found)
    yield _adjusted(found)
    yield _bounds(found)
    yield _tipping(found)
    if found.score.adjusted:
        yield from _weights(found, found.score.adjusted)
    yield _feelings(found)


def metric_name(found: Findings) -> str:
    """The metric as a reader says it."""
    return fmt.spoken(found.setting.item.name)


def year(found: Findings) -> str:
    """The twelve months answers are taken from."""
    return f"the twelve months to {found.setting.as_of.isoformat()}"


def _year_to(found: Findings) -> str:
    """The same for a label."""
    return f"in the twelve months to {fmt.month(found.setting.as_of)}"


def _unit(found: Findings) -> str:
    return found.score.scale.unit


def no_customers(found: Findings) -> tuple[str, ...]:
    """Why nothing can be said of customers, if so."""
    return (found.against.why,) if found.against else ()


def _id(found: Findings, last: str) -> str:
    return f"{found.setting.item.name}.{last}"


def range_of(found: Estimate) -> Interval:
    """The estimate's interval as a Fact holds it."""
    return Interval(found.low, found.high, found.level)


def gap_of(gap: Difference) -> Interval:
    """The difference's interval as a Fact holds it."""
    return Interval(gap.low, gap.high, gap.level)


def _heard(found: Findings) -> Fact:
    score, setting = found.score, found.setting
    observed = score.observed
    whose = "the answers given" if found.against else "those who answered"
    whom = (
        "Answers that find no customer are counted in, and exit surveys cannot be told apart."
        if found.against
        else "It speaks of those who answered, and of nobody else."
    )
    return Fact(
        id=_id(found, "heard"),
        label=f"{metric_name(found)} of {whose} {_year_to(found)}",
        value=observed.estimate if observed else None,
        # Where every customer answered there is nobody left to be in doubt about.
        interval=range_of(observed) if observed and observed.low < observed.high else None,
        unit=_unit(found),
        method=Method(
            description="The last answer of each customer that is known, every answer counting "
            "alike. "
            + (
                "The range is that of so many answers drawn by chance from all that could be given."
                if found.against
                else "The range is that of so many answers drawn by chance from today's customers, "
                "taken as a fixed list."
            )
        ),
        n=observed.n if observed else 0,
        population="answers, by whomever they were given"
        if found.against
        else f"{setting.population} who answered",
        period=year(found),
        definition=setting.item.variant,
        caveats=(whom,) if observed else ("Nobody answered this in the last twelve months.",),
        sources=found.ground.sources,
    )


def _adjusted(found: Findings) -> Fact:
    score, setting = found.score, found.setting
    adjusted = score.adjusted
    why = no_customers(found) or (f"{score.why_not}.",)
    return Fact(
        id=_id(found, "adjusted"),
        label=f"{metric_name(found)} with answers weighted to all of today's customers "
        f"{_year_to(found)}",
        value=adjusted.weighted.estimate if adjusted else None,
        interval=range_of(adjusted.weighted) if adjusted else None,
        unit=_unit(found),
        method=_weighting(found, adjusted) if adjusted else COUNTED,
        n=adjusted.weighted.n if adjusted else score.answered,
        population=setting.population,
        period=year(found),
        definition="weighted_score",
        caveats=(
            (
                "Weighting repairs only differences in what is known of every customer: "
                f"{fmt.listed(adjusted.known)}."
            ),
            ONE_LIST,
            CANNOT_REPAIR,
        )
        if adjusted
        else why,
        sources=found.ground.sources,
    )


def _weighting(found: Findings, adjusted: Adjusted) -> Method:
    known = fmt.listed(adjusted.known)
    cut = adjusted.weights.trimmed
    smallest = fmt.number(SMALLEST_CHANCE, "share")
    return Method(
        description="Each answer stands for one over the chance of answering that a logistic model "
        f"gives its customer from {known}.",
        adjusted_for=adjusted.known,
        card=Card(
            model="Inverse propensity weighting, logistic model of answering",
            formula="sum of weight × answer / sum of weights, weight = 1 / estimated chance of "
            "answering; error by linearisation, chances counted as estimated, customers as a "
            "fixed list",
            sample=f"One row a customer: {found.score.customers:,} customers, of whom "
            f"{found.score.answered:,} answered",
            window=f"{year(found)}; contacts, price, spend and purchases as they stood before it",
            exclusions=(
                "Customers who have said goodbye",
                "Contacts and changes of price of that year, which may go with the answer itself",
                "Answers that find no customer",
                f"{fmt.count(cut)} chances below {smallest} were lifted to it"
                if cut
                else f"No chance lay below {smallest}, where it would have been lifted",
            ),
            assumptions=_ASSUMES,
            validation="None is possible: what the silent think was never recorded.",
            sensitivity=_sensitivity(found, adjusted),
            code="cxdash.stats.weighted.adjusted_mean",
        ),
    )


def _sensitivity(found: Findings, adjusted: Adjusted) -> str:
    if adjusted.raked is None:
        other = "Raking to the same counts of customers could not meet them all."
    else:
        value = fmt.number(adjusted.raked, _unit(found), interval=range_of(adjusted.weighted))
        other = f"Raking to counts of customers by {fmt.listed(adjusted.margins)} gives {value}."
    return f"{other} If the opinion itself decides who answers, only the bounds hold."


def _bounds(found: Findings) -> Fact:
    score, setting = found.score, found.setting
    bounds, unit = score.bounds, _unit(found)
    return Fact(
        id=_id(found, "bounds"),
        label=f"{metric_name(found)} of all customers, whatever the silent think",
        value=None,
        interval=Interval(bounds.low, bounds.high, _CERTAIN) if bounds else None,
        unit=unit,
        method=Method(
            description="Those who did not answer are all given the lowest, then all the highest "
            "answer there is. Nothing is assumed about them."
        ),
        n=score.customers,
        population=setting.population,
        period=year(found),
        definition="score_bounds",
        caveats=(
            (
                f"{fmt.number(bounds.silent_share, 'share')} of customers did not answer this in "
                "twelve months; whatever they think, the score of all lies in the range."
            ),
            "Whoever answered is taken at their word.",
        )
        if bounds
        else (no_customers(found) or (f"{score.why_not}.",)),
        sources=found.ground.sources,
    )


def _tipping(found: Findings) -> Fact:
    score, unit = found.score, _unit(found)
    tipping = score.tipping
    line = fmt.number(score.scale.line, unit)
    shown = tipping.silent if tipping and tipping.possible else None
    return Fact(
        id="listening.tipping_point",
        label=f"{metric_name(found)} the silent would have to give to bring all to {line}",
        value=shown,
        unit=unit,
        method=Method(
            description="Solved from counts: the line, less what those who answered bring, shared "
            "by those who did not."
        ),
        n=score.customers,
        population=f"{found.setting.population} who did not answer",
        period=year(found),
        definition="tipping_point",
        caveats=("It says what would be needed, not what is likely.",)
        if shown is not None
        else (_no_tipping(found, line),),
        sources=found.ground.sources,
    )


def _no_tipping(found: Findings, line: str) -> str:
    tipping = found.score.tipping
    if tipping is None:
        return " ".join(no_customers(found)) or f"{found.score.why_not}."
    if tipping.silent is None:
        return "Every customer answered: nobody is silent."
    return f"Nothing the silent could think would bring the score of all customers to {line}."


def _weights(found: Findings, adjusted: Adjusted) -> Iterator[Fact]:
    setting = found.setting
    yield Fact(
        id="listening.effective_answers",
        label="What the weighted answers are worth, in answers of equal weight",
        value=adjusted.weights.effective,
        unit="count",
        method=Method(description="Worked out from the weights alone."),
        n=found.score.answered,
        population=f"{setting.population} who answered",
        period=year(found),
        definition="effective_answers",
        caveats=(
            (
                "Weighting makes about "
                f"{fmt.number(adjusted.weights.design_effect, 'ratio')} times as many answers "
                "necessary for the same certainty."
            ),
        ),
        sources=found.ground.sources,
    )
    likeness = adjusted.likeness
    yield Fact(
        id="listening.representativeness",
        label="How alike all customers' chances of answering are (1: all the same)",
        value=likeness.estimate,
        interval=range_of(likeness),
        unit="ratio",
        method=Method(
            description="1 minus twice the spread of the estimated chances of answering, cleared "
            "of the spread that estimating adds.",
            adjusted_for=adjusted.known,
            card=Card(
                model="R-indicator of a logistic model of answering",
                formula="1 − 2 × standard deviation of the chances of answering",
                sample=f"One row a customer: {found.score.customers:,} customers",
                window=year(found),
                assumptions=("The chance of answering goes with what is known as the model says",),
                sensitivity="It falls when more is known of customers that goes with answering.",
                code="cxdash.stats.response.representativeness",
            ),
        ),
        n=found.score.customers,
        population=setting.population,
        period=year(found),
        definition="representativeness",
        caveats=(
            (
                f"It knows only {fmt.listed(adjusted.known)}; a value near 1 does not say that "
                "opinions are heard in proportion."
            ),
        ),
        sources=found.ground.sources,
    )


def _feelings(found: Findings) -> Fact:
    habits = found.score.habits
    how = (
        "answered fewer than half of two or more invitations"
        if habits is None or habits.by_asking
        else "answered once in two years"
    )
    return Fact(
        id="listening.strong_feelings",
        label="Answers at the ends of the scale: occasional minus regular answerers",
        value=habits.difference.estimate if habits else None,
        interval=gap_of(habits.difference) if habits else None,
        unit="share",
        method=Method(
            description="Share of last answers in the outer tenth of the scale at either end, "
            f"among customers who {how}, minus that among the others; Newcombe's interval."
        ),
        n=habits.occasional.n + habits.regular.n if habits else 0,
        population=f"{found.setting.population} who answered",
        period=f"the two years to {found.setting.as_of.isoformat()}",
        definition="strong_feelings",
        caveats=(
            (
                "Above zero: those who answer now and then seem to pick the moments they feel "
                "strongly about."
            ),
        )
        if habits
        else (
            (
                f"Fewer than {FEWEST_HABITS} customers answer regularly, or fewer than "
                f"{FEWEST_HABITS} now and then, so the two cannot be compared."
            ),
        ),
        sources=found.ground.sources,
    )
