"""After how many periods does one thing follow another, unit by unit?

Each delay is tried alone, within units and within periods; the one that explains most is taken, and
its range holds what units drawn again give.

Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), for drawing units.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.within_units import Rows, swept

__all__ = ["Lag", "delay"]

Matrix = NDArray[np.float64]

_BOOTSTRAPS: Final = 400
_FEWEST: Final = 2  # units and periods without which nothing can be drawn again


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """After how many periods the outcome follows; ``low`` to ``high`` holds it at the level."""

    periods: int
    low: int
    high: int


def delay(
    cause: Matrix,
    outcome: Matrix,
    weight: Matrix,
    *,
    furthest: int,
    rng: np.random.Generator,
    level: float = 0.90,
) -> Lag | None:
    """How far back the cause fits best; None where too few rows reach back so far.

    Parameters
    ----------
    cause, outcome, weight
        Shape (units, periods); nan, or a weight of zero, where nothing is known.
    furthest
        The longest delay that is tried, in periods.
    """
    back = range(1, furthest + 1)
    periods = cause.shape[1]
    shifted = np.full((*cause.shape, len(back)), np.nan)
    for place, by in enumerate(back):
        shifted[:, by:, place] = cause[:, : periods - by]
    known = np.isfinite(shifted).all(axis=-1) & np.isfinite(outcome) & (weight > 0)
    known &= (known.sum(axis=1) > 1)[:, None]
    unit, period = np.nonzero(known)
    if min(len(np.unique(unit)), len(np.unique(period))) < _FEWEST:
        return None
    rows = Rows.of(outcome[known], shifted[known], weight[known], unit, period)
    columns, left = swept(rows, rows.x[None])[0], rows.swept_y
    root = rows.root[:, None]
    together = rows.by_unit((columns * root) * (left * rows.root)[:, None])
    alone = rows.by_unit((columns * root) ** 2)
    best = int(np.argmax(_explained(together.sum(axis=0), alone.sum(axis=0))))
    counts = rng.multinomial(rows.units, np.full(rows.units, 1 / rows.units), _BOOTSTRAPS)
    again = np.argmax(_explained(counts @ together, counts @ alone), axis=1)
    low, high = np.quantile(again, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return Lag(periods=best + 1, low=min(int(low), best) + 1, high=max(int(high), best) + 1)


def _explained(together: Matrix, alone: Matrix) -> Matrix:
    """How much of the outcome each lag explains alone."""
    return np.asarray(together**2 / np.maximum(alone, np.finfo(float).tiny))
