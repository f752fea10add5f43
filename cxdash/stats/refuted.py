"""Is a link gone once other things are held equal, or can the data merely no longer tell?

A wide range that happens to hold zero refutes nothing: absence of evidence is not evidence of
absence. A link is gone only when the range that is left rules out what was counted.

Source: D. G. Altman and J. M. Bland, British Medical Journal 311 (1995), for the difference.
"""

from typing import Protocol

__all__ = ["Ranged", "refutes"]


class Ranged(Protocol):
    """An estimate with its interval, both in one unit."""

    @property
    def estimate(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...


def refutes(held: Ranged, raw: Ranged | None) -> bool:
    """Whether no link is left of a clear one, with a range that rules out what was counted.

    Parameters
    ----------
    held
        The link with other things held equal.
    raw
        The link as counted, in the same unit; None where it could not be compared.
    """
    if raw is None or not _clear(raw) or _clear(held):
        return False
    return not held.low <= raw.estimate <= held.high


def _clear(link: Ranged) -> bool:
    return link.low > 0 or link.high < 0
