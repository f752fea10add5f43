"""Does any of several coefficients differ from zero? One test for all, however many there are.

Looking for the largest of many coefficients and then testing that one finds something in pure
noise; the joint test asks once.

Source: A. Wald, Transactions of the American Mathematical Society 54 (1943).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

__all__ = ["wald"]

Matrix = NDArray[np.float64]


def wald(coefficients: Matrix, covariance: Matrix) -> float:
    """p-value of "all of them are zero"; shapes (k,) and (k, k).

    >>> round(wald(np.array([1.96]), np.array([[1.0]])), 3)
    0.05
    """
    statistic = float(coefficients @ np.linalg.pinv(covariance, hermitian=True) @ coefficients)
    return float(chi2.sf(statistic, len(coefficients)))
