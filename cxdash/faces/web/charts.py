"""From an Answer's Chart and its table to a picture. Pure: no Streamlit, no computing.

Pictures are built with Altair and handed on as Vega-Lite dictionaries, because a dictionary can be
kept and building takes some 20 ms. Rows are copied into marks with fixed internal field names, so
no column name or survey text can be read as a path, an expression or a format. Colours are left to
the browser's theme (the order of ``palette.series``), hence one specification serves light and
dark. Every mark carries its interval, and its label says the value and the range in words.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, Final

import altair as alt

from cxdash.faces.web.escape import plain
from cxdash.faces.web.numbers import axis_format, show, show_range
from cxdash.facts import Answer, Cell, Chart

__all__ = ["MAX_MARKS", "Spec", "marks", "picture", "pictures"]

MAX_MARKS: Final = 400
_LABEL: Final = 16
_SMALL: Final = 14
_ROW: Final = 48
_GROUP_ROW: Final = 27
_FAR: Final = 3.0  # times their own spread from zero
_AXIS_AND_TITLE: Final = 66
_LEGEND_LINE: Final = 48
_EDGE: Final = 32  # pixels within which an axis label is drawn inwards instead of being cut
_SHAPES: Final = ("circle", "diamond", "square", "triangle-up")
_SCALE_OF_SHARES: Final = {"share": 100.0}

Spec = dict[str, Any]
Mark = dict[str, Cell]


def pictures(answer: Answer) -> dict[str, Spec]:
    """The picture of every chart by its id; the first has the page's whole width."""
    return {
        chart.id: picture(chart, answer.tables[chart.table], wide=number == 0)
        for number, chart in enumerate(answer.charts)
    }


