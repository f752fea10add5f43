"""Which of several things ranks first, when each is known only within a range?

Every draw is a state of the world that the ranges allow; in each of them the things are ranked.
What is said of a rank is how often it came out so. Things whose order cannot be told share a place,
because a list in order would claim that it is known.

Source: H. Goldstein and D. J. Spiegelhalter, Journal of the Royal Statistical Society A 159 (1996),
on ranks and their uncertainty.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Placed", "joint_draws", "ranked"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a row stands.

    Parameters
    ----------
    row
        Its number among what was ranked.
    top_share
        Share of draws (0 to 1) in which it is among the first ``k``.
    mean
        Mean of its draws.
    place_low, place_high
        The places that it shares with what cannot be told apart from it; equal when it stands
        alone.
    """

    row: int
    top_share: float
    mean: float
    place_low: int
    place_high: int


def joint_draws(
    means: ArrayLike,
    errors: ArrayLike,
    sources: Sequence[str],
    *,
    draws: int,
    rng: np.random.Generator,
) -> Matrix:
    """Draws of shape (draws, rows) of normal values with these means and standard errors.

    Rows with the same source rest on the same estimate: in a draw they are off by the same number
    of standard errors, all others independently.
    """
    centre, spread = np.asarray(means, dtype=float), np.asarray(errors, dtype=float)
    names = {name: place for place, name in enumerate(dict.fromkeys(sources))}
    common = rng.standard_normal((draws, len(names)))
    off = common[:, [names[name] for name in sources]]
    return np.asarray(centre + spread * off)


def ranked(draws: Matrix, k: int, *, level: float = 0.90) -> tuple[Placed, ...]:
    """Rows from first to last, by the share of draws in which each is among the first ``k``.

    A row shares the places of the rows before it as long as the first of them does not come out
    before it in ``level`` of the draws.

    >>> rng = np.random.default_rng(1)
    >>> even = joint_draws([5, 5, 1], [1, 1, 0.1], ["a", "b", "c"], draws=2000, rng=rng)
    >>> [(one.place_low, one.place_high) for one in ranked(even, 1)]
    [(1, 2), (1, 2), (3, 3)]

    Raises
    ------
    ValueError
        ``k`` is not between 1 and the number of rows, or a draw is missing.
    """
    size = draws.shape[1]
    if not 1 <= k <= size or not np.isfinite(draws).all():
        raise ValueError(f"ranking needs whole draws and k from 1 to {size}, got {k}")
    # Equal draws share the better place, so that a row is never in front by its number alone.
    ahead = (draws[:, None, :] > draws[:, :, None]).sum(axis=2)
    top, mean = (ahead < k).mean(axis=0), draws.mean(axis=0)
    order = sorted(range(size), key=lambda row: (-top[row], -mean[row], row))
    groups: list[list[int]] = []
    for row in order:
        leads = groups and (draws[:, groups[-1][0]] > draws[:, row]).mean() >= level
        if not groups or leads:
            groups.append([row])
        else:
            groups[-1].append(row)
    placed, before = [], 0
    for group in groups:
        placed += [
            Placed(
                row=row,
                top_share=float(top[row]),
                mean=float(mean[row]),
                place_low=before + 1,
                place_high=before + len(group),
            )
            for row in group
        ]
        before += len(group)
    return tuple(placed)
