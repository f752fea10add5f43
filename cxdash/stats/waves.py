"""Two waves of a survey: did the score move, given that some people answered in both?

A score is the mean of what each person contributes: 100, 0 or −100 points for a net share such as
NPS, 1 or 0 for a satisfied share, the answer itself for an average. Whoever answered in both waves
makes the two means move together, so the variance of their difference is

    Var = s₀²/n₀ + s₁²/n₁ − 2 Σ_both (x − x̄₀)(y − ȳ₁) / (n₀ n₁),

which is that of two independent waves when nobody answered twice and that of paired answers when
everybody did. The interval joins those of the two waves at that correlation (MOVER): with Wilson
intervals and no overlap it is Newcombe's method 10.

Sources: G. Zou and A. Donner, Statistics in Medicine 27 (2008), for joining intervals; R. Newcombe,
Statistics in Medicine 17 (1998), for shares; B. Rocks, The American Statistician 70 (2016), for net
shares of few answers; L. Kish, Survey Sampling (1965), section 12.4, for overlapping waves.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import t as student

from cxdash.stats.estimate import Difference, p_of_z, z_of_level, z_of_power
from cxdash.stats.proportions import wilson
from cxdash.stats.scores import answers_needed

__all__ = ["Change", "Kind", "Wave", "change_of_waves", "later_answers_needed", "wave"]

Vector = NDArray[np.float64]
Kind = Literal["net", "share", "mean"]

_ADDED: Final = 3.0  # imagined answers of a net share: ¾ good, 1½ neutral, ¾ bad
_ADDED_SQUARES: Final = 1.5 * 100.0**2
_LARGEST_Z: Final = 37.0  # beyond it a p-value is no longer a number above zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The score of one wave, in points (net), as a share of 0 to 1, or on the item's scale (mean).

    ``variance`` is that of one person's contribution. ``centre`` and ``error`` are those of the
    interval: for a net share three answers are imagined beside the real ones, so they differ a
    little from the plain mean and its standard error.
    """

    estimate: float
    low: float
    high: float
    n: int
    level: float
    kind: Kind
    variance: float
    centre: float
    error: float

    def limits(self, z: float) -> tuple[float, float]:
        """The ends of the interval whose normal deviate is ``z`` (1.645 for 90 %)."""
        if self.kind == "share":
            return wilson(self.estimate, self._effective, z)
        reach = z if self.kind == "net" else float(student.isf(ndtr(-z), self.n - 1))
        return self.centre - reach * self.error, self.centre + reach * self.error

    @property
    def _effective(self) -> float:
        """Answers that are shares of several count for more than a plain yes or no."""
        plain = self.estimate * (1 - self.estimate)
        return self.n * plain / self.variance if 0 < self.variance < plain else self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """After minus before.

    ``both`` people answered in both waves; ``correlation`` is that of the two scores; ``error`` is
    the standard error of the difference.
    """

    before: Wave
    after: Wave
    difference: Difference
    both: int
    correlation: float
    error: float

    def smallest_readable(self, *, power: float = 0.80) -> float:
        """The smallest true change that waves of this size show with probability ``power``."""
        return (z_of_level(self.difference.level) + z_of_power(power)) * self.error

    def needed(self, change: float, *, power: float = 0.80) -> int:
        """People needed in each wave to show a true ``change`` with probability ``power``.

        The share of people who answer in both waves is taken to stay as it is.

        Raises
        ------
        ValueError
            If ``change`` is zero.
        """
        first, second = self.before.variance, self.after.variance
        together = first + second - 2 * self.correlation * math.sqrt(first * second)
        # Where hardly any variance is left, the floor of the interval is what there is.
        spread = max(together, self.error**2 * min(self.before.n, self.after.n))
        return answers_needed(100 * change, spread, 0.0, level=self.difference.level, power=power)


def wave(values: Vector, kind: Kind, *, level: float = 0.90, step: float = 1.0) -> Wave:
    """The score of one wave.

    Parameters
    ----------
    values
        Shape (people,): one contribution a person, finite.
    step
        Distance of two neighbouring answers of an average. When all answers agree their spread is
        taken as if one further answer lay one step away.

    Raises
    ------
    ValueError
        Fewer than two people, or a contribution outside the range of its kind.
    """
    n = values.size
    if n < 2:
        raise ValueError(f"a wave needs at least 2 people, got {n}")
    lowest, highest = {"net": (-100.0, 100.0), "share": (0.0, 1.0)}.get(kind, (-np.inf, np.inf))
    if not (np.isfinite(values).all() and values.min() >= lowest and values.max() <= highest):
        raise ValueError(f"contributions to a {kind} lie between {lowest} and {highest}")
    mean, variance = float(values.mean()), float(values.var())
    centre, error = mean, math.sqrt(variance / n)
    if kind == "net":
        centre = mean * n / (n + _ADDED)
        squares = (float(np.square(values).sum()) + _ADDED_SQUARES) / (n + _ADDED)
        error = math.sqrt((squares - centre**2) / (n + _ADDED))
    elif kind == "mean":
        variance = max(variance * n / (n - 1), step**2 / (n + 1))
        error = math.sqrt(variance / n)
    plain = Wave(
        estimate=mean, low=mean, high=mean, n=n, level=level, kind=kind, variance=variance,
        centre=centre, error=error,
    )  # fmt: skip
    low, high = plain.limits(z_of_level(level))
    return Wave(
        estimate=mean, low=max(lowest, min(mean, low)), high=min(highest, max(mean, high)), n=n,
        level=level, kind=kind, variance=variance, centre=centre, error=error,
    )  # fmt: skip


