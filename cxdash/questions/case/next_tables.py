"""The tables about the next point: the curve, and how well each shape fits."""

from typing import Final

import numpy as np

from cxdash.facts import Row
from cxdash.questions.case.found import Found

__all__ = ["levels", "shapes"]

_POINTS: Final = 11  # of the curve that are told
_CENTS: Final = 2
_IN_WORDS: Final = {
    "flat": "no link",
    "straight": "each point alike",
    "slowing": "each further point less",
    "quickening": "each further point more",
    "kinked": "a bend at one level",
}


def levels(found: Found) -> list[Row]:
    """Money a year that goes with a level, relative to the lowest level seen."""
    told = found.next_point
    if isinstance(told, str) or not told.found.is_readable:
        return []
    seen = np.array(told.found.levels)
    places = np.unique(np.linspace(0, len(seen) - 1, _POINTS).round().astype(int))
    return [
        {
            "name": f"{seen[at]:.1f}",
            "level": round(float(seen[at]), _CENTS),
            "revenue": round(told.found.curve[at] * told.revenue, _CENTS),
            "revenue_low": round(told.found.low[at] * told.revenue, _CENTS),
            "revenue_high": round(told.found.high[at] * told.revenue, _CENTS),
        }
        for at in places
    ]


def shapes(found: Found) -> list[Row]:
    """Every shape that was tried, the likeliest first."""
    told = found.next_point
    if isinstance(told, str) or not told.found.shapes:
        return []
    ranked = sorted(told.found.shapes, key=lambda shape: -shape.weight)
    return [
        {
            "shape": _IN_WORDS[shape.name],
            "weight_share": shape.weight,
            "explained_share": shape.explained,
            "n": told.found.n,
        }
        for shape in ranked
    ]
