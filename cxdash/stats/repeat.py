"""What customers without a contract will still buy: chance to be active, purchases and value ahead.

Each customer buys at random at a rate of his own and may drop out after any purchase (BG/NBD);
what he spends at a time varies around a mean of his own (gamma-gamma). Four and three numbers,
found by maximum likelihood, describe the whole base.

Sources: P. Fader, B. Hardie and K. L. Lee, Marketing Science 24 (2005) for BG/NBD; P. Fader and
B. Hardie (2013) for the gamma-gamma model of spend.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from cxdash.stats.estimate import Estimate
from cxdash.stats.logistic import NoConvergenceError

__all__ = ["Buying", "Spending", "fit_buying", "fit_spending", "value_ahead"]

Vector = NDArray[np.float64]
_STEP: Final = 1e-4
_LEAST_CUSTOMERS: Final = 10
_MOST_SLICES: Final = 12
_PRIOR_SD: Final = 4.0
_NO_FIT: Final = "no best fit was found for how customers buy again"
_UNLIKELY: Final = 1e12  # the loss a customer where the likelihood is nought or no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """Rates of buying are gamma (r, alpha), chances to drop out after a purchase beta (a, b).

    ``covariance`` (4 × 4) is that of the logarithms of r, alpha, a and b.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Vector
    customers: int

    @property
    def parameters(self) -> Vector:
        return np.array([self.r, self.alpha, self.a, self.b])

    def expected(self, periods: float, repeats: Vector, recency: Vector, age: Vector) -> Vector:
        """Purchases each customer is expected to make in the next ``periods``."""
        return _expected(self.parameters, periods, repeats, recency, age)

    def alive(self, repeats: Vector, recency: Vector, age: Vector) -> Vector:
        """Chance that each customer has not dropped out."""
        return _alive(self.parameters, repeats, recency, age)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Mean spend of a purchase is gamma-gamma (p, q, v); ``covariance`` is of the logarithms."""

    p: float
    q: float
    v: float
    covariance: Vector
    customers: int

    @property
    def parameters(self) -> Vector:
        return np.array([self.p, self.q, self.v])

    def expected(self, repeats: Vector, mean: Vector) -> Vector:
        """Expected spend at a purchase of each customer, in the currency of ``mean``."""
        return _expected_spend(self.parameters, repeats, mean)


def fit_buying(
    repeats: Vector, recency: Vector, age: Vector, *, counts: Vector | None = None
) -> Buying:
    """Fit BG/NBD.

    Parameters
    ----------
    repeats
        Shape (customers,): purchases after the first one.
    recency, age
        Periods from the first purchase to the last one, and to the day of the question.
    counts
        How many customers each row stands for; None: one.

    Raises
    ------
    ValueError
        Fewer than ten customers, nobody bought again, or a recency lies beyond the age.
    NoConvergenceError
        No maximum was found.
    """
    heavy = np.ones(len(repeats)) if counts is None else counts
    if heavy.sum() < _LEAST_CUSTOMERS or not (repeats > 0).any():
        raise ValueError("needs at least ten customers, some of whom bought again")
    if (recency > age).any() or (age < 0).any() or (recency < 0).any():
        raise ValueError("the last purchase lies between the first one and the day of the question")
    scale = 10.0 / max(float(age.max()), 1e-9)  # keeps alpha near one, as the search likes it

    def loss(logs: Vector) -> float:
        ll = _buying_likelihood(np.exp(logs), repeats, recency * scale, age * scale)
        return -float(heavy @ ll) / float(heavy.sum())

    logs, covariance, value = _maximum(loss, np.zeros(4), float(heavy.sum()))
    r, alpha, a, b = np.exp(logs)
    total = -value * float(heavy.sum()) + float(heavy @ repeats) * float(np.log(scale))
    return Buying(
        r=float(r),
        alpha=float(alpha / scale),
        a=float(a),
        b=float(b),
        log_likelihood=total,
        covariance=covariance,
        customers=int(heavy.sum()),
    )


def fit_spending(repeats: Vector, mean: Vector) -> Spending:
    """Fit the gamma-gamma model on customers who bought again.

    ``mean`` is the mean spend of the ``repeats`` purchases (at least one), above zero.

    Raises
    ------
    ValueError
        Fewer than ten customers, or a spend that is not above zero.
    NoConvergenceError
        No maximum was found.
    """
    if len(repeats) < _LEAST_CUSTOMERS or (repeats < 1).any() or not (mean > 0).all():
        raise ValueError("needs at least ten customers with repeat purchases above zero")
    size = float(mean.mean())
    scaled = mean / size

    def loss(logs: Vector) -> float:
        p, q, v = np.exp(logs)
        x = repeats
        ll = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(scaled)
            + p * x * np.log(x)
            - (p * x + q) * np.log(x * scaled + v)
        )
        return -float(ll.mean())

    logs, covariance, _ = _maximum(loss, np.zeros(3), float(len(repeats)))
    p, q, v = np.exp(logs)
    return Spending(
        p=float(p), q=float(q), v=float(v * size), covariance=covariance, customers=len(repeats)
    )


def value_ahead(
    buying: Buying,
    spending: Spending,
    repeats: Vector,
    recency: Vector,
    age: Vector,
    mean: Vector,
    *,
    periods: int,
    discount: float,
    rng: np.random.Generator,
    draws: int = 200,
    level: float = 0.90,
) -> Estimate:
    """Mean value of a customer over the next ``periods``, discounted, in the currency of ``mean``.

    ``discount`` is the rate of one period. The periods are cut into at most twelve equal steps,
    each discounted at its middle. ``mean`` is the customer's mean spend, 0 for those who never
    bought again. The interval holds the doubt about the seven numbers of the two models and which
    customers happen to be in the base.
    """
    at = np.linspace(0.0, float(periods), min(periods, _MOST_SLICES) + 1)
    worth = (1 + discount) ** -((at[1:] + at[:-1]) / 2)
    at = at[1:]

    def each(first: Vector, second: Vector) -> Vector:
        so_far = np.column_stack(
            [_expected(first, float(until), repeats, recency, age) for until in at]
        )
        bought = np.diff(so_far, axis=1, prepend=0.0)
        return np.asarray((bought @ worth) * _expected_spend(second, repeats, mean))

    middle = each(buying.parameters, spending.parameters)
    sampled = np.empty(draws)
    for d in range(draws):
        first = _drawn(buying.parameters, buying.covariance, rng)
        second = _drawn(spending.parameters, spending.covariance, rng)
        times = rng.poisson(1.0, len(repeats))
        sampled[d] = float(times @ each(first, second)) / max(1, times.sum())
    tail = (1 - level) / 2
    low, high = np.nanquantile(sampled, [tail, 1 - tail])
    estimate = float(middle.mean())
    return Estimate(
        estimate=estimate,
        low=min(float(low), estimate),
        high=max(float(high), estimate),
        n=len(repeats),
        level=level,
    )


def _buying_likelihood(parameters: Vector, x: Vector, recency: Vector, age: Vector) -> Vector:
    r, alpha, a, b = parameters
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    second = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    third = (
        betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + recency)
    )
    return np.asarray(first + np.where(x > 0, np.logaddexp(second, third), second))


def _alive(parameters: Vector, x: Vector, recency: Vector, age: Vector) -> Vector:
    r, alpha, a, b = parameters
    odds = (
        a
        / (b + np.maximum(x, 1) - 1)
        * np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + recency)))
    )
    return np.asarray(np.where(x > 0, 1 / (1 + odds), 1.0))


def _expected(
    parameters: Vector, periods: float, x: Vector, recency: Vector, age: Vector
) -> Vector:
    r, alpha, a, b = parameters
    reach = hyp2f1(r + x, b + x, a + b + x - 1, periods / (alpha + age + periods))
    decay = np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + age + periods)))
    top = (a + b + x - 1) / (a - 1) * (1 - decay * reach)
    return np.asarray(top * _alive(parameters, x, recency, age))


def _expected_spend(parameters: Vector, x: Vector, mean: Vector) -> Vector:
    p, q, v = parameters
    return np.asarray(p * (v + x * mean) / np.maximum(p * x + q - 1, _STEP))


def _drawn(parameters: Vector, covariance: Vector, rng: np.random.Generator) -> Vector:
    step = rng.multivariate_normal(np.zeros(len(parameters)), covariance, check_valid="ignore")
    return np.asarray(parameters * np.exp(step))


def _maximum(
    loss: Callable[[Vector], float], start: Vector, rows: float
) -> tuple[Vector, Vector, float]:
    """Where the loss is least, the covariance there for so many rows, and the loss.

    Where nobody drops out, or all drop out alike, the likelihood keeps rising for ever; then, and
    only then, a prior is put in that keeps each number within some orders of magnitude of one.
    """
    at, covariance = _peak(loss, start, rows)
    if covariance is None or np.diag(covariance).max() > _PRIOR_SD**2:

        def held(logs: Vector) -> float:
            return loss(logs) + float(np.square(logs).sum()) / (2 * _PRIOR_SD**2 * rows)

        at, covariance = _peak(held, start, rows)
    if covariance is None:
        raise NoConvergenceError("the purchases do not tell the numbers of the model apart")
    return at, covariance, loss(at)


def _peak(
    loss: Callable[[Vector], float], start: Vector, rows: float
) -> tuple[Vector, Vector | None]:
    """The least loss and the covariance there; None where it has no proper minimum."""

    def finite(logs: Vector) -> float:
        """The search compares its corners, which it cannot do with infinities.

        A likelihood beyond all numbers would stay the best corner for ever: that is no fit.
        """
        value = loss(logs)
        if value == -np.inf:
            raise NoConvergenceError(_NO_FIT)
        return min(_UNLIKELY, value)  # in this order it is that also where the loss is no number

    options = {"maxiter": 4000, "fatol": 1e-10, "xatol": 1e-7, "adaptive": True}
    found = minimize(finite, start, method="Nelder-Mead", options=options)
    if not found.fun < _UNLIKELY:
        raise NoConvergenceError(_NO_FIT)
    values, vectors = np.linalg.eigh(_curvature(loss, found.x) * rows)
    if not found.success or values.min() <= 0:
        return found.x, None
    return found.x, np.asarray(vectors @ np.diag(1 / values) @ vectors.T)


def _curvature(loss: Callable[[Vector], float], at: Vector) -> Vector:
    """Second derivatives by central differences."""
    k, step = len(at), 1e-3
    unit = np.eye(k) * step
    curve = np.empty((k, k))
    for i in range(k):
        for j in range(i + 1):
            curve[i, j] = curve[j, i] = (
                loss(at + unit[i] + unit[j])
                - loss(at + unit[i] - unit[j])
                - loss(at - unit[i] + unit[j])
                + loss(at - unit[i] - unit[j])
            ) / (4 * step**2)
    return curve
