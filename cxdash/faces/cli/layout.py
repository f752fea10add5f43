"""Tables for a terminal: columns aligned, long texts and headings broken into lines."""

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

__all__ = ["grid", "room_for"]

_BETWEEN: Final = "  "
_HEADING: Final = 16  # characters after which a heading is broken
_NARROWEST: Final = 12
_READABLE: Final = 28  # characters below which a long text is no longer read


def grid(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool], width: int
) -> list[str]:
    """The lines of a table that is at most ``width`` wide, as far as its figures allow.

    Figures (``right``) are never broken; texts give way, the widest first.
    """
    heads = [textwrap.wrap(name, _HEADING) or [""] for name in header]
    widths = _natural(heads, rows)
    texts = [place for place, figure in enumerate(right) if not figure]
    while _whole(widths) > width:
        place = max(texts, key=lambda one: widths[one], default=None)
        if place is None or widths[place] <= _NARROWEST:
            break
        widths[place] -= 1
    lines = _broken(heads, widths, right)
    for row in rows:
        cells = [
            textwrap.wrap(cell, widths[place]) or [""] if not right[place] else [cell]
            for place, cell in enumerate(row)
        ]
        lines += _broken(cells, widths, right)
    return lines


def room_for(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool], width: int
) -> int:
    """How many of the columns, from the first, fit into ``width`` with their texts readable.

    At least two, because a name alone tells nothing.
    """
    heads = [textwrap.wrap(name, _HEADING) or [""] for name in header]
    natural = _natural(heads, rows)
    least = [
        wide if figure else min(wide, _READABLE)
        for wide, figure in zip(natural, right, strict=True)
    ]
    fitting = [count for count in range(len(least) + 1) if _whole(least[:count]) <= width]
    return max(fitting[-1], min(2, len(least)))


def _natural(heads: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[int]:
    """The width each column would like to have."""
    return [
        max([*map(len, head), *(len(row[place]) for row in rows)])
        for place, head in enumerate(heads)
    ]


def _whole(widths: Sequence[int]) -> int:
    return sum(widths) + len(_BETWEEN) * len(widths)


def _broken(
    cells: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]
) -> list[str]:
    """One row whose cells have several lines each."""
    lines = []
    for parts in zip_longest(*cells, fillvalue=""):
        aligned = [
            part.rjust(width) if figure else part.ljust(width)
            for part, width, figure in zip(parts, widths, right, strict=True)
        ]
        lines.append((_BETWEEN + _BETWEEN.join(aligned)).rstrip())
    return lines
