"""Are probabilities right? Level, slope, error and a table by tenths of predicted risk.

A model that says 8 % should be right about 8 in 100. ``intercept`` tells whether the level is off
(calibration in the large: log odds that all probabilities would have to be moved by), ``slope``
whether they are too bold (below 1: high ones too high, low ones too low) or too timid (above 1).
The Brier score is the mean squared error; the scaled one says what share of the error of "everybody
has the average risk" the probabilities take away.

Sources: D. R. Cox, Biometrika 45 (1958), for slope and intercept; G. W. Brier, Monthly Weather
Review 78 (1950); E. W. Steyerberg et al., Epidemiology 21 (2010), for their reading side by side;
K.-Y. Liang and S. L. Zeger, Biometrika 73 (1986), for rows that come in clusters.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from cxdash.stats.clusters import cluster_codes, error_of_mean, sums_by_cluster
from cxdash.stats.estimate import Estimate, finite, z_of_level
from cxdash.stats.proportions import share

__all__ = [
    "Calibration",
    "ReliabilityGroup",
    "calibration",
    "log_loss",
    "log_losses",
    "reliability",
]

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]
_LEAST: Final = 1e-9  # a probability of exactly 0 or 1 has no odds
_FURTHEST: Final = 40.0  # log odds; beyond that a probability is 0 or 1 to the last digit
_STEPS: Final = 100
_SETTLED: Final = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How right probabilities were on rows whose outcome is known.

    Parameters
    ----------
    slope, slope_low, slope_high
        Of the outcome's log odds on the predicted ones; 1 is right. None when all probabilities are
        equal, which leaves no slope to see.
    intercept, intercept_low, intercept_high
        Log odds by which all probabilities would have to move to fit the number of events with
        their slope left as it is; 0 is right.
    brier
        Mean squared error, 0 to 1, lower is better, with its interval.
    scaled_brier
        1 − brier / brier of "everybody has the average risk"; below 0 when worse than that.
    expected
        Events that the probabilities add up to.
    n, events
        Rows and events among them.
    """

    slope: float | None
    slope_low: float | None
    slope_high: float | None
    intercept: float
    intercept_low: float
    intercept_high: float
    brier: Estimate
    scaled_brier: float
    expected: float
    n: int
    events: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityGroup:
    """Rows of like predicted risk: mean predicted, share observed with its Wilson interval."""

    predicted: float
    observed: float
    low: float
    high: float
    n: int
    events: int


def calibration(
    outcome: ArrayLike,
    probability: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.90,
) -> Calibration:
    """Slope, intercept, Brier score of probabilities against outcomes.

    Parameters
    ----------
    outcome
        Shape (rows,): true for an event; both kinds must occur.
    probability
        Shape (rows,): between 0 and 1.
    clusters
        Shape (rows,): rows of one cluster, such as a customer's windows, are one draw. None: every
        row is a draw of its own, with the spread that its probability says.

    Raises
    ------
    ValueError
        Shapes differ, a probability lies outside 0 to 1, or all outcomes are equal.
    """
    event, chance = _checked(outcome, probability)
    codes = cluster_codes(clusters, event.size)
    robust = None if clusters is None else codes
    if event.all() or not event.any():
        raise ValueError("all outcomes are equal, so calibration cannot be seen")
    y = event.astype(np.float64)
    odds = logit(np.clip(chance, _LEAST, 1 - _LEAST))
    z = z_of_level(level)
    shift, shift_error = _shift(y, odds, robust)
    slope = _slope(y, odds, robust)
    errors = np.square(y - chance)
    brier = float(errors.mean())
    half = z * error_of_mean(errors, codes)
    average = float(y.mean())
    return Calibration(
        slope=slope[0] if slope else None,
        slope_low=slope[0] - z * slope[1] if slope else None,
        slope_high=slope[0] + z * slope[1] if slope else None,
        intercept=shift,
        intercept_low=shift - z * shift_error,
        intercept_high=shift + z * shift_error,
        brier=Estimate(
            estimate=brier,
            low=max(0.0, brier - half),
            high=brier + half,
            n=int(event.size),
            level=level,
        ),
        scaled_brier=1 - brier / (average * (1 - average)),
        expected=float(chance.sum()),
        n=int(event.size),
        events=int(event.sum()),
        level=level,
    )


