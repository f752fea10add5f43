"""Which initiatives fit into the budget and return most, exactly?

Source: H. Kellerer, U. Pferschy and D. Pisinger, Knapsack Problems (2004); solved as a whole-number
programme by HiGHS, which proves the optimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, milp

from cxdash.stats.estimate import finite

__all__ = ["Portfolio", "best_portfolio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """What to do: rows of the chosen initiatives, their summed value and cost."""

    chosen: tuple[int, ...]
    value: float
    cost: float


def best_portfolio(values: ArrayLike, costs: ArrayLike, budget: float) -> Portfolio:
    """The choice of highest summed value whose summed cost stays within the budget.

    Each initiative is done whole or not at all. Those without a value above zero are never chosen.

    >>> best_portfolio([60, 100, 120], [10, 20, 30], 50).value
    220.0

    Raises
    ------
    ValueError
        Lengths differ, a cost or the budget is negative, or a number is missing.
    """
    worth, price = finite(values, "values"), finite(costs, "costs")
    if worth.size != price.size:
        raise ValueError(f"{worth.size} values but {price.size} costs")
    if price.min() < 0 or not budget >= 0:
        raise ValueError("costs and the budget are not negative")
    found = milp(
        -worth,
        constraints=LinearConstraint(price[None, :], ub=budget),
        integrality=np.ones(worth.size),
        bounds=Bounds(0, (worth > 0).astype(np.float64)),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ArithmeticError(f"no optimum was found: {found.message}")
    chosen = np.flatnonzero(found.x > 0.5)
    return Portfolio(
        chosen=tuple(int(row) for row in chosen),
        value=float(worth[chosen].sum()),
        cost=float(price[chosen].sum()),
    )
