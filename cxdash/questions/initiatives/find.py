"""What the data says of the initiatives: whom they touch, where they meet, what they saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from cxdash import register
from cxdash.facts import Scope
from cxdash.panel import Panel, ground, month_end, stamp
from cxdash.questions.initiatives.guardrails import Guard, guard, judged
from cxdash.questions.initiatives.reach import (
    Overlap,
    Reach,
    customers_today,
    nobody,
    overlaps,
    reach,
)
from cxdash.questions.initiatives.reading import Plan, plans
from cxdash.questions.setting import month_of
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.store import Reader

__all__ = ["Found", "by_lot", "find"]

_NOBODY: Final = "no customers are loaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Initiatives and what became of them.

    Parameters
    ----------
    as_of
        The last day the data covers, or today without data.
    everybody
        How many customers there are today; None without data.
    reached
        Whom each plan touches, in the order of ``plans``.
    meant
        Whom each would touch if all whom its filters choose were given it.
    lots
        Names of lists whose customers were drawn by lot, as a frozen plan says.
    sources
        The imports the figures rest on.
    """

    scope: Scope
    as_of: date
    built: Panel | None
    everybody: int | None
    plans: tuple[Plan, ...]
    reached: tuple[Reach, ...]
    meant: tuple[Reach, ...]
    overlaps: tuple[Overlap, ...]
    guards: tuple[Guard, ...]
    lots: frozenset[str]
    sources: tuple[str, ...]

    @property
    def currency(self) -> str:
        return (self.built.currency if self.built else None) or "USD"

    @property
    def wishes(self) -> int:
        return sum(plan.is_wish for plan in self.plans)

    @property
    def running(self) -> int:
        return sum(plan.record.status == "running" for plan in self.plans)


def find(view: Reader, scope: Scope) -> Found:
    """Read the register and set it beside the data, as of the scope's day."""
    entered, built = plans(view), stamp(view)
    lots = by_lot(view)
    if built is None or built.last_month is None:
        return Found(
            scope=scope,
            as_of=scope.as_of or datetime.now(UTC).date(),
            built=None,
            everybody=None,
            plans=entered,
            reached=tuple(nobody(0, _NOBODY) for _ in entered),
            meant=tuple(nobody(0, _NOBODY) for _ in entered),
            overlaps=(),
            guards=(),
            lots=lots,
            sources=(),
        )
    month = month_of(built, scope.as_of)
    today, data = customers_today(view, built, month), ground(view, built)
    reached = tuple(reach(view, plan, today) for plan in entered)
    return Found(
        scope=scope,
        as_of=month_end(month),
        built=built,
        everybody=len(today),
        plans=entered,
        reached=reached,
        meant=tuple(reach(view, plan, today, listed=False) for plan in entered),
        overlaps=overlaps(entered, reached),
        guards=_guards(view, built, entered, month, scope.horizon, costs=data.has_costs),
        lots=lots,
        sources=data.sources,
    )


def _guards(
    view: Reader, built: Panel, entered: Sequence[Plan], month: int, most: int, *, costs: bool
) -> tuple[Guard, ...]:
    watched = [plan for plan in entered if plan.record.aim == "cut_cost"]
    return judged(
        [guard(view, built, plan, month=month, most=most, costs=costs) for plan in watched]
    )


def by_lot(view: Reader) -> frozenset[str]:
    """Lists of pilots that a plan, frozen before its first day, calls drawn by lot."""
    return frozenset(
        kept.record.roster
        for kept in register.every_frozen(view, PilotPlan)
        if kept.record.design == "randomised"
        and kept.record.roster
        and kept.record.starts
        and kept.at.date() < kept.record.starts
    )
