"""From an Answer's Chart and its table to a Vega-Lite picture. Pure: no Streamlit, no computing.

Rows are copied into marks with fixed internal field names, so no column name or survey text can be
read as a path, an expression or a format. Colours are left to the browser's theme (the order of
``palette.series``), hence one specification serves light and dark. Every mark carries its interval,
and its label says the value and the range in words.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, Final

from cxdash.faces.web.escape import plain
from cxdash.faces.web.numbers import axis_format, show, show_range
from cxdash.facts import Cell, Chart

__all__ = ["MAX_MARKS", "marks", "picture"]

MAX_MARKS: Final = 400
_LABEL: Final = 16
_SMALL: Final = 14
_ROW: Final = 48
_GROUP_ROW: Final = 27
_FAR: Final = 3.0  # times their own spread from zero
_AXIS_AND_TITLE: Final = 66
_LEGEND_LINE: Final = 40
_SHAPES: Final = ("circle", "diamond", "square", "triangle-up")
_SCALE_OF_SHARES: Final = {"share": 100.0}

_LEGEND: Final[dict[str, Any]] = {
    "orient": "top",
    "title": None,
    "labelFontSize": _LABEL,
    "symbolSize": 150,
    "symbolOpacity": 1,
    "labelLimit": 500,
}

Spec = dict[str, Any]
Mark = dict[str, Cell]


def marks(chart: Chart, rows: Sequence[Mapping[str, Cell]]) -> list[Mark]:
    """What the picture draws: fields c, v, lo, hi, g, t (label), r (range); values in shown units.

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
        mark: Mark = {
            "c": plain(row.get(chart.category, ""), 60),
            "v": value * factor,
            "lo": (value if low is None else low) * factor,
            "hi": (value if high is None else high) * factor,
            "t": show(value, chart.unit, low, high),
            "r": "" if low is None or high is None else show_range(low, high, chart.unit),
        }
        if chart.group:
            mark["g"] = plain(row.get(chart.group, ""), 60)
        drawn.append(mark)
    return drawn[:MAX_MARKS]


def picture(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> Spec:
    """A Vega-Lite specification with its data inside; empty if there is nothing to draw.

    ``wide`` says whether it has the whole page's width; a narrow picture writes shorter labels.
    """
    drawn = marks(chart, rows)
    if not drawn:
        return {}
    builder = {"interval": _intervals, "bar": _bars, "line": _line}[chart.kind]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": drawn},
        "config": _CONFIG,
        **builder(chart, drawn, wide=wide),
    }


_CONFIG: Final[Spec] = {
    "view": {"stroke": None},
    "axis": {"labelFontSize": _LABEL, "titleFontSize": _SMALL, "titleFontWeight": "normal"},
    "font": "Source Sans, sans-serif",
}


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
        return None
    return float(cell)


def _distinct(drawn: Sequence[Mark], field: str) -> list[str]:
    return list(dict.fromkeys(str(mark[field]) for mark in drawn))


def _order(chart: Chart, drawn: Sequence[Mark]) -> list[str]:
    found = _distinct(drawn, "c")
    wanted = [plain(name, 60) for name in chart.category_order]
    return [name for name in wanted if name in found] + [
        name for name in found if name not in wanted
    ]


def _colour(drawn: Sequence[Mark]) -> Spec:
    """Colour by group; with one group all takes the accent, the theme's first colour."""
    if "g" in drawn[0]:
        return {
            "field": "g",
            "type": "nominal",
            "sort": _distinct(drawn, "g"),
            "scale": {"domain": _distinct(drawn, "g")},
            "legend": _LEGEND,
        }
    return {"datum": "", "type": "nominal", "legend": None}


