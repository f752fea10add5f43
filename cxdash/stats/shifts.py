"""Has a figure that is looked at every month moved for the worse, and since when?

The months are cut in two at every place among the latest ones, and the cut with the largest step
in the bad direction is taken. What so many looks find in a figure that never moves is drawn anew:
once by putting the same months in another order, which keeps skewed and uneven months as they are,
and once as a series in which a month takes over part of the one before, as the residuals say. The
larger of the two p-values counts. The interval holds at every place the step could have been cut
at, so that taking the largest one is paid for.

Beside the test stands the control chart: limits learned from the months before the step, and
whether a month after it lies beyond them or all of them lie on the bad side in a row of eight. And,
where the same months of a year earlier are there, whether they were alike: then it is the season.

Sources: K. Worsley, Journal of the American Statistical Association 74 (1979), for the largest of
all steps; B. Phipson and G. Smyth (2010) for counting the order that happened; W. Shewhart (1931)
and D. Laney, Quality Engineering 14 (2002), for the limits.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from cxdash.stats.control import RUN, individuals
from cxdash.stats.estimate import finite

__all__ = ["FEWEST_BEFORE", "FEWEST_POINTS", "YEAR", "Shift", "family_wise", "shift", "step_size"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

FEWEST_POINTS: Final = 12
FEWEST_BEFORE: Final = 8
YEAR: Final = 12
_SHORTEST: Final = 2  # a single month is an incident, not a new level
_DRAWS: Final = 1_999
_STRONGEST: Final = 0.8  # carry-over beyond this leaves nothing to tell a step by
_ALIKE: Final = 1.2816  # one-sided, odds of nine to one
_BURN_IN: Final = 24
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The largest step for the worse, in the unit of the figure.

    Parameters
    ----------
    start
        Place of the first point of the new level.
    before, after
        Means of the points before the step and from it on, weighted by how sure each is.
    difference, low, high
        After minus before, with an interval that allows for the choice of the place.
    p_value
        Of "nothing moved for the worse", the choice of the place allowed for.
    beyond_limits
        Whether the points after it leave the control limits of those before, the bad way.
    like_last_year
        Whether the same months a year earlier were alike; None where they are not there.
    carried_over
        Correlation of neighbouring months, the step taken out; 0 to 0.8.
    points, after_points
        How many points there are, and how many from the step on.
    """

    start: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_value: float
    beyond_limits: bool
    like_last_year: bool | None
    carried_over: float
    points: int
    after_points: int
    level: float


def shift(
    values: ArrayLike,
    errors: ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    high_is_bad: bool = True,
    latest: int = YEAR,
    level: float = 0.90,
    draws: int = _DRAWS,
) -> Shift | None:
    """The largest step for the worse among the latest points; None with too few points, or where
    they do not differ.

    Parameters
    ----------
    values
        One figure a month, oldest first, without a gap.
    errors
        Standard error of each, up to a common factor; None: all alike.
    latest
        How many of the latest points may belong to the new level.

    Raises
    ------
    ValueError
        A figure is missing, or an error is not above zero.
    """
    figures = finite(values, "shift", at_least=0)
    spread = np.ones_like(figures) if errors is None else finite(errors, "errors", at_least=0)
    if spread.size != figures.size or (spread.size and spread.min() <= 0):
        raise ValueError("a shift needs an error above zero for each figure")
    if figures.size < FEWEST_POINTS or np.ptp(figures) < _TINY:
        return None
    sign = 1.0 if high_is_bad else -1.0
    weight = spread**-2
    places = _places(figures.size, latest)
    own = _steps(figures[None, :], weight, places)
    at = int(np.argmax(sign * own.t[0]))
    start = int(places[at])
    residual = _residual(figures, weight, start) / spread
    carried = _carried_over(residual)
    order = _in_another_order(figures, spread, rng, draws)
    series = _as_a_series(carried, spread, rng, draws)
    null = [_steps(one, weight, places).t for one in (order, series)]
    observed = float(sign * own.t[0, at])
    p_value = max((1 + int(((sign * t).max(axis=1) >= observed).sum())) / (draws + 1) for t in null)
    reach = max(float(np.quantile(np.abs(t).max(axis=1), level)) for t in null)
    difference, error = step_size(figures, start, spread), float(own.error[0, at])
    before = float(np.average(figures[:start], weights=weight[:start]))
    return Shift(
        start=start,
        before=before,
        after=before + difference,
        difference=difference,
        low=difference - reach * error,
        high=difference + reach * error,
        p_value=p_value,
        beyond_limits=_beyond_limits(figures, spread, start, sign),
        like_last_year=_like_last_year(figures, weight, start, sign, error),
        carried_over=carried,
        points=figures.size,
        after_points=figures.size - start,
        level=level,
    )


