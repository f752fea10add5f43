"""What the kinds of picture share: sizes, colours, shapes, legends, tooltips, layers."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import altair as alt

from cxdash.faces.numbers import axis_format
from cxdash.faces.web.charts.marks import ONE_LINE, TWO_LINES, Mark, distinct
from cxdash.faces.web.escape import plain
from cxdash.facts import Cell, Chart

__all__ = [
    "EDGE",
    "INK",
    "LABEL",
    "SMALL",
    "UPRIGHT_ROOM",
    "beside",
    "colour",
    "ends",
    "figures",
    "heights",
    "heights_of",
    "if_any",
    "layered",
    "legend",
    "legend_height",
    "real",
    "roomy",
    "shape",
    "title_lines",
    "tooltip",
]

LABEL: Final = 16
SMALL: Final = 14
UPRIGHT_ROOM: Final = 0.15
EDGE: Final = 32  # pixels within which an axis label is drawn inwards instead of being cut
INK: Final = "currentColor"  # the colour of the page's text, in either theme
_LINE: Final = (46, 110)  # letters one line of a legend holds: narrow, wide
_LEGEND: Final = 48  # pixels of a legend of one line
_ENTRY: Final = 27
_ALL: Final = 100.0  # a share that is all, as it is drawn
_AROUND_ENTRY: Final = 4  # letters the symbol and the gap of an entry take
_TITLE: Final = 120  # letters of an axis title
_TITLE_LETTER: Final = 7.0  # pixels of a letter of an axis title
_SHAPES: Final = ("circle", "diamond", "square", "triangle-up")


def real(mark: Mapping[str, Cell], field: str) -> float:
    """The number of a field that ``marks`` has filled with one."""
    return float(str(mark[field]))


def ends(drawn: Sequence[Mark], low: str = "lo", high: str = "hi") -> tuple[float, float]:
    """The lowest and the highest point of all intervals."""
    lowest = min(real(mark, low) for mark in drawn)
    return lowest, max(real(mark, high) for mark in drawn)


def layered(drawn: Sequence[Mark], *layers: alt.Chart, height: int) -> alt.LayerChart:
    """Layers over the same marks; a layer may bring data of its own."""
    data = alt.InlineData(values=list(drawn))
    return alt.LayerChart(data=data, layer=list(layers), height=height)


def legend(names: Sequence[str], *, wide: bool) -> alt.Legend:
    """The legend above the picture, large enough to be read from afar.

    Its entries stand below each other when a line would not hold them.
    """
    return alt.Legend(
        columns=1 if _stacked(names, wide=wide) else 0,
        orient="top",
        offset=26,
        title=None,
        labelFontSize=LABEL,
        labelLimit=500,
        symbolSize=150,
        symbolOpacity=1,
    )


def legend_height(names: Sequence[str], *, wide: bool) -> int:
    """Pixels the legend takes above the picture."""
    lines = len(names) if _stacked(names, wide=wide) else 1
    return _LEGEND + _ENTRY * (lines - 1)


def _stacked(names: Sequence[str], *, wide: bool) -> bool:
    return sum(map(len, names)) + _AROUND_ENTRY * len(names) > _LINE[wide]


def colour(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.Color:
    """Colour by group; with one group all takes the accent, the theme's first colour."""
    groups = distinct(drawn, "g")
    return alt.Color(
        "g",
        type="nominal",
        sort=groups,
        scale=alt.Scale(domain=groups),
        legend=legend(groups, wide=wide) if chart.group else None,
    )


def shape(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.Shape:
    """A shape for each group, so that none is told by its colour alone."""
    groups = distinct(drawn, "g")
    return alt.Shape(
        "g",
        type="nominal",
        sort=groups,
        scale=alt.Scale(domain=groups, range=list(_SHAPES)),
        legend=legend(groups, wide=wide) if chart.group else None,
    )


def tooltip(chart: Chart, *more: alt.Tooltip) -> list[alt.Tooltip]:
    """What a mark says when it is pointed at."""
    series = [alt.Tooltip("g", type="nominal", title="Series")] if chart.group else []
    return [
        alt.Tooltip("c", type="nominal", title=plain(chart.category_title) or "Group"),
        *series,
        alt.Tooltip("t", type="nominal", title=plain(chart.value_title) or "Value"),
        alt.Tooltip("r", type="nominal", title="Range"),
        *more,
    ]


def title_lines(title: str, pixels: float) -> list[str]:
    """An axis title on as many lines as it takes not to be cut off at ``pixels``."""
    return wrap(plain(title, _TITLE), max(1, int(pixels / _TITLE_LETTER)), break_long_words=False)


def if_any(drawn: Sequence[Mark], layer: alt.Chart, field: str, *values: str) -> list[alt.Chart]:
    """The layer, kept to marks whose field is one of our words ``values``; to any text without.

    Left out when that is no mark: an empty layer is a picture without a name for a screen reader.
    """
    if not any(mark[field] in values if values else mark[field] for mark in drawn):
        return []
    tests = [f"datum.{field} === '{value}'" for value in values] or [f"datum.{field} !== ''"]
    return [layer.transform_filter(" || ".join(tests))]


def beside(
    row: alt.Chart,
    drawn: Sequence[Mark],
    x: alt.X,
    *,
    size: int = LABEL,
    apart: int = 12,
    **more: Any,
) -> list[alt.Chart]:
    """What is written to the right of ``x`` in each row, on one line or on two."""
    layers = []
    for lines, shift in ((ONE_LINE, 0.0), (TWO_LINES, -size / 2)):
        text = row.mark_text(
            align="left",
            baseline="middle",
            dx=apart,
            dy=shift,
            lineBreak="\n",
            lineHeight=size + 2,
            fontSize=size,
            fontWeight=600,
        )
        layer = text.encode(x=x, text=alt.Text("w", type="nominal"), **more)
        layers += if_any(drawn, layer, "u", lines)
    return layers


def figures(unit: str) -> dict[str, Any]:
    """An axis of figures: few ticks, a faint grid, no line."""
    return {
        "tickCount": 5,
        "grid": True,
        "gridOpacity": 0.35,
        "domain": False,
        "ticks": False,
        **axis_format(unit),
    }


def roomy(low: float, high: float, share: float) -> tuple[float, float]:
    """A scale with room at both ends; where nothing is negative it stops at zero."""
    room = share * ((high - low) or abs(high) or 1.0)
    return (max(0.0, low - room) if low >= 0 else low - room), high + room


def heights_of(chart: Chart, low: float, high: float) -> tuple[float, float]:
    """Ends of the upright scale: with room, but no share is offered beyond all or nothing."""
    bottom, top = roomy(low, high, UPRIGHT_ROOM)
    whole = chart.unit == "share" and high <= _ALL
    return bottom, min(top, _ALL) if whole else top


def heights(chart: Chart, field: str, low: float, high: float) -> alt.Y:
    """The upright scale of values from ``low`` to ``high``, its title written level on top."""
    bottom, top = heights_of(chart, low, high)
    return alt.Y(
        field,
        type="quantitative",
        title=plain(chart.value_title, 120) or None,
        scale=alt.Scale(domain=[bottom, top], nice=5, zero=False),
        axis=alt.Axis(
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-14,
            **figures(chart.unit),
        ),
    )
