"""How much of what can be explained belongs to each item, when the items overlap.

Three views that answer different doubts stand together: the share of R² averaged over all orders
in which items could enter (Shapley, also LMG or general dominance), what an item adds when it
enters last (unique) or first, and what the share of an item with the same overlaps but no part of
its own would look like (placebo). Overlap alone gives items without any part of their own a visible
share, so a share is read beside its placebo and its unique part, never alone. Shares describe; they
do not cause.

Sources: W. Kruskal (1987) and R. Lindeman, P. Merenda, R. Gold (1980) for the average over orders;
D. Budescu (1993) and R. Azen, D. Budescu (2003) for dominance; J. Johnson (2000) for relative
weights; U. Groemping (2006) for bootstrap intervals of shares and ranks; C. Strobl and others
(2008) for the conditional placebo.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import finite, z_of_level

__all__ = [
    "MOST_EXACT",
    "Importance",
    "Part",
    "dominance",
    "relative_importance",
    "relative_weights",
    "shapley",
    "subset_r2",
]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_EXACT: Final = 14  # beyond so many items the average over all orders is too slow
BLOCKS: Final = 1_000  # more units than this are resampled in random blocks of equal number
_ALIKE: Final = 1e-9  # what is left of an item after the others, below which nothing is left
_CELLS_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One item's part of R².

    Parameters
    ----------
    share, low, high
        Its part of R² (0 to 1; the parts of all items sum to R²) and the bootstrap interval.
    rank, rank_low, rank_high
        1 for the largest share, and the interval of the rank. Copies share a rank interval.
    unique, first
        What it adds to R² when it enters after all others, and when it enters alone.
    placebo
        Share that an item with the same overlaps and no part of its own reaches by chance with
        probability (1 − level) / 2 or less.
    coefficient
        Standardised coefficient beside the others; nan when another item says exactly the same.
    left_out
        Why the item takes no part, empty if it does; its numbers are then 0 and its rank the last.
    """

    share: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int
    unique: float
    first: float
    placebo: float
    coefficient: float
    left_out: str = ""

    @property
    def beyond_placebo(self) -> bool:
        """Whether the share is larger than overlap and chance alone would give."""
        return not self.left_out and self.share > self.placebo


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """Parts of R² in the order of the columns given.

    ``exact`` tells the average over all orders (up to 14 items) from Johnson's weights. ``n``
    counts rows, ``units`` what was resampled. ``error_added`` is the relative error that resampling
    blocks instead of single units adds to the width of the intervals (0 without blocks).
    """

    parts: tuple[Part, ...]
    r2: float
    exact: bool
    n: int
    units: int
    draws: int
    level: float
    error_added: float


def relative_importance(
    x: ArrayLike,
    y: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    draws: int = 1000,
    rng: np.random.Generator,
    level: float = 0.90,
) -> Importance:
    """Part of each column of ``x`` in the R² of ``y``, with intervals of share and rank.

    Parameters
    ----------
    x
        Shape (rows, items), finite. A constant column is left out by name; columns that repeat each
        other share what they have in common.
    y
        Shape (rows,); 0 and 1 for an event, whose R² is then that of the linear probability model.
    groups
        Shape (rows,): customer of each row, the unit that is resampled; None: each row by itself.
    weights
        Shape (rows,), not negative; None: all equal.

    Raises
    ------
    ValueError
        Shapes differ, something is not finite, or there are fewer than three rows.

    Notes
    -----
    Everything follows from sums of products, which are summed up for each unit once; a draw then
    costs one product of matrices. Above 1,000 units they are put at random into 1,000 blocks, which
    estimates the same spread with a relative error of √(1 / 2,000).
    """
    columns, outcome = np.atleast_2d(np.asarray(x, dtype=np.float64)), finite(y, "outcome")
    n, items = columns.shape
    if n != outcome.size or n < 3 or not np.isfinite(columns).all():
        raise ValueError(f"needs at least 3 finite rows for each outcome, got {n}, {outcome.size}")
    weight = np.ones(n) if weights is None else finite(weights, "weights")
    own = np.arange(n) if groups is None else np.unique(groups, return_inverse=True)[1]
    kept = [j for j in range(items) if np.ptp(columns[:, j]) > 0]
    constant = np.ptp(outcome) <= 0
    blocks, units = _blocks(np.asarray(own, dtype=np.int64), rng)
    if not kept or constant:
        why = "the outcome is the same for everybody" if constant else _SAME
        out = tuple(_left_out(why, items) for _ in range(items))
        return _importance(out, 0.0, kept, n, units, draws, level)
    scaled = np.column_stack([columns[:, kept], outcome])
    scaled = (scaled - scaled.mean(axis=0)) / scaled.std(axis=0)
    sums = _sums(scaled, weight, blocks)
    whole = _correlations(sums.sum(axis=0)[None])
    share = _shares(whole)[0]
    drawn = _shares(_resampled(sums, draws, rng))
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    rank_low, rank_high = np.quantile(
        _ranks(drawn), [tail, 1 - tail], axis=0, method="nearest"
    ).astype(int)
    rank = _ranks(share[None])[0].astype(int)
    placebo, unique, beta = _beside_the_others(sums, whole[0], level)
    found = {
        j: Part(
            share=float(share[k]),
            low=float(min(low[k], share[k])),
            high=float(max(high[k], share[k])),
            rank=int(rank[k]),
            rank_low=int(min(rank_low[k], rank[k])),
            rank_high=int(max(rank_high[k], rank[k])),
            unique=float(unique[k]),
            first=float(whole[0, k, -1] ** 2),
            placebo=float(placebo[k]),
            coefficient=float(beta[k]),
        )
        for k, j in enumerate(kept)
    }
    parts = tuple(found.get(j) or _left_out(_SAME, items) for j in range(items))
    return _importance(parts, float(share.sum()), kept, n, units, draws, level)


