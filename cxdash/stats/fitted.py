"""What every regression returns: coefficients, and how sure they are when rows belong together.

Rows of one customer depend on each other, so each customer's rows count as one draw. The pull of a
customer on the coefficients (how much they would move, to first order, were the customer not there)
gives both the variance and the answer to "does one large account carry this?".

Sources: K.-Y. Liang and S. Zeger (1986); C. Cameron and D. Miller, Journal of Human Resources 50
(2015), section VI for the Student quantile with customers − 1 degrees of freedom and for the
jackknife (CR3), which stays right where a few large accounts weigh much.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from cxdash.stats.estimate import Estimate

__all__ = [
    "Fitted",
    "by_customer",
    "clustered",
    "independent",
    "inverse",
    "jackknifed",
    "spread_out",
]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]

_SOUND: Final = 1e10  # condition number up to which leaving a customer out can be solved
_MOST_OF_ONE: Final = 0.99
_ALIKE: Final = 1e-9  # what is left of a column after those before it, below which it is a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted regression.

    Parameters
    ----------
    coefficients
        Shape (k,), in the order of the columns; nan where a column was left out.
    covariance
        Shape (k, k); nan in the rows and columns of what was left out.
    pull
        Shape (customers, k): each customer's first-order share in the coefficients, in the order of
        ``np.unique`` of the codes; without rows where rows were taken as independent.
    left_out
        Columns that are constant or follow from those before them.
    n, customers
        Rows used and customers among them.
    freedom
        Degrees of freedom of the Student quantiles.
    deviance
        Of the model's own family; the residual sum of squares of a linear one.
    """

    coefficients: Matrix
    covariance: Matrix
    pull: Matrix
    left_out: tuple[int, ...]
    n: int
    customers: int
    freedom: int
    deviance: float

    def tells(self, column: int) -> bool:
        """Whether the column has a coefficient with a spread."""
        return bool(np.isfinite(self.coefficients[column]) and self.covariance[column, column] > 0)

    def error(self, column: int) -> float:
        """Standard error of a coefficient; nan where there is none."""
        return float(np.sqrt(self.covariance[column, column]))

    def estimate(self, column: int, *, level: float = 0.90) -> Estimate:
        """A coefficient with its interval, in units of the outcome for one unit of the column."""
        middle, half = float(self.coefficients[column]), self.reach(level) * self.error(column)
        return Estimate(
            estimate=middle, low=middle - half, high=middle + half, n=self.n, level=level
        )

    def reach(self, level: float) -> float:
        """How many standard errors an interval reaches to each side."""
        return float(t.ppf((1 + level) / 2, self.freedom))

    def p_value(self, column: int) -> float:
        """Two-sided p-value of "the coefficient is zero"; 1 where there is none."""
        if not self.tells(column):
            return 1.0
        score = abs(float(self.coefficients[column])) / self.error(column)
        return float(2 * t.sf(score, self.freedom))


def independent(cross: Matrix) -> list[int]:
    """Columns that do not follow from those before them, from their sums of products (k × k)."""
    left = cross.copy()
    size = np.diag(cross).copy()
    kept: list[int] = []
    for j in range(len(cross)):
        pivot = left[j, j]
        if not pivot > _ALIKE * size[j]:
            continue
        kept.append(j)
        left = left - np.outer(left[:, j], left[j]) / pivot
    return kept


def inverse(matrix: Matrix) -> Matrix:
    """Inverse of a symmetric matrix; directions of which nothing is left stay out."""
    return np.asarray(np.linalg.pinv(matrix, rcond=1e-13, hermitian=True), dtype=np.float64)


def by_customer(rows: Matrix, codes: Codes, customers: int) -> Matrix:
    """Sums of the rows of each customer: shape (customers, columns)."""
    sums = np.empty((customers, rows.shape[1]))
    for j in range(rows.shape[1]):
        sums[:, j] = np.bincount(codes, weights=rows[:, j], minlength=customers)
    return sums


def clustered(
    scores: Matrix,
    bread: Matrix,
    kept: list[int],
    width: int,
    *,
    factor: float,
) -> tuple[Matrix, Matrix]:
    """Covariance (width × width) and pull (customers × width) from each customer's score.

    ``bread`` is the inverse curvature of the columns kept; what was left out becomes nan.
    """
    own = scores @ bread
    pull = np.zeros((len(scores), width))
    pull[:, kept] = own
    return spread_out(factor * own.T @ own, kept, width), pull


def jackknifed(
    scores: Matrix, curve: Matrix, curves: Matrix, kept: list[int], width: int
) -> tuple[Matrix, Matrix]:
    """The same from leaving each customer out: exact in a straight line, one step elsewhere.

    ``curve`` (k × k) is the curvature of all customers, ``curves`` (customers × k × k) each one's
    part of it.
    """
    customers = len(scores)
    left, bread = curve - curves, inverse(curve)
    # Who alone says something about a coefficient cannot be left out and keeps a plain pull.
    # Nobody does with less than all of one direction in the own part (its trace in whole units).
    sound = np.einsum("ij,gji->g", bread, curves) < _MOST_OF_ONE
    doubtful = np.flatnonzero(~sound)
    sound[doubtful] = np.linalg.cond(left[doubtful]) < _SOUND
    own = scores @ bread
    own[sound] = np.linalg.solve(left[sound], scores[sound][..., None])[..., 0]
    pull = np.zeros((customers, width))
    pull[:, kept] = own
    return spread_out((customers - 1) / customers * own.T @ own, kept, width), pull


def spread_out(inner: Matrix, kept: list[int], width: int) -> Matrix:
    """A matrix of the columns kept as one of all columns, nan elsewhere."""
    whole = np.full((width, width), np.nan)
    whole[np.ix_(kept, kept)] = inner
    return whole
