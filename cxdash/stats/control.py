"""Control charts: which months stand out from the ordinary ups and downs of a figure.

A chart draws the figures over time, their centre line, and limits three standard deviations away
from it. The standard deviation comes from neighbouring figures, so that a slow drift does not hide
itself. Two signals are read: a point beyond the limits, and eight points in a row on one side.

Sources: W. Shewhart (1931) and D. Montgomery, Introduction to Statistical Quality Control, chapters
6 and 7, for the charts; L. Tippett, Biometrika 17 (1925), for the distribution of the range;
D. Laney, Quality Engineering 14 (2002), for points that rest on different numbers of answers.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import dblquad, quad
from scipy.special import ndtr

from cxdash.stats.estimate import finite

__all__ = [
    "RUN",
    "ControlChart",
    "individuals",
    "p_chart",
    "range_chart",
    "range_constants",
    "x_bar_chart",
]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

RUN: Final = 8  # so many points in a row on one side of the centre are a signal
_SIGMAS: Final = 3.0
_FAR: Final = 8.0  # beyond eight standard deviations nothing is left to integrate


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart in the unit of its figures; every array has shape (points,).

    ``sigma`` is the standard deviation of a point (the mean of them where they differ). ``outside``
    marks points beyond the limits, ``in_run`` points of eight or more in a row on one side.
    """

    centre: float
    low: Vector
    high: Vector
    sigma: float
    outside: Flags
    in_run: Flags

    @property
    def signals(self) -> Flags:
        return self.outside | self.in_run


def individuals(values: ArrayLike, errors: ArrayLike | None = None) -> ControlChart:
    """One figure a month (XmR chart): centre ± 2.66 × mean moving range.

    With ``errors``, the standard errors of the figures, each is judged in units of its own error
    (Laney): a month of few answers gets wider limits. Equal errors give the plain chart.

    Raises
    ------
    ValueError
        Fewer than two figures, or an error that is not above zero.

    >>> chart = individuals([33.75, 33.05, 34.00, 33.81, 33.46])
    >>> round(chart.centre, 3), round(float(chart.high[0]), 3)
    (33.614, 35.07)
    """
    figures = finite(values, "control chart", at_least=2)
    scale = np.ones_like(figures) if errors is None else finite(errors, "errors of a control chart")
    if scale.size != figures.size or scale.min() <= 0:
        raise ValueError("a control chart needs an error above zero for each figure")
    weight = scale**-2
    centre = float(figures @ weight / weight.sum())
    standard = (figures - centre) / scale
    spread = float(np.abs(np.diff(standard)).mean()) / range_constants(2)[0]
    return _chart(figures, centre, _SIGMAS * spread * scale, spread * float(scale.mean()))


def p_chart(events: ArrayLike, sizes: ArrayLike, *, laney: bool = False) -> ControlChart:
    """Shares of ``sizes`` with binomial limits, or with Laney's, which allow for ordinary drift."""
    counts, totals = finite(events, "events"), finite(sizes, "sizes")
    if counts.size != totals.size or totals.min() <= 0 or (counts > totals).any():
        raise ValueError("a p chart needs as many events as sizes, none beyond its size")
    centre = float(counts.sum() / totals.sum())
    errors = np.sqrt(centre * (1 - centre) / totals)
    if laney:
        return individuals(counts / totals, errors)
    chart = _chart(counts / totals, centre, _SIGMAS * errors, float(errors.mean()))
    low, high = np.clip(chart.low, 0, 1), np.clip(chart.high, 0, 1)
    return ControlChart(centre, low, high, chart.sigma, chart.outside, chart.in_run)


def x_bar_chart(samples: ArrayLike) -> ControlChart:
    """Means of samples of equal size; ``samples`` has shape (points, size), size at least 2."""
    table, ranges = _ranges(samples)
    size = table.shape[1]
    sigma = float(ranges.mean()) / range_constants(size)[0]
    means = table.mean(axis=1)
    reach = np.full(means.size, _SIGMAS * sigma / np.sqrt(size))
    return _chart(means, float(means.mean()), reach, sigma)


def range_chart(samples: ArrayLike) -> ControlChart:
    """Ranges of samples of equal size, as :func:`x_bar_chart` takes them."""
    table, ranges = _ranges(samples)
    d2, d3 = range_constants(table.shape[1])
    centre = float(ranges.mean())
    chart = _chart(ranges, centre, np.full(ranges.size, _SIGMAS * d3 * centre / d2), centre / d2)
    low = np.maximum(chart.low, 0.0)
    return ControlChart(centre, low, chart.high, chart.sigma, chart.outside, chart.in_run)


@cache
def range_constants(size: int) -> tuple[float, float]:
    """Mean and standard deviation of the range of ``size`` standard normal values: d2 and d3.

    By integration of the distribution of the range (Tippett).

    Raises
    ------
    ValueError
        A range needs at least two values.

    >>> d2, d3 = range_constants(5)
    >>> round(d2, 3), round(d3, 4)
    (2.326, 0.8641)
    """
    if size < 2:
        raise ValueError(f"a range needs at least 2 values, got {size}")
    mean, _ = quad(lambda x: 1 - ndtr(-x) ** size - ndtr(x) ** size, -_FAR, _FAR)

    def above(y: float, x: float) -> float:
        """Chance that the largest lies beyond ``x`` and the smallest below ``y``, for y < x."""
        inside = (ndtr(x) - ndtr(y)) ** size
        return float(1 - ndtr(x) ** size - (1 - ndtr(y)) ** size + inside)

    half, _ = dblquad(above, -_FAR, _FAR, -_FAR, lambda x: x, epsabs=1e-9)
    return float(mean), float(np.sqrt(2 * half - mean**2))


def _ranges(samples: ArrayLike) -> tuple[Vector, Vector]:
    table = np.asarray(samples, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2 or not np.isfinite(table).all():
        raise ValueError("samples are rows of at least two values each, none missing")
    return table, np.ptp(table, axis=1)


def _chart(figures: Vector, centre: float, reach: Vector, sigma: float) -> ControlChart:
    low, high = centre - reach, centre + reach
    return ControlChart(
        centre, low, high, sigma, (figures < low) | (figures > high), _runs(figures - centre)
    )


def _runs(away: Vector) -> Flags:
    """Points of eight or more in a row on one side of the centre; one on the line breaks a run."""
    side = np.sign(away)
    starts = np.flatnonzero(np.insert(side[1:] != side[:-1], 0, True))
    lengths = np.diff(np.append(starts, side.size))
    return np.repeat((lengths >= RUN) & (side[starts] != 0), lengths)
