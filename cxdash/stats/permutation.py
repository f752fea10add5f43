"""Could the difference between treated and untreated units have come by lot?

Treatment was given to whole units (regions, teams, stores), so the lot is drawn over units again,
however many customers each has. With few units every assignment is tried, which makes the p-value
exact; the smallest p-value the number of units allows is said beside it. The interval holds every
effect that the test does not refuse.

Source: G. Imbens and D. Rubin, Causal Inference for Statistics, Social, and Biomedical Sciences
(2015), chapter 5; B. Phipson and G. Smyth (2010) for counting the assignment that happened.
"""

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdash.stats.estimate import finite

__all__ = ["Permuted", "assignments", "permuted"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
ENUMERATED: Final = 20_000
_HALVINGS: Final = 60
_TOUCH: Final = 1e-9
_FURTHEST: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Permuted:
    """Treated minus untreated mean over units, with what lots drawn again say about it.

    ``low`` and ``high`` are infinite where the units are too few for the level. ``smallest_p`` is
    the least p-value these units could have given; ``exact`` says that all assignments were tried.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    smallest_p: float
    assignments: int
    exact: bool
    level: float


def assignments(
    units: int, treated: int, *, rng: np.random.Generator, most: int = ENUMERATED
) -> tuple[Flags, bool]:
    """Ways to treat ``treated`` of ``units``: flags of shape (ways, units), and whether all are in.

    All of them where there are at most ``most``, else that many drawn at random.
    """
    if not 0 < treated < units:
        raise ValueError(f"a comparison needs treated and untreated units, got {treated}/{units}")
    count = math.comb(units, treated)
    if count <= most:
        flags = np.zeros((count, units), dtype=bool)
        for row, chosen in enumerate(combinations(range(units), treated)):
            flags[row, list(chosen)] = True
        return flags, True
    order = np.argsort(rng.random((most, units)), axis=1)
    return order < treated, False


def permuted(
    values: ArrayLike,
    treated: ArrayLike,
    *,
    rng: np.random.Generator,
    level: float = 0.90,
    most: int = ENUMERATED,
) -> Permuted:
    """Difference of means over units of assignment, judged by lots drawn again.

    Parameters
    ----------
    values
        Shape (units,): what each unit did, such as its change from before to after.
    treated
        Shape (units,), boolean.
    """
    own, chosen = finite(values, "values", at_least=2), np.asarray(treated, dtype=bool).ravel()
    if own.size != chosen.size:
        raise ValueError(f"{own.size} values but {chosen.size} assignments")
    flags, exact = assignments(own.size, int(chosen.sum()), rng=rng, most=most)
    estimate = float(own[chosen].mean() - own[~chosen].mean())
    lots = _Lots(
        gap=estimate,
        drawn=_gaps(own, flags),
        of_one=_gaps(chosen.astype(np.float64), flags),
        exact=exact,
        mirrored=2 * int(chosen.sum()) == chosen.size,
    )
    spread = float(np.ptp(own))
    return Permuted(
        estimate=estimate,
        low=_end(lots, spread, level, upward=False),
        high=_end(lots, spread, level, upward=True),
        p_value=lots.p_value(0.0),
        smallest_p=lots.smallest,
        assignments=len(flags),
        exact=exact,
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Lots:
    """Gaps under every lot drawn: of the values, and of an effect of one on the treated."""

    gap: float
    drawn: Vector
    of_one: Vector
    exact: bool
    mirrored: bool

    def p_value(self, effect: float) -> float:
        """Two-sided p-value of "the effect is this large"."""
        seen = abs(self.gap - effect)
        others = np.abs(self.drawn - effect * self.of_one)
        # The assignment that happened counts as one of the lots; rounding must not exclude ties.
        as_large = int((others >= seen - _TOUCH * max(1.0, seen)).sum())
        lots = self.drawn.size
        return as_large / lots if self.exact else (as_large + 1) / (lots + 1)

    @property
    def smallest(self) -> float:
        lots = self.drawn.size
        if not self.exact:
            return 1 / (lots + 1)
        # With as many treated as untreated, swapping all gives the same size of difference.
        return (2 if self.mirrored else 1) / lots


def _gaps(values: Vector, flags: Flags) -> Vector:
    inside = flags.sum(axis=1)
    sums = flags.astype(np.float64) @ values
    return np.asarray(sums / inside - (values.sum() - sums) / (values.size - inside))


def _end(lots: _Lots, spread: float, level: float, *, upward: bool) -> float:
    """The effect furthest from the estimate that is not refused, by halving."""
    refused = 1 - level + _TOUCH
    sign = 1.0 if upward else -1.0
    if lots.smallest > refused:
        return sign * math.inf
    reach = 2 * spread + 1.0
    while lots.p_value(lots.gap + sign * reach) > refused:
        reach *= 4
        if reach > _FURTHEST * (spread + 1.0):
            return sign * math.inf
    inside, outside = 0.0, reach
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        if lots.p_value(lots.gap + sign * middle) > refused:
            inside = middle
        else:
            outside = middle
    return lots.gap + sign * outside
