"""How many columns of a table can be read side by side, counted in letters.

Figures stand on one line, texts may be broken. Columns that do not fit are left out: first those
that only sort, then from the right. A verdict, a grade and the first figure with a range stay,
because a row is not to be read without them.
"""

import textwrap
from collections.abc import Sequence
from typing import Final

from cxdash.faces.columns import MOST, Column, cell
from cxdash.facts import Row

__all__ = ["BETWEEN", "JUDGED", "fitting", "headings", "natural", "whole"]

BETWEEN: Final = 2  # letters between two columns
JUDGED: Final = ("verdict", "grade", "flagged")
_LEAST: Final = ("kind", "variant", "outcome")  # they only sort what the row says
_HEADING: Final = 16  # letters after which a heading is broken
_SHORT, _LONG_TEXT, _READABLE = 16, 80, 36  # letters a short text needs; from where long; its need


def fitting(shown: Sequence[Column], rows: Sequence[Row], width: int) -> list[Column]:
    """The columns that fit into ``width`` letters; at least two, a name alone tells nothing."""
    kept = list(shown)
    needs = {column.name: _need(column, rows) for column in shown}
    while len(kept) > 2 and (whole([needs[one.name] for one in kept]) > width or len(kept) > MOST):
        loose = [column for column in kept[1:] if column.name in _LEAST]
        loose = loose or [column for column in kept[2:] if column not in _bearing(kept)]
        if not loose:
            break
        kept.remove(loose[-1])
    return kept


def _bearing(columns: Sequence[Column]) -> list[Column]:
    """What a row is not to be read without: its judgement and its first figure with a range."""
    ranged = [column for column in columns if column.low][:1]
    return [*ranged, *(column for column in columns if column.name in JUDGED)]


def headings(titles: Sequence[str]) -> list[list[str]]:
    """Each heading in the lines it is broken into."""
    return [textwrap.wrap(title, _HEADING) or [""] for title in titles]


def natural(heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width each column would like to have."""
    return [
        max([*map(len, head), *(len(row[place]) for row in rows)])
        for place, head in enumerate(heads)
    ]


def whole(widths: Sequence[int]) -> int:
    """Letters a row of such columns takes."""
    return sum(widths) + BETWEEN * len(widths)


def _need(column: Column, rows: Sequence[Row]) -> int:
    texts = [cell(column, row) for row in rows]
    (wide,) = natural(headings([column.title]), [[text] for text in texts])
    if not column.is_text:
        return wide
    return min(wide, _READABLE if wide > _LONG_TEXT else _SHORT)
