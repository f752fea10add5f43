"""Models for skewed spend: many zeros, a long tail, and a mean that must come out right.

A logarithm of spend answers another question and loses the zeros. These models describe the mean of
spend itself: Poisson pseudo maximum likelihood (the default), Tweedie between Poisson and gamma,
gamma, a straight line, and a two-part model (paid at all, then how much). Customers, not rows, are
what is drawn, so variances hold whatever the true spread.

Sources: J. Santos Silva and S. Tenreyro, Review of Economics and Statistics 88 (2006) for Poisson
as an estimator of a mean; P. McCullagh and J. Nelder (1989) for the fitting; B. Jorgensen (1997)
for Tweedie; N. Duan and others (1983) for two parts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, xlogy
from scipy.stats import t

from cxdash.stats.estimate import Estimate, finite
from cxdash.stats.fitted import Fitted, by_customer, clustered, independent, inverse, spread_out
from cxdash.stats.logistic import NoConvergenceError

__all__ = ["Family", "binomial", "fit_mean", "moved_mean", "moved_two_part", "power"]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]
Link = Literal["log", "identity", "logit"]

_MOST_STEPS: Final = 100
_MOST_HALVINGS: Final = 30
_STILL: Final = 1e-11
_LEAST_MEAN: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How the mean follows from the columns and the spread from the mean.

    ``deviance`` takes outcomes and means and gives one value a row.
    """

    link: Link
    variance: Callable[[Matrix], Matrix]
    deviance: Callable[[Matrix, Matrix], Matrix]

    def mean(self, linear: Matrix) -> Matrix:
        if self.link == "log":
            return np.exp(np.minimum(linear, 700.0))
        return np.asarray(expit(linear) if self.link == "logit" else linear)

    def slope(self, mean: Matrix) -> Matrix:
        """Change of the mean for a unit of the linear predictor."""
        if self.link == "log":
            return mean
        return np.asarray(mean * (1 - mean) if self.link == "logit" else np.ones_like(mean))

    def linear(self, mean: Matrix) -> Matrix:
        if self.link == "log":
            return np.log(mean)
        return np.asarray(np.log(mean / (1 - mean)) if self.link == "logit" else mean)


def power(exponent: float, link: Link = "log") -> Family:
    """Spread that grows as the mean to the power of ``exponent``.

    0 a straight line, 1 Poisson, between 1 and 2 Tweedie, 2 gamma.
    """
    if not 0 <= exponent <= 2 or 0 < exponent < 1:
        raise ValueError(f"an exponent is 0 or lies between 1 and 2, got {exponent}")

    def deviance(y: Matrix, mean: Matrix) -> Matrix:
        if exponent == 0:
            return np.square(y - mean)
        if exponent == 1:
            return np.asarray(2 * (xlogy(y, y / mean) - y + mean))
        if exponent == 2:
            return np.asarray(2 * (np.log(mean / y) + (y - mean) / mean))
        one, two = 1 - exponent, 2 - exponent
        return np.asarray(2 * (y**two / (one * two) - y * mean**one / one + mean**two / two))

    return Family(link=link, variance=lambda mean: mean**exponent, deviance=deviance)


def binomial() -> Family:
    """Yes or no, on the logistic scale."""
    return Family(
        link="logit",
        variance=lambda mean: mean * (1 - mean),
        deviance=lambda y, mean: np.asarray(-2 * (xlogy(y, mean) + xlogy(1 - y, 1 - mean))),
    )


