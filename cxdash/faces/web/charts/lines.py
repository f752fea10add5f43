"""Lines over time: with a band, or with the limits within which chance alone moves them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import altair as alt

from cxdash.faces.days import day_of
from cxdash.faces.web.charts.marks import Mark, distinct, order
from cxdash.faces.web.charts.moments import Moments, rules
from cxdash.faces.web.charts.shared import (
    EDGE,
    INK,
    LABEL,
    SMALL,
    colour,
    ends,
    heights,
    heights_of,
    if_any,
    layered,
    legend,
    legend_height,
    real,
    tooltip,
)
from cxdash.faces.web.escape import plain
from cxdash.facts import Chart

__all__ = ["INSIDE", "OUTSIDE", "control", "line", "moments_of"]

INSIDE: Final = "Within the limits of chance"
OUTSIDE: Final = "Outside the limits: more than chance"
_FOR_LEVELS: Final = (0.3, 0.14)  # share of the axis kept for the names of the levels
_AXIS: Final = 62  # pixels below and above the drawing itself
_LETTER: Final = 8  # pixels of a letter beside the last point
_LINE_OF_TEXT: Final = 19
_HEIGHT: Final = (280, 340)  # narrow, wide


def line(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """A line over time with its band; the last point of each line carries the label."""
    timed = _dated(drawn)
    last = {mark["g"]: mark["c"] for mark in timed or _in_order(chart, drawn)}
    low, high = ends(drawn)
    written = [mark for mark in timed or drawn if mark["c"] == last[mark["g"]]]
    places = _apart(written, heights_of(chart, low, high), _HEIGHT[wide])
    marked = [
        {**mark, "w": mark["t"] if mark in written else "", "l": places.get(str(mark["g"]), 0.0)}
        for mark in timed or drawn
    ]
    shared = alt.Chart().encode(
        x=_time(chart, drawn, timed=bool(timed)), color=colour(chart, drawn, wide=wide)
    )
    band = shared.mark_area(opacity=0.18).encode(y=heights(chart, "lo", low, high), y2=alt.Y2("hi"))
    path = shared.mark_line(strokeWidth=3, point=alt.OverlayMarkDef(size=70)).encode(
        y=heights(chart, "v", low, high), tooltip=tooltip(chart)
    )
    label = shared.mark_text(align="left", dx=10, fontSize=LABEL, fontWeight=600).encode(
        y=heights(chart, "l", low, high), text=alt.Text("w", type="nominal")
    )
    moments = rules(moments_of(chart, drawn))
    labels = if_any(marked, label, "w")
    height = _HEIGHT[wide] + (legend_height(distinct(drawn, "g"), wide=wide) if chart.group else 0)
    drawing = layered(marked, *moments, band, path, *labels, height=height)
    beyond = max(len(str(mark["t"])) for mark in written) * _LETTER + 8
    return drawing.properties(padding={"left": 5, "top": 5, "bottom": 5, "right": beyond})


def _apart(written: Sequence[Mark], scale: tuple[float, float], height: int) -> dict[str, float]:
    """Where the last values are written, by group: beside their points, never on each other."""
    pixel = (scale[1] - scale[0]) / (height - _AXIS)
    places: dict[str, float] = {}
    ceiling = scale[1] + _LINE_OF_TEXT * pixel
    for mark in sorted(written, key=lambda one: -real(one, "v")):
        place = min(real(mark, "v"), ceiling)
        places[str(mark["g"])] = place
        ceiling = place - _LINE_OF_TEXT * pixel
    return places


def control(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """A line with its centre and limits; what lies outside differs in shape, size and label."""
    timed = _dated(drawn)
    last = str((timed or _in_order(chart, drawn))[-1]["c"])
    marked = [
        {**mark, "g": OUTSIDE if _outside(mark) else INSIDE, "w": _said(mark, last)}
        for mark in timed or drawn
    ]
    low, high = _reach(drawn)
    x = _time(chart, drawn, timed=bool(timed), room=_FOR_LEVELS[wide])

    def y(field: str) -> alt.Y:
        return heights(chart, field, low, high)

    level = alt.Chart().encode(x=x)
    interval = level.mark_rule(strokeWidth=2, opacity=0.4, color=INK).encode(
        y=y("lo"), y2=alt.Y2("hi")
    )
    label = level.mark_text(align="left", dx=12, fontSize=LABEL, fontWeight=600, color=INK).encode(
        y=y("v"), text=alt.Text("w", type="nominal")
    )
    return layered(
        marked,
        *rules(moments_of(chart, drawn)),
        *_levels(level, marked, y),
        *if_any(marked, interval, "r"),
        level.mark_line(strokeWidth=2.5).encode(y=y("v")),
        _dots(chart, level, marked, wide=wide).encode(y=y("v")),
        *if_any(marked, label, "w"),
        *_names_of_levels(marked, y),
        height=_HEIGHT[wide],
    )


def _dots(chart: Chart, level: alt.Chart, marked: Sequence[Mark], *, wide: bool) -> alt.Chart:
    """Points that tell by shape, size and colour whether they lie outside the limits."""
    domain = [INSIDE, OUTSIDE]
    limited = any("a" in mark or "b" in mark for mark in marked)
    said = legend(domain, wide=wide) if limited else None

    def told(of: list[Any]) -> dict[str, Any]:
        return {"type": "nominal", "scale": alt.Scale(domain=domain, range=of)}

    dots: alt.Chart = level.mark_point(filled=True, opacity=1).encode(
        shape=alt.Shape("g", legend=said, **told(["circle", "diamond"])),
        size=alt.Size("g", legend=None, **told([70, 300])),
        color=alt.Color("g", type="nominal", scale=alt.Scale(domain=domain), legend=said),
        tooltip=tooltip(chart)[:1] + tooltip(chart)[-2:],
    )
    return dots


def _levels(level: alt.Chart, marked: Sequence[Mark], y: Callable[[str], alt.Y]) -> list[alt.Chart]:
    """The centre as a line, the limits dashed; steps, because a limit holds for a whole period."""
    return [
        level.transform_filter(f"isValid(datum.{field})")
        .mark_line(color=INK, strokeWidth=1.5, strokeDash=dash, interpolate="step", opacity=0.75)
        .encode(y=y(field))
        for field, dash in (("a", [5, 4]), ("b", [5, 4]), ("m", [1, 0]))
        if any(field in mark for mark in marked)
    ]


def moments_of(chart: Chart, drawn: Sequence[Mark]) -> Moments:
    """The moments that lie on the chart's axis; none when its categories are no time."""
    timed = _dated(drawn)
    if not timed:
        return Moments(shown=(), first=date.min, last=date.max)
    first, last = (date.fromisoformat(str(timed[end]["d"])) for end in (0, -1))
    return Moments.within(chart.moments, first, last)


