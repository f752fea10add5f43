"""How far does a score move when the answers that mention a theme are left out?

The figure text-analysis vendors call a theme's impact: score of all answers minus score of those
without the theme. It is a description. A theme that an unhappy segment merely mentions more often
shows an impact without having any. Beside it stands the same figure within groups of like answers
(segment, plan, region), averaged by their size: what the mix of groups made of it is gone.

Both are means of differences of means, so their spread follows from each answer's influence, summed
by customer.

Source: for influence and clusters, A. W. van der Vaart, Asymptotic Statistics (1998), chapter 20;
the setting in which the two differ by six points is a test (trap E).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.clusters import cluster_codes
from cxdash.stats.estimate import Estimate, finite, p_of_z, z_of_level

__all__ = ["LeftOut", "left_out"]

Matrix = NDArray[np.float64]

FEWEST_OF_EACH: Final = 5  # answers with and without the theme, for a group to compare them in


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Both figures in the unit of the values, and the p-value of "within groups it is nothing".

    ``within`` is None where no group holds answers of both kinds; its ``n`` counts the answers in
    groups that do.
    """

    raw: Estimate
    within: Estimate | None
    p_value: float


def left_out(
    values: ArrayLike,
    mentions: ArrayLike,
    groups: ArrayLike,
    customer: ArrayLike,
    *,
    level: float = 0.90,
) -> LeftOut | None:
    """The impact of leaving a theme out, as counted and within groups.

    Parameters
    ----------
    values
        Shape (answers,): what the score is the mean of; for a net score 100, 0 or −100.
    mentions
        Shape (answers,): whether the answer mentions the theme.
    groups
        Shape (answers,): code of the group each answer belongs to.
    customer
        Shape (answers,): who gave it; answers of one customer may depend on each other.

    Returns
    -------
    None when fewer than five answers mention the theme, or fewer than five do not.
    """
    own = finite(values, "values", at_least=1)
    has = np.asarray(mentions, dtype=bool).ravel()
    group = np.unique(np.asarray(groups).ravel(), return_inverse=True)[1]
    who = cluster_codes(np.asarray(customer).ravel(), own.size)
    if min(has.sum(), (~has).sum()) < FEWEST_OF_EACH:
        return None
    raw, _ = _impact(own, has, np.zeros(own.size, dtype=np.int64), who, level)
    both = _comparable(has, group)
    if not both.any():
        return LeftOut(raw, None, 1.0)
    within, p_value = _impact(own[both], has[both], group[both], who[both], level)
    return LeftOut(raw, within, p_value)


def _comparable(has: NDArray[np.bool_], group: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Answers of groups with enough of both kinds; shape (answers,)."""
    with_it = np.bincount(group, weights=has)
    without = np.bincount(group, weights=~has)
    return np.asarray((np.minimum(with_it, without) >= FEWEST_OF_EACH)[group])


def _impact(
    values: Matrix,
    has: NDArray[np.bool_],
    group: NDArray[np.int64],
    who: NDArray[np.int64],
    level: float,
) -> tuple[Estimate, float]:
    """Mean over groups of (mean of all − mean without the theme), and its p-value."""
    group = np.unique(group, return_inverse=True)[1]
    sizes = np.bincount(group)
    bare = np.bincount(group, weights=~has)
    mean = np.bincount(group, weights=values) / sizes
    mean_bare = np.bincount(group, weights=values * ~has) / bare
    estimate = float(sizes @ (mean - mean_bare)) / values.size
    # Each answer's pull on its group's two means, the group's weight n/N taken in.
    pull = (values - mean[group]) - ~has * (values - mean_bare[group]) * (sizes / bare)[group]
    summed = np.bincount(who, weights=pull)
    # A theme that hardly anybody mentions leaves little to learn the spread from: n/(n − 1).
    people = np.unique(who).size
    error = float(np.sqrt(np.square(summed).sum() * people / max(1, people - 1))) / values.size
    half = z_of_level(level) * error
    found = Estimate(
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        n=int(values.size),
        level=level,
    )
    return found, p_of_z(estimate / error) if error > 0 else 1.0
