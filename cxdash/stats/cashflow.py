"""What a plan returns: its cash flows and what they are worth today.

A plan is a list of lines. A line brings or costs the same amount in each year it runs, and that
amount is known only within a range. The plan itself is valued at the middle of every range, so a
table without ranges comes out to the cent; :mod:`cxdash.stats.simulated` says how sure that is.

Source: standard finance; the table of a published Total Economic Impact study comes out exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.value import payback, present_values

__all__ = ["CashLine", "Returned", "Swing", "returned", "swings", "waited"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """A line of a plan.

    Parameters
    ----------
    amount, low, high
        Money a year while it runs, and the 90 % range of it; of a cost too a positive amount. Where
        no range is known both ends are the amount.
    years
        Shape (years + 1,): what part of the amount falls into each year; year 0 is now, and the
        others end one period later each.
    is_cost
        Whether the amount goes out.
    source
        What the amount rests on; lines of the same source move together. Empty: on nothing shared.
    """

    amount: float
    low: float
    high: float
    years: tuple[float, ...]
    is_cost: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.amount <= self.high:
            raise ValueError(f"{self.amount} lies outside its range {self.low} to {self.high}")

    @property
    def has_range(self) -> bool:
        return self.low < self.high


@dataclass(frozen=True, slots=True)
class Returned:
    """What a plan returns at the middle of every range.

    ``benefits``, ``costs``: shape (years + 1,), money a year. ``present_benefits`` and
    ``present_costs``: what they are worth today. ``roi`` is a ratio, None without costs;
    ``payback`` in years, None where the money never comes back.
    """

    benefits: Vector
    costs: Vector
    present_benefits: float
    present_costs: float
    roi: float | None
    payback: float | None

    @property
    def net(self) -> Vector:
        return self.benefits - self.costs

    @property
    def npv(self) -> float:
        return self.present_benefits - self.present_costs

    @property
    def break_even(self) -> float | None:
        """The part of the benefits that must come true for the plan to lose nothing."""
        return self.present_costs / self.present_benefits if self.present_benefits > 0 else None


@dataclass(frozen=True, slots=True)
class Swing:
    """What the plan is worth when one line alone stands at an end of its range."""

    line: int
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        return abs(self.at_high - self.at_low)


def returned(lines: Sequence[CashLine], rate: float, *, discounted: bool = False) -> Returned:
    """Value a plan at the middle of every range.

    Parameters
    ----------
    rate
        Discount a year, 0.10 for 10 %.
    discounted
        Whether the payback counts later money for less.
    """
    benefits, costs = _flows(lines, np.array([line.amount for line in lines]))
    present = [float(present_values(flow, rate).sum()) for flow in (benefits, costs)]
    return Returned(
        benefits=benefits,
        costs=costs,
        present_benefits=present[0],
        present_costs=present[1],
        roi=(present[0] - present[1]) / present[1] if present[1] > 0 else None,
        payback=payback(benefits - costs, rate=rate if discounted else 0.0),
    )


def swings(lines: Sequence[CashLine], rate: float) -> tuple[Swing, ...]:
    """Each line moved alone to either end of its range, the widest first (a tornado)."""
    at_rest = returned(lines, rate).npv
    found = []
    for number, line in enumerate(lines):
        worth = float(present_values(line.years, rate).sum()) * (-1 if line.is_cost else 1)
        ends = [at_rest + (end - line.amount) * worth for end in (line.low, line.high)]
        found.append(Swing(number, *ends))
    return tuple(sorted(found, key=lambda swing: (-swing.size, swing.line)))


def waited(net: Matrix | Vector, rate: float) -> Vector:
    """What starting a month later costs when the plan ends on the same day as before.

    Every flow comes a month later, so the last month of the last year is lost, and what is put in
    at the start is put in a month later. ``net``: shape (years + 1,) or (draws, years + 1).
    """
    flows = np.atleast_2d(net)
    weight = 1 / (1 + rate) ** np.arange(flows.shape[1])
    month = 1 / _MONTHS
    later = flows.copy()
    later[:, 0] = flows[:, 0] / (1 + rate) ** month
    if flows.shape[1] > 1:
        later[:, 1] = flows[:, 1] * (1 - month)
        later[:, 2:] = flows[:, 2:] * (1 - month) + flows[:, 1:-1] * month
    return np.asarray((flows - later) @ weight)


def _flows(lines: Sequence[CashLine], amounts: Vector) -> tuple[Vector, Vector]:
    """Benefits and costs a year."""
    if not lines or len({len(line.years) for line in lines}) > 1:
        raise ValueError("a plan needs lines over the same years")
    pattern = np.array([line.years for line in lines], dtype=np.float64)
    is_cost = np.array([line.is_cost for line in lines], dtype=bool)
    benefits = amounts[~is_cost] @ pattern[~is_cost]
    costs = amounts[is_cost] @ pattern[is_cost]
    return benefits, costs
