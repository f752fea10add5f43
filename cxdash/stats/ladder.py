"""How a unit's answers spread over the scale, and how many top answers the rest cannot explain.

A customer's satisfaction is a hidden normal number; the answer is the step of the scale it falls
on. Units differ in how satisfied their customers are, which moves the whole hidden distribution.
Asking for full marks does something else: it turns a share of all answers into top answers and
leaves the proportions below as they were. So a unit whose top is too heavy for its own low end is
told apart from one that is simply good.

Source: P. McCullagh, Journal of the Royal Statistical Society B 42 (1980), for ordered answers;
D. Lambert, Technometrics 34 (1992), for a mixture with an inflated category; score test with the
nuisance parameter fitted, C. R. Rao (1948).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = ["Ladder", "Plain", "ladder"]

Matrix = NDArray[np.float64]

_LEVELS: Final = np.linspace(-3.0, 4.0, 701)  # of the hidden mean, in customers' own spread
_SHARES: Final = np.linspace(0.0, 0.95, 96)  # of answers that were turned into top answers
_SMALLEST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Plain:
    """What a unit's score would be without the top answers that its other answers cannot explain.

    ``score`` with ``low`` and ``high`` is in the unit of the weights given.
    """

    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of a scale as all units together use them.

    ``cuts`` are the borders of the steps on the hidden scale, shape (steps - 1,).
    """

    cuts: Matrix

    def levels(self, counts: ArrayLike) -> Matrix:
        """Each unit's hidden mean as its answers say, shape (units,); ``counts``: (units, steps).

        A unit without answers gets the most usual level.
        """
        tally = np.asarray(counts, dtype=np.float64)
        likelihood = tally @ np.log(self._chances(_LEVELS)).T
        return np.asarray(_LEVELS[np.argmax(likelihood, axis=1)])

    def bunching(self, counts: ArrayLike) -> tuple[Matrix, Matrix]:
        """Share of answers on the top step beyond what the others explain, and its standard error.

        One step of the efficient score from "nothing is pushed", at the unit's own level; shape
        (units,) both. Units without answers, and scales of two steps, where nothing can be told,
        give nan.
        """
        tally = np.asarray(counts, dtype=np.float64)
        n = tally.sum(axis=1)
        level = self.levels(tally)
        chance, slope = self._chances(level), self._slopes(level)
        top = chance[:, -1]
        with np.errstate(divide="ignore", invalid="ignore"):
            gradient = tally[:, -1] / top - n
            own = n * (1 - top) / top
            shared = n * slope[:, -1] / top
            of_level = n * (np.square(slope) / chance).sum(axis=1)
            information = own - np.square(shared) / of_level
            told = (n > 0) & (information > _SMALLEST * np.maximum(own, 1.0))
            return (
                np.where(told, gradient / information, np.nan),
                np.where(told, 1 / np.sqrt(information), np.nan),
            )

    def plain(
        self,
        counts: ArrayLike,
        weights: ArrayLike,
        *,
        centre: float,
        spread: float,
        level: float = 0.90,
    ) -> Plain:
        """The score of one unit with the pushed answers taken out.

        Parameters
        ----------
        counts
            Shape (steps,): the unit's answers.
        weights
            Shape (steps,): what an answer on each step adds to the score (NPS: 100, 0, −100).
        centre, spread
            Of the hidden means of ordinary units: a unit is presumed to be one of them.

        Flat prior on the share pushed; the interval holds ``level`` of the posterior.
        """
        tally = np.asarray(counts, dtype=np.float64)
        chance = self._chances(_LEVELS)
        likelihood = (
            np.log1p(-_SHARES)[:, None] * tally[:-1].sum()
            + np.log(chance[:, :-1]) @ tally[:-1]
            + tally[-1] * np.log(_SHARES[:, None] + (1 - _SHARES[:, None]) * chance[:, -1])
            - 0.5 * np.square((_LEVELS - centre) / max(spread, 0.01))
        )
        likely = np.exp(likelihood - likelihood.max())
        likely /= likely.sum()
        score = chance @ np.asarray(weights, dtype=np.float64)
        of_level = likely.sum(axis=0)
        order = np.argsort(score)
        held = np.cumsum(of_level[order])
        tail = (1 - level) / 2
        low, high = score[order][np.searchsorted(held, [tail, 1 - tail]).clip(max=len(held) - 1)]
        return Plain(score=float(of_level @ score), low=float(low), high=float(high))

    def _chances(self, level: Matrix) -> Matrix:
        """Chance of each step at each hidden mean, shape (levels, steps)."""
        below = ndtr(self.cuts[None, :] - level[:, None])
        edges = np.zeros((len(level), 1)), np.ones((len(level), 1))
        steps = np.diff(np.hstack([edges[0], below, edges[1]]), axis=1)
        return np.clip(steps, _SMALLEST, None)

    def _slopes(self, level: Matrix) -> Matrix:
        """Derivative of the chances in the hidden mean."""
        z = self.cuts[None, :] - level[:, None]
        density = np.exp(-0.5 * np.square(z)) / math.sqrt(2 * math.pi)
        none = np.zeros((len(level), 1))
        return -np.diff(np.hstack([none, density, none]), axis=1)


def ladder(counts: ArrayLike) -> Ladder:
    """Learn the steps from all units together.

    Parameters
    ----------
    counts
        Shape (units, steps), the best step last; every step must hold an answer.

    Raises
    ------
    ValueError
        Fewer than two steps, or a step nobody chose.
    """
    tally = np.asarray(counts, dtype=np.float64)
    if tally.ndim != 2 or tally.shape[1] < 2:
        raise ValueError("a scale has at least two steps")
    total = tally.sum(axis=0)
    if (total <= 0).any():
        raise ValueError("a step of the scale that nobody chose says nothing")
    return Ladder(ndtri(np.cumsum(total)[:-1] / total.sum()))
