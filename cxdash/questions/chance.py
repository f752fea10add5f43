"""The chance of leaving within the horizon, fitted on windows that are over.

With contracts the day of leaving is known, so customer-months are the unit (:mod:`cxdash.stats.
hazard`). Without, leaving means to be no customer any more when the window ends, which has no
month: the window itself is the unit.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.stats.hazard import fit_hazard
from cxdash.stats.logistic import LogisticFit
from cxdash.stats.prior import narrowed

__all__ = ["MIN_EVENTS", "fit_chance", "learnable", "left_of", "months_of", "steady_chance"]

Matrix = NDArray[np.float64]

MIN_EVENTS: Final = 10  # fewer leavers, or stayers, than this and no model is fitted


def left_of(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each closed window ended with the customer gone; shape (rows,)."""
    return np.asarray(rows["left_within"].to_numpy(np.float64) == 1)


def learnable(rows: pd.DataFrame) -> bool:
    """Whether closed windows hold at least ten leavers and ten stayers."""
    left = left_of(rows)
    return bool(min(left.sum(), (~left).sum()) >= MIN_EVENTS)


def months_of(rows: pd.DataFrame, horizon: int) -> Matrix:
    """Months each closed window was looked at, shape (rows,): to the month of leaving, or all."""
    month = rows["left_month"].to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(month), float(horizon), month).clip(1, horizon)


def fit_chance(
    matrix: Matrix, rows: pd.DataFrame, prior_sd: Matrix, *, horizon: int, contractual: bool
) -> LogisticFit | None:
    """Fit on closed windows; the result's probabilities are those of leaving within the horizon.

    Parameters
    ----------
    matrix
        Shape (rows, k), in the order of ``rows``.
    rows
        Closed windows with left_within and left_month.

    Returns
    -------
    None when there are fewer than ten leavers or ten stayers to learn from.

    Raises
    ------
    NoConvergenceError
        The predictors are degenerate.
    """
    if not learnable(rows):
        return None
    left = left_of(rows)
    months = months_of(rows, horizon) if contractual else np.ones(len(rows))
    return fit_hazard(
        matrix, left, months, horizon=horizon if contractual else 1, prior_sd=prior_sd
    )


def steady_chance(
    first: LogisticFit,
    matrix: Matrix,
    rows: pd.DataFrame,
    prior_sd: Matrix,
    groups: Sequence[Sequence[int]],
    *,
    horizon: int,
    contractual: bool,
) -> LogisticFit | None:
    """A fit for chances: coefficients are pulled towards zero as far as their errors call for.

    Bold coefficients read well one by one and foretell badly; see :mod:`cxdash.stats.prior`.

    Parameters
    ----------
    first
        What :func:`fit_chance` gave for the same windows under ``prior_sd``, shape (k,).
    groups
        Columns whose true coefficients are of a like size.

    Returns, raises
    ---------------
    As :func:`fit_chance`.
    """
    narrow = narrowed(first, prior_sd, groups)
    return fit_chance(matrix, rows, narrow, horizon=horizon, contractual=contractual)
