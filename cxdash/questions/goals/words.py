"""What ``goals`` says: how the goals stand, and where saying and doing part."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording_goals
from cxdash.facts.words import quoted
from cxdash.questions.goals.figures import figure
from cxdash.questions.goals.findings import Findings, GoalState

__all__ = ["caveats", "headline", "missing", "progress"]

_TYPED: Final = (
    "Goals, targets, costs and what stands at work are what people entered; the figures beside "
    "them are worked out anew from what is loaded."
)
_NO_CAUSE: Final = (
    "That a figure reached its target does not say what brought it there. A pilot does."
)
_NO_TARGET: Final = "Nobody said yet where it stood and where it is to stand."
_NO_FIGURE: Final = "Nobody said yet how it is measured."
_FILTERED: Final = "Goals are those of the whole company, so the filters chosen play no part here."


def headline(found: Findings) -> str:
    """How the goals stand, then what is said and not done."""
    told = found.told
    verdicts = [goal.held.verdict for goal in told]
    missed = [goal.kept.record for goal in told if goal.held.verdict == "not met"]
    said = wording_goals.served(
        len(found.goals),
        len(told),
        verdicts.count("met"),
        len(missed),
        sum(goal.by is not None and goal.by > found.as_of for goal in missed),
    )
    first = found.first
    between = wording_goals.gap(
        len(first) if found.strategies else 0,
        tuple(goal.statement for goal in first if not goal.serving.cost),
        tuple(goal.statement for goal in first if not goal.serving.acted),
    )
    return f"{said} {between}".rstrip()


def progress(goal: GoalState) -> str:
    """How far one goal came and whether it is met, in sentences, or why nobody can say."""
    reading, record = goal.held.reading, goal.kept.record
    if reading is None:
        return _NO_FIGURE
    if reading.why:
        return f"Cannot be told: {reading.why}."
    fact = figure("goals.one", record.statement, reading)
    parts = []
    if goal.start is not None:
        parts.append(wording_goals.since(reading.label, fact, goal.start, goal.moved))
    if goal.held.target is not None:
        parts.append(
            wording_goals.reached(reading.label, fact, goal.held.target, goal.held.verdict)
        )
    return " ".join(parts) or _NO_TARGET


def caveats(found: Findings, *, filtered: bool) -> Iterator[str]:
    if found.goals:
        yield _TYPED
        yield _NO_CAUSE
    if filtered:
        yield _FILTERED


def missing(found: Findings) -> Iterator[str]:
    if not found.goals:
        yield (
            "Enter a goal of the business: what the company wants, on which line of the accounts, "
            "how it is measured, where it stands and where it is to stand."
        )
    if not found.strategies:
        yield (
            "Enter the strategy: the promise to customers, how everybody would know that it came "
            "true, and which goals it puts first. What is paid for is then set beside it."
        )
    if found.strategies and not found.criteria:
        yield "Enter what would show that the strategy works: one figure to reach at a time."
    untold = [goal for goal in found.goals if goal not in found.told]
    if untold:
        yield (
            f"{fmt.counted(len(untold), 'goal has', 'goals have')} no figure or no target, so "
            "nobody can say whether it is met: choose how it is measured and where it is to stand."
        )
    for goal in found.goals:
        reading = goal.held.reading
        if reading is not None and reading.why:
            yield f"The goal {quoted(goal.statement)} cannot be told: {reading.why}."
