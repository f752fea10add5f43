"""Logistic regression on rows that come in clusters, such as several answers of one customer.

The coefficients are those of the ordinary fit; their spread is that of whole customers drawn again
rather than of single rows. The weak prior stays what it is: the result is (H⁻¹)(M + P)(H⁻¹) with H
the precision of the ordinary fit, P the prior's part of it and M the sum over clusters of the outer
products of their scores, times G / (G − 1).

Source: K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986), for the middle term.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from scipy.special import expit

from cxdash.stats.logistic import LogisticFit

__all__ = ["by_cluster"]

Matrix = NDArray[np.float64]


def by_cluster(
    fit: LogisticFit, predictors: Matrix, outcome: NDArray[np.bool_], cluster: NDArray[np.int64]
) -> LogisticFit:
    """The same fit with the spread of its coefficients taken over whole clusters.

    Parameters
    ----------
    fit
        An ordinary regression (one period) on these rows.
    predictors
        Shape (rows, k), as the model was fitted.
    outcome, cluster
        Shape (rows,): the outcome, and a number for the cluster of each row.

    Raises
    ------
    ValueError
        There are fewer than two clusters, or the fit is not of one period.

    Examples
    --------
    Every row copied once tells nothing new: the spread stays that of the single rows.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal((400, 1)); y = rng.random(400) < 0.3
    >>> from cxdash.stats.logistic import fit_logistic
    >>> twice, both = np.repeat(x, 2, axis=0), np.repeat(y, 2)
    >>> single, double = fit_logistic(x, y), fit_logistic(twice, both)
    >>> kept = by_cluster(double, twice, both, np.repeat(np.arange(400), 2))
    >>> alone = by_cluster(single, x, y, np.arange(400))
    >>> bool(abs(kept.covariance[1, 1] / alone.covariance[1, 1] - 1) < 0.01)
    True
    """
    _, code = np.unique(cluster, return_inverse=True)
    clusters = int(code.max()) + 1
    if clusters < 2 or fit.periods != 1:
        raise ValueError("a spread by cluster needs two clusters and an ordinary regression")
    design = np.column_stack([np.ones(outcome.size), (predictors - fit.centre) / fit.scale])
    share = expit(design @ fit.coefficients)
    precision = fit.cholesky.T @ fit.cholesky
    information = (design * (share * (1 - share))[:, None]).T @ design
    scores = np.zeros((clusters, design.shape[1]))
    np.add.at(scores, code, design * (outcome - share)[:, None])
    middle = scores.T @ scores * (clusters / (clusters - 1)) + precision - information
    half = cho_solve((fit.cholesky, False), middle)
    spread = cho_solve((fit.cholesky, False), half.T)
    return replace(fit, cholesky=_factor_of_inverse((spread + spread.T) / 2))


def _factor_of_inverse(covariance: Matrix) -> Matrix:
    """Upper Cholesky factor of the inverse; a direction without spread keeps a hair of it."""
    least = 1e-12 * float(np.trace(covariance))
    values, vectors = np.linalg.eigh(covariance)
    inverse = (vectors / values.clip(min=least)) @ vectors.T
    return np.asarray(np.linalg.cholesky((inverse + inverse.T) / 2).T)
