"""What a set of lines returns: at the middle of every range, and over many draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.facts import Interval
from cxdash.questions.case.plan import COST, MAKE, SAVE, Part, Plan
from cxdash.stats.cashflow import CashLine, Returned, Swing, returned, swings, waited
from cxdash.stats.promised import Kept as Record
from cxdash.stats.promised import haircut
from cxdash.stats.simulated import DRAWS, Simulated, simulated
from cxdash.stats.value import present_values

__all__ = ["LEVEL", "Valued", "column", "spread_of", "valued"]

Vector = NDArray[np.float64]

LEVEL: Final = 0.90
_ENDS: Final = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class Valued:
    """Some lines of the case, valued.

    ``cut`` is what they are worth when their benefits come true as earlier promises did, at the
    mean of the record and over the draws; None without a record.
    """

    parts: tuple[Part, ...]
    flows: tuple[CashLine, ...]
    at_rest: Returned
    over: Simulated
    swings: tuple[Swing, ...]
    waiting: float
    cut: tuple[float, Interval] | None

    @property
    def has_ranges(self) -> bool:
        return any(flow.has_range for flow in self.flows)

    @property
    def benefits(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.is_cost)

    @property
    def n(self) -> int:
        """Observations behind the benefit that rests on the fewest."""
        return min((part.found.n for part in self.benefits), default=0)


def valued(plan: Plan, parts: Sequence[Part], record: Record | None) -> Valued | None:
    """Those lines valued; None where no benefit is among them."""
    if not any(not part.is_cost for part in parts):
        return None
    flows = plan.flows(parts)
    at_rest = returned(flows, plan.rate, discounted=plan.discounted)
    return Valued(
        parts=tuple(parts),
        flows=flows,
        at_rest=at_rest,
        over=simulated(flows, plan.rate, discounted=plan.discounted),
        swings=swings(flows, plan.rate),
        waiting=float(waited(at_rest.net, plan.rate)[0]),
        cut=_cut(plan, flows, at_rest, record) if record else None,
    )


def column(plan: Plan, valued_: Valued, side: str) -> tuple[float, Interval | None]:
    """Present value of one column and its range; the three are never netted."""
    if side not in (SAVE, MAKE, COST):
        raise ValueError(f"there is no column {side!r}")
    flows = plan.flows(part for part in valued_.parts if part.side == side)
    if not flows:
        return 0.0, None
    worth = sum(flow.amount * float(present_values(flow.years, plan.rate).sum()) for flow in flows)
    draws = simulated(flows, plan.rate)
    drawn = draws.present_costs if side == COST else draws.present_benefits
    ranged = any(flow.has_range for flow in flows)
    return worth, spread_of(drawn, worth) if ranged else None


def spread_of(drawn: Vector, at_rest: float) -> Interval | None:
    """The middle 90 % of the draws, holding the figure itself; None where an end is no figure."""
    low, high = np.quantile(drawn, _ENDS)
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    return Interval(min(float(low), at_rest), max(float(high), at_rest), LEVEL)


def _cut(
    plan: Plan, flows: Sequence[CashLine], at_rest: Returned, record: Record
) -> tuple[float, Interval]:
    """What is left when benefits come true as earlier promises did; costs stay."""
    kept = min(record.estimate, 1.0)
    worth = at_rest.present_benefits * kept - at_rest.present_costs
    over = simulated(flows, plan.rate, haircut=haircut(record, DRAWS))
    spread = spread_of(over.npv, worth)
    if spread is None:
        raise ValueError("draws of a plan are finite")
    return worth, spread
