"""Beside whom may a group that was chosen, not drawn, be set?

Each treated customer is set beside the few untreated ones most like it in what was known before;
what differs between them beforehand is taken out by a line fitted on the untreated. Nobody drew a
lot, so what nobody recorded may still set them apart: the balance after matching, and an outcome
from before the start that nothing can have moved, are looked at and shown.

Source: A. Abadie and G. Imbens, Econometrica 74 (2006), for the estimate and its variance, and
Journal of Business & Economic Statistics 29 (2011) for taking out what is left.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree
from scipy.stats import t as student

from cxdash.stats.estimate import Difference, finite

__all__ = ["FEWEST", "LARGEST_GAP", "Matched", "matched"]

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEWEST: Final = 20  # treated, and untreated to choose from
LARGEST_GAP: Final = 0.20  # standard deviations; more is called unbalanced, and no line mends it
_NEAREST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Treated minus matched untreated mean.

    ``before`` and ``after`` hold the standardised difference of each column, in standard
    deviations, without and with matching, shape (columns,); ``used`` counts the untreated that
    were matched to somebody.
    """

    difference: Difference
    before: Matrix
    after: Matrix
    used: int

    @property
    def balanced(self) -> bool:
        return bool((np.abs(self.after) <= LARGEST_GAP).all())


def matched(
    outcome: ArrayLike, known: Matrix, treated: ArrayLike, *, level: float = 0.95
) -> Matched:
    """Average difference for the treated, each beside the four untreated most like it.

    Parameters
    ----------
    outcome
        Shape (rows,).
    known
        Shape (rows, columns): what was known before, all columns counting alike.
    treated
        Shape (rows,), boolean.

    Raises
    ------
    ValueError
        Fewer than twenty on either side, shapes differ, or a value is missing.
    """
    own, chosen = finite(outcome, "outcome", at_least=2), np.asarray(treated, dtype=bool).ravel()
    table = np.asarray(known, dtype=np.float64)
    if table.ndim != 2 or len(table) != own.size or chosen.size != own.size:
        raise ValueError("outcome, known and treated need equal lengths")
    if min(int(chosen.sum()), int((~chosen).sum())) < FEWEST:
        raise ValueError(f"matching needs {FEWEST} treated and {FEWEST} untreated")
    scaled = _standard(table)
    inside, others = scaled[chosen], scaled[~chosen]
    _, near = KDTree(others).query(inside, k=_NEAREST)
    slope = _slope(own[~chosen], others)
    y = own[~chosen]
    # What the match still differs by is moved by the line of the untreated.
    instead = (y[near] + (inside[:, None, :] - others[near]) @ slope).mean(axis=1)
    gaps = own[chosen] - instead
    counts = np.bincount(near.ravel(), minlength=y.size)
    used = counts > 0
    return Matched(
        difference=_difference(gaps, counts, _noise(y, others), int(used.sum()), level),
        before=inside.mean(axis=0) - others.mean(axis=0),
        after=inside.mean(axis=0) - np.average(others, axis=0, weights=counts),
        used=int(used.sum()),
    )


def _standard(table: Matrix) -> Matrix:
    spread = table.std(axis=0, ddof=1)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _slope(outcome: Matrix, known: Matrix) -> Matrix:
    design = np.column_stack([np.ones(len(known)), known])
    return np.asarray(np.linalg.lstsq(design, outcome, rcond=None)[0][1:])


def _noise(outcome: Matrix, known: Matrix) -> Matrix:
    """Variance of the outcome at each untreated one, from the one most like it."""
    _, near = KDTree(known).query(known, k=3)
    return np.asarray(outcome[near].var(axis=1, ddof=1))


def _difference(
    gaps: Matrix, counts: NDArray[np.int64], noise: Matrix, used: int, level: float
) -> Difference:
    """Abadie and Imbens: spread of the gaps, and more for whoever serves several times."""
    size, estimate = gaps.size, float(gaps.mean())
    weight = counts / _NEAREST
    again = weight**2 - counts / _NEAREST**2
    variance = float(((gaps - estimate) ** 2).sum() + (again * noise).sum()) / size**2
    if not variance > 0:
        raise ValueError("all matched differences are equal, so their spread is not known")
    error = math.sqrt(variance)
    freedom = max(1, min(size, used) - 1)
    half = float(student.ppf((1 + level) / 2, freedom)) * error
    return Difference(
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        p_value=float(2 * student.sf(abs(estimate) / error, freedom)),
        n_first=size,
        n_second=used,
        level=level,
    )
