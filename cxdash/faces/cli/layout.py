"""Tables for a terminal: columns aligned, long texts and headings broken into lines."""

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from cxdash.faces.room import BETWEEN, headings, natural, whole

__all__ = ["grid"]

_SPACE: Final = " " * BETWEEN
_NARROWEST: Final = 12


def grid(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool], width: int
) -> list[str]:
    """The lines of a table that is at most ``width`` wide, as far as its figures allow.

    Figures (``right``) are never broken; texts give way, the widest first.
    """
    heads = headings(header)
    widths = natural(heads, rows)
    texts = [place for place, figure in enumerate(right) if not figure]
    while whole(widths) > width:
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
        lines.append((_SPACE + _SPACE.join(aligned)).rstrip())
    return lines
