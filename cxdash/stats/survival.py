"""How long do customers stay? Survival curve, comparison of curves, and Cox's regression.

All three count who is *at risk*: seen so far and not gone. Whoever is still there at the last look
(censored) counts up to then and not as gone; whoever came under observation late (``entry``) counts
from then on, so that customers who had already stayed long when the records began do not make
staying look safer than it is.

Sources: E. L. Kaplan and P. Meier (1958); M. Greenwood (1926) for the variance, on the scale of
log(−log S) so that limits stay between 0 and 1 (J. D. Kalbfleisch and R. L. Prentice, 1980);
N. Mantel (1966) for the log-rank test; D. R. Cox (1972) with B. Efron's treatment of ties (1977).
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from cxdash.stats.estimate import finite, z_of_level

__all__ = ["CoxFit", "LogRank", "SurvivalCurve", "cox", "kaplan_meier", "log_rank"]

Vector = NDArray[np.float64]

# statsmodels counts a row that enters at exactly the time of an event as at risk at that event;
# it was not yet there. A hair later it is not.
_JUST_AFTER: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalCurve:
    """Share still there after each time at which somebody left.

    All arrays have shape (times,): ``time`` in the unit it was given in, ``survival`` with its
    interval from 0 to 1, ``at_risk`` and ``events`` just before and at that time; ``n`` counts
    rows.
    """

    time: Vector
    survival: Vector
    low: Vector
    high: Vector
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    n: int
    level: float

    def at(self, time: float) -> tuple[float, float, float]:
        """Share still there at ``time``, with its interval; 1 before the first event."""
        place = int(np.searchsorted(self.time, time, side="right")) - 1
        if place < 0:
            return 1.0, 1.0, 1.0
        return float(self.survival[place]), float(self.low[place]), float(self.high[place])


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Test of "all groups leave at the same rate at every time": chi-squared on ``df`` degrees."""

    statistic: float
    df: int
    p_value: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxFit:
    """A fitted model: log hazard ratio per unit of each predictor.

    ``coefficients`` and their standard ``errors`` have shape (k,); ``log_likelihood`` is the
    partial one at its maximum; ``n`` counts rows.
    """

    coefficients: Vector
    errors: Vector
    log_likelihood: float
    n: int
    events: int


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None, level: float = 0.90
) -> SurvivalCurve:
    """Share still there over time, with the log-log interval on Greenwood's variance.

    Parameters
    ----------
    time
        Shape (rows,): when the row left or was last seen.
    event
        Shape (rows,): true if it left then.
    entry
        Shape (rows,): from when on it was watched; before every ``time``. None: from the start.

    Raises
    ------
    ValueError
        Shapes differ, a value is missing, an entry is not before its time, or nobody left.

    >>> kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0]).survival.round(3).tolist()
    [0.75, 0.375]
    """
    end, left, start = _checked(time, event, entry)
    if not left.any():
        raise ValueError("nobody left, so there is no curve to draw")
    times = np.unique(end[left])
    at_risk = _at_risk(end, start, times)
    events = _events(end[left], times)
    survival = np.cumprod(1 - events / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        reach = z_of_level(level) * np.sqrt(variance) / np.abs(np.log(survival))
        low, high = survival ** np.exp(reach), survival ** np.exp(-reach)
    # Once everybody has left, the variance says nothing any more.
    gone = survival <= 0
    return SurvivalCurve(
        time=times,
        survival=survival,
        low=np.where(gone, 0.0, low),
        high=np.where(gone, survival, high),
        at_risk=at_risk,
        events=events,
        n=int(end.size),
        level=level,
    )


def log_rank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, entry: ArrayLike | None = None
) -> LogRank:
    """Do two or more groups leave at the same rate?

    Parameters
    ----------
    group
        Shape (rows,): the group of each row. The others as :func:`kaplan_meier`.

    Raises
    ------
    ValueError
        As :func:`kaplan_meier`, or there is one group only.
    """
    end, left, start = _checked(time, event, entry)
    names, own = np.unique(np.asarray(group).ravel(), return_inverse=True)
    if own.size != end.size:
        raise ValueError(f"{end.size} times but {own.size} groups")
    if names.size < 2:
        raise ValueError("a comparison needs two groups")
    times = np.unique(end[left])
    masks = [own == place for place in range(names.size)]
    risk = np.vstack([_at_risk(end[m], start[m], times) for m in masks]).astype(np.float64)
    gone = np.vstack([_events(end[m & left], times) for m in masks]).astype(np.float64)
    all_risk, all_gone = risk.sum(axis=0), gone.sum(axis=0)
    share = risk / all_risk
    expected = share @ all_gone
    # Hypergeometric variance; a single row at risk has none.
    factor = all_gone * (all_risk - all_gone) / np.maximum(all_risk - 1, 1)
    covariance = np.diag(share @ factor) - (share * factor) @ share.T
    surplus = (gone.sum(axis=1) - expected)[:-1]  # the last group's follows from the others'
    statistic = float(surplus @ np.linalg.pinv(covariance[:-1, :-1]) @ surplus)
    df = int(names.size - 1)
    return LogRank(
        statistic=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)),
        observed=tuple(float(n) for n in gone.sum(axis=1)),
        expected=tuple(float(n) for n in expected),
    )


def cox(
    time: ArrayLike,
    event: ArrayLike,
    predictors: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    ties: Literal["efron", "breslow"] = "efron",
) -> CoxFit:
    """Cox's proportional hazards; a predictor that changes has one row for each stretch.

    Parameters
    ----------
    predictors
        Shape (rows, k). The others as :func:`kaplan_meier`.

    Raises
    ------
    ValueError
        As :func:`kaplan_meier`.
    """
    # Seconds to load, and most questions never need it.
    from statsmodels.duration.hazard_regression import PHReg  # noqa: PLC0415

    end, left, start = _checked(time, event, entry)
    values = np.asarray(predictors, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != end.size or not np.isfinite(values).all():
        raise ValueError("predictors need a finite row for each time")
    late = None if entry is None else start + _JUST_AFTER
    fit = PHReg(end, values, status=left.astype(int), entry=late, ties=ties).fit(disp=0)
    return CoxFit(
        coefficients=np.asarray(fit.params, dtype=np.float64),
        errors=np.asarray(fit.bse, dtype=np.float64),
        log_likelihood=float(fit.llf),
        n=int(end.size),
        events=int(left.sum()),
    )


def _checked(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None
) -> tuple[Vector, NDArray[np.bool_], Vector]:
    end = finite(time, "times")
    left = finite(event, "events").astype(bool)
    start = np.full(end.size, -np.inf) if entry is None else finite(entry, "entries")
    if not end.size == left.size == start.size:
        raise ValueError("times, events and entries need the same number of rows")
    if np.any(start >= end):
        raise ValueError(
            "a row has to be watched before it leaves: an entry is not before its time"
        )
    return end, left, start


def _at_risk(end: Vector, start: Vector, times: Vector) -> NDArray[np.int64]:
    """Rows watched before each time and not gone before it."""
    entered = np.searchsorted(np.sort(start), times, side="left")
    gone = np.searchsorted(np.sort(end), times, side="left")
    return np.asarray(entered - gone, dtype=np.int64)


def _events(ends: Vector, times: Vector) -> NDArray[np.int64]:
    ordered = np.sort(ends)
    upto = np.searchsorted(ordered, times, side="right")
    before = np.searchsorted(ordered, times, side="left")
    return np.asarray(upto - before, dtype=np.int64)
