"""What does the next point bring, and where does it stop being worth its cost?

Experience and money may go together in many shapes: not at all, along a straight line, with less
and less from each further point, with more and more, or with a bend. None is assumed. Every shape
is fitted, once alone and once with what else is known held equal, and the data must first show that
there is a slope, and then that it bends; otherwise the answer is that the shape is not
identifiable.

Ranges come from drawing customers again. In each draw the shape is chosen anew, so that the doubt
about the shape is part of the range of the stop point.

Sources: E. Anderson and V. Mittal, Journal of Service Research 3 (2000), for links between
satisfaction and profit that bend either way; K. Burnham and D. Anderson, Model Selection and
Multimodel Inference (2002), for weights of shapes; A. Davison and D. Hinkley (1997) for drawing
again.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import Estimate
from cxdash.stats.shapes import Design, Shape, design, fitted

__all__ = ["FEWEST", "Marginal", "Verdict", "next_point"]

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]
Verdict = Literal["too_few", "flat", "not_identifiable", "slowing", "quickening"]

FEWEST: Final = 300  # observations; fewer tell no bend from noise
FEWEST_LEVELS: Final = 5
_SURE: Final = 0.95  # that there is a slope, and that it bends
_LEVEL: Final = 0.90  # of the ranges shown
_REPEATS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """What was found.

    Parameters
    ----------
    verdict
        ``too_few`` observations or levels; ``flat``: no slope is readable; ``not_identifiable``: a
        slope, but a straight line and a bend fit alike; ``slowing``, ``quickening``: each further
        point brings less, or more.
    slope, raw_slope
        Outcome a point by the straight line, with what is known held equal, and without.
    bend
        Second difference of the curve over its whole range; below zero when it slows.
    here
        What the next point brings at the level ``at``, by the shapes that fit.
    best
        Level at which the next point brings exactly its cost; None unless the curve slows or no
        cost is known. At an end of the range seen the stop point lies at it or beyond.
    shapes
        Every shape with its weight (they add up to 1) and its share of explained variance.
    levels, curve, low, high
        The curve relative to its lowest level, by the shapes that fit, with its 90 % range.
    n
        Observations.
    """

    verdict: Verdict
    slope: Estimate | None = None
    raw_slope: Estimate | None = None
    bend: Estimate | None = None
    here: Estimate | None = None
    best: Estimate | None = None
    shapes: tuple[Shape, ...] = ()
    at: float = math.nan
    lowest: float = math.nan
    highest: float = math.nan
    levels: tuple[float, ...] = ()
    curve: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    n: int = 0

    @property
    def is_readable(self) -> bool:
        """Whether there is a slope to speak of."""
        return self.verdict not in ("too_few", "flat")


def next_point(
    level: Vector,
    outcome: Vector,
    who: Codes,
    *,
    known: NDArray[np.float64] | None = None,
    at: float | None = None,
    cost: float | None = None,
    rng: np.random.Generator,
    repeats: int = _REPEATS,
) -> Marginal:
    """Fit every shape and say what the next point brings.

    Parameters
    ----------
    level
        Shape (n,): experience, for example an answer from 0 to 10.
    outcome
        Shape (n,): what is hoped for, for example 1 for a customer who stayed.
    who
        Shape (n,): whose row it is, from 0 on; customers are drawn again whole.
    known
        Shape (n, columns): what is held equal.
    at
        The level of today; None: the mean of the levels.
    cost
        What one point costs, in units of the outcome; None: not known.

    Raises
    ------
    ValueError
        The arrays differ in length.
    """
    n = level.size
    if not n == outcome.size == who.size:
        raise ValueError(f"{n} levels, {outcome.size} outcomes and {who.size} customers")
    if n < FEWEST or np.unique(level).size < FEWEST_LEVELS:
        return Marginal(verdict="too_few", n=n)
    here = float(level.mean()) if at is None else at
    held = design(level, outcome, known)
    counts = _drawn_again(who, rng, repeats)
    found = [_looked_at(held, None, here, cost)]
    found += [_looked_at(held, weights, here, cost) for weights in counts]
    raw_slopes = [_line(level, outcome, weights) for weights in (None, *counts)]
    table = np.array([[one.slope, one.bend] for one in found])
    slope, bend = _range(table[:, 0], n), _range(table[:, 1], n)
    verdict = _verdict(table[1:, 0], table[1:, 1])
    curves = np.array([one.curve for one in found])
    ends = np.quantile(curves[1:], [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0)
    stops = np.array([one.stop for one in found])
    return Marginal(
        verdict=verdict,
        slope=slope,
        raw_slope=_range(np.array(raw_slopes), n),
        bend=bend,
        here=_range(np.array([one.here for one in found]), n),
        best=_range(stops, n) if verdict == "slowing" and cost is not None else None,
        shapes=found[0].shapes,
        at=here,
        lowest=held.lowest,
        highest=held.highest,
        levels=tuple(held.told.tolist()),
        curve=tuple(curves[0].tolist()),
        low=tuple(ends[0].tolist()),
        high=tuple(ends[1].tolist()),
        n=n,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """The data, or one drawing again of it, fitted."""

    slope: float
    bend: float
    here: float
    stop: float
    curve: Vector
    shapes: tuple[Shape, ...]


def _looked_at(held: Design, weights: Vector | None, here: float, cost: float | None) -> _Look:
    data = held.products(weights)
    best = fitted(data)
    return _Look(
        slope=data.slope,
        bend=data.bend,
        here=best.marginal(here),
        stop=best.stop(cost) if cost is not None else math.nan,
        curve=best.curve(held.told),
        shapes=best.shapes,
    )


def _line(level: Vector, outcome: Vector, weights: Vector | None) -> float:
    """Slope of a straight line, with each row counted so many times."""
    ones = np.ones(level.size) if weights is None else weights
    about = level - float(ones @ level) / float(ones.sum())
    return float((ones * about) @ outcome / (ones @ np.square(about)))


def _verdict(slopes: Vector, bends: Vector) -> Verdict:
    """By the draws: first a slope, then a bend, each on one side of zero in 95 % of them or more.

    A slope that only bends up and down again is none: what is asked is whether more experience goes
    with more money.
    """
    edge = (1 - _SURE) / 2
    if float(np.quantile(slopes, edge)) <= 0:
        return "flat"
    low, high = np.quantile(bends, [edge, 1 - edge])
    if low <= 0 <= high:
        return "not_identifiable"
    return "slowing" if high < 0 else "quickening"


def _range(values: Vector, n: int) -> Estimate:
    """The first value, which is that of the data, with the middle 90 % of the others."""
    low, high = np.quantile(values[1:], [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    first = float(values[0])
    return Estimate(
        estimate=first, low=min(float(low), first), high=max(float(high), first), n=n, level=_LEVEL
    )


def _drawn_again(who: Codes, rng: np.random.Generator, repeats: int) -> list[Vector]:
    """How often each row comes in a sample of customers drawn with putting back."""
    people = int(who.max()) + 1
    return [
        np.bincount(rng.integers(0, people, people), minlength=people)[who].astype(np.float64)
        for _ in range(repeats)
    ]