def change_of_waves(
    before: Vector, after: Vector, kind: Kind, *, level: float = 0.90, step: float = 1.0
) -> Change:
    """After minus before, for waves that share some, all or none of their people.

    Parameters
    ----------
    before, after
        Shape (people,): what each person contributed; nan where someone did not answer.
    kind, step
        As in :func:`wave`.

    Raises
    ------
    ValueError
        The lengths differ, or a wave has fewer than two people.
    """
    if before.shape != after.shape:
        raise ValueError(f"one entry a person in each wave, got {before.size} and {after.size}")
    first = wave(before[~np.isnan(before)], kind, level=level, step=step)
    second = wave(after[~np.isnan(after)], kind, level=level, step=step)
    both = ~np.isnan(before) & ~np.isnan(after)
    count = int(both.sum())
    correlation = _correlation(before, after, both)
    floor = _floor(kind, step, count, first.n * second.n)
    most = (first.error**2 + second.error**2 - floor) / (2 * first.error * second.error or 1.0)
    correlation = min(correlation, most)
    gap = second.estimate - first.estimate

    def limits(z: float) -> tuple[float, float]:
        return _joined(first, second, correlation, z)

    low, high = limits(z_of_level(level))
    return Change(
        before=first,
        after=second,
        difference=Difference(
            estimate=gap,
            low=min(gap, low),
            high=max(gap, high),
            p_value=_p_value(first, second, correlation),
            n_first=second.n,
            n_second=first.n,
            level=level,
            paired=count == first.n == second.n,
        ),
        both=count,
        correlation=correlation,
        error=math.sqrt(
            max(
                first.error**2 + second.error**2 - 2 * correlation * first.error * second.error,
                floor,
            )
        ),
    )


def later_answers_needed(
    change: float, before: Wave, after: Wave, *, power: float = 0.80
) -> int | None:
    """People the later wave needs when the earlier one is over and cannot grow.

    None when the earlier wave is so small that no later one, however large, would show ``change``.
    """
    reach = z_of_level(before.level) + z_of_power(power)
    left = (change / reach) ** 2 - before.variance / before.n
    return math.ceil(after.variance / left) if left > 0 else None


def _correlation(before: Vector, after: Vector, both: NDArray[np.bool_]) -> float:
    """Correlation of the two means: from how people who answered twice lie to each mean."""
    one, other = before - np.nanmean(before), after - np.nanmean(after)
    scale = math.sqrt(float(np.nansum(one**2)) * float(np.nansum(other**2)))
    return float(one[both] @ other[both]) / scale if scale > 0 else 0.0


def _floor(kind: Kind, step: float, both: int, pairs: int) -> float:
    """The least variance of a difference: as if one more of those asked twice had moved a step."""
    size = {"net": 100.0, "share": 1.0}.get(kind, step)
    return size**2 * both / ((both + 1) * pairs)


def _joined(first: Wave, second: Wave, correlation: float, z: float) -> tuple[float, float]:
    low_first, high_first = first.limits(z)
    low_second, high_second = second.limits(z)
    gap = second.centre - first.centre

    def reach(one: float, other: float) -> float:
        return math.sqrt(max(0.0, one**2 + other**2 - 2 * correlation * one * other))

    return (
        gap - reach(second.centre - low_second, high_first - first.centre),
        gap + reach(high_second - second.centre, first.centre - low_first),
    )


def _p_value(first: Wave, second: Wave, correlation: float) -> float:
    """Found by widening the interval until it touches zero, so that gate and interval agree."""
    gap = second.centre - first.centre
    if gap == 0:
        return 1.0
    end = 0 if gap > 0 else 1

    def touching(z: float) -> float:
        return _joined(first, second, correlation, z)[end] * (1 if gap > 0 else -1)

    if touching(_LARGEST_Z) > 0:
        return p_of_z(_LARGEST_Z)
    return p_of_z(float(brentq(touching, 0.0, _LARGEST_Z)))