def reliability(
    outcome: ArrayLike, probability: ArrayLike, *, groups: int = 10, level: float = 0.90
) -> tuple[ReliabilityGroup, ...]:
    """Rows sorted by predicted risk and cut into groups of like size, lowest risk first.

    Rows with the same probability stay together, so there may be fewer groups than asked for.

    Raises
    ------
    ValueError
        Shapes differ or a probability lies outside 0 to 1.
    """
    event, chance = _checked(outcome, probability)
    borders = np.unique(np.quantile(chance, np.arange(1, groups) / groups))
    place = np.searchsorted(borders, chance, side="left")
    found = []
    for group in np.unique(place):
        own = place == group
        events, n = int(event[own].sum()), int(own.sum())
        observed = share(events, n, level=level)
        found.append(
            ReliabilityGroup(
                predicted=float(chance[own].mean()),
                observed=observed.estimate,
                low=observed.low,
                high=observed.high,
                n=n,
                events=events,
            )
        )
    return tuple(found)


def log_losses(outcome: ArrayLike, probability: ArrayLike) -> Vector:
    """Surprise at each outcome, −log of the probability it was given, in nats; shape (rows,).

    Probabilities of exactly 0 and 1 are taken as a billionth away from it, so a single certainty
    that failed costs much but not everything.
    """
    event, chance = _checked(outcome, probability)
    inside = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(-np.where(event, np.log(inside), np.log1p(-inside)))


def log_loss(outcome: ArrayLike, probability: ArrayLike, *, level: float = 0.90) -> Estimate:
    """Mean of :func:`log_losses` with the normal interval of a mean; lower is better."""
    losses = log_losses(outcome, probability)
    middle = float(losses.mean())
    spread = float(losses.std(ddof=1)) if losses.size > 1 else 0.0
    half = z_of_level(level) * spread / float(np.sqrt(losses.size))
    return Estimate(
        estimate=middle, low=middle - half, high=middle + half, n=int(losses.size), level=level
    )


def _checked(outcome: ArrayLike, probability: ArrayLike) -> tuple[NDArray[np.bool_], Vector]:
    chance = finite(probability, "probabilities")
    event = finite(outcome, "outcomes").astype(bool)
    if event.size != chance.size:
        raise ValueError(f"{event.size} outcomes but {chance.size} probabilities")
    if chance.min() < 0 or chance.max() > 1:
        raise ValueError("probabilities lie between 0 and 1")
    return event, chance


def _shift(y: Vector, odds: Vector, codes: Codes | None) -> tuple[float, float]:
    """Maximum likelihood of a common shift of the log odds, and its standard error."""

    def surplus(shift: float) -> float:
        return float(expit(odds + shift).sum() - y.sum())

    shift = float(brentq(surplus, -2 * _FURTHEST, 2 * _FURTHEST, xtol=_SETTLED))
    share_then = expit(odds + shift)
    information = np.array([[(share_then * (1 - share_then)).sum()]])
    return shift, _error(information, (y - share_then)[:, None], codes)


def _slope(y: Vector, odds: Vector, codes: Codes | None) -> tuple[float, float] | None:
    """Maximum likelihood slope beside a free intercept, with its standard error, by Newton steps.

    None when the log odds do not vary or separate the outcomes completely.
    """
    if np.ptp(odds) < _SETTLED:
        return None
    design = np.column_stack([np.ones(odds.size), odds])
    found = np.array([0.0, 1.0])
    for _ in range(_STEPS):
        chance = expit(design @ found)
        information = (design * (chance * (1 - chance))[:, None]).T @ design
        try:
            step = np.linalg.solve(information, design.T @ (y - chance))
        except np.linalg.LinAlgError:
            return None
        # A long step from a poor start overshoots; Newton's own steps shorten near the mode.
        found = found + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SETTLED:
            scores = design * (y - chance)[:, None]
            return float(found[1]), _error(information, scores, codes)
    return None


def _error(information: Vector, scores: Vector, codes: Codes | None) -> float:
    """Standard error of the last coefficient: the model's own, or over whole clusters."""
    bread = np.linalg.inv(information)
    if codes is None:
        return float(np.sqrt(bread[-1, -1]))
    own = sums_by_cluster(scores, codes) @ bread[:, -1]
    return float(np.sqrt(own.size / max(1, own.size - 1) * np.square(own).sum()))