def fit_mean(
    y: ArrayLike, x: Matrix, family: Family, *, customer: ArrayLike | None = None
) -> Fitted:
    """Fit the mean of ``y`` by iteratively reweighted least squares.

    Parameters
    ----------
    y
        Shape (rows,), within the family's range.
    x
        Shape (rows, k), with a column of ones if there is to be a constant. Columns that follow
        from those before them are left out by number.
    customer
        Shape (rows,): who belongs together. None: rows are independent and the family's own spread
        holds up to a factor estimated by Pearson's statistic.

    Raises
    ------
    ValueError
        Shapes differ or a value is not finite.
    NoConvergenceError
        No settled fit was found.
    """
    outcome, design = finite(y, "outcome", at_least=2), np.asarray(x, dtype=np.float64)
    if design.ndim != 2 or len(design) != outcome.size or not np.isfinite(design).all():
        raise ValueError("outcome and columns need the same number of finite rows")
    n, width = design.shape
    scale = np.sqrt(np.square(design).mean(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    kept = independent(design.T @ design / np.outer(scale, scale))
    inner = design[:, kept] / scale[kept]
    beta, mean, deviance = _settled(outcome, inner, family)
    slope, spread = family.slope(mean), np.maximum(family.variance(mean), _LEAST_MEAN)
    curve = (inner * (slope**2 / spread)[:, None]).T @ inner
    bread = inverse(curve)
    coefficients = np.full(width, np.nan)
    coefficients[kept] = beta / scale[kept]
    out = tuple(j for j in range(width) if j not in kept)
    if customer is None:
        freedom = max(1, n - len(kept))
        factor = float((np.square(outcome - mean) / spread).sum()) / freedom
        covariance, pull, customers = (
            spread_out(bread * factor, kept, width),
            np.empty((0, width)),
            n,
        )
    else:
        codes = np.unique(np.asarray(customer).ravel(), return_inverse=True)[1].astype(np.int64)
        customers = int(codes.max()) + 1
        freedom = max(1, customers - 1)
        scores = by_customer(inner * (slope / spread * (outcome - mean))[:, None], codes, customers)
        covariance, pull = clustered(
            scores, bread, kept, width, factor=customers / max(1, customers - 1)
        )
        pull = pull / scale
    return Fitted(
        coefficients=coefficients,
        covariance=covariance / np.outer(scale, scale),
        pull=pull,
        left_out=out,
        n=n,
        customers=customers,
        freedom=freedom,
        deviance=deviance,
    )


def _settled(outcome: Matrix, inner: Matrix, family: Family) -> tuple[Matrix, Matrix, float]:
    """Coefficients, means and deviance at the best fit."""
    middle = outcome.mean()
    start = (outcome + middle) / 2 if family.link != "logit" else (outcome + 0.5) / 2
    if family.link == "log" and not middle > 0:
        raise NoConvergenceError("there is no spend at all to describe")
    linear = family.linear(np.maximum(start, _LEAST_MEAN) if family.link == "log" else start)
    beta: Matrix = np.zeros(inner.shape[1])
    mean = family.mean(linear)
    deviance = np.inf
    for step in range(_MOST_STEPS):
        slope = family.slope(mean)
        heavy = slope**2 / np.maximum(family.variance(mean), _LEAST_MEAN)
        target = linear + (outcome - mean) / np.where(slope == 0, 1.0, slope)
        weighted = inner * heavy[:, None]
        normal, right = weighted.T @ inner, weighted.T @ target
        solved: Matrix = np.asarray(np.linalg.lstsq(normal, right, rcond=None)[0])
        for _ in range(_MOST_HALVINGS):
            tried = inner @ solved
            tried_mean = family.mean(tried)
            inside = bool(np.isfinite(tried_mean).all()) and (
                family.link == "log" or _within(tried_mean, family)
            )
            now = float(family.deviance(outcome, tried_mean).sum()) if inside else np.inf
            if step == 0 and np.isfinite(now):
                break
            if now <= deviance * (1 + 1e-12):
                break
            solved = np.asarray((solved + beta) / 2)
        else:
            raise NoConvergenceError("no step makes the fit better")
        done = abs(deviance - now) <= _STILL * (abs(now) + 1e-3)
        beta, linear, mean, deviance = solved, tried, tried_mean, now
        if done:
            return beta, mean, deviance
    raise NoConvergenceError(f"the fit did not settle in {_MOST_STEPS} steps")


def _within(mean: Matrix, family: Family) -> bool:
    """Whether the spread is defined at these means."""
    with np.errstate(invalid="ignore"):
        return bool(np.isfinite(family.variance(mean)).all())


def moved_mean(
    fit: Fitted,
    x: Matrix,
    column: int,
    move: float,
    *,
    base: float | None = None,
    level: float = 0.90,
) -> Estimate:
    """What moving a column of a model on the logarithmic scale does to the mean.

    ``base`` · (exp(coefficient · move) − 1), with ``base`` the mean of the fitted spend unless
    given. The ends of the coefficient's interval map to the ends; ``base`` is taken as known.
    """
    if base is None:
        told = np.where(np.isfinite(fit.coefficients), fit.coefficients, 0.0)
        base = float(np.exp(np.asarray(x) @ told).mean())
    each = fit.estimate(column, level=level)
    ends = sorted(base * np.expm1(end * move) for end in (each.low, each.high))
    return Estimate(
        estimate=float(base * np.expm1(each.estimate * move)),
        low=float(ends[0]),
        high=float(ends[1]),
        n=fit.n,
        level=level,
    )


def moved_two_part(
    y: ArrayLike, x: Matrix, column: int, move: float, customer: ArrayLike, *, level: float = 0.90
) -> Estimate:
    """What moving a column does to mean spend: chance to pay at all times mean when paid.

    A logistic part for whether there is spend and a gamma part on the logarithmic scale for how
    much; the effect is the mean over rows of expected spend with the column moved minus without,
    its spread by the delta method from the pull of each customer on both parts together.

    Raises
    ------
    ValueError
        Nobody or everybody paid, so that there are no two parts.
    NoConvergenceError
        One of the parts found no settled fit.
    """
    outcome, design = finite(y, "spend", at_least=2), np.asarray(x, dtype=np.float64)
    codes = np.unique(np.asarray(customer).ravel(), return_inverse=True)[1]
    pays = outcome > 0
    if pays.all() or not pays.any():
        raise ValueError("two parts need rows with and without spend")
    whether = fit_mean(pays.astype(np.float64), design, binomial(), customer=codes)
    amount = fit_mean(outcome[pays], design[pays], power(2.0), customer=codes[pays])
    if not (whether.tells(column) and amount.tells(column)):
        raise ValueError("the column does not vary among those who paid")
    there = np.unique(codes[pays])
    first, second = whether.pull, np.zeros((int(codes.max()) + 1, design.shape[1]))
    second[there] = amount.pull
    moved = design.copy()
    moved[:, column] += move

    def expected(rows: Matrix) -> tuple[float, Matrix, Matrix]:
        """Mean spend and its gradient in the coefficients of each part."""
        chance = expit(rows @ np.nan_to_num(whether.coefficients))
        size = np.exp(rows @ np.nan_to_num(amount.coefficients))
        each = chance * size
        by_whether = (each * (1 - chance)) @ rows / len(rows)
        return float(each.mean()), by_whether, each @ rows / len(rows)

    after, after_first, after_second = expected(moved)
    before, before_first, before_second = expected(design)
    pulled = first @ (after_first - before_first) + second @ (after_second - before_second)
    customers = len(pulled)
    half = float(t.ppf((1 + level) / 2, customers - 1)) * float(
        np.sqrt(np.square(pulled).sum() * customers / (customers - 1))
    )
    effect = after - before
    return Estimate(
        estimate=effect, low=effect - half, high=effect + half, n=len(outcome), level=level
    )