def _names_of_levels(marked: Sequence[Mark], y: Callable[[str], alt.Y]) -> list[alt.Chart]:
    """The words at the right end of the centre line and of the limits, in the room kept there."""
    last = marked[-1]
    named = {"b": ("upper limit", -9), "m": ("usual", -9), "a": ("lower limit", 11)}
    written = {field: f"{words} {last.get(field + 't')}" for field, (words, _) in named.items()}
    return [
        alt.Chart(alt.InlineData(values=[{field: last[field], "w": written[field]}]))
        .mark_text(align="right", baseline="middle", dy=shift, fontSize=SMALL, color=INK)
        .encode(x=alt.value("width"), y=y(field), text=alt.Text("w", type="nominal"))
        for field, (_, shift) in named.items()
        if field in last
    ]


def _outside(mark: Mark) -> bool:
    value = real(mark, "v")
    below = "a" in mark and value < real(mark, "a")
    return below or ("b" in mark and value > real(mark, "b"))


def _said(mark: Mark, last: str) -> str:
    return str(mark["t"]) if _outside(mark) or mark["c"] == last else ""


def _reach(drawn: Sequence[Mark]) -> tuple[float, float]:
    """The lowest and the highest of points, intervals and limits."""
    seen = [
        real(mark, field) for mark in drawn for field in ("lo", "hi", "a", "b") if field in mark
    ]
    return min(seen), max(seen)


def _dated(drawn: Sequence[Mark]) -> list[Mark]:
    """The marks in order of time, each with its day ``d``; empty when a category is no time."""
    days = [day_of(str(mark["c"])) for mark in drawn]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return []
    dated = [{**mark, "d": day.isoformat()} for mark, day in zip(drawn, known, strict=True)]
    return sorted(dated, key=lambda mark: str(mark["d"]))


def _in_order(chart: Chart, drawn: Sequence[Mark]) -> list[Mark]:
    """The marks in the order of their categories on an axis that is no time."""
    place = {name: number for number, name in enumerate(order(chart, drawn))}
    return sorted(drawn, key=lambda mark: place[str(mark["c"])])


def _time(chart: Chart, drawn: Sequence[Mark], *, timed: bool, room: float = 0.0) -> alt.X:
    """The time axis; ``room`` is the share of it kept free at its right end."""
    title = plain(chart.category_title, 120) or None
    if not timed:
        return alt.X(
            "c",
            type="ordinal",
            sort=order(chart, drawn),
            title=title,
            axis=alt.Axis(labelAngle=0, grid=False, labelOverlap=True),
        )
    return alt.X(
        "d",
        type="temporal",
        timeUnit="utcyearmonthdate",
        title=title,
        scale=_kept_free(_dated(drawn), room),
        axis=alt.Axis(
            labelAngle=0,
            grid=False,
            labelOverlap=True,
            labelFlush=EDGE,
            format="%b %Y",
            tickCount=6,
        ),
    )


def _kept_free(timed: Sequence[Mark], room: float) -> alt.Scale:
    if not room:
        return alt.Scale(type="utc")
    first, last = (date.fromisoformat(str(timed[end]["d"])) for end in (0, -1))
    beyond = last + (last - first) * room
    return alt.Scale(type="utc", domain=[first.isoformat(), beyond.isoformat()])
