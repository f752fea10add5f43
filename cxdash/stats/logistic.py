"""Logistic regression with a weak prior, and draws of its coefficients.

The model of who leaves: log odds linear in the predictors, coefficients a priori normal around
zero. The prior (standard deviation 2.5 on standardised predictors, 10 on the intercept) says no
more than that odds ratios of hundreds are unusual; it keeps a band nobody left from getting an
infinite coefficient. The posterior is approximated by a normal at its mode (Laplace), which is
what an ordinary logistic regression's standard errors are when the prior is flat.

Source: Gelman, Jakulin, Pittau and Su (2008), Annals of Applied Statistics 2(4), for the scale
of the prior; McCullagh and Nelder (1989) for the Newton steps.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import expit

__all__ = ["LogisticFit", "NoConvergenceError", "fit_logistic"]

Matrix = NDArray[np.float64]

PRIOR_SD: Final = 2.5
PRIOR_SD_INTERCEPT: Final = 10.0
_MAX_STEPS: Final = 100
_TOLERANCE: Final = 1e-9


class NoConvergenceError(ArithmeticError):
    """Newton's method did not settle; the predictors are degenerate."""


@dataclass(frozen=True, slots=True)
class LogisticFit:
    """A fitted model on standardised predictors.

    Parameters
    ----------
    coefficients
        Shape (1 + k,): intercept first, per standard deviation of each predictor.
    cholesky
        Upper Cholesky factor of the posterior precision, shape (1 + k, 1 + k).
    centre, scale
        Shape (k,): what predictors are standardised with; a constant predictor has scale 1.
    n, events
        Rows and ones among them.
    """

    coefficients: Matrix
    cholesky: Matrix
    centre: Matrix
    scale: Matrix
    n: int
    events: int

    def probabilities(self, predictors: Matrix) -> Matrix:
        """Probability of a one at the mode, shape (rows,). ``predictors`` has shape (rows, k)."""
        return np.asarray(self.probabilities_under(self.coefficients[None, :], predictors)[0])

    def draw(self, draws: int, rng: np.random.Generator) -> Matrix:
        """Coefficients drawn from the posterior, shape (draws, 1 + k)."""
        noise = rng.standard_normal((draws, self.coefficients.size))
        steps = solve_triangular(self.cholesky, noise.T, lower=False).T
        return np.asarray(self.coefficients + steps)

    def probabilities_under(self, coefficients: Matrix, predictors: Matrix) -> Matrix:
        """Probabilities under each set of coefficients, shape (sets, rows)."""
        standard = (predictors - self.centre) / self.scale
        logits = coefficients[:, :1] + coefficients[:, 1:] @ standard.T
        return np.asarray(expit(logits))

    @property
    def covariance(self) -> Matrix:
        identity = np.eye(self.coefficients.size)
        return np.asarray(cho_solve((self.cholesky, False), identity))


def fit_logistic(
    predictors: Matrix,
    outcome: NDArray[np.bool_],
    *,
    prior_sd: float | Matrix = PRIOR_SD,
    prior_sd_intercept: float = PRIOR_SD_INTERCEPT,
) -> LogisticFit:
    """Fit by Newton's method with step halving.

    Parameters
    ----------
    predictors
        Shape (rows, k), finite.
    outcome
        Shape (rows,), True for an event.
    prior_sd
        Of every coefficient per standard deviation of its predictor, or shape (k,): one each.

    Raises
    ------
    ValueError
        Shapes differ, there are no rows, or a predictor is not finite.
    NoConvergenceError
        The mode was not found in 100 steps.
    """
    if predictors.ndim != 2 or predictors.shape[0] != outcome.shape[0] or not outcome.size:
        raise ValueError("predictors and outcome need the same number of rows, at least one")
    if not np.isfinite(predictors).all():
        raise ValueError("a predictor is missing or infinite")
    centre = predictors.mean(axis=0)
    spread = predictors.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(outcome.size), (predictors - centre) / scale])
    target = outcome.astype(np.float64)
    precision = np.empty(design.shape[1])
    precision[0] = prior_sd_intercept**-2
    precision[1:] = np.asarray(prior_sd, dtype=np.float64) ** -2

    beta = np.zeros(design.shape[1])
    value = _penalised_loss(design, target, beta, precision)
    for _ in range(_MAX_STEPS):
        share = expit(design @ beta)
        gradient = design.T @ (share - target) + precision * beta
        weight = share * (1 - share)
        hessian = (design * weight[:, None]).T @ design + np.diag(precision)
        step = cho_solve(cho_factor(hessian), gradient)
        factor = 1.0
        while factor > 1e-6:
            candidate = beta - factor * step
            new_value = _penalised_loss(design, target, candidate, precision)
            if new_value <= value + 1e-12 * abs(value):
                break
            factor /= 2
        beta, decrease, value = candidate, value - new_value, new_value
        if abs(decrease) <= _TOLERANCE * (1 + abs(value)):
            break
    else:
        raise NoConvergenceError(f"no mode found in {_MAX_STEPS} steps")

    share = expit(design @ beta)
    hessian = (design * (share * (1 - share))[:, None]).T @ design + np.diag(precision)
    cholesky = np.linalg.cholesky(hessian).T
    return LogisticFit(beta, cholesky, centre, scale, int(outcome.size), int(outcome.sum()))


def _penalised_loss(design: Matrix, target: Matrix, beta: Matrix, precision: Matrix) -> float:
    logits = design @ beta
    loss = np.logaddexp(0.0, logits).sum() - target @ logits
    return float(loss + 0.5 * (precision * beta**2).sum())
