"""A pilot read more sharply: what each customer did before takes part of the noise away.

The outcome is lowered by what the time before would have led to expect, with one slope for both
groups. By lot, both groups looked alike before, so the difference keeps its meaning and its range
becomes narrower. Never use a covariate that the pilot itself could have moved.

Source: A. Deng, Y. Xu, R. Kohavi and T. Walker, WSDM (2013).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.did import welch
from cxdash.stats.estimate import Difference, finite

__all__ = ["Cuped", "cuped"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuped:
    """Treated minus untreated mean, adjusted.

    ``treated`` and ``untreated`` are the adjusted means, in the unit of the outcome; ``relative``
    is the difference as a share of the untreated mean, with ``relative_low`` and
    ``relative_high``, all None where a mean is not above zero, of which no share can be told;
    ``saved`` the share (0 to 1) of the variance that the covariates took away.
    """

    difference: Difference
    treated: float
    untreated: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    saved: float


def cuped(
    outcome: ArrayLike, covariate: ArrayLike, treated: ArrayLike, *, level: float = 0.90
) -> Cuped:
    """Difference of adjusted means with Welch's interval.

    Parameters
    ----------
    outcome
        Shape (rows,): during the pilot.
    covariate
        Shape (rows,) or (rows, columns): what was known before it began. A column that is the same
        for all takes nothing away.
    treated
        Shape (rows,), boolean.

    Raises
    ------
    ValueError
        Lengths differ, fewer than two rows in a group, or covariates that are all constant.
    """
    own = finite(outcome, "outcome", at_least=4)
    before = np.asarray(covariate, dtype=np.float64).reshape(own.size, -1)
    chosen = np.asarray(treated, dtype=bool).ravel()
    if own.size != chosen.size:
        raise ValueError("outcome, covariate and treated need equal lengths")
    if not np.isfinite(before).all():
        raise ValueError("covariate: a value is missing or infinite")
    if not np.ptp(before, axis=0).any():
        raise ValueError("the covariate is the same for all rows, so it explains nothing")
    moved = before - before.mean(axis=0)
    slope = np.linalg.lstsq(moved, own - own.mean(), rcond=None)[0]
    adjusted = own - moved @ slope
    one, none = adjusted[chosen], adjusted[~chosen]
    relative, low, high = _relative(one, none, level)
    return Cuped(
        difference=welch(one, none, level=level),
        treated=float(one.mean()),
        untreated=float(none.mean()),
        relative=relative,
        relative_low=low,
        relative_high=high,
        saved=1 - float(adjusted.var(ddof=1) / own.var(ddof=1)) if own.var() > 0 else 0.0,
    )


def _relative(
    one: Vector, none: Vector, level: float
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Ratio of means minus one with its interval, on the log scale (delta method)."""
    if not (one.mean() > 0 and none.mean() > 0):
        return None, None, None
    parts = [float(x.var(ddof=1)) / x.size / float(x.mean()) ** 2 for x in (one, none)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (x.size - 1) for part, x in zip(parts, (one, none), strict=True)
    )
    half = float(student.ppf((1 + level) / 2, freedom)) * math.sqrt(sum(parts))
    ratio = float(one.mean() / none.mean())
    return ratio - 1, ratio * math.exp(-half) - 1, ratio * math.exp(half) - 1
