"""Logistic regression with a weak prior, and draws of its coefficients.

The model of who leaves: log odds linear in the predictors, coefficients a priori normal around
zero. The prior (standard deviation 2.5 on standardised predictors, none on the intercept) says
no more than that odds ratios of hundreds are unusual; it keeps a band nobody left from getting
an infinite coefficient. The posterior is approximated by a normal at its mode (Laplace), which
is what an ordinary logistic regression's standard errors are when the prior is flat.

Source: Gelman, Jakulin, Pittau and Su (2008), Annals of Applied Statistics 2(4), for the scale
of the prior; McCullagh and Nelder (1989) for the curvature at the mode.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, solve_triangular
from scipy.special import expit, logit

__all__ = ["LogisticFit", "NoConvergenceError", "fit_logistic"]

Matrix = NDArray[np.float64]

PRIOR_SD: Final = 2.5
_MOST_STEPS: Final = 100
_MOST_HALVED: Final = 50
_SETTLED: Final = 1e-9  # log likelihood a step may still gain; the next gains its square
_ROUNDING: Final = 1e-12  # of a log likelihood


class NoConvergenceError(ArithmeticError):
    """The solver did not settle; the predictors are degenerate."""


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
    log_likelihood
        At the mode, the prior left out.
    periods
        Over how many periods of equal chance a probability is asked for: an event within them has
        probability 1 − (1 − chance of one period) to that power. 1 for an ordinary regression.
    """

    coefficients: Matrix
    cholesky: Matrix
    centre: Matrix
    scale: Matrix
    n: int
    events: int
    log_likelihood: float
    periods: int = 1

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
        return self._within(expit(logits))

    def gradient(self, predictors: Matrix, weight: Matrix) -> tuple[float, Matrix]:
        """Weighted sum of the probabilities at the mode, and its gradient in the coefficients.

        ``weight`` has shape (rows,); the gradient has shape (1 + k,). Standard errors of smooth
        functions of such sums follow by the delta method, in one pass over the rows.
        """
        standard = (predictors - self.centre) / self.scale
        share = expit(self.coefficients[0] + standard @ self.coefficients[1:])
        # d/dη of 1 − (1 − p)^T is T p (1 − p)^T, which for T = 1 is the logistic's p (1 − p).
        slope = weight * self.periods * share * (1 - share) ** self.periods
        within = self._within(share)
        return float(weight @ within), np.concatenate([[slope.sum()], slope @ standard])

    def deviation(self, gradient: Matrix) -> float:
        """Standard error of a function of the coefficients with that gradient."""
        root = solve_triangular(self.cholesky.T, gradient, lower=True)
        return float(np.sqrt(root @ root))

    def _within(self, share: Matrix) -> Matrix:
        """Probability of an event within the periods, from the chance of one."""
        if self.periods == 1:
            return np.asarray(share)
        return np.asarray(-np.expm1(self.periods * np.log1p(-share)))

    @property
    def covariance(self) -> Matrix:
        identity = np.eye(self.coefficients.size)
        return np.asarray(cho_solve((self.cholesky, False), identity))


def fit_logistic(
    predictors: Matrix,
    outcome: NDArray[np.bool_],
    *,
    prior_sd: float | Matrix = PRIOR_SD,
    weight: Matrix | None = None,
    periods: int = 1,
) -> LogisticFit:
    """Fit by Newton's method, with steps halved until they gain.

    Parameters
    ----------
    predictors
        Shape (rows, k), finite.
    outcome
        Shape (rows,), True for an event; both kinds must occur.
    prior_sd
        Of every coefficient per standard deviation of its predictor, or shape (k,): one each.
    weight
        How often each row counts, shape (rows,); None: once.
    periods
        See :class:`LogisticFit`.

    Raises
    ------
    ValueError
        Shapes differ, there are no rows, a predictor is not finite, or all outcomes are equal.
    NoConvergenceError
        The mode was not found.
    """
    if predictors.ndim != 2 or predictors.shape[0] != outcome.shape[0] or not outcome.size:
        raise ValueError("predictors and outcome need the same number of rows, at least one")
    if not np.isfinite(predictors).all():
        raise ValueError("a predictor is missing or infinite")
    if outcome.all() or not outcome.any():
        raise ValueError("all outcomes are equal, so there are no two kinds of rows to tell apart")
    counts = np.ones(outcome.size) if weight is None else np.asarray(weight, dtype=np.float64)
    centre = np.average(predictors, axis=0, weights=counts)
    spread = np.sqrt(np.average(np.square(predictors - centre), axis=0, weights=counts))
    # A constant column has a spread of rounding errors only, which must not be blown up.
    scale = np.where(spread > 1e-12 * (1 + np.abs(centre)), spread, 1.0)
    deviation = np.broadcast_to(np.asarray(prior_sd, dtype=np.float64), centre.shape)
    design = np.column_stack([np.ones(outcome.size), (predictors - centre) / scale])
    prior = np.concatenate([[0.0], deviation**-2])
    coefficients = _mode(design, outcome, counts, prior)
    logits = design @ coefficients
    return LogisticFit(
        coefficients=coefficients,
        cholesky=_cholesky(design, counts, prior, expit(logits)).T,
        centre=centre,
        scale=scale,
        n=int(outcome.size),
        events=int(outcome.sum()),
        log_likelihood=float(counts @ (outcome * logits - np.logaddexp(0, logits))),
        periods=periods,
    )


def _mode(design: Matrix, outcome: NDArray[np.bool_], counts: Matrix, prior: Matrix) -> Matrix:
    """Coefficients at which the posterior is largest, shape (1 + k,).

    ``prior`` holds the precision of each. The posterior has one mode and no other stationary point,
    so Newton's steps, halved where they go too far, end there.
    """
    found: Matrix = np.zeros(design.shape[1])
    found[0] = float(logit(np.average(outcome, weights=counts)))
    logits: Matrix = design @ found
    height = _height(logits, found, outcome, counts, prior)
    for _ in range(_MOST_STEPS):
        share = expit(logits)
        slope = (counts * (outcome - share)) @ design - prior * found
        step = cho_solve((_cholesky(design, counts, prior, share), True), slope)
        gain = float(slope @ step)
        along = design @ step
        for halved in range(_MOST_HALVED):
            there: Matrix = found + step / 2**halved
            logits_there: Matrix = logits + along / 2**halved
            higher = _height(logits_there, there, outcome, counts, prior)
            if higher >= height - _ROUNDING * (1 + abs(height)):
                break
        else:
            raise NoConvergenceError("no step makes the fit better")
        found, logits, height = there, logits_there, higher
        if gain <= _SETTLED:
            return found
    raise NoConvergenceError(f"the fit did not settle in {_MOST_STEPS} steps")


def _height(
    logits: Matrix, found: Matrix, outcome: NDArray[np.bool_], counts: Matrix, prior: Matrix
) -> float:
    """The posterior's logarithm, up to a constant."""
    fits = float(counts @ (outcome * logits - np.logaddexp(0, logits)))
    return fits - float(prior @ found**2) / 2


def _cholesky(design: Matrix, counts: Matrix, prior: Matrix, share: Matrix) -> Matrix:
    """Lower Cholesky factor of the posterior precision where the chances are ``share``."""
    precision = (design * (counts * share * (1 - share))[:, None]).T @ design
    precision[np.diag_indices_from(precision)] += prior
    try:
        return np.asarray(np.linalg.cholesky(precision), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise NoConvergenceError("the rows do not tell the coefficients apart") from error
