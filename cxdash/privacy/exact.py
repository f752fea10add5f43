"""Which small sets of customers can be worked out from sums over larger sets, whatever is summed.

Somebody who may ask for the sum of anything over certain sets of customers can work out that sum
for exactly those sets whose indicator is a linear combination of theirs. Customers whom no set
parts are one atom: nobody can tell them apart. Let N be a basis of what the sets cannot see (the
null space of the matrix of sets by atoms): a union of atoms is determined exactly if its rows of N
add up to zero. N is looked at through random projections, so that a union is a sum of numbers.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["determined"]

Matrix = NDArray[np.float64]
Sizes = NDArray[np.int64]

_SEED: Final = 40_112
_LOOKS: Final = 3  # random projections that must all vanish
_ZERO: Final = 1e-9
_MOST_FOR_FOUR: Final = 2_500  # small atoms up to which unions of three and four are tried as well


def determined(sets: Matrix, sizes: Sizes, fewest: int) -> list[tuple[Sizes, Matrix]]:
    """Unions of atoms with fewer than ``fewest`` customers that sums over the sets determine.

    Parameters
    ----------
    sets
        A row for each set and a column for each atom: 1 where it belongs to the set, else 0.
    sizes
        Customers of each atom.

    Returns
    -------
    The places of the atoms of each, and the weights of the sets whose combination it is. Single
    atoms first: where any is determined, nothing larger is looked for.
    """
    small = np.flatnonzero((sizes < fewest) & (sizes > 0) & (sets.any(axis=0)))
    if not small.size:
        return []
    inverse = np.linalg.pinv(sets @ sets.T, rcond=1e-10, hermitian=True)
    drawn = np.random.default_rng(_SEED).normal(size=(sets.shape[1], _LOOKS))
    unseen = (drawn - sets.T @ (inverse @ (sets @ drawn)))[small]
    return [
        (small[list(places)], inverse @ sets[:, small[list(places)]].sum(axis=1))
        for places in _vanishing(unseen, sizes[small], fewest)
    ]


def _vanishing(unseen: Matrix, sizes: Sizes, fewest: int) -> Iterator[tuple[int, ...]]:
    """Unions of fewer than ``fewest`` customers whose rows add up to zero, the smallest only."""
    alone = np.flatnonzero(np.abs(unseen).max(axis=1) < _ZERO)
    if alone.size:
        yield from ((int(place),) for place in alone)
        return
    every = np.arange(len(sizes))
    first, second = every, every
    if len(sizes) <= _MOST_FOR_FOUR:
        # Unions are met in the middle: parts of one or two atoms, and the parts that cancel them.
        first, second = np.triu_indices(len(sizes))
        fits = sizes[first] + np.where(first == second, 0, sizes[second]) < fewest
        first, second = first[fits], second[fits]
    is_pair = first != second
    sums = unseen[first, 0] + is_pair * unseen[second, 0]
    order = np.argsort(sums)
    ranked = sums[order]
    wanted = -ranked[::-1]  # in order too, which makes the search quick
    starts, ends = np.searchsorted(ranked, wanted - _ZERO), np.searchsorted(ranked, wanted + _ZERO)
    told: set[tuple[int, ...]] = set()
    for place in np.flatnonzero(ends > starts):
        part = order[len(order) - 1 - place]
        for other in order[starts[place] : ends[place]]:
            both = {int(first[part]), int(second[part]), int(first[other]), int(second[other])}
            if np.abs(unseen[list(both)].sum(axis=0)).max() > _ZERO:
                continue
            one, two = ({int(first[at]), int(second[at])} for at in (part, other))
            union = tuple(sorted(one | two))
            if not one & two and union not in told and sizes[list(union)].sum() < fewest:
                told.add(union)
                yield union
