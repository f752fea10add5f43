"""Weights that make those who answered look like everybody: cells, margins, chances of answering.

A weight says for how many customers an answer stands. Weights repair what they are made of: if the
opinion itself decides who answers, the bias stays, whatever the weights are.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import finite
from cxdash.stats.evidence import design_effect, effective_answers

__all__ = [
    "Margin",
    "NotRakedError",
    "Weights",
    "inverse_propensity",
    "post_stratified",
    "raked",
    "trimmed",
]

SMALLEST_CHANCE: Final = 0.01
MOST_ROUNDS: Final = 500
TOLERANCE: Final = 1e-8

Vector = NDArray[np.float64]


class NotRakedError(ArithmeticError):
    """The margins could not all be met: they contradict each other or a cell that matters is
    empty.
    """


@dataclass(frozen=True, slots=True)
class Weights:
    """For how many customers each answer stands.

    Parameters
    ----------
    weights
        Shape (answers,), all above zero.
    rounds
        Rounds of raking; 0 for the other methods.
    trimmed
        Weights that were cut, or chances of answering that were lifted.
    """

    weights: Vector
    rounds: int = 0
    trimmed: int = 0

    @property
    def effective(self) -> float:
        """How many equally weighted answers these are worth (Kish)."""
        return effective_answers(self.weights)

    @property
    def design_effect(self) -> float:
        """How many times as many answers the weighting makes necessary (Kish)."""
        return design_effect(self.weights)


@dataclass(frozen=True, slots=True)
class Margin:
    """One thing that is known of everybody: the value of each answer, and how many have each value.

    ``name`` is for messages; ``values`` has shape (answers,).
    """

    name: str
    values: Sequence[Hashable]
    population: Mapping[Hashable, float]


def post_stratified(cells: Sequence[Hashable], population: Mapping[Hashable, float]) -> Weights:
    """Each answer stands for its cell's customers shared by the cell's answers.

    Source: D. Holt and T. M. F. Smith, Journal of the Royal Statistical Society A 142 (1979).

    Parameters
    ----------
    cells
        The cell of each answer, shape (answers,).
    population
        Customers in each cell.

    Raises
    ------
    ValueError
        A cell with customers has no answer, or an answer's cell has no customers: merge cells.

    >>> post_stratified(["a", "a", "b"], {"a": 10, "b": 30}).weights.tolist()
    [5.0, 5.0, 30.0]
    """
    codes, levels, totals = _coded(Margin("cell", cells, population))
    counts = np.bincount(codes, minlength=len(levels))
    return Weights((totals / counts)[codes])


def raked(
    margins: Sequence[Margin],
    *,
    start: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Weights:
    """Weights under which every margin has the population's counts (proportional fitting).

    Source: W. E. Deming and F. F. Stephan, Annals of Mathematical Statistics 11 (1940); worked
    example in G. Kalton and I. Flores-Cervantes, Journal of Official Statistics 19 (2003).

    Parameters
    ----------
    margins
        At least one; all must add up to the same number of customers.
    start
        Weights to begin with, shape (answers,); all equal if not given.
    tolerance
        Largest deviation from any margin, as a share of all customers.

    Raises
    ------
    ValueError
        A margin has a value that nobody who answered has, or the margins add up differently.
    NotRakedError
        The margins were not met within ``most_rounds`` rounds.
    """
    if not margins:
        raise ValueError("raking needs at least one margin")
    coded = [_coded(margin) for margin in margins]
    everybody = coded[0][2].sum()
    for margin, (_, _, totals) in zip(margins, coded, strict=True):
        if not np.isclose(totals.sum(), everybody, rtol=1e-6):
            raise ValueError(
                f"the margins add up differently: {margins[0].name} to {everybody:g}, "
                f"{margin.name} to {totals.sum():g}"
            )
    weights = np.ones(coded[0][0].size) if start is None else finite(start, "weights").copy()
    if any(codes.size != weights.size for codes, _, _ in coded) or weights.min() <= 0:
        raise ValueError("every answer needs a value of each margin and a weight above zero")
    for done in range(1, most_rounds + 1):
        for codes, _, totals in coded:
            reached = np.bincount(codes, weights, minlength=totals.size)
            weights *= (totals / reached)[codes]
        if _farthest(coded, weights) <= tolerance * everybody:
            return Weights(weights, rounds=done)
    raise NotRakedError(
        f"after {most_rounds} rounds a margin is still off by "
        f"{_farthest(coded, weights) / everybody:.2%} of all customers; merge rare values"
    )


def inverse_propensity(chances: ArrayLike, *, smallest: float = SMALLEST_CHANCE) -> Weights:
    """Each answer stands for one over its chance of being given.

    Chances below ``smallest`` are lifted to it, so that no single answer speaks for a crowd; how
    many were is told in ``trimmed``.

    Source: D. G. Horvitz and D. J. Thompson, Journal of the American Statistical Association 47
    (1952); P. R. Rosenbaum, Journal of the American Statistical Association 82 (1987).

    Raises
    ------
    ValueError
        A chance is not above 0 and at most 1.
    """
    chance = finite(chances, "chances of answering")
    if chance.min() <= 0 or chance.max() > 1:
        raise ValueError("a chance of answering lies above 0 and at most at 1")
    return Weights(
        1 / np.maximum(chance, smallest), trimmed=int(np.count_nonzero(chance < smallest))
    )


def trimmed(weights: ArrayLike, *, most: float) -> Weights:
    """Weights above ``most`` times their mean are cut to that; the sum stays what it was.

    Cutting trades a little bias for steadiness. Margins that were met before are then met only
    about.

    Raises
    ------
    ValueError
        ``most`` is not above 1, or a weight is not above zero.
    """
    weight = finite(weights, "weights")
    if weight.min() <= 0 or most <= 1:
        raise ValueError("weights lie above zero, and the largest allowed above their mean")
    cut = np.minimum(weight, most * weight.mean())
    kept = cut * (weight.sum() / cut.sum())
    return Weights(kept, trimmed=int(np.count_nonzero(weight > most * weight.mean())))


def _coded(margin: Margin) -> tuple[NDArray[np.intp], list[Hashable], Vector]:
    """Codes of the answers, the values with customers, and how many customers have each."""
    levels = [value for value, customers in margin.population.items() if customers > 0]
    place = {value: number for number, value in enumerate(levels)}
    unknown = sorted({str(value) for value in margin.values if value not in place})
    if unknown:
        raise ValueError(f"{margin.name}: answers from {unknown}, where no customer is counted")
    codes = np.fromiter((place[value] for value in margin.values), np.intp, len(margin.values))
    seen = np.bincount(codes, minlength=len(levels))
    unheard = sorted(str(value) for value, answers in zip(levels, seen, strict=True) if not answers)
    if unheard:
        raise ValueError(f"{margin.name}: nobody answered from {unheard}; merge these values")
    return codes, levels, np.array([float(margin.population[value]) for value in levels])


def _farthest(
    coded: Sequence[tuple[NDArray[np.intp], list[Hashable], Vector]], weights: Vector
) -> float:
    """The largest deviation of any margin from its customers."""
    return max(
        float(np.abs(np.bincount(codes, weights, minlength=totals.size) - totals).max())
        for codes, _, totals in coded
    )
