"""Is a unit's figure beyond the ordinary spread of units, when some units may be out of line?

Honest units differ: some are better at what they do. A figure is remarkable only against that
spread, and the spread must be learned from units of which some may be the remarkable ones. What is
looked for lies on the high side, so centre and spread are learned from the middle and the low side:
the centre is the weighted median, and the spread is what makes the standardised figures below the
centre have a mean square of one. The tail is that of Student's t with half the units minus one
degrees of freedom, because so many figures carry the spread.

Source: the idea of an empirical null, B. Efron, Journal of the American Statistical Association 99
(2004); random effects with known errors, R. DerSimonian and N. Laird, Controlled Clinical Trials 7
(1986), here with the one-sided moment equation.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import t as student

__all__ = ["FEWEST_UNITS", "Spread", "beyond_ordinary"]

Vector = NDArray[np.float64]

FEWEST_UNITS: Final = 8  # fewer and nobody knows how far honest units lie apart
_ROUNDS: Final = 30
_SETTLED: Final = 1e-9
_TINY: Final = 1e-15  # the smallest p-value that is told apart


@dataclass(frozen=True, slots=True)
class Spread:
    """How units compare on one figure.

    Parameters
    ----------
    scores
        Shape (units,): normal scores, upper tail, of "this unit is an ordinary one"; nan where the
        unit's figure is unknown or there are too few units.
    centre, spread
        Of the ordinary units' true figures; nan with too few units.
    units
        How many figures were known.
    """

    scores: Vector
    centre: float
    spread: float
    units: int


def beyond_ordinary(figures: ArrayLike, errors: ArrayLike) -> Spread:
    """Compare units on figures with known standard errors; both of shape (units,), nan: unknown.

    Raises
    ------
    ValueError
        The shapes differ or a known figure has an error that is not above zero.

    >>> figures = [0.1, -0.2, 0.0, 0.3, -0.1, 0.2, -0.3, 0.0, 4.0]
    >>> found = beyond_ordinary(figures, [0.2] * 9)
    >>> int(found.scores.argmax()), bool(found.scores.max() > 2.5)
    (8, True)
    """
    own = np.asarray(figures, dtype=np.float64).ravel()
    error = np.asarray(errors, dtype=np.float64).ravel()
    if own.size != error.size:
        raise ValueError(f"{own.size} figures but {error.size} errors")
    known = np.isfinite(own) & np.isfinite(error)
    if (error[known] <= 0).any():
        raise ValueError("every figure needs a standard error above zero")
    scores = np.full(own.size, np.nan)
    units = int(known.sum())
    if units < FEWEST_UNITS:
        return Spread(scores, math.nan, math.nan, units)
    values, noise = own[known], np.square(error[known])
    centre, between = _learned(values, noise)
    # The centre is itself uncertain: a median of m figures has π / (2 m) of their variance.
    widened = math.sqrt(1 + math.pi / (2 * units))
    standard = (values - centre) / (np.sqrt(between + noise) * widened)
    tail = student.sf(standard, max(units / 2 - 1, 2.0))
    scores[known] = -ndtri(np.clip(tail, _TINY, 1 - _TINY))
    return Spread(scores, centre, math.sqrt(between), units)


def _learned(values: Vector, noise: Vector) -> tuple[float, float]:
    """Centre and between-unit variance, each given the other until both stay."""
    order = np.argsort(values)
    between = float(values.var())
    centre = float(np.median(values))
    for _ in range(_ROUNDS):
        weight = np.cumsum((1 / np.sqrt(between + noise))[order])
        centre = float(values[order][np.searchsorted(weight, weight[-1] / 2)])
        updated = _between(values[values < centre] - centre, noise[values < centre])
        if abs(updated - between) < _SETTLED:
            break
        between = updated
    return centre, between


def _between(below: Vector, noise: Vector) -> float:
    """Variance that gives the figures below the centre a mean square of one; at least 0."""

    def excess(variance: float) -> float:
        return float(np.mean(np.square(below) / (variance + noise))) - 1

    if not below.size or excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, float(np.square(below).max()) + float(noise.max())))
