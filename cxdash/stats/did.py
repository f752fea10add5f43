"""What changed where something was done, beyond what changed where it was not?

Difference in differences: the change of treated units minus the change of untreated ones. It means
an effect only if both would have moved in parallel otherwise, so periods before the start are
looked at first, and a start that never happened is tried (placebo). Where few units were assigned,
judge by lots drawn again over those units (:mod:`cxdash.stats.permutation`).

Sources: D. Card and A. Krueger, American Economic Review 84 (1994), Table 3; B. L. Welch,
Biometrika 34 (1947); A. Cameron, J. Gelbach and D. Miller (2008) for few clusters.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import Difference, finite
from cxdash.stats.permutation import assignments

__all__ = [
    "PeriodGap",
    "PreTrend",
    "cross_sections",
    "difference_in_differences",
    "event_study",
    "placebo",
    "pre_trend",
    "welch",
]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodGap:
    """Treated minus untreated change from the last period before the start to ``period``.

    ``period`` counts from the start: −2 is two periods before it, 0 the first one with treatment.
    """

    period: int
    gap: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class PreTrend:
    """Whether treated and untreated units ran in parallel before the start.

    ``p_value`` of "they did", from lots drawn again over units; ``largest`` is the largest gap
    before the start, in units of the outcome; ``periods`` how many could be compared.
    """

    p_value: float
    largest: float
    periods: int

    @property
    def passed(self) -> bool:
        return self.p_value > 0.10


def welch(first: ArrayLike, second: ArrayLike, *, level: float = 0.90) -> Difference:
    """Mean of the first minus mean of the second, unequal variances.

    >>> round(welch([1, 2, 3, 4], [0, 1, 1, 2]).estimate, 2)
    1.5
    """
    one, other = finite(first, "first", at_least=2), finite(second, "second", at_least=2)
    parts = (float(one.var(ddof=1)) / one.size, float(other.var(ddof=1)) / other.size)
    sizes = (one.size, other.size)
    gap = float(one.mean() - other.mean())
    return _difference(gap, sum(parts), _freedom(parts, sizes), sizes, level)


def difference_in_differences(
    before: ArrayLike,
    after: ArrayLike,
    treated: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.90,
) -> Difference:
    """Mean change of treated units minus that of untreated ones.

    Parameters
    ----------
    before, after
        Shape (rows,), in the unit of the outcome.
    treated
        Shape (rows,), boolean.
    cluster
        Shape (rows,): the unit that was assigned, when rows are smaller than it. The mean of each
        cluster then counts with its number of rows, and the interval rests on clusters.

    Raises
    ------
    ValueError
        Lengths differ, a group has fewer than two units, a value is missing, or a cluster was
        treated in part.
    """
    start, end = finite(before, "before", at_least=4), finite(after, "after", at_least=4)
    chosen = np.asarray(treated, dtype=bool).ravel()
    if not start.size == end.size == chosen.size:
        raise ValueError("before, after and treated need equal lengths")
    change = end - start
    if cluster is None:
        return welch(change[chosen], change[~chosen], level=level)
    _, code = np.unique(np.asarray(cluster).ravel(), return_inverse=True)
    if code.size != change.size:
        raise ValueError("cluster needs an entry for each row")
    return _clustered(change, chosen, code, level)


def cross_sections(
    treated_before: ArrayLike,
    treated_after: ArrayLike,
    untreated_before: ArrayLike,
    untreated_after: ArrayLike,
    *,
    level: float = 0.90,
) -> Difference:
    """Difference in differences of means when each period heard other people.

    Four independent samples, unequal variances (Welch and Satterthwaite). ``n_first`` and
    ``n_second`` count the answers of the treated and the untreated.
    """
    cells = [
        finite(values, "a cell", at_least=2)
        for values in (treated_after, treated_before, untreated_after, untreated_before)
    ]
    means = [float(cell.mean()) for cell in cells]
    parts = [float(cell.var(ddof=1)) / cell.size for cell in cells]
    gap = (means[0] - means[1]) - (means[2] - means[3])
    freedom = _freedom(parts, [cell.size for cell in cells])
    sizes = [cell.size for cell in cells]
    return _difference(gap, sum(parts), freedom, (sum(sizes[:2]), sum(sizes[2:])), level)


def event_study(
    outcomes: NDArray[np.float64], treated: ArrayLike, start: int, *, level: float = 0.90
) -> tuple[PeriodGap, ...]:
    """Gap of changes in every period, against the last period before the start.

    ``outcomes`` has shape (units, periods); ``start`` is the column of the first treated period.
    """
    panel, chosen = _panel(outcomes, treated, start)
    change = panel - panel[:, [start - 1]]
    return tuple(
        PeriodGap(
            period=column - start,
            gap=welch(change[chosen, column], change[~chosen, column], level=level),
        )
        for column in range(panel.shape[1])
        if column != start - 1
    )


def pre_trend(
    outcomes: NDArray[np.float64], treated: ArrayLike, start: int, *, rng: np.random.Generator
) -> PreTrend:
    """Did the units run in parallel before the start? Largest gap before it, judged by lots.

    One test for all periods before the start, so looking at many of them costs nothing.

    Raises
    ------
    ValueError
        Fewer than two periods before the start: parallel lines cannot be seen from one point.
    """
    panel, chosen = _panel(outcomes, treated, start)
    if start < 2:
        raise ValueError(
            "two periods before the start are needed to see whether lines run parallel"
        )
    change = panel[:, : start - 1] - panel[:, [start - 1]]
    flags, exact = assignments(len(panel), int(chosen.sum()), rng=rng)
    drawn, seen = _largest(change, flags), float(_largest(change, chosen[None, :])[0])
    as_large = int((drawn >= seen * (1 - 1e-9)).sum())
    gaps = change[chosen].mean(axis=0) - change[~chosen].mean(axis=0)
    return PreTrend(
        p_value=as_large / len(flags) if exact else (as_large + 1) / (len(flags) + 1),
        largest=float(np.abs(gaps).max()),
        periods=change.shape[1],
    )


def placebo(
    outcomes: NDArray[np.float64], treated: ArrayLike, start: int, *, level: float = 0.90
) -> Difference:
    """The estimate for a start in the middle of the time before: it should hold zero.

    Uses only periods before the real start: the mean of the later half minus that of the earlier.
    """
    panel, chosen = _panel(outcomes, treated, start)
    if start < 2:
        raise ValueError("a placebo needs two periods before the start")
    middle = start // 2
    return difference_in_differences(
        panel[:, :middle].mean(axis=1), panel[:, middle:start].mean(axis=1), chosen, level=level
    )


def _largest(change: Vector, flags: Flags) -> Vector:
    """Largest gap over periods in units of each period's spread, for each assignment."""
    spread = change.std(axis=0)
    scaled = change / np.where(spread > 0, spread, 1.0)
    inside = flags.sum(axis=1)[:, None]
    sums = flags.astype(np.float64) @ scaled
    gaps = sums / inside - (scaled.sum(axis=0) - sums) / (len(change) - inside)
    return np.asarray(np.abs(gaps).max(axis=1))


