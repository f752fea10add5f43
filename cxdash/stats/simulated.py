"""How sure it is what a plan returns: every line drawn again and again, the plan valued each time.

Draws of a line follow two half-normals joined at the middle: half of them lie on either side of it,
and one in twenty beyond either end of its 90 % range, however lopsided that is. Lines that rest on
the same source move together; others are drawn independently.

Sources: two-piece normal, K. Wallis, Statistical Science 29 (2014). Ten thousand draws, because
with fewer the ends of the range are themselves uncertain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.cashflow import CashLine, waited
from cxdash.stats.estimate import z_of_level

__all__ = ["DRAWS", "Simulated", "drawn", "simulated"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

DRAWS: Final = 10_000
_SEED: Final = 20_241
_LEVEL: Final = 0.90  # of the ranges of the lines


@dataclass(frozen=True, slots=True)
class Simulated:
    """The same over many draws of every line; each entry has shape (draws,).

    ``payback`` is infinite in draws in which the money never comes back, ``roi`` nan where a draw
    costs nothing. ``net`` has shape (draws, years + 1).
    """

    net: Matrix
    present_benefits: Vector
    present_costs: Vector
    npv: Vector
    roi: Vector
    payback: Vector
    waiting: Vector

    @property
    def likely(self) -> float:
        """Share of draws in which the plan is worth more than it costs."""
        return float((self.npv > 0).mean())


def drawn(lines: Sequence[CashLine], *, draws: int = DRAWS, seed: int = _SEED) -> Matrix:
    """Amounts of every line, shape (draws, lines).

    A source keeps its own stream of numbers, named by its place in the alphabet, so that the order
    in which lines were written down changes nothing.
    """
    z_of_end = z_of_level(_LEVEL)
    own = [line.source or f"\x7f{number:06d}" for number, line in enumerate(_as_sorted(lines))]
    names = sorted(set(own))
    normal = np.random.default_rng(seed).standard_normal((len(names), draws))
    place = {name: number for number, name in enumerate(names)}
    amounts = np.empty((draws, len(lines)))
    order = sorted(range(len(lines)), key=lambda at: _sort_key(lines[at]))
    for number, at in enumerate(order):
        line, z = lines[at], normal[place[own[number]]]
        reach = np.where(z < 0, line.amount - line.low, line.high - line.amount)
        amounts[:, at] = line.amount + z / z_of_end * reach
    return amounts


def simulated(
    lines: Sequence[CashLine],
    rate: float,
    *,
    discounted: bool = False,
    haircut: Vector | None = None,
    draws: int = DRAWS,
    seed: int = _SEED,
) -> Simulated:
    """Value a plan over many draws.

    ``haircut``: shape (draws,), what part of the benefits came true in past promises; None: all.
    """
    amounts = drawn(lines, draws=draws, seed=seed)
    pattern = np.array([line.years for line in lines], dtype=np.float64)
    is_cost = np.array([line.is_cost for line in lines], dtype=bool)
    benefits = amounts[:, ~is_cost] @ pattern[~is_cost]
    costs = amounts[:, is_cost] @ pattern[is_cost]
    if haircut is not None:
        benefits = benefits * haircut[:, None]
    weight = 1 / (1 + rate) ** np.arange(pattern.shape[1])
    present_benefits, present_costs = benefits @ weight, costs @ weight
    net = benefits - costs
    with np.errstate(divide="ignore", invalid="ignore"):
        roi = np.where(
            present_costs > 0, (present_benefits - present_costs) / present_costs, np.nan
        )
    return Simulated(
        net=net,
        present_benefits=present_benefits,
        present_costs=present_costs,
        npv=present_benefits - present_costs,
        roi=roi,
        payback=_paybacks(net * weight if discounted else net),
        waiting=waited(net, rate),
    )


def _paybacks(net: Matrix) -> Vector:
    """Years until the summed flow first comes back to zero, each later flow coming evenly.

    Shape (draws,); as :func:`cxdash.stats.value.payback`, for many plans at once.
    """
    rows = np.arange(len(net))
    moves = net != 0
    starts = np.where(moves.any(axis=1), moves.argmax(axis=1), 0)
    summed = net.cumsum(axis=1)
    back = (summed >= 0) & (np.arange(net.shape[1]) > starts[:, None])
    first = back.argmax(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = first - 1 - summed[rows, np.maximum(first - 1, 0)] / net[rows, first]
    later = np.where(back.any(axis=1), within, np.inf)
    return np.where(net[rows, starts] >= 0, 0.0, later)


def _sort_key(line: CashLine) -> tuple[str, bool, float, float, float, tuple[float, ...]]:
    return (line.source, line.is_cost, line.amount, line.low, line.high, line.years)


def _as_sorted(lines: Sequence[CashLine]) -> list[CashLine]:
    return sorted(lines, key=_sort_key)
