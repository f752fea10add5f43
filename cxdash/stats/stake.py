"""Money at stake: the sum of probability times revenue, and the range of what may really be
lost.

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
MOST_TOSSED = 5_000  # beyond that many accounts the small ones are summed in bulk


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
    weighted = members * revenue[:, None]
    coefficients = fit.draw(draws, rng)
    exact = _tossed_one_by_one(revenue)
    lost, left, chance = _toss(
        fit, coefficients, predictors[exact], weighted[exact], members[exact], rng
    )
    mean_probability = fit.probabilities(predictors)
    mean_probability[exact] = chance
    if not exact.all():
        rest = ~exact
        lost += _in_bulk(fit, coefficients, predictors[rest], weighted[rest], rng)
        left += _in_bulk(fit, coefficients, predictors[rest], members[rest], rng)
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


def _tossed_one_by_one(revenue: Vector) -> NDArray[np.bool_]:
    """All customers of a small company, the largest accounts of a big one."""
    if revenue.size <= MOST_TOSSED:
        return np.ones(revenue.size, dtype=np.bool_)
    largest = np.argpartition(revenue, -MOST_TOSSED)[-MOST_TOSSED:]
    chosen = np.zeros(revenue.size, dtype=np.bool_)
    chosen[largest] = True
    return chosen


def _toss(
    fit: LogisticFit,
    coefficients: Vector,
    predictors: Vector,
    weighted: Vector,
    members: Vector,
    rng: np.random.Generator,
) -> tuple[Vector, Vector, Vector]:
    """A coin toss a customer and draw.

    Money and customers lost, both (draws, groups), and each customer's mean chance over the draws.
    """
    draws = len(coefficients)
    lost, left = np.empty((draws, members.shape[1])), np.empty((draws, members.shape[1]))
    chance = np.zeros(len(predictors))
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(predictors)))
    for start in range(0, draws, at_once):
        chunk = slice(start, start + at_once)
        probability = fit.probabilities_under(coefficients[chunk], predictors)
        chance += probability.sum(axis=0) / draws
        leaves = (rng.random(probability.shape) < probability).astype(np.float64)
        lost[chunk] = leaves @ weighted
        left[chunk] = leaves @ members
    return lost, left, chance


def _in_bulk(
    fit: LogisticFit,
    coefficients: Vector,
    predictors: Vector,
    weights: Vector,
    rng: np.random.Generator,
) -> Vector:
    """Sums over many small accounts: normal, because none of them matters much alone.

    Groups share their customers, so their sums are drawn together from the covariance that the coin
    tosses would have; the doubt about the coefficients enters to first order.
    """
    share = fit.probabilities(predictors)
    parts = [fit.gradient(predictors, weights[:, g]) for g in range(weights.shape[1])]
    mean = np.array([value for value, _ in parts])
    slopes = np.column_stack([slope for _, slope in parts])
    centred = (coefficients - fit.coefficients) @ slopes
    covariance = (weights * (share * (1 - share))[:, None]).T @ weights
    # The whole is the sum of its parts, so the covariance has no full rank; that is no fault here.
    tosses = rng.multivariate_normal(
        np.zeros(len(mean)), covariance, len(coefficients), method="eigh", check_valid="ignore"
    )
    return np.asarray(mean + centred + tosses)
