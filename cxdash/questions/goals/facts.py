"""The Facts of ``goals``: every figure a goal is measured by, and what is paid for and done."""

from collections.abc import Iterator, Sequence
from typing import Final

from cxdash.facts import Fact, Method
from cxdash.facts import format as fmt
from cxdash.questions.goals.figures import figure
from cxdash.questions.goals.findings import Findings, GoalState

__all__ = ["facts"]

_NO_COST: Final = "No initiative names what it costs."
_NO_GOALS: Final = "No goal is written down."


def facts(found: Findings) -> tuple[Fact, ...]:
    """The shares of what is said first, then a figure a goal, then one a criterion."""
    return (
        *_shares(found),
        *(
            figure(f"goals.{goal.kept.id}", goal.statement, goal.held.reading)
            for goal in found.goals
            if goal.held.reading
        ),
        *(
            figure(f"goals.{kept.id}", kept.record.statement, held.reading)
            for kept, held in found.criteria
            if held.reading
        ),
    )


def _shares(found: Findings) -> Iterator[Fact]:
    """How much of what is said first is paid for, acted on and decided; and whose money serves."""
    first = found.first
    yield _share("goals.share.paid", "Goals with money behind them", first, _paid(first))
    yield _share("goals.share.acted", "Goals somebody is at work on", first, _acted(first))
    yield _share(
        "goals.share.decided",
        "Goals whose metrics have changed a decision",
        first,
        [bool(goal.serving.decided) for goal in first],
    )
    serving = found.cost - found.cost_unserving
    yield Fact(
        id="goals.share.money",
        label="Money for initiatives that serves a goal",
        value=float(serving / found.cost) if found.cost else None,
        unit="share",
        method=_entered("Cost of initiatives with a goal / cost of all that are not stopped."),
        n=found.initiatives,
        population="initiatives that are not stopped",
        period=f"as entered by {found.as_of.isoformat()}",
        definition="say_do",
        caveats=() if found.cost else (_NO_COST,),
    )
    yield Fact(
        id="goals.unserving",
        label="Metrics, stages and initiatives that serve no goal",
        value=float(len(found.unserved)),
        unit="count",
        method=_entered("Counted in what is loaded and entered."),
        n=found.metrics,
        population="metrics loaded or registered, stages and initiatives entered",
        period=f"as entered by {found.as_of.isoformat()}",
        definition="findings",
    )


def _share(fact_id: str, label: str, first: Sequence[GoalState], holds: Sequence[bool]) -> Fact:
    return Fact(
        id=fact_id,
        label=f"{label}: {fmt.count(sum(holds))} of {fmt.count(len(holds))}",
        value=sum(holds) / len(holds) if holds else None,
        unit="share",
        method=_entered("Counted over the goals the strategy puts first, or over all without one."),
        n=len(first),
        population="goals the strategy puts first",
        period="as entered",
        definition="say_do",
        caveats=() if holds else (_NO_GOALS,),
    )


def _paid(goals: Sequence[GoalState]) -> list[bool]:
    return [goal.serving.cost > 0 for goal in goals]


def _acted(goals: Sequence[GoalState]) -> list[bool]:
    return [bool(goal.serving.acted) for goal in goals]


def _entered(how: str) -> Method:
    return Method(description=how, assertion=True)
