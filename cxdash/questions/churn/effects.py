"""What a realistic improvement of one thing goes with: fewer leavers or not, and how sure.

The effect of a step is the mean change of the chance of leaving over the customers it is about, had
each of them made the step and everything else the model knows stayed as it was. Beside it stands
the raw effect, from a model that knows that one thing alone, and one with only the groups of the
customer list (segment, plan, region) held equal, which tells whether a link is merely theirs.
Intervals are by the delta method; ranks are drawn from the joint distribution of all effects.

Source: average partial effects, J. Wooldridge, Econometric Analysis of Cross Section and Panel Data
(2010), section 15.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.design import Kind
from cxdash.stats.estimate import p_of_z, z_of_level
from cxdash.stats.logistic import LogisticFit
from cxdash.stats.wald import wald

__all__ = ["Effect", "Learn", "Ranks", "Step", "effects", "ranks", "raw_effect"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Fit on some columns of some rows: (matrix of these rows and columns, rows) -> fit, or None where
#: there is too little to learn from.
Learn = Callable[[Matrix, Mask], LogisticFit | None]

DRAWS: Final = 4000


@dataclass(frozen=True, slots=True)
class Step:
    """A realistic improvement of one thing.

    Parameters
    ----------
    name, label
        Stable name, and the step as a row is called by it, so that the sign of what goes with it
        cannot be taken the wrong way round: "1 contact fewer", "Support, 1 point up".
    kind
        Who knows of it.
    words
        The step in words, such as "1 point more on the scale 1 to 5".
    short
        The same as it stands in a sentence, without a word of direction, such as
        "1 extra point on Support".
    columns
        Columns of the design matrix that it moves.
    known
        Shape (rows,): rows of which the thing is known.
    rows
        Shape (rows,): rows the step is about, among those known.
    moved
        Shape (rows the step is about, columns): the columns after the step.
    jointly
        Whether the p-value asks all its columns at once: "none of them matters". For a thing of
        many levels, of which a single step shows only a part.
    """

    name: str
    label: str
    kind: Kind
    words: str
    short: str
    columns: tuple[int, ...]
    known: Mask
    rows: Mask
    moved: Matrix
    jointly: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean change of the chance of leaving (a share; negative: fewer leave), with its interval.

    ``before`` is the mean chance of the same customers as they are.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    before: float

    @property
    def beyond_noise(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Ranks:
    """1 for the step with the fewest leavers after it; ``low`` to ``high`` where it may stand."""

    rank: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Change:
    """A mean change and its gradient in the coefficients."""

    value: float
    gradient: Matrix
    before: float


def _change(fit: LogisticFit, before: Matrix, columns: Sequence[int], moved: Matrix) -> _Change:
    equal = np.full(len(before), 1 / len(before))
    after = before.copy()
    after[:, list(columns)] = moved
    start, start_slope = fit.gradient(before, equal)
    end, end_slope = fit.gradient(after, equal)
    return _Change(end - start, end_slope - start_slope, start)


def _with_interval(fit: LogisticFit, change: _Change, level: float) -> Effect:
    error = fit.deviation(change.gradient)
    half = z_of_level(level) * error
    p_value = p_of_z(change.value / error) if error > 0 else 1.0
    low, high = change.value - half, change.value + half
    return Effect(change.value, low, high, p_value, change.before)


def effects(
    fit: LogisticFit, matrix: Matrix, steps: Sequence[Step], *, level: float
) -> tuple[tuple[Effect, ...], Matrix]:
    """The effect of each step under one model, and the joint covariance of the effects.

    Parameters
    ----------
    matrix
        Shape (rows, k), as the model was fitted.

    Returns
    -------
    One effect a step, and their covariance, shape (steps, steps).
    """
    changes = [_change(fit, matrix[step.rows], step.columns, step.moved) for step in steps]
    slopes = np.array([change.gradient for change in changes])
    covariance = slopes @ fit.covariance @ slopes.T if steps else np.empty((0, 0))
    found = [_with_interval(fit, change, level) for change in changes]
    asked = [
        replace(effect, p_value=_joint(fit, step)) if step.jointly else effect
        for effect, step in zip(found, steps, strict=True)
    ]
    return tuple(asked), covariance


def _joint(fit: LogisticFit, step: Step) -> float:
    places = 1 + np.array(step.columns)
    return wald(fit.coefficients[places], fit.covariance[np.ix_(places, places)])


def raw_effect(
    learn: Learn, matrix: Matrix, step: Step, *, level: float, beside: Sequence[int] = ()
) -> Effect | None:
    """The same step under a model that knows this thing alone, and the columns ``beside`` it.

    None where there is too little to learn from.
    """
    columns = [*step.columns, *beside]
    fit = learn(matrix[step.known][:, columns], step.known)
    if fit is None:
        return None
    own = list(range(len(step.columns)))
    before = matrix[step.rows][:, columns]
    return _with_interval(fit, _change(fit, before, own, step.moved), level)


def ranks(
    found: Sequence[Effect], covariance: Matrix, *, level: float, rng: np.random.Generator
) -> tuple[Ranks, ...]:
    """Where each step stands by its effect, and between which places it may stand."""
    if not found:
        return ()
    middle = np.array([effect.estimate for effect in found])
    drawn = rng.multivariate_normal(middle, covariance, DRAWS, method="eigh", check_valid="ignore")
    places = 1 + np.argsort(np.argsort(drawn, axis=1), axis=1)
    tail = (1 - level) / 2
    low = np.quantile(places, tail, axis=0, method="inverted_cdf")
    high = np.quantile(places, 1 - tail, axis=0, method="inverted_cdf")
    own = 1 + np.argsort(np.argsort(middle))
    return tuple(
        Ranks(int(rank), int(min(one, rank)), int(max(other, rank)))
        for rank, one, other in zip(own, low, high, strict=True)
    )
