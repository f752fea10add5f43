"""One figure of the company as it stands at the end of a month, and what it says of a target."""

from dataclasses import dataclass
from typing import Final, Literal

from cxdash.facts import Interval
from cxdash.facts.definitions import Better

__all__ = ["Reading", "Verdict", "moved", "verdict"]

Verdict = Literal["met", "not met", "cannot tell"]

_IN_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure, worked out from what is loaded.

    Parameters
    ----------
    name, label
        Of the measure, for programs and for readers.
    value, low, high
        In ``unit``; ``low`` and ``high`` are None for an exact sum, all three where ``why`` says
        that it cannot be told.
    better
        Which direction is good.
    definition
        Variant in the catalogue.
    n, of
        What stands behind it: ``n`` customers, answers or contacts (``of``).
    period
        The days it speaks of.
    """

    name: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    better: Better
    definition: str
    n: int
    of: str
    period: str
    method: str
    why: str = ""

    @property
    def interval(self) -> Interval | None:
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Between which figures it lies; an exact sum is both ends at once."""
        if self.value is None:
            return None
        reach = self.interval
        return (reach.low, reach.high) if reach else (self.value, self.value)

    def typed(self, figure: float | None) -> float | None:
        """A figure that a person typed, in the unit of the reading: shares come in percent."""
        if figure is None or self.unit != "share":
            return figure
        return figure / _IN_PERCENT


def verdict(now: Reading, target: float | None, baseline: float | None = None) -> Verdict:
    """Whether a target is reached with the whole range: ``met``, ``not met``, ``cannot tell``.

    Which side is the good one follows from where it stood (``baseline``), else from the measure.
    Both in the unit of the reading.
    """
    ends = now.ends
    wanted = _direction(now, target, baseline)
    if ends is None or target is None or wanted == "neither":
        return "cannot tell"
    low, high = ends
    if wanted == "higher":
        return "met" if low >= target else "not met" if high < target else "cannot tell"
    return "met" if high <= target else "not met" if low > target else "cannot tell"


def moved(now: Reading, baseline: float | None) -> Interval | None:
    """Now minus where it stood, which counts as known; None where either is missing."""
    ends = now.ends
    if ends is None or baseline is None:
        return None
    return Interval(ends[0] - baseline, ends[1] - baseline)


def _direction(now: Reading, target: float | None, baseline: float | None) -> Better:
    if target is None or baseline is None or target == baseline:
        return now.better
    return "higher" if target > baseline else "lower"
