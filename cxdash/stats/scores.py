"""How customers answered: Net Promoter Score, satisfied shares, average scores, with intervals.

Scores of type "share of good answers minus share of bad answers" are given in points, −100 to 100.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import (
    Difference,
    Estimate,
    finite,
    p_of_z,
    z_of_level,
    z_of_power,
)
from cxdash.stats.proportions import share

__all__ = [
    "NetShare",
    "answers_needed",
    "detectable_difference",
    "difference",
    "mean_score",
    "net_share",
    "nps",
    "nps_difference",
    "nps_of_counts",
    "nps_paired_difference",
    "theme_impact",
    "top_share",
]

_NPS_GOOD_FROM, _NPS_BAD_TO, _NPS_HIGHEST = 9, 6, 10
_ADDED, _ADDED_TAIL = 3.0, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class NetShare:
    """A net share such as NPS, in points.

    ``low`` and ``high`` are the adjusted-Wald interval, ``wald_low`` and ``wald_high`` the textbook
    one, kept only to compare with other tools: it is far too narrow for small n. ``variance`` is
    that of one answer counted as −1, 0 or 1; ``standard_error`` is in points. ``adjusted`` and
    ``adjusted_error`` (points) are centre and standard error of the adjusted-Wald interval.
    """

    estimate: float
    low: float
    high: float
    n: int
    level: float
    good: float
    neutral: float
    bad: float
    variance: float
    standard_error: float
    adjusted: float
    adjusted_error: float
    wald_low: float
    wald_high: float


def nps(values: ArrayLike, *, level: float = 0.90) -> NetShare:
    """Net Promoter Score of whole answers from 0 to 10, in points.

    >>> round(nps([10, 9, 8, 7, 6, 0, 10, 9]).estimate, 1)
    25.0
    """
    answers = finite(values, "NPS")
    if (answers != np.floor(answers)).any() or answers.min() < 0 or answers.max() > _NPS_HIGHEST:
        raise ValueError("NPS: answers are whole numbers from 0 to 10")
    return net_share(answers, good_from=_NPS_GOOD_FROM, bad_to=_NPS_BAD_TO, level=level)


def net_share(
    values: ArrayLike, *, good_from: float, bad_to: float, level: float = 0.90
) -> NetShare:
    """100 × (share of answers ≥ ``good_from`` − share of answers ≤ ``bad_to``)."""
    if good_from <= bad_to:
        raise ValueError(f"good answers start above bad ones, got {good_from} and {bad_to}")
    answers = finite(values, "net share")
    good, bad = int((answers >= good_from).sum()), int((answers <= bad_to).sum())
    return nps_of_counts(good, answers.size - good - bad, bad, level=level)


def nps_of_counts(
    promoters: int, passives: int, detractors: int, *, level: float = 0.90
) -> NetShare:
    """Net Promoter Score of counted answers, in points.

    Variance of one answer: p + d − (p − d)². Interval: adjusted Wald, three imagined answers added,
    ¾ promoter, 1½ passive, ¾ detractor (B. Rocks, The American Statistician, 2016); widened to hold
    the estimate itself where a handful of answers all agree.
    """
    if min(promoters, passives, detractors) < 0:
        raise ValueError("counts of answers are not negative")
    n = promoters + passives + detractors
    if n == 0:
        raise ValueError("NPS: needs at least 1 answer, got 0")
    z = z_of_level(level)
    net, variance = _net_and_variance(promoters / n, detractors / n)
    error = math.sqrt(variance / n)
    adjusted, adjusted_variance = _net_and_variance(
        (promoters + _ADDED_TAIL) / (n + _ADDED), (detractors + _ADDED_TAIL) / (n + _ADDED)
    )
    adjusted_error = math.sqrt(adjusted_variance / (n + _ADDED))
    return NetShare(
        estimate=100 * net,
        low=100 * max(-1.0, min(net, adjusted - z * adjusted_error)),
        high=100 * min(1.0, max(net, adjusted + z * adjusted_error)),
        n=n,
        level=level,
        good=promoters / n,
        neutral=passives / n,
        bad=detractors / n,
        variance=variance,
        standard_error=100 * error,
        adjusted=100 * adjusted,
        adjusted_error=100 * adjusted_error,
        wald_low=100 * (net - z * error),
        wald_high=100 * (net + z * error),
    )


def nps_difference(first: NetShare, second: NetShare, *, level: float = 0.90) -> Difference:
    """First minus second, in points, for two different groups of customers.

    Uses the adjusted estimates and errors of both, so that small groups are not overrated. For the
    same customers asked twice use :func:`nps_paired_difference`.
    """
    adjusted = difference(
        first.adjusted,
        first.adjusted_error,
        second.adjusted,
        second.adjusted_error,
        n_first=first.n,
        n_second=second.n,
        level=level,
    )
    raw = first.estimate - second.estimate
    return Difference(
        estimate=raw,
        low=min(raw, adjusted.low),
        high=max(raw, adjusted.high),
        p_value=adjusted.p_value,
        n_first=first.n,
        n_second=second.n,
        level=level,
    )


def nps_paired_difference(
    before: ArrayLike, after: ArrayLike, *, level: float = 0.90
) -> Difference:
    """After minus before, in points, for the same customers asked twice, in the same order.

    Student interval of the mean of the customers' own changes (each −2 to 2 steps).
    """
    earlier, later = finite(before, "NPS before", at_least=2), finite(after, "NPS after")
    if earlier.size != later.size:
        raise ValueError(f"pairs: {earlier.size} answers before but {later.size} after")
    changes = 100 * (_signs(later) - _signs(earlier))
    mean, half, error, freedom = _student(changes, level, step=100)
    return Difference(
        estimate=mean,
        low=mean - half,
        high=mean + half,
        p_value=float(2 * student.sf(abs(mean) / error, freedom)),
        n_first=changes.size,
        n_second=changes.size,
        level=level,
        paired=True,
    )


def difference(
    first: float,
    first_error: float,
    second: float,
    second_error: float,
    *,
    n_first: int,
    n_second: int,
    level: float = 0.90,
) -> Difference:
    """First minus second of two independent estimates with their standard errors (normal).

    >>> round(difference(46, 7.8, 39, 7.7, n_first=87, n_second=94, level=0.95).high, 1)
    28.5
    """
    error = math.hypot(first_error, second_error)
    if not error > 0:
        raise ValueError("a difference needs a standard error above zero")
    gap, half = first - second, z_of_level(level) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=p_of_z(gap / error),
        n_first=n_first,
        n_second=n_second,
        level=level,
    )


def detectable_difference(
    variance_first: float,
    n_first: int,
    variance_second: float,
    n_second: int,
    *,
    level: float = 0.90,
    power: float = 0.80,
) -> float:
    """The smallest true difference in points that would be seen with probability ``power``.

    Variances are per answer, as in :class:`NetShare`.
    """
    error = math.sqrt(variance_first / n_first + variance_second / n_second)
    return 100 * (z_of_level(level) + z_of_power(power)) * error


def answers_needed(
    points: float,
    variance_first: float,
    variance_second: float,
    *,
    level: float = 0.90,
    power: float = 0.80,
) -> int:
    """Answers needed in each of two groups to see a true difference of ``points``.

    Raises
    ------
    ValueError
        If ``points`` is zero: no number of answers shows a difference that is not there.
    """
    if points == 0:
        raise ValueError("no number of answers shows a difference of zero")
    z = z_of_level(level) + z_of_power(power)
    return math.ceil((100 * z / points) ** 2 * (variance_first + variance_second))


def top_share(values: ArrayLike, *, at_least: float, level: float = 0.90) -> Estimate:
    """Share (0 to 1) of answers of ``at_least`` or above, Wilson interval."""
    answers = finite(values, "top share")
    return share(int((answers >= at_least).sum()), answers.size, level=level)


def mean_score(values: ArrayLike, *, level: float = 0.90, step: float = 1.0) -> Estimate:
    """Average answer on the item's own scale, Student interval.

    ``step`` is the distance of two neighbouring answers. When all answers agree their spread is not
    taken as zero but as if one further answer lay one step away.
    """
    answers = finite(values, "average score", at_least=2)
    mean, half, _, _ = _student(answers, level, step)
    return Estimate(estimate=mean, low=mean - half, high=mean + half, n=answers.size, level=level)


def theme_impact(values: ArrayLike, mentions: ArrayLike) -> float:
    """NPS of all answers minus NPS of the answers that do not mention the theme, in points.

    A description, not an effect: a theme that unhappy customers merely mention more often shows an
    impact too.
    """
    answers, mentioned = finite(values, "theme"), np.asarray(mentions, dtype=bool).ravel()
    if answers.size != mentioned.size:
        raise ValueError(f"theme: {answers.size} answers but {mentioned.size} mentions")
    return nps(answers).estimate - nps(answers[~mentioned]).estimate


def _net_and_variance(good: float, bad: float) -> tuple[float, float]:
    net = good - bad
    return net, good + bad - net**2


def _signs(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(answers >= _NPS_GOOD_FROM, 1.0, np.where(answers <= _NPS_BAD_TO, -1.0, 0.0))


def _student(
    values: NDArray[np.float64], level: float, step: float
) -> tuple[float, float, float, int]:
    """Mean, half width, standard error and degrees of freedom of a Student interval."""
    n = values.size
    variance = max(float(values.var(ddof=1)), step**2 / (n + 1))
    error = math.sqrt(variance / n)
    return float(values.mean()), float(student.ppf((1 + level) / 2, n - 1)) * error, error, n - 1
