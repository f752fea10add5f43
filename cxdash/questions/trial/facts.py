"""The Facts of ``trial``, each with its methods card."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts import format as fmt
from cxdash.questions.trial.find import CHANCE, Case, Tried
from cxdash.questions.trial.link import Link
from cxdash.questions.trial.units import Watched
from cxdash.questions.trial.words import reason, step_of, unsized
from cxdash.stats.estimate import Estimate

__all__ = ["trial_facts"]

_ASSOCIATION: Final = (
    "An association: whether moving the metric moves the money only a pilot can tell."
)
_ASSUMES: Final = (
    "What was known when a window began was known then, not written later.",
    "The chance of leaving is the same in every month of a window.",
    "Customers who answered are like each other but for what is held equal.",
)


def trial_facts(tried: Tried) -> tuple[Fact, ...]:
    """Every Fact of the Answer, the headline's first."""
    return tuple(_facts(tried))


def _facts(tried: Tried) -> Iterator[Fact]:
    yield _working(tried)
    yield _own_signal(tried)
    for own in tried.watched:
        yield from _scores(tried, own)
    for case in tried.cases:
        yield _added(case, tried)
        yield _money(case, tried)


def _working(tried: Tried) -> Fact:
    rules = "cxdash.questions.trial.verdict.verdict"
    return Fact(
        id="trial.working",
        label="Metrics that earned their place",
        value=float(len(tried.with_verdict("working"))),
        unit="count",
        method=Method(
            description="Metrics that go before what customers do beyond what finance and "
            "operations know, did so again on later windows, and whose answers do not look asked "
            "for.",
            card=Card(
                model="Rules over the exhibits of each metric",
                formula="working if: lead beyond chance over all metrics (Benjamini and Hochberg, "
                f"{CHANCE:.0%}), seen again on later windows, no unit to check",
                sample=fmt.counted(len(tried.cases), "metric", "metrics"),
                window=tried.stage.base.period,
                exclusions=tuple(
                    f"{case.metric.label}: {case.metric.barred}"
                    for case in tried.cases
                    if case.metric.barred
                ),
                assumptions=_ASSUMES,
                validation="On made-up companies: a metric of pure noise, a leading one and an "
                "echo; see docs/calibration.md.",
                sensitivity="Which rule decided, and what would change it, is in the table of "
                "exhibits.",
                code=rules,
            ),
        ),
        n=len(tried.cases),
        population=tried.stage.base.population,
        period=tried.stage.base.period,
        definition="metrics_working",
        sources=tried.stage.base.ground.sources,
    )


def _own_signal(tried: Tried) -> Fact:
    working, held = len(tried.with_verdict("working")), tried.held_beside
    return Fact(
        id="trial.own_signal",
        label="Metrics that tell something the others do not",
        value=float(len(tried.with_own_signal)) if held else None,
        unit="count",
        method=Method(
            description="Metrics that work and still go before what customers do when the others "
            "that work are known.",
            adjusted_for=("figures of finance and operations", "the other metrics that work"),
            card=Card(
                model="One discrete-time hazard of leaving with all metrics that work (for spend: "
                "one linear regression, errors by customer)",
                formula="what finance and operations knew when a window began plus the last answer "
                f"to each; of its own if beyond chance (Benjamini and Hochberg, {CHANCE:.0%})",
                sample=f"{fmt.count(held[0].beside.n)} closed windows with an answer to all "
                f"{len(held)} metrics"
                if held and held[0].beside
                else "no windows with an answer to several metrics that work",
                window=tried.stage.base.period,
                exclusions=tuple(
                    f"{case.metric.label}: too few windows have an answer to it and the others"
                    for case in tried.with_verdict("working")
                    if working > 1 and case.beside is None
                ),
                assumptions=_ASSUMES,
                validation="On made-up companies: a metric that merely goes along with a leading "
                "one, and the leading one; see docs/calibration.md.",
                sensitivity="A metric that shares its signal with another is not useless: either "
                "may do.",
                code="cxdash.questions.trial.beside.beside",
            ),
        ),
        n=len(held),
        population=tried.stage.base.population,
        period=tried.stage.base.period,
        definition="metrics_own_signal",
        caveats=() if held else (_alone(working),),
        sources=tried.stage.base.ground.sources,
    )


def _alone(working: int) -> str:
    if working > 1:
        return "Too few windows have an answer to several of the metrics that work."
    return "Fewer than two metrics work, so there is none to hold another beside."


