"""How much of what was promised came true, and what that says of the next promise.

One entry a promise: what part of the promised money was realised by the same day. The mean is what
such promises came to; the next one differs from the mean as the past ones differed from each other,
so its range is that of a single new promise (Student's t), which is wider than that of the mean.

Source: prediction interval of a normal sample, G. Hahn and W. Meeker, Statistical Intervals (1991).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import finite

__all__ = ["FEWEST_PROMISES", "Kept", "haircut", "kept_promises"]

FEWEST_PROMISES: Final = 4  # fewer do not tell how much promises differ from each other
_SEED: Final = 7_351


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What promises came to, as a ratio of realised to promised.

    ``low`` and ``high`` hold the mean, ``next_low`` and ``next_high`` a single new promise, both
    with probability ``level``. ``spread`` is the standard deviation between promises.
    """

    estimate: float
    low: float
    high: float
    next_low: float
    next_high: float
    spread: float
    n: int
    level: float


def kept_promises(ratios: ArrayLike, *, level: float = 0.90) -> Kept | None:
    """The record of some promises; None where there are too few to speak of one.

    >>> found = kept_promises([0.5, 0.7, 0.6, 0.8])
    >>> round(found.estimate, 2), found.n
    (0.65, 4)
    """
    values = np.asarray(ratios, dtype=np.float64).ravel()
    if values.size < FEWEST_PROMISES:
        return None
    values = finite(values, "promises")
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    reach = float(student.ppf((1 + level) / 2, values.size - 1)) * spread
    of_mean, of_next = reach / math.sqrt(values.size), reach * math.sqrt(1 + 1 / values.size)
    return Kept(
        estimate=mean,
        low=mean - of_mean,
        high=mean + of_mean,
        next_low=mean - of_next,
        next_high=mean + of_next,
        spread=spread,
        n=int(values.size),
        level=level,
    )


def haircut(record: Kept, draws: int, *, seed: int = _SEED) -> NDArray[np.float64]:
    """What part of a new promise comes true, drawn from the record; shape (draws,).

    A record above what was promised raises no new promise: a draw is at most 1.
    """
    noise = np.random.default_rng(seed).standard_t(record.n - 1, draws)
    width = record.spread * math.sqrt(1 + 1 / record.n)
    return np.asarray(np.minimum(record.estimate + width * noise, 1.0))
