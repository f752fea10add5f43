"""Mean change of the same people, paired: Student's interval of the mean of their differences."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from cxdash.stats.estimate import Difference, finite

__all__ = ["paired_mean_difference"]


def paired_mean_difference(
    first: ArrayLike, second: ArrayLike, *, level: float = 0.90
) -> Difference:
    """First minus second, pair by pair.

    Raises
    ------
    ValueError
        If the lengths differ, there are fewer than two pairs, or all differences are equal, so that
        nothing is known about their spread.

    >>> round(paired_mean_difference([3, 4, 5, 5], [2, 4, 3, 4]).estimate, 2)
    1.0
    """
    one, other = finite(first, "first", at_least=2), finite(second, "second", at_least=2)
    if one.size != other.size:
        raise ValueError(f"pairs need equal lengths, got {one.size} and {other.size}")
    each = one - other
    error = float(np.std(each, ddof=1) / np.sqrt(each.size))
    if not error > 0:
        raise ValueError("all differences are equal, so their spread is not known")
    gap, freedom = float(each.mean()), each.size - 1
    half = float(t.ppf(0.5 + level / 2, freedom)) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=float(2 * t.sf(abs(gap) / error, freedom)),
        n_first=one.size,
        n_second=one.size,
        level=level,
        paired=True,
    )
