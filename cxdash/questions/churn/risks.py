"""Who may leave: each customer's chance, what the customer would pay, and what sets it apart.

A reason is something that puts the customer's chance above that of the average customer of today,
with odds of at least four to one that it points that way. Up to three are given, the largest first.
They are signs, not causes: what the model would say of any other customer in the same place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import z_of_level
from cxdash.stats.logistic import LogisticFit

__all__ = ["NOTHING_APART", "Sign", "reasons"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_REASONS: Final = 3
NOTHING_APART: Final = "nothing sets this customer apart"
#: In log odds: less than this moves a chance of 10 % by under half a percentage point.
SMALLEST: Final = 0.05
_LIKELY: Final = 0.6  # two-sided, so that one side is left out with odds of four to one


@dataclass(frozen=True, slots=True)
class Sign:
    """Columns of the design matrix that are one thing to a reader, and how it is said.

    ``words`` says it of one customer, by its place among the rows; ``columns`` are those of the
    matrix. ``known`` has shape (rows,): of whom it can be said.
    """

    columns: tuple[int, ...]
    known: Mask
    words: Callable[[int], str]


def reasons(
    fit: LogisticFit,
    matrix: Matrix,
    signs: Sequence[Sign],
    *,
    average: Matrix,
    of: Mask | None = None,
) -> list[tuple[str, ...]]:
    """Up to three reasons a row, the largest first.

    Parameters
    ----------
    matrix
        Shape (rows, k): customers, as the model was fitted.
    average
        Shape (k,): the average customer of today.
    of
        Shape (rows,): rows that are asked for; the others get none. None: all.
    """
    if not signs:
        return [()] * len(matrix)
    parts = np.column_stack([_above(fit, matrix, sign, average) for sign in signs])
    first = np.argsort(-parts, axis=1, kind="stable")[:, :MOST_REASONS]
    return [
        tuple(signs[place].words(row) for place in places if parts[row, place] >= SMALLEST)
        if of is None or of[row]
        else ()
        for row, places in enumerate(first)
    ]


def _above(fit: LogisticFit, matrix: Matrix, sign: Sign, average: Matrix) -> Matrix:
    """What a sign adds to the log odds of each row above the average; 0 if it may be nothing."""
    columns = np.array(sign.columns, dtype=np.int64)
    own = (matrix[:, columns] - average[columns]) / fit.scale[columns]
    added = own @ fit.coefficients[1 + columns]
    spread = fit.covariance[np.ix_(1 + columns, 1 + columns)]
    error = np.sqrt(np.einsum("ij,jk,ik->i", own, spread, own))
    clear = sign.known & (np.abs(added) > z_of_level(_LIKELY) * error)
    return np.asarray(np.where(clear, added, 0.0))
