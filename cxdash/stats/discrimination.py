"""Does a score put those who leave before those who stay? AUC, its difference, and lift.

The AUC is the chance that somebody who left had the higher score of a random pair of a leaver and
a stayer; 0.5 is a coin toss. Lift says how many of the leavers the highest scores hold. Neither
says whether the probabilities have the right level: that is :mod:`cxdash.stats.calibration`.

Sources: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), for the
variance; X. Sun and W. Xu, IEEE Signal Processing Letters 21 (2014), for its computation from
mid-ranks, which takes one sort instead of a comparison of all pairs; N. A. Obuchowski, Biometrics
53 (1997), for rows that come in clusters, such as several windows of one customer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from cxdash.stats.clusters import cluster_codes, sums_by_cluster
from cxdash.stats.estimate import Difference, Estimate, finite, p_of_z, z_of_level
from cxdash.stats.proportions import share

__all__ = ["Lift", "auc", "auc_difference", "lift"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """What the highest scores hold.

    ``top`` is the share of rows looked at (0 to 1), ``captured`` the share of all events among
    them with its interval, ``lift`` how many times more that is than among rows drawn by lot.
    ``n`` counts all rows, ``events`` the events among them.
    """

    top: float
    captured: float
    captured_low: float
    captured_high: float
    n: int
    events: int
    level: float

    @property
    def lift(self) -> float:
        return self.captured / self.top


def auc(
    outcome: ArrayLike,
    score: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.90,
) -> Estimate:
    """Area under the receiver operating characteristic with DeLong's interval; ties count half.

    Parameters
    ----------
    outcome
        Shape (rows,): true for an event; both kinds must occur.
    score
        Shape (rows,): higher means the event is more likely; need not be a probability.
    clusters
        Shape (rows,): rows of one cluster, such as a customer's windows, are one draw (Obuchowski).
        None: every row is a draw of its own.

    Raises
    ------
    ValueError
        Shapes differ, a score is missing, or all outcomes are equal.

    >>> round(auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).estimate, 2)
    0.75
    """
    event = _outcomes(outcome)
    codes = cluster_codes(clusters, event.size)
    area, covariance = _delong(event, _scores(score, event)[None, :], codes)
    half = z_of_level(level) * float(np.sqrt(max(0.0, covariance[0, 0])))
    middle = float(area[0])
    return Estimate(
        estimate=middle,
        low=max(0.0, middle - half),
        high=min(1.0, middle + half),
        n=int(event.size),
        level=level,
    )


def auc_difference(
    outcome: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.90,
) -> Difference:
    """AUC of the first score minus AUC of the second on the same rows, paired (DeLong).

    ``n_first`` and ``n_second`` both count the rows. Two scores that order all pairs alike differ
    by exactly nothing: the interval is a point and the p-value 1. For two models of which one holds
    the other's predictors the test is conservative; whether the larger one knows more is better
    asked by a likelihood ratio on the rows it was fitted on. ``clusters`` is as in :func:`auc`.

    Raises
    ------
    ValueError
        As :func:`auc`.
    """
    event = _outcomes(outcome)
    both = np.vstack([_scores(first, event), _scores(second, event)])
    area, covariance = _delong(event, both, cluster_codes(clusters, event.size))
    gap = float(area[0] - area[1])
    contrast = np.array([1.0, -1.0])
    error = float(np.sqrt(max(0.0, contrast @ covariance @ contrast)))
    half = z_of_level(level) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=p_of_z(gap / error) if error > 0 else float(gap == 0),
        n_first=int(event.size),
        n_second=int(event.size),
        level=level,
        paired=True,
    )


def lift(outcome: ArrayLike, score: ArrayLike, *, top: float = 0.10, level: float = 0.90) -> Lift:
    """Share of the events that the ``top`` share of the scores holds (cumulative gain).

    Rows that tie at the border count in part, as if they were drawn by lot, so a score that is the
    same for all has a lift of exactly 1. The interval is Wilson's for a share of the events.

    Raises
    ------
    ValueError
        As :func:`auc`, or ``top`` does not lie between 0 and 1.
    """
    if not 0 < top < 1:
        raise ValueError(f"the top share lies between 0 and 1, got {top}")
    event = _outcomes(outcome)
    values = _scores(score, event)
    wanted = top * event.size
    border = np.sort(values)[::-1][int(np.ceil(wanted)) - 1]
    above, level_with = values > border, values == border
    part = (wanted - above.sum()) / level_with.sum()
    held = float(event[above].sum() + part * event[level_with].sum())
    events = int(event.sum())
    around = share(round(held), events, level=level)
    return Lift(
        top=top,
        captured=held / events,
        captured_low=min(around.low, held / events),
        captured_high=max(around.high, held / events),
        n=int(event.size),
        events=events,
        level=level,
    )


def _outcomes(outcome: ArrayLike) -> NDArray[np.bool_]:
    event = finite(outcome, "outcomes").astype(bool)
    if event.size == 0 or event.all() or not event.any():
        raise ValueError("all outcomes are equal, so there is nothing to tell apart")
    return event


def _scores(score: ArrayLike, event: NDArray[np.bool_]) -> Vector:
    values = finite(score, "scores")
    if values.size != event.size:
        raise ValueError(f"{event.size} outcomes but {values.size} scores")
    return values


def _delong(
    event: NDArray[np.bool_], scores: Vector, codes: NDArray[np.int64]
) -> tuple[Vector, Vector]:
    """AUC of each row of ``scores`` (k, rows) and their covariance (k, k), by cluster."""
    ones, zeros = int(event.sum()), int((~event).sum())
    among_all = np.vstack([rankdata(row) for row in scores])
    among_ones = np.vstack([rankdata(row[event]) for row in scores])
    among_zeros = np.vstack([rankdata(row[~event]) for row in scores])
    # Share of the stayers that each leaver exceeds, and of the leavers that exceed each stayer.
    of_ones = (among_all[:, event] - among_ones) / zeros
    of_zeros = 1 - (among_all[:, ~event] - among_zeros) / ones
    area = of_ones.mean(axis=1)
    off = np.zeros((2, event.size, len(scores)))
    off[0, event] = (of_ones - area[:, None]).T / ones
    off[1, ~event] = (of_zeros - area[:, None]).T / zeros
    first, second = (sums_by_cluster(side, codes) for side in off)
    whole = len(first)
    # A cluster with both kinds of rows ties the two sides together; single rows never do.
    crossed = first.T @ second * _spared(whole)
    own = first.T @ first * _spared(np.unique(codes[event]).size)
    other = second.T @ second * _spared(np.unique(codes[~event]).size)
    return area, np.asarray(own + other + crossed + crossed.T)


def _spared(clusters: int) -> float:
    return clusters / max(1, clusters - 1)
