"""Who answers: a model of the chance of answering, and how like everybody they are."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import Estimate, z_of_level
from cxdash.stats.logistic import LogisticFit, fit_logistic

__all__ = ["ResponseModel", "representativeness", "response_model"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ResponseModel:
    """Estimated chances of answering.

    Parameters
    ----------
    fit
        The logistic model.
    answered
        Shape (customers,): who answered.
    design
        Shape (customers, 1 + k): a one, then the standardised predictors.
    chance
        Shape (customers,): estimated chance of answering, 0 to 1.
    """

    fit: LogisticFit
    answered: NDArray[np.bool_]
    design: Matrix
    chance: Matrix


def response_model(predictors: Matrix, answered: NDArray[np.bool_]) -> ResponseModel:
    """Logistic regression of answering on what is known of everybody.

    ``predictors`` has shape (customers, k) and holds only what was known before anybody was asked;
    the fit is that of :func:`fit_logistic`, whose weak prior keeps a group in which everybody or
    nobody answered from getting an infinite coefficient.

    Raises
    ------
    ValueError
        As :func:`fit_logistic`: shapes differ, a predictor is not finite, all or nobody answered.
    NoConvergenceError
        The fit did not settle.
    """
    fit = fit_logistic(predictors, answered)
    standard = (predictors - fit.centre) / fit.scale
    design = np.column_stack([np.ones(answered.size), standard])
    return ResponseModel(fit, answered, design, fit.probabilities(predictors))


def representativeness(model: ResponseModel, *, level: float = 0.90) -> Estimate:
    """R-indicator: 1 − 2 × standard deviation of the chances of answering; 1 if all are equal.

    Estimated chances spread more than true ones; their squared error (delta method) is taken off
    the variance. The interval comes from that of the variance, to second order. It says how alike
    those who answered are in what the model knows, and nothing about what it does not know.

    Source: B. Schouten, F. Cobben and J. Bethlehem, Survey Methodology 35 (2009); correction for
    estimated chances after N. Shlomo, C. Skinner and B. Schouten, Journal of Statistical Planning
    and Inference 142 (2012).
    """
    chance, n = model.chance, model.chance.size
    slope = model.design * (chance * (1 - chance))[:, None]
    slope -= slope.mean(axis=0)
    centred = chance - chance.mean()
    covariance = model.fit.covariance
    product = (slope.T @ slope / n) @ covariance
    variance = float(centred @ centred / n)
    pull = 2 / n * (centred @ slope)
    error = math.sqrt(max(float(pull @ covariance @ pull + 2 * np.trace(product @ product)), 0.0))
    cleared = max(variance - float(np.trace(product)), 0.0)
    half = z_of_level(level) * error
    ends = [1 - 2 * math.sqrt(max(end, 0.0)) for end in (cleared + half, cleared, cleared - half)]
    return Estimate(estimate=ends[1], low=ends[0], high=ends[2], n=n, level=level)
