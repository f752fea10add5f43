"""Money at stake: the sum of probability times revenue, and the range of what may really be lost.

The estimate is sum(p_i * revenue_i), the mean of what is lost when each customer i leaves
independently with probability p_i and takes revenue_i along. The range holds both doubts: about
the probabilities (draws of the model's coefficients) and about who will really leave (a coin
toss a customer), so a handful of large accounts widens it, as it should. No constant such as
"half of the detractors" enters.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.logistic import LogisticFit

__all__ = ["Stake", "revenue_at_stake"]

Vector = NDArray[np.float64]
Name = TypeVar("Name", bound=Hashable)
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Stake:
    """Expected loss of a group and the range that holds the real loss with probability ``level``.

    ``leavers`` counts customers, ``estimate`` is in the currency of the revenue.
    """

    estimate: float
    low: float
    high: float
    leavers: float
    leavers_low: float
    leavers_high: float
    customers: int
    level: float


def revenue_at_stake(
    fit: LogisticFit,
    predictors: Vector,
    revenue: Vector,
    groups: Mapping[Name, NDArray[np.bool_]],
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    level: float = 0.90,
) -> dict[Name, Stake]:
    """Stake of each group; groups may overlap and are simulated together, so totals agree.

    Parameters
    ----------
    predictors
        Shape (customers, k), as the model was fitted.
    revenue
        Shape (customers,): what each would pay over the horizon at today's rate.
    groups
        Name to mask of shape (customers,).
    """
    names = list(groups)
    members = np.column_stack([groups[name] for name in names]).astype(np.float64)
    lost = np.empty((draws, len(names)))
    left = np.empty((draws, len(names)))
    mean_probability = np.zeros(revenue.size)
    weighted = members * revenue[:, None]
    at_once = max(1, _CELLS_AT_ONCE // max(1, revenue.size))
    coefficients = fit.draw(draws, rng)
    for start in range(0, draws, at_once):
        chunk = slice(start, start + at_once)
        probability = fit.probabilities_under(coefficients[chunk], predictors)
        mean_probability += probability.sum(axis=0)
        leaves = (rng.random(probability.shape) < probability).astype(np.float64)
        lost[chunk] = leaves @ weighted
        left[chunk] = leaves @ members
    mean_probability /= draws
    tail = (1 - level) / 2
    lost_low, lost_high = np.quantile(lost, [tail, 1 - tail], axis=0)
    left_low, left_high = np.quantile(left, [tail, 1 - tail], axis=0)
    return {
        name: Stake(
            estimate=float(mean_probability @ weighted[:, g]),
            low=float(lost_low[g]),
            high=float(lost_high[g]),
            leavers=float(mean_probability @ members[:, g]),
            leavers_low=float(left_low[g]),
            leavers_high=float(left_high[g]),
            customers=int(members[:, g].sum()),
            level=level,
        )
        for g, name in enumerate(names)
    }
