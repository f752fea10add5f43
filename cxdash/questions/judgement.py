"""How sure is sure? What every question shares when it judges its own figures."""

from typing import Final

from cxdash.facts import Interval
from cxdash.stats.estimate import z_of_level

__all__ = ["LEVEL", "as_usual"]

#: Every interval holds the truth so often, as docs/calibration.md shows on companies whose truth is
#: known.
LEVEL: Final = 0.90


def as_usual(value: float, interval: Interval) -> Interval:
    """The range of a figure at the usual level, whatever level it was told at.

    A pilot is judged at a level of its own, wider the more often it is looked at; what is worked
    out from it must not take those ends for the usual ones. Each side by itself, as of a normal.
    """
    share = z_of_level(LEVEL) / z_of_level(interval.level)
    return Interval(
        value - share * (value - interval.low), value + share * (interval.high - value), LEVEL
    )
