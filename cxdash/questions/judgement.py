"""How sure is sure? What every question shares when it judges its own figures."""

from typing import Final

__all__ = ["LEVEL"]

#: Every interval holds the truth so often, as docs/calibration.md shows on companies whose truth is
#: known.
LEVEL: Final = 0.90
