"""Regression of the median, or of another quantile: what the middle customer does, not the mean.

A few huge accounts move a mean and hardly move a median, so the two beside each other show whether
a finding is about customers or about accounts.

Sources: R. Koenker and G. Bassett, Econometrica 46 (1978), solved exactly as a linear programme by
scikit-learn; P. Parente and J. Santos Silva, Journal of Econometric Methods 5 (2016) for variances
when rows of a customer depend on each other.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from cxdash.stats.estimate import finite
from cxdash.stats.fitted import Fitted, by_customer, clustered, independent, inverse

__all__ = ["fit_quantile"]

Matrix = NDArray[np.float64]
_NORMAL_PEAK: Final = 0.3989422804014327


def fit_quantile(y: ArrayLike, x: Matrix, quantile: float, *, customer: ArrayLike) -> Fitted:
    """Fit a conditional quantile (0 to 1); 0.5 is the median.

    Parameters
    ----------
    y, x
        Shapes (rows,) and (rows, k), finite, with a column of ones for a constant.
    customer
        Shape (rows,): who belongs together.

    Raises
    ------
    ValueError
        Shapes differ, a value is not finite, or the quantile does not lie between 0 and 1.
    """
    from sklearn.linear_model import QuantileRegressor  # noqa: PLC0415  takes a second to import

    outcome, design = finite(y, "outcome", at_least=2), np.asarray(x, dtype=np.float64)
    if not 0 < quantile < 1:
        raise ValueError(f"a quantile lies between 0 and 1, got {quantile}")
    if design.ndim != 2 or len(design) != outcome.size or not np.isfinite(design).all():
        raise ValueError("outcome and columns need the same number of finite rows")
    width = design.shape[1]
    scale = np.sqrt(np.square(design).mean(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    kept = independent(design.T @ design / np.outer(scale, scale))
    inner = design[:, kept] / scale[kept]
    size = float(np.abs(outcome).max()) or 1.0
    solver = QuantileRegressor(quantile=quantile, alpha=0.0, fit_intercept=False, solver="highs")
    solver.fit(inner, outcome / size)
    beta = np.asarray(solver.coef_, dtype=np.float64) * size
    residual = outcome - inner @ beta
    codes = np.unique(np.asarray(customer).ravel(), return_inverse=True)[1].astype(np.int64)
    customers = int(codes.max()) + 1
    width_of = _bandwidth(residual, quantile)
    near = np.abs(residual) <= width_of
    curve = (inner * near[:, None]).T @ inner / (2 * width_of)
    tilt = quantile - (residual < 0)
    scores = by_customer(inner * tilt[:, None], codes, customers)
    covariance, pull = clustered(
        scores,
        inverse(curve),
        kept,
        width,
        factor=customers / max(1, customers - 1),
    )
    coefficients = np.full(width, np.nan)
    coefficients[kept] = beta / scale[kept]
    return Fitted(
        coefficients=coefficients,
        covariance=covariance / np.outer(scale, scale),
        pull=pull / scale,
        left_out=tuple(j for j in range(width) if j not in kept),
        n=outcome.size,
        customers=customers,
        freedom=max(1, customers - 1),
        deviance=float((residual * tilt).sum()),
    )


def _bandwidth(residual: Matrix, quantile: float) -> float:
    """How near a residual must be to count as on the line (P. Hall and S. Sheather, 1988)."""
    z = float(ndtri(quantile))
    peak = _NORMAL_PEAK * np.exp(-(z**2) / 2)
    share = (
        len(residual) ** (-1 / 3) * 1.96 ** (2 / 3) * (1.5 * peak**2 / (2 * z**2 + 1)) ** (1 / 3)
    )
    share = min(share, 0.49, quantile * 0.99, (1 - quantile) * 0.99)
    ends = ndtri(np.array([quantile + share, quantile - share]))
    middle = np.median(np.abs(residual - np.median(residual))) / 0.6745
    spread = min(float(residual.std()), float(middle)) or float(residual.std()) or 1.0
    return float(spread * (ends[0] - ends[1]) / 2)