def _clustered(change: Vector, chosen: Flags, code: NDArray[np.intp], level: float) -> Difference:
    rows = np.bincount(code)
    share_treated = np.bincount(code, weights=chosen) / rows
    if not np.isin(share_treated, (0.0, 1.0)).all():
        raise ValueError("a cluster holds treated and untreated rows, so it was not assigned whole")
    sums, inside = np.bincount(code, weights=change), share_treated == 1.0
    estimates, variances, units = [], [], []
    for side in (inside, ~inside):
        count = int(side.sum())
        if count < 2:
            raise ValueError("each group needs at least two clusters")
        mean = float(sums[side].sum() / rows[side].sum())
        residual = sums[side] - mean * rows[side]
        scale = count / (count - 1) / rows[side].sum() ** 2
        estimates.append(mean)
        variances.append(float((residual**2).sum() * scale))
        units.append(count)
    gap, freedom = estimates[0] - estimates[1], _freedom(variances, units)
    return _difference(gap, sum(variances), freedom, (units[0], units[1]), level)


def _freedom(variances: Sequence[float], sizes: Sequence[int]) -> float:
    """Degrees of freedom of a sum of independent variances (Welch and Satterthwaite)."""
    parts = sum(v**2 / (size - 1) for v, size in zip(variances, sizes, strict=True))
    if not parts > 0:
        raise ValueError("all values within each group are equal, so their spread is not known")
    return sum(variances) ** 2 / parts


def _difference(
    gap: float, variance: float, freedom: float, sizes: tuple[int, int], level: float
) -> Difference:
    error = math.sqrt(variance)
    half = float(student.ppf((1 + level) / 2, freedom)) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=float(2 * student.sf(abs(gap) / error, freedom)),
        n_first=sizes[0],
        n_second=sizes[1],
        level=level,
    )


def _panel(outcomes: NDArray[np.float64], treated: ArrayLike, start: int) -> tuple[Vector, Flags]:
    panel = np.asarray(outcomes, dtype=np.float64)
    chosen = np.asarray(treated, dtype=bool).ravel()
    if panel.ndim != 2 or panel.shape[0] != chosen.size or not np.isfinite(panel).all():
        raise ValueError("outcomes need the shape (units, periods) and no missing value")
    if not 1 <= start < panel.shape[1]:
        raise ValueError(f"the start lies inside the periods, got {start} of {panel.shape[1]}")
    if chosen.all() or not chosen.any():
        raise ValueError("there are no two kinds of units to compare")
    return panel, chosen
