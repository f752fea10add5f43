"""The tables of ``goals``: one row a goal, a criterion, and whatever serves no goal."""

from collections.abc import Sequence
from typing import Final

from cxdash.facts import Row
from cxdash.questions.goals.findings import Findings, GoalState, Held
from cxdash.questions.goals.words import progress
from cxdash.register.kinds.goals import LINES

__all__ = ["tables"]

_CENTS: Final = 2


def tables(found: Findings) -> dict[str, Sequence[Row]]:
    """Every table that has something to show; ``goals`` always."""
    made: dict[str, Sequence[Row]] = {
        "goals": [_goal(goal) for goal in found.goals],
        "serves": [_serves(goal) for goal in found.goals],
        "criteria": [
            {"statement": kept.record.statement, **_figure(held), "criterion": kept.id}
            for kept, held in found.criteria
        ],
        "say_do": [_said(found, goal) for goal in found.goals],
        "unserved": [
            {"what": one.what, "name": one.name, "why": one.why} for one in found.unserved
        ],
    }
    return {name: rows for name, rows in made.items() if rows or name == "goals"}


def _goal(goal: GoalState) -> Row:
    record = goal.kept.record
    figure = _figure(goal.held)
    return {
        "statement": record.statement,
        "measure": figure.pop("measure"),
        "baseline": goal.start,
        **figure,
        "by_when": record.by.isoformat() if record.by else "no day named",
        "progress": progress(goal),
        "goal": goal.kept.id,
    }


def _serves(goal: GoalState) -> Row:
    record, serving = goal.kept.record, goal.serving
    return {
        "statement": record.statement,
        "line": LINES[record.line],
        "executive": goal.executive or "nobody",
        "metrics": _named(serving.metrics),
        "stages": _named(serving.stages),
        "initiatives": _named(serving.initiatives),
        "goal": goal.kept.id,
    }


def _figure(held: Held) -> dict[str, str | float | int | None]:
    """A figure in its own unit, held against its target."""
    reading = held.reading
    return {
        "measure": reading.label if reading else "nothing yet",
        "unit": reading.unit if reading else None,
        "now": reading.value if reading else None,
        "low": reading.low if reading else None,
        "high": reading.high if reading else None,
        "target": held.target,
        "verdict": held.verdict,
        "n": reading.n if reading else None,
    }


def _said(found: Findings, goal: GoalState) -> Row:
    serving = goal.serving
    return {
        "statement": goal.statement,
        "put_first": goal.is_first,
        "initiatives_planned": len(serving.initiatives),
        "initiatives_at_work": len(serving.acted),
        "cost": round(float(serving.cost), _CENTS),
        "cost_share": float(serving.cost / found.cost) if found.cost else None,
        "decisions": len(serving.decided),
        "goal": goal.kept.id,
    }


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
