"""Did what a metric added to a forecast go with what then happened? And is its link a steady one?

Two models predict windows they had not seen: one with the metric, one without. Where the metric
made the forecast higher, more must have happened than the smaller model expected. The sum of what
was added times the surprise asks exactly that, whatever the size of the coefficients, and so finds
a small true addition long before the difference of two AUCs does.

Sources: forecast encompassing, H. L. Nelson, American Economic Review 62 (1972), and T. Clark and
M. McCracken, Journal of Econometrics 105 (2001), for nested models; W. Cochran, Biometrics 10
(1954), for steadiness.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from scipy.stats import chi2

from cxdash.stats.estimate import Estimate, finite, z_of_level
from cxdash.stats.fitted import Fitted
from cxdash.stats.wald import wald

__all__ = ["Foreseen", "foreseen", "jointly", "steadiness", "surprise_saved"]

Vector = NDArray[np.float64]

_FEWEST_CUSTOMERS: Final = 20


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One-sided p-value of "what was added did not go with what happened", and rows it is of."""

    p_value: float
    n: int


def foreseen(
    added: ArrayLike, surprise: ArrayLike, window: ArrayLike, customer: ArrayLike
) -> Foreseen | None:
    """Whether additions to a forecast went with surprises of the forecast without them.

    Parameters
    ----------
    added
        Shape (rows,): forecast with the metric minus forecast without, on any linear scale.
    surprise
        Shape (rows,): what happened minus the forecast without the metric.
    window
        Shape (rows,): only differences within a window count, so that a level that was off for all
        is nobody's merit.
    customer
        Shape (rows,): rows of one customer are one draw.

    Returns
    -------
    None with fewer than 20 customers, or where nothing was added to tell customers apart.
    """
    more, rest = finite(added, "additions"), finite(surprise, "surprises")
    _, place = np.unique(np.asarray(window), return_inverse=True)
    _, whose = np.unique(np.asarray(customer), return_inverse=True)
    size = np.bincount(place)
    both = (more - (np.bincount(place, more) / size)[place]) * (
        rest - (np.bincount(place, rest) / size)[place]
    )
    each = np.bincount(whose, both)
    spread = float(np.sqrt(np.square(each).sum()))
    if each.size < _FEWEST_CUSTOMERS or not spread > 0:
        return None
    z = float(each.sum()) / spread
    return Foreseen(float(ndtr(-z)), int(more.size))


def surprise_saved(
    larger: ArrayLike, smaller: ArrayLike, average: ArrayLike, customer: ArrayLike, *, level: float
) -> Estimate:
    """Loss that the larger model took away, as a share of the loss under the average.

    Parameters
    ----------
    larger, smaller, average
        Shape (rows,): loss of each row (squared errors, log losses) under the two models and under
        "everybody is average".
    customer
        Shape (rows,); the interval is by customer.
    """
    saved = finite(smaller, "losses") - finite(larger, "losses")
    whole = float(finite(average, "losses").mean())
    _, whose = np.unique(np.asarray(customer), return_inverse=True)
    each, size = np.bincount(whose, saved), np.bincount(whose)
    mean = float(saved.mean())
    error = float(np.sqrt(np.square(each - mean * size).sum())) / saved.size
    half = z_of_level(level) * error
    if not whole > 0:
        raise ValueError("without any loss there is none to take away")
    return Estimate(
        estimate=mean / whole,
        low=(mean - half) / whole,
        high=(mean + half) / whole,
        n=int(saved.size),
        level=level,
    )


def steadiness(estimates: ArrayLike, errors: ArrayLike) -> float | None:
    """p-value of "all windows share one true value" (Cochran's Q); None with fewer than two."""
    own, error = np.asarray(estimates, np.float64), np.asarray(errors, np.float64)
    if own.size < 2:
        return None
    weight = 1 / np.square(error)
    centre = float(weight @ own / weight.sum())
    return float(chi2.sf(float(weight @ np.square(own - centre)), own.size - 1))


def jointly(fit: Fitted, columns: ArrayLike) -> float:
    """p-value of "none of these columns matters" (Wald), with the fit's own covariance.

    Columns the fit left out do not count; 1 where none is left.
    """
    own = [int(column) for column in np.asarray(columns, dtype=np.int64) if fit.tells(int(column))]
    if not own:
        return 1.0
    return wald(fit.coefficients[own], fit.covariance[np.ix_(own, own)])
