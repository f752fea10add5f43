"""Which initiatives fit into the budget and the capacity and return most, exactly?

Source: H. Kellerer, U. Pferschy and D. Pisinger, Knapsack Problems (2004), chapters 9 and 12 for
several limits and for pairs; solved as a whole-number programme by HiGHS, which proves the optimum.
"""

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from cxdash.stats.estimate import finite

__all__ = ["Limit", "Portfolio", "Shared", "best_choice", "best_portfolio", "chosen_shares"]

Vector = NDArray[np.float64]

_ALL_TRIED: Final = 12  # rows up to which every choice is looked at
_SOLVED: Final = 200  # draws that are solved where there are more rows
_AT_ONCE: Final = 500  # draws looked at together, so that they fit into memory
_HAIR: Final = 1e-9  # of a limit, by which a sum of decimals may pass it

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What all chosen rows together may use of one thing: money, working days."""

    uses: ArrayLike
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Value that two rows both claim: chosen together it counts once, so ``amount`` goes off."""

    first: int
    second: int
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """What to do: rows of the chosen initiatives, their summed value and cost.

    ``cost`` is what they use of the first limit; 0 where nothing is limited.
    """

    chosen: tuple[int, ...]
    value: float
    cost: float


def best_portfolio(values: ArrayLike, costs: ArrayLike, budget: float) -> Portfolio:
    """The choice of highest summed value whose summed cost stays within the budget.

    Each initiative is done whole or not at all. Those without a value above zero are never chosen.

    >>> best_portfolio([60, 100, 120], [10, 20, 30], 50).value
    220.0

    Raises
    ------
    ValueError
        Lengths differ, a cost or the budget is negative, or a number is missing.
    """
    return best_choice(values, [Limit(uses=costs, most=budget)])


def best_choice(
    values: ArrayLike,
    limits: Sequence[Limit] = (),
    *,
    shared: Sequence[Shared] = (),
    must: Sequence[int] = (),
    never: Sequence[int] = (),
) -> Portfolio:
    """The choice of highest summed value within every limit.

    Parameters
    ----------
    values
        Shape (rows,): what each row returns on its own.
    shared
        Value that pairs of rows have in common and that counts once.
    must, never
        Rows that are chosen, or left out, whatever they return.

    >>> effort = Limit(uses=[5, 5, 5], most=10)
    >>> best_choice([9, 8, 3], [effort], shared=[Shared(first=0, second=1, amount=7)]).chosen
    (0, 2)

    Raises
    ------
    ValueError
        Lengths differ, a use, a limit or a shared amount is negative, a number is missing, or the
        rows that must be chosen do not fit.
    """
    problem = _Problem.of(values, limits, shared)
    with _errors_only():
        return problem.solved(problem.worth, must, never)


def chosen_shares(
    draws: NDArray[np.float64], limits: Sequence[Limit] = (), *, shared: Sequence[Shared] = ()
) -> Vector:
    """In which share of the draws the best choice holds each row.

    ``draws`` has shape (draws, rows). What pairs share is taken as it is, in every draw. Up to
    twelve rows every choice that fits is looked at, in all draws; with more the best one is solved
    for, in the first 200 of them.
    """
    problem = _Problem.of(draws[0], limits, shared)
    if draws.shape[1] <= _ALL_TRIED:
        return problem.shares_of_all(draws)
    held = np.zeros(draws.shape[1])
    with _errors_only():
        for worth in draws[:_SOLVED]:
            held[list(problem.solved(worth, (), ()).chosen)] += 1
    return held / len(draws[:_SOLVED])