_SAME: Final = "it is the same in every row"


def _importance(
    parts: tuple[Part, ...],
    r2: float,
    kept: list[int],
    n: int,
    units: int,
    draws: int,
    level: float,
) -> Importance:
    return Importance(
        parts=parts,
        r2=r2,
        exact=len(kept) <= MOST_EXACT,
        n=n,
        units=units,
        draws=draws,
        level=level,
        error_added=float(np.sqrt(1 / (2 * BLOCKS))) if units > BLOCKS else 0.0,
    )


def _left_out(why: str, last: int) -> Part:
    return Part(
        share=0.0,
        low=0.0,
        high=0.0,
        rank=last,
        rank_low=last,
        rank_high=last,
        unique=0.0,
        first=0.0,
        placebo=0.0,
        coefficient=0.0,
        left_out=why,
    )


def shapley(correlations: ArrayLike) -> Vector:
    """Share of R² of each item, averaged over all orders of entering (LMG, general dominance).

    ``correlations`` has shape (items + 1, items + 1), or a stack of such; the outcome comes last.
    The shares have shape (items,), or a stack of such, and sum to R². At most 14 items.
    """
    each = np.asarray(correlations, dtype=np.float64)
    stack = each if each.ndim == 3 else each[None]
    count, items = len(stack), stack.shape[1] - 1
    shares = np.empty((count, items))
    at_once = max(1, _CELLS_AT_ONCE // (8 * 2**items))
    for start in range(0, count, at_once):
        some = subset_r2(stack[start : start + at_once])
        weight = _order_weights(items)
        for j in range(items):
            # Seen as (..., item j in or out, ...), a step along j is what j adds to each subset.
            cube = some.reshape(len(some), -1, 2, 2**j)
            added = cube[:, :, 1] - cube[:, :, 0]
            own = weight.reshape(-1, 2, 2**j)[:, 0]
            shares[start : start + at_once, j] = np.tensordot(added, own, axes=2)
    return shares if each.ndim == 3 else shares[0]


def dominance(correlations: ArrayLike) -> Matrix:
    """What each item adds on average to subsets of each size: shape (sizes 0 to k − 1, items).

    The means over the sizes are the general dominance weights, which equal :func:`shapley`.
    """
    matrix = np.asarray(correlations, dtype=np.float64)
    items = matrix.shape[0] - 1
    r2, size = subset_r2(matrix[None])[0], _sizes(items)
    table = np.empty((items, items))
    for j in range(items):
        cube = r2.reshape(-1, 2, 2**j)
        added = (cube[:, 1] - cube[:, 0]).ravel()
        level = size.reshape(-1, 2, 2**j)[:, 0].ravel()
        table[:, j] = np.bincount(level, weights=added, minlength=items) / np.bincount(
            level, minlength=items
        )
    return table


def subset_r2(correlations: Matrix) -> Matrix:
    """R² of every subset of items: shape (stack, 2^items); bit j of the position says item j is in.

    One item after the other is swept out of the correlation matrices of all subsets at once, so
    each subset costs one step. An item of which nothing is left adds nothing.
    """
    stack = np.asarray(correlations, dtype=np.float64)
    count, items = len(stack), stack.shape[1] - 1
    if items > MOST_EXACT:
        raise ValueError(f"at most {MOST_EXACT} items, got {items}")
    # Last item first, so that in the end bit j of the position stands for item j.
    left = stack[:, None]
    for _ in range(items):
        # The item in front of the outcome is swept (first of the pair: not in; second: in).
        pivot = left[..., -2, -2]
        there = pivot > _ALIKE
        rest = np.delete(left, -2, axis=-1)
        across = rest[..., -2, :]
        rest = np.delete(rest, -2, axis=-2)
        scaled = across / np.where(there, pivot, 1.0)[..., None] * there[..., None]
        swept = rest - across[..., :, None] * scaled[..., None, :]
        left = np.stack([rest, swept], axis=2).reshape(count, -1, *rest.shape[-2:])
    # The first swept item (the last column) varies slowest: exactly bit (items − 1).
    return np.asarray(1 - left[..., 0, 0])


def relative_weights(among: ArrayLike, with_outcome: ArrayLike) -> Vector:
    """Each driver's part of R² when drivers are correlated; the parts sum to R² (J. Johnson, 2000).

    ``among`` is the correlation matrix of the drivers (k × k), ``with_outcome`` their correlations
    with the outcome (k). Drivers that say the same share alike. A part of R² describes; it does not
    cause.
    """
    drivers = np.asarray(among, dtype=np.float64)
    outcome = finite(with_outcome, "correlations")
    if drivers.shape != (outcome.size, outcome.size) or not np.allclose(drivers, drivers.T):
        raise ValueError("relative weights need a symmetric matrix with a row for each driver")
    whole = np.block([[drivers, outcome[:, None]], [outcome[None, :], np.ones((1, 1))]])
    return np.asarray(_johnson(whole[None])[0])


def _johnson(stack: Matrix) -> Matrix:
    drivers, outcome = stack[:, :-1, :-1], stack[:, :-1, -1]
    values, vectors = np.linalg.eigh(drivers)
    there = values > _ALIKE * values[:, -1:]
    root = np.sqrt(np.where(there, values, 0.0))
    inverse = np.where(there, 1 / np.sqrt(np.where(there, values, 1.0)), 0.0)
    turned = np.einsum("dij,di->dj", vectors, outcome)
    beta = np.einsum("dij,dj->di", vectors, inverse * turned)
    loadings = np.einsum("dij,dj,dkj->dik", vectors, root, vectors)
    return np.asarray(np.einsum("dij,dj->di", np.square(loadings), np.square(beta)))


def _shares(stack: Matrix) -> Matrix:
    return shapley(stack) if stack.shape[1] - 1 <= MOST_EXACT else _johnson(stack)


@cache
def _sizes(items: int) -> Codes:
    return np.array([subset.bit_count() for subset in range(2**items)], dtype=np.int64)


def _order_weights(items: int) -> Vector:
    """Share of all orders in which exactly the subset stands before one given other item."""
    size = _sizes(items)
    weight = np.array([1 / (items * _choose(items - 1, k)) for k in range(items)] + [0.0])
    return np.asarray(weight[size])


def _choose(n: int, k: int) -> float:
    top: float = 1.0
    for step in range(k):
        top = top * (n - step) / (step + 1)
    return top


def _blocks(own: Codes, rng: np.random.Generator) -> tuple[Codes, int]:
    """Block of each row, and how many units there are."""
    units = int(own.max()) + 1
    if units <= BLOCKS:
        return own, units
    return (rng.permutation(units) % BLOCKS)[own], units


def _sums(scaled: Matrix, weight: Vector, blocks: Codes) -> Matrix:
    """Weighted sums of products of (1, columns) of each block: shape (blocks, q, q)."""
    order = np.argsort(blocks, kind="stable")
    design = np.column_stack([np.ones(len(scaled)), scaled])[order]
    heavy = design * weight[order, None]
    starts = np.flatnonzero(np.diff(blocks[order], prepend=-1))
    width = design.shape[1]
    found = np.empty((len(starts), width, width))
    for j in range(width):
        found[:, j] = np.add.reduceat(heavy[:, j, None] * design, starts, axis=0)
    return found


def _correlations(sums: Matrix) -> Matrix:
    """Correlation matrices from sums of products: shape (stack, q − 1, q − 1)."""
    total = sums[:, 0, 0, None]
    mean = sums[:, 0, 1:] / total
    spread = sums[:, 1:, 1:] / total[..., None] - mean[:, :, None] * mean[:, None, :]
    variance = np.einsum("dii->di", spread)
    scale = np.where(variance > _ALIKE, np.sqrt(np.maximum(variance, _ALIKE)), np.inf)
    matrix = spread / (scale[:, :, None] * scale[:, None, :])
    diagonal = np.arange(matrix.shape[1])
    matrix[:, diagonal, diagonal] = 1.0
    return np.asarray(matrix)


def _resampled(sums: Matrix, draws: int, rng: np.random.Generator) -> Matrix:
    count, width = len(sums), sums.shape[1]
    # Poisson(1) counts stand in for multinomial ones: the same limit. An empty draw is drawn anew
    # as the whole, which with more than a handful of units never happens.
    times = rng.poisson(1.0, (draws, count)).astype(np.float64)
    times[times.sum(axis=1) < 2] = 1.0
    flat = times @ sums.reshape(count, -1)
    return _correlations(flat.reshape(draws, width, width))


def _ranks(shares: Matrix) -> Matrix:
    """1 for the largest share of each row; copies differ by rounding only and share one rank."""
    rounded = np.round(shares, 12)
    return np.asarray((rounded[:, None, :] > rounded[:, :, None]).sum(axis=2) + 1)


def _beside_the_others(sums: Matrix, whole: Matrix, level: float) -> tuple[Vector, Vector, Vector]:
    """Placebo share, unique part of R² and standardised coefficient of each item.

    The placebo of an item keeps its overlaps with the others and loses its own link with the
    outcome: its correlation with the outcome is what the others pass on, plus noise as large as the
    scatter over units of the product of what is left of both.
    """
    items = len(whole) - 1
    half = z_of_level(level)
    centred = _centred(sums)
    n = float(sums[:, 0, 0].sum())
    unique, beta = np.zeros(items), np.full(items, np.nan)
    stack = np.repeat(whole[None], 2 * items, axis=0)
    for j in range(items):
        others = [k for k in range(items) if k != j]
        inner = np.linalg.pinv(whole[np.ix_(others, others)], rcond=_ALIKE, hermitian=True)
        of_item, of_outcome = inner @ whole[others, j], inner @ whole[others, -1]
        left = float(1 - whole[others, j] @ of_item)
        passed = float(whole[others, j] @ of_outcome)
        noise = 0.0
        if left > _ALIKE:
            beta[j] = (whole[j, -1] - passed) / left
            unique[j] = max(0.0, beta[j] ** 2 * left)
            own, outcome = np.zeros(items + 1), np.zeros(items + 1)
            own[j], own[others] = 1.0, -of_item
            outcome[-1], outcome[others] = 1.0, -of_outcome
            scatter = np.einsum("i,uij,j->u", own, centred, outcome)
            noise = half * float(np.sqrt(np.square(scatter - scatter.mean()).sum())) / n
        for sign, row in ((1, 2 * j), (-1, 2 * j + 1)):
            stack[row, j, -1] = stack[row, -1, j] = passed + sign * noise
    shares = _shares(stack)
    at = np.arange(items)
    return np.maximum(shares[2 * at, at], shares[2 * at + 1, at]), unique, beta


def _centred(sums: Matrix) -> Matrix:
    """Sums of products of each unit around the overall means, in overall standard deviations."""
    total = sums.sum(axis=0)
    mean = total[0, 1:] / total[0, 0]
    inner = (
        sums[:, 1:, 1:]
        - sums[:, 0, 1:, None] * mean[None, None, :]
        - mean[None, :, None] * sums[:, 0, None, 1:]
        + sums[:, 0, 0, None, None] * mean[:, None] * mean[None, :]
    )
    variance = np.diag(total[1:, 1:]) / total[0, 0] - mean**2
    scale = np.sqrt(np.maximum(variance, _ALIKE))
    return np.asarray(inner / (scale[:, None] * scale[None, :]))
