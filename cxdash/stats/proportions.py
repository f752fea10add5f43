"""Shares: how large, how different, how many customers are needed, and which survive many looks."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, false_discovery_control

from cxdash.stats.estimate import Difference, Estimate, finite, p_of_z, z_of_level, z_of_power

__all__ = [
    "adjusted_p_values",
    "customers_needed",
    "detectable_share_difference",
    "fcr_gross",
    "fcr_net",
    "rate_per_1000",
    "share",
    "share_difference",
]

_LARGEST_Z = 1e6


def share(successes: int, n: int, *, level: float = 0.90) -> Estimate:
    """Share (0 to 1) with the Wilson score interval (E. B. Wilson, 1927).

    >>> estimate = share(81, 263, level=0.95)
    >>> round(estimate.low, 4), round(estimate.high, 4)
    (0.2553, 0.3662)
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"a share needs 0 to n successes and n ≥ 1, got {successes} of {n}")
    low, high = wilson(successes / n, n, z_of_level(level))
    return Estimate(estimate=successes / n, low=low, high=high, n=n, level=level)


def share_difference(
    first: int, n_first: int, second: int, n_second: int, *, level: float = 0.90
) -> Difference:
    """Share of the first group minus share of the second, hybrid score interval.

    R. G. Newcombe, Statistics in Medicine 17 (1998), method 10. The p-value is found by widening
    the interval until it just touches zero, so gate and interval never disagree.
    """
    one, other = share(first, n_first, level=level), share(second, n_second, level=level)
    gap = one.estimate - other.estimate
    low, high = _newcombe(one.estimate, n_first, other.estimate, n_second, z_of_level(level))
    return Difference(
        estimate=gap,
        low=low,
        high=high,
        p_value=_newcombe_p(one.estimate, n_first, other.estimate, n_second),
        n_first=n_first,
        n_second=n_second,
        level=level,
    )


def customers_needed(
    share_first: float, share_second: float, *, level: float = 0.90, power: float = 0.80
) -> int:
    """Customers needed in each of two groups to see these two shares as different.

    The usual normal formula: pooled variance if there is no difference, own variances if there is.
    """
    if share_first == share_second:
        raise ValueError("no number of customers shows a difference of zero")
    if not (0 <= share_first <= 1 and 0 <= share_second <= 1):
        raise ValueError(f"shares lie between 0 and 1, got {share_first} and {share_second}")
    middle = (share_first + share_second) / 2
    null = math.sqrt(2 * middle * (1 - middle))
    spread = math.sqrt(share_first * (1 - share_first) + share_second * (1 - share_second))
    reach = z_of_level(level) * null + z_of_power(power) * spread
    return math.ceil((reach / (share_first - share_second)) ** 2)


def detectable_share_difference(
    base: float, n: int, *, level: float = 0.90, power: float = 0.80
) -> float:
    """The smallest fall from ``base`` that ``n`` customers in each of two groups would show.

    Returns ``base`` itself if even a fall to zero could not be seen: check that before using it.
    """
    if not 0 < base < 1:
        raise ValueError(f"the base share lies between 0 and 1, got {base}")

    def missing(gap: float) -> float:
        return customers_needed(base, base - gap, level=level, power=power) - n

    if missing(base) > 0:
        return base
    return float(brentq(missing, base * 1e-6, base, xtol=base * 1e-6))


def adjusted_p_values(p_values: ArrayLike) -> NDArray[np.float64]:
    """p-values corrected for many looks: share of false alarms among those called (Benjamini and
    Hochberg, 1995).
    """
    return np.asarray(false_discovery_control(finite(p_values, "p-values"), method="bh"))


def fcr_gross(resolved_first: int, contacts: int, *, level: float = 0.90) -> Estimate:
    """Share of all contacts that were solved the first time."""
    return share(resolved_first, contacts, level=level)


def fcr_net(
    resolved_first: int, contacts: int, not_resolvable: int, *, level: float = 0.90
) -> Estimate:
    """Share solved the first time of those contacts that the first line could solve at all."""
    return share(resolved_first, contacts - not_resolvable, level=level)


def rate_per_1000(events: int, base: int, *, level: float = 0.90) -> Estimate:
    """Events per 1,000 of ``base``, exact Poisson interval (F. Garwood, 1936).

    A customer can have several events, so this is no share.
    """
    if base < 1 or events < 0:
        raise ValueError(f"a rate needs events ≥ 0 and a base ≥ 1, got {events} and {base}")
    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    high = float(chi2.ppf(1 - tail, 2 * events + 2)) / 2
    scale = 1000 / base
    return Estimate(
        estimate=events * scale, low=low * scale, high=high * scale, n=base, level=level
    )


def wilson(observed: float, n: float, z: float) -> tuple[float, float]:
    centre = (observed + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(observed * (1 - observed) / n + z**2 / (4 * n**2))
    # The ends are exactly 0 and 1 at the edges; rounding would leave them a hair inside the share.
    low = 0.0 if observed == 0 else max(0.0, centre - half)
    high = 1.0 if observed == 1 else min(1.0, centre + half)
    return low, high


def _newcombe(
    first: float, n_first: int, second: float, n_second: int, z: float
) -> tuple[float, float]:
    low_first, high_first = wilson(first, n_first, z)
    low_second, high_second = wilson(second, n_second, z)
    gap = first - second
    return (
        gap - math.hypot(first - low_first, high_second - second),
        gap + math.hypot(high_first - first, second - low_second),
    )


def _newcombe_p(first: float, n_first: int, second: float, n_second: int) -> float:
    if first == second:
        return 1.0
    end = 0 if first > second else 1

    def touching(z: float) -> float:
        return _newcombe(first, n_first, second, n_second, z)[end]

    return p_of_z(brentq(touching, 0.0, _LARGEST_Z))
