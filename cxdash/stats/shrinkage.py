"""Small units: their figures drawn towards what all units show, as far as noise explains them.

A branch with eight answers that tops the list mostly had luck. Empirical Bayes weighs each unit's
own figure against the spread of all units: the fewer its answers, the nearer it comes to the
average. Both functions account for the average and the spread being estimated themselves, without
which the intervals would be too narrow where there are few units.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betaln
from scipy.stats import beta

from cxdash.stats.estimate import finite, z_of_level

__all__ = ["Shrunk", "shrunk_means", "shrunk_shares"]

Vector = NDArray[np.float64]

FEWEST_UNITS: Final = 4
_POINTS: Final = 60


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Figures of units after shrinkage, in the unit of what was given.

    Parameters
    ----------
    estimates, low, high
        Shape (units,).
    own_weight
        Shape (units,): how much a unit's own figure counts, 0 to 1; the rest is the average's.
    centre
        The average all units are drawn to.
    spread
        Standard deviation of the units' true figures, as estimated; 0 when noise explains all.
    """

    estimates: Vector
    low: Vector
    high: Vector
    own_weight: Vector
    centre: float
    spread: float
    level: float


def shrunk_means(means: ArrayLike, errors: ArrayLike, *, level: float = 0.90) -> Shrunk:
    """Means of units with known standard errors, drawn to their weighted average.

    Normal model; the spread of the true means by the Paule-Mandel equation, the weight of the
    average times (k − 3)/(k − 1), which for equal errors is the James-Stein estimator with its
    unknown mean. Intervals after C. N. Morris.

    Source: B. Efron and C. Morris, Scientific American 236 (1977) and Journal of the American
    Statistical Association 70 (1975); C. N. Morris, ibid. 78 (1983).

    Raises
    ------
    ValueError
        Fewer than four units, or an error that is not above zero.
    """
    own = finite(means, "means of units", at_least=FEWEST_UNITS)
    error = finite(errors, "errors of units")
    if error.size != own.size or error.min() <= 0:
        raise ValueError("every unit needs a standard error above zero")
    k = own.size
    noise = np.square(error)
    spread = _between(own, noise)
    weights = 1 / (noise + spread)
    centre = float(weights @ own / weights.sum())
    towards = (k - 3) / (k - 1) * noise / (noise + spread)
    estimates = centre + (1 - towards) * (own - centre)
    typical = float(weights @ noise / weights.sum())
    variance = (
        noise * (1 - towards)
        + towards * noise * weights / weights.sum()
        + 2 / (k - 3) * np.square(towards * (own - centre)) * (typical + spread) / (noise + spread)
    )
    half = z_of_level(level) * np.sqrt(variance)
    return Shrunk(
        estimates,
        estimates - half,
        estimates + half,
        1 - towards,
        centre,
        math.sqrt(spread),
        level,
    )


def shrunk_shares(successes: ArrayLike, counts: ArrayLike, *, level: float = 0.90) -> Shrunk:
    """Shares of units, drawn to the share of all (beta-binomial).

    The units' true shares follow a beta distribution. Its mean and its strength are not set to one
    best value but averaged over a grid, with a flat prior on the mean and on the spread of the
    units, so that the doubt about them is in the intervals.

    Source: A. Gelman et al., Bayesian Data Analysis (2013), 5.3; for the flat prior on the spread
    A. Gelman, Bayesian Analysis 1 (2006).

    Parameters
    ----------
    successes, counts
        Shape (units,), whole numbers; a unit may have no answer, and is then the average alone.

    Raises
    ------
    ValueError
        Fewer than four units have answers, or a count does not fit its successes.
    """
    hits, n = finite(successes, "successes of units"), finite(counts, "counts of units")
    if hits.size != n.size or (hits < 0).any() or (hits > n).any():
        raise ValueError("every unit needs 0 to n successes out of n")
    if np.count_nonzero(n) < FEWEST_UNITS:
        raise ValueError(f"shrinkage needs {FEWEST_UNITS} units with answers")
    usual = float(n[n > 0].mean())
    mid = (np.arange(_POINTS) + 0.5) / _POINTS
    low, high = _reach(hits, n)
    mean, pull = (part.ravel() for part in np.meshgrid(low + (high - low) * mid, mid))
    strength = usual * pull / (1 - pull)
    alpha, gamma = mean * strength, (1 - mean) * strength
    fit = (betaln(hits[:, None] + alpha, (n - hits)[:, None] + gamma) - betaln(alpha, gamma)).sum(
        axis=0
    )
    # The grid is even in the pull; this is the density of a flat prior on the units' spread.
    fit -= 1.5 * np.log(strength + 1) + 2 * np.log1p(-pull)
    likely = np.exp(fit - fit.max())
    likely /= likely.sum()
    total = n[:, None] + strength
    each = (hits[:, None] + alpha) / total
    estimates = each @ likely
    variance = (each * (1 - each) / (total + 1)) @ likely + np.square(
        each - estimates[:, None]
    ) @ likely
    return _as_beta(
        estimates, variance, (n[:, None] / total) @ likely, mean, strength, likely, level
    )


def _as_beta(
    estimates: Vector,
    variance: Vector,
    own_weight: Vector,
    mean: Vector,
    strength: Vector,
    likely: Vector,
    level: float,
) -> Shrunk:
    """Intervals from beta distributions with the same means and variances."""
    size = estimates * (1 - estimates) / variance - 1
    first, second = estimates * size, (1 - estimates) * size
    tail = (1 - level) / 2
    centre = float(mean @ likely)
    between = float((mean * (1 - mean) / (strength + 1)) @ likely)
    return Shrunk(
        estimates,
        beta.ppf(tail, first, second),
        beta.ppf(1 - tail, first, second),
        own_weight,
        centre,
        math.sqrt(between),
        level,
    )


def _reach(hits: Vector, n: Vector) -> tuple[float, float]:
    """Where the average share can lie: generously around the pooled one."""
    total = float(n.sum())
    pooled = float((hits.sum() + 1) / (total + 2))
    units = np.count_nonzero(n)
    between = float(np.var(hits[n > 0] / n[n > 0]))
    half = 6 * math.sqrt(pooled * (1 - pooled) / total + between / units)
    return max(0.0, pooled - half), min(1.0, pooled + half)


def _between(means: Vector, noise: Vector) -> float:
    """Variance of the true means: what makes the weighted squares add up to k − 1; at least 0."""

    def excess(spread: float) -> float:
        weight = 1 / (noise + spread)
        centre = weight @ means / weight.sum()
        return float(weight @ np.square(means - centre)) - (means.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    most = float(np.square(means - means.mean()).sum()) + float(noise.max())
    return float(brentq(excess, 0.0, most))
