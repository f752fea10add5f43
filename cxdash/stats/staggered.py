"""What changed where something started at different times in different places?

Group-time effects: for units first treated in period g, their change up to period t minus that of
units never treated. They are averaged by time since the start (dynamic) and by group, so that no
unit already treated ever serves as a comparison.

Source: B. Callaway and P. Sant'Anna, Journal of Econometrics 225 (2021), never-treated comparison
without covariates; standard errors from influence functions, clustered by unit. Before the start a
period is compared with the one before it, from then on with the last period before the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import Estimate, z_of_level

__all__ = ["GroupTime", "Staggered", "group_time_effects"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTime:
    """Effect on units first treated in period ``group``, in period ``time``."""

    group: int
    time: int
    effect: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Staggered:
    """All group-time effects and their averages, in the unit of the outcome.

    ``by_time`` maps periods since the start to the average effect there, ``by_group`` a group to
    its average from the start on. ``dynamic`` averages the former, ``grouped`` the latter.
    """

    effects: tuple[GroupTime, ...]
    by_time: dict[int, Estimate]
    by_group: dict[int, Estimate]
    dynamic: Estimate
    grouped: Estimate


def group_time_effects(
    outcomes: NDArray[np.float64],
    first_treated: ArrayLike,
    periods: Sequence[int],
    *,
    level: float = 0.90,
) -> Staggered:
    """Effects for every group and period.

    Parameters
    ----------
    outcomes
        Shape (units, periods), none missing.
    first_treated
        Shape (units,): the period of the first treatment; 0 for units never treated.
    periods
        Names of the columns, ascending, such as years.

    Raises
    ------
    ValueError
        No unit was never treated, none was treated after the first period, or shapes differ.
    """
    panel, start = _checked(outcomes, first_treated, periods)
    names = [int(name) for name in periods]
    groups = [int(g) for g in np.unique(start) if g in names[1:]]
    if not groups or not (start == 0).any():
        raise ValueError("needs units never treated and units first treated after the first period")
    # Units treated from the first period on have no time before; they say nothing and are left out.
    used = (start == 0) | np.isin(start, groups)
    panel, start = panel[used], start[used]
    parts = {
        (group, time): _one(panel, start, names, group, column)
        for group in groups
        for column, time in enumerate(names)
        if column > 0
    }
    share = {group: float((start == group).mean()) for group in groups}
    average = _Average(parts, share, start, level)
    since = sorted({names.index(t) - names.index(g) for g, t in parts})
    by_time = {
        gap: [(g, t) for g, t in parts if names.index(t) - names.index(g) == gap] for gap in since
    }
    own = {g: [(h, t) for h, t in parts if h == g and t >= g] for g in groups}
    dynamic = [average.weighted(by_time[gap]) for gap in since if gap >= 0]
    grouped = [average.plain(own[g]) for g in groups]
    return Staggered(
        effects=tuple(
            GroupTime(group=g, time=t, effect=average.estimate(*part))
            for (g, t), part in parts.items()
        ),
        by_time={gap: average.estimate(*average.weighted(cells)) for gap, cells in by_time.items()},
        by_group={g: average.estimate(*average.plain(own[g])) for g in groups},
        dynamic=average.estimate(*_mean(dynamic)),
        grouped=average.estimate(*average.over_groups(groups, grouped)),
    )


Part = tuple[float, Vector]  # an effect and each unit's influence on it


@dataclass(frozen=True, slots=True)
class _Average:
    parts: dict[tuple[int, int], Part]
    share: dict[int, float]
    start: NDArray[np.int64]
    level: float

    def estimate(self, value: float, influence: Vector) -> Estimate:
        error = float(np.sqrt((influence**2).mean() / influence.size))
        half = z_of_level(self.level) * error
        return Estimate(
            estimate=value, low=value - half, high=value + half, n=influence.size, level=self.level
        )

    def weighted(self, cells: Sequence[tuple[int, int]]) -> Part:
        """Average with the groups' sizes as weights, whose own doubt counts too."""
        return self.over_groups([g for g, _ in cells], [self.parts[cell] for cell in cells])

    def plain(self, cells: Sequence[tuple[int, int]]) -> Part:
        return _mean([self.parts[cell] for cell in cells])

    def over_groups(self, groups: Sequence[int], parts: Sequence[Part]) -> Part:
        whole = sum(self.share[g] for g in groups)
        value = sum(self.share[g] * part[0] for g, part in zip(groups, parts, strict=True)) / whole
        influence = np.zeros(self.start.size)
        for group, (effect, own) in zip(groups, parts, strict=True):
            size = (self.start == group) - self.share[group]
            influence += (self.share[group] * own + size * (effect - value)) / whole
        return value, influence


def _mean(parts: Sequence[Part]) -> Part:
    return (
        float(np.mean([value for value, _ in parts])),
        np.mean([influence for _, influence in parts], axis=0),
    )


def _one(
    panel: Vector, start: NDArray[np.int64], names: list[int], group: int, column: int
) -> Part:
    base = column - 1 if names[column] < group else names.index(group) - 1
    change = panel[:, column] - panel[:, base]
    value, influence = 0.0, np.zeros(change.size)
    for side, sign in ((start == group, 1.0), (start == 0, -1.0)):
        mean = float(change[side].mean())
        value += sign * mean
        influence[side] += sign * (change[side] - mean) * change.size / side.sum()
    return value, influence


def _checked(
    outcomes: NDArray[np.float64], first_treated: ArrayLike, periods: Sequence[int]
) -> tuple[Vector, NDArray[np.int64]]:
    panel = np.asarray(outcomes, dtype=np.float64)
    start = np.asarray(first_treated, dtype=np.int64).ravel()
    if panel.ndim != 2 or panel.shape != (start.size, len(periods)):
        raise ValueError("outcomes need a row for each unit and a column for each period")
    if not np.isfinite(panel).all() or list(periods) != sorted(set(periods)):
        raise ValueError("outcomes are complete and periods ascend")
    return panel, start
