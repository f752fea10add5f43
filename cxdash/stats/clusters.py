"""How sure is a mean of rows that come in clusters, such as several windows of one customer?

Each cluster counts as one draw: what its rows are off from the mean is summed before it is squared.

Source: W. G. Cochran, Sampling Techniques (1977), section 9A, for the ratio estimator over
clusters; G / (G − 1) as in K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["cluster_codes", "error_of_mean", "sums_by_cluster"]

Values = NDArray[np.float64]
Codes = NDArray[np.int64]


def cluster_codes(clusters: ArrayLike | None, rows: int) -> Codes:
    """A number from 0 for the cluster of each row, shape (rows,); None: each row is its own.

    Raises
    ------
    ValueError
        There are not as many clusters given as rows.
    """
    if clusters is None:
        return np.arange(rows, dtype=np.int64)
    given = np.asarray(clusters).ravel()
    if given.size != rows:
        raise ValueError(f"{rows} rows but the clusters of {given.size}")
    return np.asarray(np.unique(given, return_inverse=True)[1], dtype=np.int64)


def sums_by_cluster(rows: Values, codes: Codes) -> Values:
    """Sums over the rows of each cluster: (rows, k) to (clusters, k)."""
    whole = int(codes.max()) + 1
    return np.column_stack([np.bincount(codes, column, minlength=whole) for column in rows.T])


def error_of_mean(values: Values, codes: Codes) -> float:
    """Standard error of the mean of all rows, in their unit; nan with a single cluster.

    Rows that are their own clusters give the ordinary one.
    """
    groups = int(codes.max()) + 1
    if groups < 2:
        return float("nan")
    off = np.bincount(codes, values - values.mean())
    return float(np.sqrt(groups / (groups - 1) * np.square(off).sum())) / values.size