def _value_axis(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> Spec:
    """The value scale, with room on the right for the label after each interval.

    Bars start at zero. Dots do too, unless all of them lie far from it and close together.
    """
    low = min(float(str(mark["lo"])) for mark in drawn)
    high = max(float(str(mark["hi"])) for mark in drawn)
    if chart.kind == "bar" or low < (high - low) * _FAR:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    room = 0.34 if wide else 0.5
    return {
        "type": "quantitative",
        "title": plain(chart.value_title, 120) or None,
        "scale": {"domain": [low, high + room * span], "nice": False, "zero": False},
        "axis": {
            "tickCount": 5,
            "grid": True,
            "gridOpacity": 0.35,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            **axis_format(chart.unit),
        },
    }


def _category_axis(chart: Chart, drawn: Sequence[Mark]) -> Spec:
    return {
        "field": "c",
        "type": "nominal",
        "sort": _order(chart, drawn),
        "title": plain(chart.category_title, 120) or None,
        "scale": {"paddingInner": 0.35, "paddingOuter": 0.2},
        "axis": {
            "domain": False,
            "ticks": False,
            "labelLimit": 320,
            "labelPadding": 10,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "start",
            "titleX": 0,
            "titleY": -14,
        }
        if chart.category_title
        else {"domain": False, "ticks": False, "labelLimit": 320, "labelPadding": 10},
    }


def _offset(drawn: Sequence[Mark]) -> Spec:
    if "g" not in drawn[0]:
        return {}
    return {"yOffset": {"field": "g", "sort": _distinct(drawn, "g"), "type": "nominal"}}


def _height(drawn: Sequence[Mark]) -> int:
    """Height in pixels: one row a category, taller when groups share it."""
    categories = len(_distinct(drawn, "c"))
    groups = len(_distinct(drawn, "g")) if "g" in drawn[0] else 1
    around = _AXIS_AND_TITLE + (_LEGEND_LINE if groups > 1 else 0)
    return around + categories * (_ROW if groups == 1 else _GROUP_ROW * groups + 12)


def _labels(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> list[Spec]:
    """The value, then its range, written after the interval's end."""
    shared = {"y": _category_axis(chart, drawn), **_offset(drawn)}
    axis = {"x": {"field": "hi", **_value_axis(chart, drawn, wide=wide)}}
    text = "datum.r == '' ? datum.t : datum.t + '  (' + datum.r + ')'"
    if not wide:
        text = "datum.t" if "g" in drawn[0] else "datum.r == '' ? datum.t : [datum.t, datum.r]"
    return [
        {
            "transform": [{"calculate": text, "as": "w"}],
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "dx": 12,
                "dy": 0 if wide or "g" in drawn[0] else -_LABEL / 2,
                "lineHeight": _LABEL + 2,
                "fontSize": _LABEL,
                "fontWeight": 600,
            },
            "encoding": {
                **shared,
                **axis,
                "text": {"field": "w"},
                "color": _colour(drawn),
            },
        }
    ]


def _intervals(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> Spec:
    """A dot with its interval for each category; groups lie below each other, shapes differ."""
    y: Spec = {"y": _category_axis(chart, drawn), **_offset(drawn)}
    axis = _value_axis(chart, drawn, wide=wide)
    grouped = "g" in drawn[0]
    shape: Spec = (
        {
            "shape": {
                "field": "g",
                "type": "nominal",
                "sort": _distinct(drawn, "g"),
                "scale": {"domain": _distinct(drawn, "g"), "range": list(_SHAPES)},
                "legend": _LEGEND,
            }
        }
        if grouped
        else {}
    )
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.55, "strokeCap": "round"},
            "encoding": {
                **y,
                "x": {"field": "lo", **axis},
                "x2": {"field": "hi"},
                "color": _colour(drawn),
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 190, "opacity": 1},
            "encoding": {
                **y,
                "x": {"field": "v", **axis},
                "color": _colour(drawn),
                **shape,
                "tooltip": _tooltip(chart, grouped=grouped),
            },
        },
        *_labels(chart, drawn, wide=wide),
    ]
    return {"height": _height(drawn), "layer": layers}


def _bars(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> Spec:
    """Bars from zero with their intervals as thin rules."""
    y: Spec = {"y": _category_axis(chart, drawn), **_offset(drawn)}
    axis = _value_axis(chart, drawn, wide=wide)
    grouped = "g" in drawn[0]
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "opacity": 0.75},
            "encoding": {
                **y,
                "x": {"field": "v", **axis},
                "x2": {"datum": 0},
                "color": _colour(drawn),
                "tooltip": _tooltip(chart, grouped=grouped),
            },
        },
        {
            "transform": [{"filter": "datum.r != ''"}],
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": {
                **y,
                "x": {"field": "lo", **axis},
                "x2": {"field": "hi"},
                "color": _colour(drawn),
            },
        },
        *_labels(chart, drawn, wide=wide),
    ]
    return {"height": _height(drawn), "layer": layers}


def _line(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> Spec:
    """A line over time with its band; the last point of each line carries the label."""
    timed = all(_is_date(str(mark["c"])) for mark in drawn)
    x: Spec = {
        "field": "c",
        "title": plain(chart.category_title, 120) or None,
        "axis": {"labelAngle": 0, "grid": False, "labelOverlap": True},
        **(
            {"type": "temporal", "timeUnit": "utcyearmonthdate"}
            if timed
            else {"type": "ordinal", "sort": _order(chart, drawn)}
        ),
    }
    if timed:
        x["axis"] = {**x["axis"], "format": "%b %Y", "tickCount": 6}
        x["scale"] = {"type": "utc"}
    low = min(float(str(mark["lo"])) for mark in drawn)
    high = max(float(str(mark["hi"])) for mark in drawn)
    room = 0.15 * (high - low)
    y: Spec = {
        "type": "quantitative",
        "title": plain(chart.value_title, 120) or None,
        "scale": {"domain": [low - room, high + room], "nice": 5, "zero": False},
        "axis": {
            "tickCount": 5,
            "gridOpacity": 0.35,
            "domain": False,
            "ticks": False,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleY": -14,
            "titleX": 0,
            **axis_format(chart.unit),
        },
    }
    grouped = "g" in drawn[0]
    last = max(str(mark["c"]) for mark in drawn) if timed else _order(chart, drawn)[-1]
    ends = [{**mark} for mark in drawn if mark["c"] == last]
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.18},
            "encoding": {
                "x": x,
                "y": {"field": "lo", **y},
                "y2": {"field": "hi"},
                "color": _colour(drawn),
            },
        },
        {
            "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 70}},
            "encoding": {
                "x": x,
                "y": {"field": "v", **y},
                "color": _colour(drawn),
                "tooltip": _tooltip(chart, grouped=grouped),
            },
        },
        {
            "data": {"values": ends},
            "mark": {
                "type": "text",
                "align": "right",
                "dy": -14,
                "fontSize": _LABEL,
                "fontWeight": 600,
            },
            "encoding": {
                "x": x,
                "y": {"field": "v", **y},
                "text": {"field": "t"},
                "color": _colour(drawn),
            },
        },
    ]
    return {"height": 340 if wide else 280, "layer": layers}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _tooltip(chart: Chart, *, grouped: bool) -> list[Spec]:
    fields = [{"field": "c", "type": "nominal", "title": plain(chart.category_title) or "Group"}]
    if grouped:
        fields.append({"field": "g", "type": "nominal", "title": "Series"})
    fields.append({"field": "t", "type": "nominal", "title": plain(chart.value_title) or "Value"})
    fields.append({"field": "r", "type": "nominal", "title": "Range"})
    return fields
