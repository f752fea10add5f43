"""Comparing customers with themselves: regression on what moves within a customer.

What never changes about a customer (size, sector, taste) drops out, and so does what happened to
everybody in a period. What is left can still run backwards (money first, then the answer), which a
later answer as an extra column shows: see ``lead`` in :mod:`cxdash.questions.revenue.drivers`.

Source: J. Wooldridge, Econometric Analysis of Cross Section and Panel Data (2010), chapter 10, for
the within estimator; chapter 18.7 for conditional Poisson with a variance that holds whatever the
spread of spend. Linear clustered variance with Stata's factor G/(G−1)·(n−1)/(n−k), effects not
counted in k. Several sets of effects are swept out one after the other until nothing moves
(S. Guimaraes and P. Portugal, Stata Journal 10, 2010).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import finite
from cxdash.stats.fitted import (
    Fitted,
    by_customer,
    clustered,
    independent,
    inverse,
    jackknifed,
    spread_out,
)

__all__ = ["demeaned", "fit_within", "fit_within_poisson"]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]

_STILL: Final = 1e-10  # relative size of a step at which sweeping stops
_MOST_SWEEPS: Final = 1_000
_MOST_STEPS: Final = 60
_MOST_HALVINGS: Final = 30
_LEAST_CUSTOMERS: Final = 2
MOST_LEFT_OUT: Final = 5_000  # more customers than this differ little from leaving each out


def demeaned(columns: Matrix, effects: Sequence[Codes]) -> Matrix:
    """The columns (rows × k) with the mean of every group of every set of effects taken out."""
    left = np.asarray(columns - columns.mean(axis=0), dtype=np.float64)
    size = np.maximum(np.abs(left).max(axis=0, initial=0.0), np.finfo(float).tiny)
    counts = [np.bincount(codes) for codes in effects]
    for _ in range(_MOST_SWEEPS):
        moved = np.zeros(left.shape[1])
        for codes, count in zip(effects, counts, strict=True):
            for j in range(left.shape[1]):
                mean = np.bincount(codes, weights=left[:, j]) / np.maximum(count, 1)
                left[:, j] -= mean[codes]
                moved[j] = max(moved[j], float(np.abs(mean).max()))
        if len(effects) == 1 or (moved <= _STILL * size).all():
            break
    return left


def fit_within(
    y: ArrayLike,
    x: Matrix,
    customer: ArrayLike,
    *,
    period: ArrayLike | None = None,
    robust: bool = True,
) -> Fitted:
    """Linear regression within customers, and within periods when ``period`` is given.

    Parameters
    ----------
    y
        Shape (rows,), for example money per month.
    x
        Shape (rows, k). A column that does not move within customers is left out by number.
    customer, period
        Shape (rows,): codes of the customer and the period of each row.
    robust
        Whether rows of a customer may depend on each other; otherwise the classic variance with the
        effects counted as estimated.

    Raises
    ------
    ValueError
        Shapes differ, a value is not finite, or there are fewer than two customers.
    """
    outcome, columns, own = _checked(y, x, customer)
    effects = [own]
    if period is not None:
        effects.append(np.unique(np.asarray(period).ravel(), return_inverse=True)[1])
    left = demeaned(np.column_stack([columns, outcome]), effects)
    inner, rest = left[:, :-1], left[:, -1]
    n, width = inner.shape
    # A column counts as moving if more than rounding of its own size is left of it.
    there = np.abs(inner).max(axis=0, initial=0.0) > 1e-9 * np.abs(columns).max(axis=0, initial=0)
    cross = inner.T @ inner * np.outer(there, there)
    kept = independent(cross)
    customers = int(own.max()) + 1
    coefficients = np.full(width, np.nan)
    bread = inverse(cross[np.ix_(kept, kept)])
    coefficients[kept] = bread @ (inner[:, kept].T @ rest)
    residual = rest - inner[:, kept] @ coefficients[kept]
    squares = float(residual @ residual)
    out = tuple(j for j in range(width) if j not in kept)
    if not robust:
        swept = customers + sum(int(codes.max()) for codes in effects[1:])
        freedom = max(1, n - swept - len(kept))
        return Fitted(
            coefficients=coefficients,
            covariance=spread_out(bread * squares / freedom, kept, width),
            pull=np.empty((0, width)),
            left_out=out,
            n=n,
            customers=customers,
            freedom=freedom,
            deviance=squares,
        )
    factor = customers / (customers - 1) * (n - 1) / max(1, n - len(kept))
    scores = by_customer(inner[:, kept] * residual[:, None], own, customers)
    covariance, pull = clustered(scores, bread, kept, width, factor=factor)
    return Fitted(
        coefficients=coefficients,
        covariance=covariance,
        pull=pull,
        left_out=out,
        n=n,
        customers=customers,
        freedom=customers - 1,
        deviance=squares,
    )


def fit_within_poisson(y: ArrayLike, x: Matrix, customer: ArrayLike) -> Fitted:
    """Spend within customers on a logarithmic scale: a coefficient is a relative change of spend.

    The variance is that of leaving each customer out in turn, up to 5,000 customers; beyond that
    the usual clustered one, from which it then hardly differs.

    Conditional Poisson: given what a customer paid in all, how was it spread over the periods? Only
    the mean has to be right, not the Poisson spread, and periods without spend need no care.
    Periods enter as columns of ``x``.

    Parameters
    ----------
    y
        Shape (rows,), not negative. Customers with one row or who paid nothing say nothing and are
        left out; ``n`` and ``customers`` count the others, ``pull`` keeps a row for each.
    x
        Shape (rows, k).
    customer
        Shape (rows,): code of the customer.

    Raises
    ------
    ValueError
        Shapes differ, a value is not finite or negative, or fewer than two customers have anything
        to say.
    """
    outcome, columns, own = _checked(y, x, customer)
    if outcome.min() < 0:
        raise ValueError("spend is not negative here; set refunds beyond a period's spend to zero")
    everybody = int(own.max()) + 1
    rows_of, paid = np.bincount(own), np.bincount(own, weights=outcome)
    speaks = (rows_of > 1) & (paid > 0)
    if speaks.sum() < _LEAST_CUSTOMERS:
        raise ValueError("fewer than two customers paid anything in more than one period")
    use = speaks[own]
    order = np.argsort(own[use], kind="stable")
    outcome, columns = outcome[use][order], columns[use][order]
    codes = np.unique(own[use][order], return_inverse=True)[1]
    centre, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    design = (columns - centre) / scale
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    totals = np.add.reduceat(outcome, starts)
    kept = independent(
        _curvature(design, _shares(np.zeros(len(design)), starts, codes), totals, starts, codes)[0]
    )
    inner = design[:, kept]
    beta = np.zeros(len(kept))
    fit, share = _fit_of(outcome, inner, beta, starts, codes)
    for _ in range(_MOST_STEPS):
        curve, _ = _curvature(inner, share, totals, starts, codes)
        gradient = inner.T @ (outcome - share * totals[codes])
        step = np.linalg.solve(curve, gradient)
        for _ in range(_MOST_HALVINGS):
            tried, tried_share = _fit_of(outcome, inner, beta + step, starts, codes)
            if tried >= fit:
                break
            step = step / 2
        beta, share, gain, fit = beta + step, tried_share, tried - fit, tried
        if gain <= 1e-12 * (abs(fit) + 1) or not np.abs(step).max(initial=0.0) > _STILL:
            break
    curve, _ = _curvature(inner, share, totals, starts, codes)
    customers = int(speaks.sum())
    scores = np.add.reduceat(inner * (outcome - share * totals[codes])[:, None], starts, axis=0)
    width = columns.shape[1]
    if customers <= MOST_LEFT_OUT:
        each = _curvatures(inner, share, totals, starts, codes)
        covariance, pull = jackknifed(scores, curve, each, kept, width)
    else:
        factor = customers / (customers - 1)
        covariance, pull = clustered(scores, inverse(curve), kept, width, factor=factor)
    coefficients = np.full(width, np.nan)
    coefficients[kept] = beta
    all_pull = np.zeros((everybody, width))
    all_pull[speaks] = pull / scale
    return Fitted(
        coefficients=coefficients / scale,
        covariance=covariance / np.outer(scale, scale),
        pull=all_pull,
        left_out=tuple(j for j in range(width) if j not in kept),
        n=len(outcome),
        customers=customers,
        freedom=customers - 1,
        deviance=-2 * fit,
    )


def _checked(y: ArrayLike, x: Matrix, customer: ArrayLike) -> tuple[Matrix, Matrix, Codes]:
    outcome = finite(y, "outcome", at_least=2)
    columns = np.asarray(x, dtype=np.float64)
    codes = np.unique(np.asarray(customer).ravel(), return_inverse=True)[1].astype(np.int64)
    if columns.ndim != 2 or len(columns) != outcome.size or codes.size != outcome.size:
        raise ValueError("outcome, columns and customers need the same number of rows")
    if not np.isfinite(columns).all():
        raise ValueError("a column holds a value that is missing or infinite")
    if codes.max() < 1:
        raise ValueError("one customer alone gives no variance between customers")
    return outcome, columns, codes


def _shares(linear: Matrix, starts: Codes, codes: Codes) -> Matrix:
    """Each row's expected share in what its customer paid in all."""
    top = np.maximum.reduceat(linear, starts)
    raised = np.exp(linear - top[codes])
    return np.asarray(raised / np.add.reduceat(raised, starts)[codes])


