"""Shapes that money may take over experience, fitted by least squares side by side.

Every shape is a straight line in something computed from the level: the level itself, a curve that
flattens at one of several paces, its mirror image, or a line with a kink at one of several places.
So all of them are solved from one table of products, which a drawing again only weighs anew.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHAPES", "Design", "Fit", "Products", "Shape", "design", "fitted"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

SHAPES: Final = ("flat", "straight", "slowing", "quickening", "kinked")
_PACES: Final = (0.12, 0.18, 0.27, 0.4, 0.6, 0.9, 1.4)  # of the whole range
_KINKS: Final = tuple(round(0.1 * step, 1) for step in range(2, 9))
_TOLD: Final = 41
_NUMBERS: Final = {"flat": 1, "straight": 2, "slowing": 3, "quickening": 3, "kinked": 4}
_RIDGE: Final = 1e-9
_EXACT: Final = 1e-12
_NOTHING: Final[Vector] = np.zeros(0)
_WITHIN: Final = 4.0  # a shape that fits worse than the best by more has no say


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape, what part of the variance it explains beyond what is held equal, its weight."""

    name: str
    explained: float
    weight: float


@dataclass(frozen=True, slots=True)
class Design:
    """Levels and outcome with what is held equal taken out of both.

    ``features``: shape (n, columns), in the order of :func:`_columns`, centred; ``outcome``: shape
    (n,). ``told`` are the levels at which a curve is told.
    """

    features: Matrix
    outcome: Vector
    lowest: float
    highest: float
    told: Vector

    @property
    def width(self) -> float:
        return self.highest - self.lowest

    def products(self, weights: Vector | None) -> "Products":
        """The sums from which every shape is solved, with each row counted so many times."""
        ones = np.ones(len(self.outcome)) if weights is None else weights
        whole = float(ones.sum())
        centred = self.features - (ones @ self.features) / whole
        about = self.outcome - float(ones @ self.outcome) / whole
        weighed = centred * ones[:, None]
        return Products(
            weighed.T @ centred, weighed.T @ about, float(ones @ np.square(about)), whole, self
        )


@dataclass(frozen=True, slots=True)
class Products:
    """Products of the features, with the outcome, and of the outcome, over ``n`` rows."""

    gram: Matrix
    with_outcome: Vector
    whole: float
    n: float
    of: Design

    @property
    def slope(self) -> float:
        """Outcome a point, by the straight line."""
        return float(self.with_outcome[0] / self.gram[0, 0]) / self.of.width

    @property
    def bend(self) -> float:
        """How much the slope of a parabola changes from the lowest level to the highest."""
        return float(self.solved(_columns()[-1][1])[1]) * 2 / self.of.width

    def solved(self, columns: tuple[int, ...]) -> Vector:
        """Least squares on some columns; a pinch of ridge where two are nearly one."""
        gram = self.gram[np.ix_(columns, columns)]
        steady = gram + np.eye(len(gram)) * _RIDGE * max(float(np.trace(gram)), _RIDGE)
        return np.asarray(np.linalg.solve(steady, self.with_outcome[list(columns)]))


@dataclass(frozen=True, slots=True)
class Fit:
    """The shapes that fit, averaged by their weights.

    ``parts``: (weight, columns, coefficients) of the best curve of each shape.
    """

    parts: tuple[tuple[float, tuple[int, ...], Vector], ...]
    lowest: float
    width: float
    shapes: tuple[Shape, ...]

    def curve(self, levels: Vector) -> Vector:
        """Outcome at the levels, relative to the lowest level seen."""
        rows = _features((levels - self.lowest) / self.width)
        start = _features(np.zeros(1))[0]
        summed = np.zeros(len(levels))
        for weight, columns, coefficients in self.parts:
            summed += weight * ((rows - start)[:, list(columns)] @ coefficients)
        return summed

    def marginal(self, level: float) -> float:
        """What the next point brings at a level, per point."""
        step = 1e-3
        share = min(max((level - self.lowest) / self.width, step), 1 - step)
        ends = self.lowest + self.width * np.array([share - step, share + step])
        low, high = self.curve(ends)
        return float((high - low) / (2 * step * self.width))

    def stop(self, cost: float) -> float:
        """The level from which on no further point brings its cost, within the range seen.

        The level at which what was gained minus what was paid is largest.
        """
        shares = np.linspace(0, 1, 401)
        levels = self.lowest + shares * self.width
        gained = self.curve(levels) - cost * (levels - self.lowest)
        return float(levels[int(gained.argmax())])