def picture(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> Spec:
    """A Vega-Lite specification with its data inside; empty if there is nothing to draw.

    ``wide`` says whether it has the whole page's width; a narrow picture writes shorter labels.
    """
    drawn = marks(chart, rows, wide=wide)
    if not drawn:
        return {}
    draw = {"interval": _intervals, "bar": _bars, "line": _line}[chart.kind]
    made = (
        draw(chart, drawn, wide=wide)
        .configure(font="Source Sans, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=_LABEL, titleFontSize=_SMALL, titleFontWeight="normal")
    )
    spec: Spec = made.to_dict()
    return spec


def marks(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> list[Mark]:
    """What the picture draws, in shown units.

    Fields: ``c`` category, ``g`` group (empty without groups), ``v`` value, ``lo`` and ``hi`` its
    interval, ``t`` the value and ``r`` the range as text, ``w`` what is written beside the mark.
    Rows without a finite value are left out: what cannot be told is said in words, not drawn at 0.
    """
    factor = _SCALE_OF_SHARES.get(chart.unit, 1.0)
    drawn: list[Mark] = []
    for row in rows:
        value = _number(row.get(chart.value))
        if value is None:
            continue
        low = _number(row.get(chart.low)) if chart.low else None
        high = _number(row.get(chart.high)) if chart.high else None
        text = show(value, chart.unit, low, high)
        spread = "" if low is None or high is None else show_range(low, high, chart.unit)
        drawn.append(
            {
                "c": plain(row.get(chart.category, ""), 60),
                "g": plain(row.get(chart.group, ""), 60) if chart.group else "",
                "v": value * factor,
                "lo": (value if low is None else low) * factor,
                "hi": (value if high is None else high) * factor,
                "t": text,
                "r": spread,
                "w": _written(text, spread, wide=wide, grouped=bool(chart.group)),
            }
        )
    return drawn[:MAX_MARKS]


def _written(text: str, spread: str, *, wide: bool, grouped: bool) -> str:
    """A mark's label: the range beside the value, below it, or left to the tooltip."""
    if not spread or (grouped and not wide):
        return text
    return f"{text}  ({spread})" if wide else f"{text}\n{spread}"


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
        return None
    return float(cell)


# -- what the kinds of picture share ------------------------------------------------------------


def _distinct(drawn: Sequence[Mark], field: str) -> list[str]:
    return list(dict.fromkeys(str(mark[field]) for mark in drawn))


def _order(chart: Chart, drawn: Sequence[Mark]) -> list[str]:
    found = _distinct(drawn, "c")
    wanted = [plain(name, 60) for name in chart.category_order]
    return [name for name in wanted if name in found] + [
        name for name in found if name not in wanted
    ]


def _ends(drawn: Sequence[Mark]) -> tuple[float, float]:
    """The lowest and the highest point of all intervals."""
    low = min(float(str(mark["lo"])) for mark in drawn)
    high = max(float(str(mark["hi"])) for mark in drawn)
    return low, high


def _layers(drawn: Sequence[Mark], *layers: alt.Chart, height: int) -> alt.LayerChart:
    data = alt.InlineData(values=list(drawn))
    return alt.LayerChart(data=data, layer=list(layers), height=height)


def _legend() -> alt.Legend:
    return alt.Legend(
        orient="top",
        offset=26,
        title=None,
        labelFontSize=_LABEL,
        labelLimit=500,
        symbolSize=150,
        symbolOpacity=1,
    )


def _colour(chart: Chart, drawn: Sequence[Mark]) -> alt.Color:
    """Colour by group; with one group all takes the accent, the theme's first colour."""
    groups = _distinct(drawn, "g")
    return alt.Color(
        "g",
        type="nominal",
        sort=groups,
        scale=alt.Scale(domain=groups),
        legend=_legend() if chart.group else None,
    )


def _shape(chart: Chart, drawn: Sequence[Mark]) -> alt.Shape:
    """A shape for each group, so that none is told by its colour alone."""
    groups = _distinct(drawn, "g")
    return alt.Shape(
        "g",
        type="nominal",
        sort=groups,
        scale=alt.Scale(domain=groups, range=list(_SHAPES)),
        legend=_legend() if chart.group else None,
    )


def _tooltip(chart: Chart) -> list[alt.Tooltip]:
    series = [alt.Tooltip("g", type="nominal", title="Series")] if chart.group else []
    return [
        alt.Tooltip("c", type="nominal", title=plain(chart.category_title) or "Group"),
        *series,
        alt.Tooltip("t", type="nominal", title=plain(chart.value_title) or "Value"),
        alt.Tooltip("r", type="nominal", title="Range"),
    ]


# -- intervals and bars: categories below each other, values to the right -----------------------


def _values(chart: Chart, drawn: Sequence[Mark], field: str, *, wide: bool) -> alt.X:
    """The value scale, with room on the right for the label after each interval.

    Bars start at zero. Dots do too, unless all of them lie far from it and close together.
    """
    low, high = _ends(drawn)
    if chart.kind == "bar" or low < (high - low) * _FAR:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    room = 0.34 if wide else 0.5
    return alt.X(
        field,
        type="quantitative",
        title=plain(chart.value_title, 120) or None,
        scale=alt.Scale(domain=[low, high + room * span], nice=False, zero=False),
        axis=alt.Axis(
            tickCount=5,
            grid=True,
            gridOpacity=0.35,
            domain=False,
            ticks=False,
            labelPadding=6,
            labelFlush=_EDGE,
            **axis_format(chart.unit),
        ),
    )


def _categories(chart: Chart, drawn: Sequence[Mark]) -> alt.Y:
    title = plain(chart.category_title, 120)
    above: dict[str, Any] = {
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleX": 0,
        "titleY": -14,
    }
    return alt.Y(
        "c",
        type="nominal",
        sort=_order(chart, drawn),
        title=title or None,
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2),
        axis=alt.Axis(
            domain=False, ticks=False, labelLimit=320, labelPadding=10, **(above if title else {})
        ),
    )


def _rows(chart: Chart, drawn: Sequence[Mark]) -> alt.Chart:
    """A layer without a mark yet: one row a category, groups below each other, coloured."""
    lane = alt.YOffset("g", type="nominal", sort=_distinct(drawn, "g")) if chart.group else None
    colour = _colour(chart, drawn)
    rows: alt.Chart = alt.Chart().encode(y=_categories(chart, drawn), color=colour)
    return rows if lane is None else rows.encode(yOffset=lane)


def _height(chart: Chart, drawn: Sequence[Mark]) -> int:
    """Height in pixels: one row a category, taller when groups share it."""
    groups = len(_distinct(drawn, "g"))
    around = _AXIS_AND_TITLE + (_LEGEND_LINE if chart.group else 0)
    return around + len(_distinct(drawn, "c")) * (_ROW if groups == 1 else _GROUP_ROW * groups + 12)


def _labels(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.Chart:
    """The value, then its range, written after the interval's end."""
    two_lines = not wide and not chart.group
    text = _rows(chart, drawn).mark_text(
        align="left",
        baseline="middle",
        dx=12,
        dy=-_LABEL / 2 if two_lines else 0,
        lineBreak="\n",
        lineHeight=_LABEL + 2,
        fontSize=_LABEL,
        fontWeight=600,
    )
    written: alt.Chart = text.encode(
        x=_values(chart, drawn, "hi", wide=wide), text=alt.Text("w", type="nominal")
    )
    return written


def _intervals(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """A dot with its interval for each category; groups lie below each other, shapes differ."""
    interval = (
        _rows(chart, drawn)
        .mark_rule(strokeWidth=4, opacity=0.55, strokeCap="round")
        .encode(x=_values(chart, drawn, "lo", wide=wide), x2=alt.X2("hi"))
    )
    dot = (
        _rows(chart, drawn)
        .mark_point(filled=True, size=190, opacity=1)
        .encode(
            x=_values(chart, drawn, "v", wide=wide),
            shape=_shape(chart, drawn),
            tooltip=_tooltip(chart),
        )
    )
    label = _labels(chart, drawn, wide=wide)
    return _layers(drawn, interval, dot, label, height=_height(chart, drawn))


def _bars(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """Bars from zero with their intervals as thin rules."""
    bar = (
        _rows(chart, drawn)
        .mark_bar(opacity=0.75)
        .encode(x=_values(chart, drawn, "v", wide=wide), x2=alt.X2Datum(0), tooltip=_tooltip(chart))
    )
    interval = (
        _rows(chart, drawn)
        .mark_rule(strokeWidth=3)
        .encode(x=_values(chart, drawn, "lo", wide=wide), x2=alt.X2("hi"))
        .transform_filter(alt.datum.r != "")
    )
    label = _labels(chart, drawn, wide=wide)
    return _layers(drawn, bar, interval, label, height=_height(chart, drawn))


# -- lines over time -----------------------------------------------------------------------------


def _time(chart: Chart, drawn: Sequence[Mark], *, timed: bool) -> alt.X:
    title = plain(chart.category_title, 120) or None
    if not timed:
        return alt.X(
            "c",
            type="ordinal",
            sort=_order(chart, drawn),
            title=title,
            axis=alt.Axis(labelAngle=0, grid=False, labelOverlap=True),
        )
    return alt.X(
        "c",
        type="temporal",
        timeUnit="utcyearmonthdate",
        title=title,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            labelAngle=0,
            grid=False,
            labelOverlap=True,
            labelFlush=_EDGE,
            format="%b %Y",
            tickCount=6,
        ),
    )


def _heights(chart: Chart, drawn: Sequence[Mark], field: str) -> alt.Y:
    low, high = _ends(drawn)
    room = 0.15 * (high - low)
    return alt.Y(
        field,
        type="quantitative",
        title=plain(chart.value_title, 120) or None,
        scale=alt.Scale(domain=[low - room, high + room], nice=5, zero=False),
        axis=alt.Axis(
            tickCount=5,
            gridOpacity=0.35,
            domain=False,
            ticks=False,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-14,
            **axis_format(chart.unit),
        ),
    )


def _line(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """A line over time with its band; the last point of each line carries the label."""
    timed = all(_is_date(str(mark["c"])) for mark in drawn)
    last = max(str(mark["c"]) for mark in drawn) if timed else _order(chart, drawn)[-1]
    marked = [{**mark, "w": mark["t"] if mark["c"] == last else ""} for mark in drawn]
    shared = alt.Chart().encode(x=_time(chart, drawn, timed=timed), color=_colour(chart, drawn))
    band = shared.mark_area(opacity=0.18).encode(y=_heights(chart, drawn, "lo"), y2=alt.Y2("hi"))
    line = shared.mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=70)).encode(
        y=_heights(chart, drawn, "v"), tooltip=_tooltip(chart)
    )
    label = (
        shared.mark_text(align="right", dy=-14, fontSize=_LABEL, fontWeight=600)
        .encode(y=_heights(chart, drawn, "v"), text=alt.Text("w", type="nominal"))
        .transform_filter(alt.datum.w != "")
    )
    return _layers(marked, band, line, label, height=340 if wide else 280)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
