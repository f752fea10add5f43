"""A pilot read more sharply: what each customer did before takes part of the noise away.

The outcome is lowered by what the time before would have led to expect, with one slope for both
groups. By lot, both groups looked alike before, so the difference keeps its meaning and its range
becomes narrower. Never use a covariate that the pilot itself could have moved.

Source: A. Deng, Y. Xu, R. Kohavi and T. Walker, WSDM (2013).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from cxdash.stats.did import welch
from cxdash.stats.estimate import Difference, finite

__all__ = ["Cuped", "cuped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuped:
    """Treated minus untreated mean, adjusted.

    ``treated`` and ``untreated`` are the adjusted means, in the unit of the outcome; ``relative``
    is the difference as a share of the untreated mean, with ``relative_low`` and
    ``relative_high``; ``saved`` the share (0 to 1) of the variance that the covariate took away.
    """

    difference: Difference
    treated: float
    untreated: float
    relative: float
    relative_low: float
    relative_high: float
    saved: float


def cuped(
    outcome: ArrayLike, covariate: ArrayLike, treated: ArrayLike, *, level: float = 0.90
) -> Cuped:
    """Difference of adjusted means with Welch's interval.

    Parameters
    ----------
    outcome, covariate
        Shape (rows,): during the pilot, and before it began.
    treated
        Shape (rows,), boolean.

    Raises
    ------
    ValueError
        Lengths differ, fewer than two rows in a group, a constant covariate, or an untreated mean
        that is not above zero, of which no share can be told.
    """
    own = finite(outcome, "outcome", at_least=4)
    before = finite(covariate, "covariate", at_least=4)
    chosen = np.asarray(treated, dtype=bool).ravel()
    if not own.size == before.size == chosen.size:
        raise ValueError("outcome, covariate and treated need equal lengths")
    if not np.ptp(before) > 0:
        raise ValueError("the covariate is the same for all rows, so it explains nothing")
    slope = float(np.cov(own, before, ddof=1)[0, 1] / before.var(ddof=1))
    adjusted = own - slope * (before - before.mean())
    difference = welch(adjusted[chosen], adjusted[~chosen], level=level)
    one, none = float(adjusted[chosen].mean()), float(adjusted[~chosen].mean())
    if not none > 0:
        raise ValueError("the untreated mean is not above zero, so no share of it can be told")
    low, high = _relative(adjusted[chosen], adjusted[~chosen], level)
    return Cuped(
        difference=difference,
        treated=one,
        untreated=none,
        relative=one / none - 1,
        relative_low=low,
        relative_high=high,
        saved=1 - float(adjusted.var(ddof=1) / own.var(ddof=1)),
    )


def _relative(one: np.ndarray, none: np.ndarray, level: float) -> tuple[float, float]:
    """Interval of the ratio of means minus one, on the log scale (delta method)."""
    parts = [float(x.var(ddof=1)) / x.size / float(x.mean()) ** 2 for x in (one, none)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (x.size - 1) for part, x in zip(parts, (one, none), strict=True)
    )
    half = float(student.ppf((1 + level) / 2, freedom)) * math.sqrt(sum(parts))
    ratio = float(one.mean() / none.mean())
    if not ratio > 0:
        raise ValueError("the treated mean is not above zero, so no share can be told")
    return ratio * math.exp(-half) - 1, ratio * math.exp(half) - 1
