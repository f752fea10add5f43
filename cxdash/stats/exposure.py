"""What changed for those who were exposed, beyond what changed for the others?

Windows before and after a start, each with its own customers: whoever was there when it began. The
change of the exposed minus the change of the others means an effect only if both would have moved
alike otherwise, so the same is computed for two windows before the start (a placebo) by the caller.

A mean is a ratio of sums, for a count is told for each month a customer was there. The interval
rests on customers, who can be in both windows: their influence on the four means is summed before
it is squared (K.-Y. Liang and S. L. Zeger, Biometrika 73, 1986).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import Difference, finite

__all__ = ["Exposure", "exposure_change"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
_FEWEST = 5  # customers in each of the four groups, below which nothing is compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The four means, in the unit of the outcome, and the exposed's change beyond the others'.

    ``change`` counts customers: ``n_first`` exposed, ``n_second`` others.
    """

    exposed_before: float
    exposed_after: float
    others_before: float
    others_after: float
    change: Difference


def exposure_change(
    outcome: ArrayLike,
    exposed: ArrayLike,
    after: ArrayLike,
    customer: ArrayLike,
    *,
    over: ArrayLike | None = None,
    level: float = 0.90,
) -> Exposure:
    """Change of the exposed minus change of the others.

    Parameters
    ----------
    outcome
        Shape (windows,): a sum over each customer's window.
    exposed, after
        Shape (windows,), boolean.
    customer
        Shape (windows,): whose window it is.
    over
        Shape (windows,): what the sum is told for, such as months as a customer; None: each window.

    Raises
    ------
    ValueError
        Lengths differ, a value is missing, or one of the four groups has fewer than five customers.
    """
    sums = finite(outcome, "outcome", at_least=4)
    units = np.ones(sums.size) if over is None else finite(over, "over")
    given, late = np.asarray(exposed, dtype=bool).ravel(), np.asarray(after, dtype=bool).ravel()
    _, code = np.unique(np.asarray(customer).ravel(), return_inverse=True)
    if not sums.size == units.size == given.size == late.size == code.size:
        raise ValueError("outcome, exposed, after, customer and over need equal lengths")
    means: dict[tuple[bool, bool], float] = {}
    influence = np.zeros(int(code.max()) + 1)
    for is_exposed in (True, False):
        for is_after in (True, False):
            cell = (given == is_exposed) & (late == is_after)
            total = float(units[cell].sum())
            if np.unique(code[cell]).size < _FEWEST or not total > 0:
                raise ValueError("each group needs five customers in each window")
            mean = float(sums[cell].sum()) / total
            means[is_exposed, is_after] = mean
            side = 1.0 if is_exposed == is_after else -1.0
            np.add.at(influence, code[cell], side * (sums[cell] - mean * units[cell]) / total)
    return Exposure(
        exposed_before=means[True, False],
        exposed_after=means[True, True],
        others_before=means[False, False],
        others_after=means[False, True],
        change=_difference(means, influence, code, given, level),
    )


def _difference(
    means: dict[tuple[bool, bool], float],
    influence: Vector,
    code: NDArray[np.intp],
    given: Flags,
    level: float,
) -> Difference:
    gap = (means[True, True] - means[True, False]) - (means[False, True] - means[False, False])
    sizes = (np.unique(code[given]).size, np.unique(code[~given]).size)
    smaller = min(sizes)
    error = float(np.sqrt((influence**2).sum() * smaller / (smaller - 1)))
    half = float(student.ppf((1 + level) / 2, smaller - 1)) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=_p_value(gap, error, smaller - 1),
        n_first=sizes[0],
        n_second=sizes[1],
        level=level,
    )


def _p_value(gap: float, error: float, freedom: int) -> float:
    if error:
        return float(2 * student.sf(abs(gap) / error, freedom))
    return 0.0 if gap else 1.0