def _added(case: Case, tried: Tried) -> Fact:
    skill = case.link.skill if case.link else None
    return Fact(
        id=f"trial.{case.metric.name}.added_skill",
        label=f"Guesswork {case.metric.label} takes away on later windows",
        value=skill.estimate if skill else None,
        interval=_interval(skill),
        unit="share",
        method=_method(case, tried, "cxdash.stats.foreseen.surprise_saved"),
        n=case.link.foretold if case.link else 0,
        population=f"{tried.stage.base.population} who answered it",
        period=tried.stage.base.period,
        definition="surprise_saved",
        caveats=(why,) if (why := unsized(case)) else (),
        sources=tried.stage.base.ground.sources,
    )


def _money(case: Case, tried: Tried) -> Fact:
    money = case.link.money if case.link else None
    against = tried.stage.base.conditions.against_money
    why = case.metric.barred or (against[0].why if against else "No customer of today answered it.")
    return Fact(
        id=f"trial.{case.metric.name}.money_per_move",
        label=f"Revenue that goes with {case.metric.label} moving by {step_of(case)}",
        value=money.estimate if money else None,
        interval=_interval(money),
        unit=tried.stage.base.currency or "count",
        method=_method(case, tried, "cxdash.questions.trial.lead.links"),
        n=case.link.moved if case.link else 0,
        population=f"{tried.stage.base.population} of today who answered it",
        period=tried.stage.base.coming,
        definition="money_per_move",
        caveats=(_ASSOCIATION,) if money else (why,),
        sources=tried.stage.base.ground.sources,
    )


def _method(case: Case, tried: Tried, code: str) -> Method:
    link = case.link
    if link is None:
        return Method(description="Not estimated.")
    leaving = link.outcome == "leaving"
    model = (
        "Discrete-time hazard (logistic regression on customer-months)"
        if leaving
        else "Linear regression of the change of spend, errors by customer"
    )
    return Method(
        description=f"{model}, with and without the metric, among customers who answered.",
        adjusted_for=tried.stage.held_equal(case.metric),
        # A link shown again whose size may still be nothing is not yet a validated size.
        validated_out_of_time=case.sized,
        card=Card(
            model=model,
            formula="what finance and operations knew when a window began, then the same plus the "
            "last answer of the twelve months before",
            sample=f"{fmt.count(link.n)} closed windows with an answer"
            + (f", {fmt.count(link.events)} ended with the customer gone" if leaving else ""),
            window=tried.stage.base.period,
            exclusions=tuple(
                f"{entry.column}: {entry.reason}" for entry in tried.stage.base.cleared.excluded
            ),
            assumptions=_ASSUMES,
            validation=_validation(link),
            sensitivity=f"{reason(case, tried)} Allowing for all metrics tried, "
            f"{fmt.p_value(case.lead_p if case.lead_p is not None else 1.0)} of no link.",
            code=code,
        ),
    )


def _validation(link: Link) -> str:
    if link.later is None:
        return ""
    return (
        f"Rolling origin on {fmt.count(link.later.n)} later windows: what the metric added went "
        f"with what happened with {fmt.p_value(link.later.p_value)} (one-sided)."
    )


def _scores(tried: Tried, own: Watched) -> Iterator[Fact]:
    yield _score(tried, own, "observed", f"{own.metric.label} as it is, all units", own.observed)
    if own.restated is not None:
        label = f"{own.metric.label} without the units to check"
        yield _score(tried, own, "restated", label, own.restated)


def _score(tried: Tried, own: Watched, name: str, label: str, found: Estimate) -> Fact:
    return Fact(
        id=f"trial.{own.metric.name}.{name}",
        label=label,
        value=found.estimate,
        interval=_interval(found),
        unit=own.unit,
        method=Method(
            description="The plain score of answers that name a unit; units are compared by "
            "several weak signs together.",
            card=Card(
                model="Fisher's combination of signs, each against the ordinary spread of units",
                formula="signs: level, shape, break over time, what followed, words, begging "
                "phrases, time to the answer",
                sample=f"{fmt.count(found.n)} answers, {len(own.units)} units judged",
                window="the last two years",
                exclusions=(
                    f"{own.few} units with fewer than 30 answers",
                    f"{own.persons} units with answers about fewer than ten people",
                ),
                assumptions=("Honest units differ in skill, customers and drift, without breaks.",),
                validation="On made-up companies of 60 units; see docs/calibration.md.",
                code="cxdash.stats.gaming.watch",
            ),
        ),
        n=found.n,
        population="answers that name a unit",
        period=f"the two years to {fmt.day(tried.stage.base.as_of)}",
        definition=own.metric.item.variant,
        sources=tried.stage.base.ground.sources,
    )


def _interval(found: Estimate | None) -> Interval | None:
    return Interval(found.low, found.high, found.level) if found else None
