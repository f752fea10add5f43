"""Who leaves in which month: discrete-time survival on customer-months.

A customer at risk leaves in a month with a chance whose log odds are linear in what was known
before the window began; the chance is the same in every month of a window. A customer is looked at
until the month of leaving, or until the window or the data ends (censoring). Months of one window
share their predictors, so they are counted, not copied: a window of t months that ended with the
customer gone is t − 1 months survived and one month left. The likelihood is that of the copied
months, exactly.

Source: P. D. Allison, Discrete-time methods for the analysis of event histories, Sociological
Methodology 13 (1982); J. D. Singer and J. B. Willett, Journal of Educational Statistics 18 (1993).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic

__all__ = ["fit_hazard"]

Matrix = NDArray[np.float64]


def fit_hazard(
    predictors: Matrix,
    left: NDArray[np.bool_],
    months: Matrix,
    *,
    horizon: int,
    prior_sd: float | Matrix = PRIOR_SD,
) -> LogisticFit:
    """Fit the monthly chance of leaving; probabilities of the result are those over ``horizon``.

    Parameters
    ----------
    predictors
        Shape (windows, k): what was known when the window began.
    left
        Shape (windows,): whether the window ended with the customer gone.
    months
        Shape (windows,): months looked at, the month of leaving included; at least 1.
    horizon
        Months over which the result gives probabilities.
    prior_sd
        As in :func:`fit_logistic`.

    Returns
    -------
    A fit whose ``n`` counts windows and ``events`` leavers.

    Raises
    ------
    ValueError
        As in :func:`fit_logistic`, or a window has no month.

    Examples
    --------
    Ten windows of six months, one customer leaves in the last month: one event in 60 months.

    >>> gone = np.arange(10) == 0
    >>> fit = fit_hazard(np.zeros((10, 1)), gone, np.full(10, 6.0), horizon=1)
    >>> round(float(fit.probabilities(np.zeros((1, 1)))[0]), 4)
    0.0167
    """
    if months.size and months.min() < 1:
        raise ValueError("a window holds at least one month")
    survived = months - left
    stays = survived > 0
    rows = np.concatenate([np.flatnonzero(left), np.flatnonzero(stays)])
    event = np.concatenate([np.ones(int(left.sum()), bool), np.zeros(int(stays.sum()), bool)])
    weight = np.concatenate([np.ones(int(left.sum())), survived[stays]])
    fit = fit_logistic(predictors[rows], event, prior_sd=prior_sd, weight=weight, periods=horizon)
    return replace(fit, n=int(left.size))