@dataclass(frozen=True, slots=True)
class _Problem:
    """Limits as a matrix over rows and, behind them, one variable a pair that shares value."""

    worth: Vector
    uses: Vector
    most: Vector
    pairs: tuple[Shared, ...]
    matrix: Vector
    bound: Vector

    @classmethod
    def of(cls, values: ArrayLike, limits: Sequence[Limit], shared: Sequence[Shared]) -> "_Problem":
        worth = finite(values, "values")
        uses = np.zeros((len(limits), worth.size))
        for place, limit in enumerate(limits):
            own = finite(limit.uses, "costs")
            if own.size != worth.size:
                raise ValueError(f"{worth.size} values but {own.size} costs")
            if own.min() < 0 or not limit.most >= 0:
                raise ValueError("costs and the budget are not negative")
            uses[place] = own
        if any(pair.amount < 0 for pair in shared):
            raise ValueError("what two rows share is not negative")
        # Scaled to their limits, so that money and days weigh alike in the solver's tolerances.
        most = np.array([float(limit.most) for limit in limits])
        scale = np.where(most > 0, most, np.maximum(uses.max(axis=1, initial=0.0), 1.0))
        pairs = np.zeros((len(shared), worth.size + len(shared)))
        for place, pair in enumerate(shared):
            pairs[place, [pair.first, pair.second]] = 1.0
            pairs[place, worth.size + place] = -1.0  # 1 where both are chosen
        within = np.hstack([uses / scale[:, None], np.zeros((len(limits), len(shared)))])
        return cls(
            worth=worth,
            uses=uses,
            most=most,
            pairs=tuple(shared),
            matrix=np.vstack([within, pairs]),
            bound=np.concatenate([most / scale, np.ones(len(shared))]),
        )

    def solved(self, worth: Vector, must: Sequence[int], never: Sequence[int]) -> Portfolio:
        size, extra = worth.size, len(self.pairs)
        low, high = np.zeros(size + extra), np.ones(size + extra)
        high[:size] = worth > 0
        high[list(never)] = 0.0
        low[list(must)] = high[list(must)] = 1.0
        off = np.array([pair.amount for pair in self.pairs])
        scale = float(np.abs(worth).max()) or 1.0
        found = milp(
            np.concatenate([-worth, off]) / scale,
            constraints=LinearConstraint(self.matrix, ub=self.bound) if len(self.bound) else None,
            integrality=np.ones(size + extra),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 0.0},
        )
        if found.x is None and must:
            raise ValueError("the rows that must be chosen do not fit")
        if found.x is None:
            raise ArithmeticError(f"no optimum was found: {found.message}")
        taken = found.x[:size] > 0.5
        twice = sum(pair.amount for pair in self.pairs if taken[pair.first] and taken[pair.second])
        return Portfolio(
            chosen=tuple(int(row) for row in np.flatnonzero(taken)),
            value=float(worth[taken].sum() - twice),
            cost=float(self.uses[0, taken].sum()) if len(self.uses) else 0.0,
        )

    def shares_of_all(self, draws: Vector) -> Vector:
        """In which share of the draws each row is in the best of all choices that fit."""
        size = draws.shape[1]
        every = (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(np.float64)
        fits = (every @ self.uses.T <= self.most * (1 + _HAIR)).all(axis=1)
        choices = every[fits]
        twice = np.zeros(len(choices))
        for pair in self.pairs:
            twice += pair.amount * choices[:, pair.first] * choices[:, pair.second]
        held = np.zeros(size)
        for start in range(0, len(draws), _AT_ONCE):
            # Of equal choices the first counts, which holds fewer rows or those named before.
            best = (draws[start : start + _AT_ONCE] @ choices.T - twice).argmax(axis=1)
            held += choices[best].sum(axis=0)
        return held / len(draws)


@contextmanager
def _errors_only() -> Iterator[None]:
    """HiGHS prints a line of its own now and then; it must not stand in what a program reads.

    It writes to the descriptor and not to Python's stream, so the descriptor is turned to standard
    error meanwhile.
    """
    with _ONE_AT_A_TIME:
        sys.stdout.flush()
        kept = os.dup(1)
        try:
            os.dup2(2, 1)
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