def design(level: Vector, outcome: Vector, known: Matrix | None) -> Design:
    """Levels on their own range, everything that is held equal taken out of both sides."""
    lowest, highest = float(level.min()), float(level.max())
    features = _features((level - lowest) / (highest - lowest))
    left = outcome.astype(np.float64)
    if known is not None and known.size:
        base = np.column_stack([np.ones(len(left)), known])
        both = np.column_stack([features, left])
        both = both - base @ np.linalg.lstsq(base, both, rcond=None)[0]
        features, left = both[:, :-1], both[:, -1]
    return Design(features, left, lowest, highest, np.linspace(lowest, highest, _TOLD))


def fitted(data: Products) -> Fit:
    """Every shape at its best, weighed by how well it fits for the numbers it needs (AIC)."""
    best: dict[str, tuple[float, tuple[int, ...], Vector]] = {"flat": (data.whole, (), _NOTHING)}
    for name, columns in _columns():
        solved = data.solved(columns)
        left = data.whole - float(solved @ data.with_outcome[list(columns)])
        falls = name in ("slowing", "quickening") and solved[0] < 0
        if name not in _NUMBERS or falls or (name in best and left >= best[name][0]):
            continue
        best[name] = (left, columns, solved)
    weights = _weights({name: left for name, (left, *_) in best.items()}, data)
    return Fit(
        parts=tuple(
            (weights[name], columns, solved)
            for name, (_, columns, solved) in best.items()
            if weights[name] and columns
        ),
        lowest=data.of.lowest,
        width=data.of.width,
        shapes=tuple(
            Shape(name, 1 - best[name][0] / data.whole if data.whole > 0 else 0.0, weights[name])
            for name in SHAPES
            if name in best
        ),
    )


def _weights(left: Mapping[str, float], data: Products) -> dict[str, float]:
    """Akaike weights of the shapes from the squares each leaves over."""
    floor = max(data.whole, _RIDGE) * _EXACT
    fits = {
        name: data.n * math.log(max(squares, floor)) + 2 * _NUMBERS[name]
        for name, squares in left.items()
    }
    top = min(fits.values())
    weights = {
        name: math.exp(-(fit - top) / 2) if fit - top <= _WITHIN else 0.0
        for name, fit in fits.items()
    }
    summed = sum(weights.values())
    return {name: weight / summed for name, weight in weights.items()}


def _features(share: Vector) -> Matrix:
    """What the shapes are straight lines in; ``share`` runs from 0 to 1 over the range seen."""
    slowing = [(1 - np.exp(-share / pace)) / (1 - math.exp(-1 / pace)) for pace in _PACES]
    quickening = [np.expm1(share / pace) / math.expm1(1 / pace) for pace in _PACES]
    kinked = [np.maximum(share - kink, 0) for kink in _KINKS]
    return np.column_stack([share, *slowing, *quickening, *kinked, np.square(share)])


def _columns() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Each curve of each shape with the columns of the features it takes; the parabola last."""
    paces, kinks = len(_PACES), len(_KINKS)
    curves: list[tuple[str, tuple[int, ...]]] = [("straight", (0,))]
    curves += [("slowing", (1 + at,)) for at in range(paces)]
    curves += [("quickening", (1 + paces + at,)) for at in range(paces)]
    curves += [("kinked", (0, 1 + 2 * paces + at)) for at in range(kinks)]
    curves.append(("parabola", (0, 1 + 2 * paces + kinks)))
    return tuple(curves)
