"""Lines a report writes below its table: totals, a copyright, when and by whom it was made."""

import re
from collections.abc import Sequence
from typing import Final

from cxdash.intake.cells import TOTAL_LINE

__all__ = ["FOOTER", "is_footer"]

FOOTER: Final = "the line is a footer of the report, not a row"
_WORDS: Final = re.compile(
    r"confidential( information)?\b.*|copyright\b.*|\(c\) ?\d{4}.*|©.*|all rights reserved.*"
    r"|(this )?(report|file|export)( was)? (generated|created|exported|run|printed)\b.*"
    r"|(generated|exported|printed|downloaded) (on|by|at|from)\b.*|end of (report|file)\b.*"
    r"|(total |number of )?(records|rows|results)( count)?:? ?\d+|\d+ (records|rows|results)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_TOTAL: Final = re.compile(TOTAL_LINE)


def is_footer(cells: Sequence[str]) -> bool:
    """Whether a line holds a single text, and one that reports write below their table.

    >>> is_footer(["Copyright (c) 2000-2026 salesforce.com, inc.", "", ""])
    True
    >>> is_footer(["C1", "Copyright"]), is_footer(["C1"])
    (False, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1:
        return False
    return bool(_WORDS.fullmatch(filled[0]) or _TOTAL.fullmatch(filled[0]))