def step_size(values: ArrayLike, start: int, errors: ArrayLike | None = None) -> float:
    """Mean of the figures from ``start`` on minus that of those before, by how sure each is.

    >>> step_size([2.0, 2.0, 5.0, 5.0], 2)
    3.0
    """
    figures = finite(values, "step", at_least=2)
    spread = np.ones_like(figures) if errors is None else finite(errors, "errors", at_least=2)
    weight = spread**-2
    after = np.average(figures[start:], weights=weight[start:])
    return float(after - np.average(figures[:start], weights=weight[:start]))


@dataclass(frozen=True, slots=True)
class _Steps:
    """For every series (row) and place (column): the step, its error and their ratio."""

    difference: Matrix
    error: Matrix
    t: Matrix


def _places(points: int, latest: int) -> NDArray[np.int64]:
    first = max(FEWEST_BEFORE, points - latest)
    return np.arange(first, points - _SHORTEST + 1)


def _steps(series: Matrix, weight: Vector, places: NDArray[np.int64]) -> _Steps:
    """Weighted least squares of a step at each place, for many series at once."""
    whole = weight.sum()
    upto = np.cumsum(weight)[places - 1]
    sums = np.cumsum(series * weight, axis=1)
    first, total = sums[:, places - 1], sums[:, -1:]
    gap = (total - first) / (whole - upto) - first / upto
    between = gap**2 * upto * (whole - upto) / whole
    centre = total / whole
    around = ((series - centre) ** 2 * weight).sum(axis=1, keepdims=True)
    free = series.shape[1] - 2
    variance = np.maximum(around - between, _TINY * around + _TINY) / free
    error = np.sqrt(variance * (1 / upto + 1 / (whole - upto)))
    return _Steps(gap, error, gap / error)


def _residual(figures: Vector, weight: Vector, start: int) -> Vector:
    left = figures.copy()
    for part in (slice(None, start), slice(start, None)):
        left[part] -= np.average(figures[part], weights=weight[part])
    return left


def _carried_over(residual: Vector) -> float:
    """Correlation of neighbouring residuals, with the bias of short series put right.

    Two means are taken out of the series, each of which makes neighbours look less alike (M.
    Kendall, Biometrika 41, 1954, for one).
    """
    around = float(residual @ residual)
    if around < _TINY:
        return 0.0
    raw = float(residual[1:] @ residual[:-1]) / around
    return float(np.clip(raw + (2 + 4 * raw) / residual.size, 0.0, _STRONGEST))


def _in_another_order(
    figures: Vector, spread: Vector, rng: np.random.Generator, draws: int
) -> Matrix:
    centre = np.average(figures, weights=spread**-2)
    standard = np.broadcast_to((figures - centre) / spread, (draws, figures.size))
    return np.asarray(rng.permuted(standard, axis=1) * spread)


def _as_a_series(carried: float, spread: Vector, rng: np.random.Generator, draws: int) -> Matrix:
    noise = rng.standard_normal((draws, spread.size + _BURN_IN))
    return np.asarray(lfilter([1.0], [1.0, -carried], noise, axis=1)[:, _BURN_IN:] * spread)


def _beyond_limits(figures: Vector, spread: Vector, start: int, sign: float) -> bool:
    chart = individuals(figures[:start], spread[:start])
    reach = (chart.high[0] - chart.centre) / spread[0] * spread[start:]
    beyond = sign * (figures[start:] - chart.centre)
    in_a_row = figures.size - start >= RUN and bool((beyond > 0).all())
    return in_a_row or bool((beyond > reach).any())


def _like_last_year(
    figures: Vector, weight: Vector, start: int, sign: float, error: float
) -> bool | None:
    if start < YEAR or figures.size - start > YEAR:
        return None
    now, then = slice(start, None), slice(start - YEAR, figures.size - YEAR)
    risen = np.average(figures[now], weights=weight[now]) - np.average(
        figures[then], weights=weight[then]
    )
    # The error of a step over so many months is at least that of as many months against as many.
    return bool(sign * risen <= _ALIKE * error)


def family_wise(p_values: ArrayLike) -> Vector:
    """p-values corrected so that among all of them a false alarm is at most as likely as the level.

    S. Holm, Scandinavian Journal of Statistics 6 (1979): whatever the figures have in common.

    >>> family_wise([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    values = finite(p_values, "p-values")
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(values.size, 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected
