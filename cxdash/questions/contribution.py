"""What one answer adds to a score: 100, 0 or −100 points to a net share such as NPS, one or nothing
to a satisfied share, itself to an average.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.facts.definitions import Band, Better, Definition
from cxdash.stats.waves import Kind

__all__ = ["Measure", "measure_of"]

Vector = NDArray[np.float64]

_KINDS: Final[dict[str, Kind]] = {"points": "net", "share": "share", "score": "mean"}


@dataclass(frozen=True, slots=True)
class Measure:
    """How answers to an item become its score.

    Parameters
    ----------
    unit
        Of the score itself: points, share or score.
    change_unit, factor
        Of a change: points (percentage points for a share) or score; a difference of scores times
        ``factor`` is in that unit.
    turned
        Whether a low answer is the good one; such answers are turned round on their scale.
    """

    variant: Definition
    kind: Kind
    unit: str
    change_unit: str
    factor: float
    turned: bool

    @property
    def better(self) -> Better:
        """Which direction is good news; an average of a rating whose good end is known rises."""
        return self.variant.better

    def contributions(self, values: Vector) -> Vector:
        """What each answer adds, shape (answers,)."""
        entry, values = self.variant, self._turned(values)
        if self.kind == "mean":
            return np.asarray(values, dtype=np.float64)
        worst, best = entry.bands[0], entry.bands[-1]
        good = (values >= best.low).astype(np.float64)
        if self.kind == "share":
            return good
        return np.asarray(100 * (good - (values <= worst.high)))

    @property
    def worst(self) -> Band:
        """The band of the unhappy."""
        bands = self.variant.bands
        return bands[-1] if self.variant.high_is_good is False else bands[0]

    def is_unhappy(self, values: Vector) -> NDArray[np.bool_]:
        """Whether each answer, or mean of a person's answers, lies in the worst band."""
        values = self._turned(values)
        if self.variant.high_is_good is False:
            return np.asarray(values >= self.worst.low)
        return np.asarray(values <= self.worst.high)

    def _turned(self, values: Vector) -> Vector:
        entry = self.variant
        return (
            (entry.scale_low or 0.0) + (entry.scale_high or 0.0) - values if self.turned else values
        )


def measure_of(variant: Definition, *, high_is_good: bool) -> Measure:
    """The measure of an item of that variant."""
    kind = _KINDS[variant.unit]
    return Measure(
        variant=variant,
        kind=kind,
        unit=variant.unit,
        change_unit="score" if kind == "mean" else "points",
        factor=100.0 if kind == "share" else 1.0,
        turned=high_is_good != (variant.high_is_good is not False),
    )
