"""How large are the true coefficients of a model? A prior learned from the estimates themselves.

Estimates scatter more than the truth: each holds its own error. If the true coefficients of a group
of columns are normal around zero with an unknown spread, the estimates are normal around zero with
that spread plus their known error, and the spread of highest likelihood can be found. Fitting again
under it pulls coefficients towards zero as far as their errors call for, which is what later data
would do to them: predictions become less bold. Effects meant to be read one by one are better taken
from a fit without it.

Source: empirical Bayes with normal likelihood and prior, B. Efron and C. Morris, Journal of the
American Statistical Association 70 (1975), on the approximate likelihood of a fitted regression.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.logistic import LogisticFit

__all__ = ["narrowed", "spreads"]

Matrix = NDArray[np.float64]

_GRID: Final = np.geomspace(0.02, 2.5, 15)
_ROUNDS: Final = 4


def spreads(
    estimates: Matrix, covariance: Matrix, groups: Sequence[Sequence[int]]
) -> tuple[float, ...]:
    """The standard deviation of the true coefficients of each group, from 0.02 to 2.5.

    Parameters
    ----------
    estimates, covariance
        Shape (k,) and (k, k): coefficients, each per standard deviation of its column, and their
        errors.
    groups
        Places of the coefficients of each group; a coefficient in none is left as it is.

    Raises
    ------
    ValueError
        A group is empty.

    >>> import numpy as np
    >>> spreads(np.array([1.0, -1.0, 1.1, -0.9]), 0.01 * np.eye(4), [[0, 1, 2, 3]])[0] > 0.8
    True
    """
    if any(not len(group) for group in groups):
        raise ValueError("a group of coefficients holds at least one")
    found = [float(_GRID[len(_GRID) // 2])] * len(groups)
    everyone = np.array([place for group in groups for place in group], dtype=np.int64)
    if not everyone.size:
        return ()
    seen, error = estimates[everyone], covariance[np.ix_(everyone, everyone)]
    sizes = [len(group) for group in groups]
    owner = np.repeat(np.arange(len(groups)), sizes).astype(np.int64)
    for _ in range(_ROUNDS):  # one group at a time, the others held
        before = list(found)
        for place in range(len(groups)):
            likely = [
                _likelihood(seen, error, owner, [*found[:place], float(sd), *found[place + 1 :]])
                for sd in _GRID
            ]
            found[place] = float(_GRID[int(np.argmax(likely))])
        if found == before:
            break
    return tuple(found)


def narrowed(first: LogisticFit, wide: Matrix, groups: Sequence[Sequence[int]]) -> Matrix:
    """Prior standard deviations, shape (k,), to fit again with after a fit under ``wide``.

    No column gets a wider one; a column in no group keeps its own.
    """
    narrow = wide.copy()
    found = spreads(first.coefficients[1:], first.covariance[1:, 1:], groups)
    for group, sd in zip(groups, found, strict=True):
        narrow[list(group)] = np.minimum(narrow[list(group)], sd)
    return narrow


def _likelihood(
    seen: Matrix, error: Matrix, owner: NDArray[np.int64], sds: Sequence[float]
) -> float:
    total = error + np.diag(np.square(np.asarray(sds)[owner]))
    _, volume = np.linalg.slogdet(total)
    return float(-0.5 * (volume + seen @ np.linalg.solve(total, seen)))