def _fit_of(
    outcome: Matrix, design: Matrix, beta: Matrix, starts: Codes, codes: Codes
) -> tuple[float, Matrix]:
    share = _shares(design @ beta, starts, codes)
    return float(outcome @ np.log(np.maximum(share, np.finfo(float).tiny))), share


def _curvatures(
    design: Matrix, share: Matrix, totals: Matrix, starts: Codes, codes: Codes
) -> Matrix:
    """Each customer's part of the curvature: shape (customers, k, k)."""
    mean = np.add.reduceat(share[:, None] * design, starts, axis=0)
    heavy = (share * totals[codes])[:, None]
    width = design.shape[1]
    each = np.empty((len(starts), width, width))
    for j in range(width):
        each[:, j] = np.add.reduceat(heavy * design * design[:, j, None], starts, axis=0)
    return np.asarray(each - totals[:, None, None] * mean[:, :, None] * mean[:, None, :])


def _curvature(
    design: Matrix, share: Matrix, totals: Matrix, starts: Codes, codes: Codes
) -> tuple[Matrix, Matrix]:
    """Sum over customers of what they paid times the spread of the columns over their periods."""
    mean = np.add.reduceat(share[:, None] * design, starts, axis=0)
    heavy = (share * totals[codes])[:, None]
    return (heavy * design).T @ design - (totals[:, None] * mean).T @ mean, mean
