"""Intervals and bars: categories below each other, values to the right.

With many categories the rows close up; beyond ``_NAMED`` of them nobody can read a name per row, so
only the ordered intervals are drawn, as in the curve of all defensible choices.
"""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from cxdash.faces.web.charts.marks import CLOSE, Mark, distinct, order
from cxdash.faces.web.charts.shared import (
    EDGE,
    INK,
    LABEL,
    SMALL,
    beside,
    colour,
    ends,
    figures,
    if_any,
    layered,
    legend_height,
    real,
    shape,
    title_lines,
    tooltip,
)
from cxdash.faces.web.escape import plain
from cxdash.facts import Chart

__all__ = ["bars", "intervals"]

_ROW: Final = 48
_GROUP_ROW: Final = 27
_GAP: Final = 12  # pixels between categories that hold groups
_AXIS_AND_TITLE: Final = 66
_TITLE_LINE: Final = 18  # pixels of each further line of the title below the values
_LEFT_ROOM: Final = 0.02  # share of the scale, so that no interval begins at the very edge
_FAR: Final = 3.0  # times their own spread from zero
_CLOSED_UP: Final = 0.7
_WIDTH: Final = (500, 1_100)  # pixels a picture has on a projector: narrow, wide
_NAME_LIMIT: Final = (270, 320)  # pixels for the names of categories
_LETTER: Final = 8.6  # pixels of a letter
_BESIDE_WORDS: Final = 20  # pixels between an interval and its words
_MOST_FOR_WORDS: Final = 0.6  # share of the picture
_NAMED: Final = 24  # categories that still get a name each
_THIN_ROW: Final = 8


def intervals(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """A dot with its interval for each category; groups lie below each other, shapes differ."""
    if _too_many_to_name(drawn):
        return _curve(chart, drawn, wide=wide)
    interval = (
        _rows(chart, drawn, wide=wide)
        .mark_rule(strokeWidth=4, opacity=0.55, strokeCap="round")
        .encode(x=_values(chart, drawn, "lo", wide=wide), x2=alt.X2("hi"))
    )
    dot = (
        _rows(chart, drawn, wide=wide)
        .mark_point(filled=True, size=190, opacity=1)
        .encode(
            x=_values(chart, drawn, "v", wide=wide),
            shape=shape(chart, drawn, wide=wide),
            tooltip=tooltip(chart),
        )
    )
    labels = _labels(chart, drawn, wide=wide)
    height = _height(chart, drawn, wide=wide)
    return layered(drawn, *_zero(chart, drawn, wide=wide), interval, dot, *labels, height=height)


def bars(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """Bars from zero with their intervals as thin rules."""
    bar = (
        _rows(chart, drawn, wide=wide)
        .mark_bar(opacity=0.75)
        .encode(x=_values(chart, drawn, "v", wide=wide), x2=alt.X2Datum(0), tooltip=tooltip(chart))
    )
    interval = (
        _rows(chart, drawn, wide=wide)
        .mark_rule(strokeWidth=3)
        .encode(x=_values(chart, drawn, "lo", wide=wide), x2=alt.X2("hi"))
    )
    labels = _labels(chart, drawn, wide=wide)
    ranges = if_any(drawn, interval, "r")
    return layered(drawn, bar, *ranges, *labels, height=_height(chart, drawn, wide=wide))


def _curve(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """Many intervals without names, one thin row each, in the order of the chart or of size."""
    placed = [
        {**mark, "c": f"{number:03d}", "n": mark["c"]}
        for number, mark in enumerate(_ordered(chart, drawn))
    ]
    names = [alt.Tooltip("n", type="nominal", title=plain(chart.category_title) or "Choice")]
    row = alt.Chart().encode(
        y=alt.Y("c", type="nominal", title=None, axis=None), color=colour(chart, drawn, wide=wide)
    )
    interval = row.mark_rule(strokeWidth=3, opacity=0.5).encode(
        x=_values(chart, drawn, "lo", wide=wide, room=0.03), x2=alt.X2("hi")
    )
    dot = row.mark_point(filled=True, size=70, opacity=1).encode(
        x=_values(chart, drawn, "v", wide=wide, room=0.03),
        shape=shape(chart, drawn, wide=wide),
        tooltip=[*names, *tooltip(chart)[1:]],
    )
    height = _around(chart, drawn, wide=wide) + _THIN_ROW * len(placed)
    zero = _zero(chart, drawn, wide=wide, room=0.03)
    return layered(placed, *zero, interval, dot, height=height)


def _too_many_to_name(drawn: Sequence[Mark]) -> bool:
    """Whether a name per row cannot be read, or two marks would lie on the same row."""
    rows = {(mark["c"], mark["g"]) for mark in drawn}
    return len(distinct(drawn, "c")) > _NAMED or len(rows) < len(drawn)


def _ordered(chart: Chart, drawn: Sequence[Mark]) -> list[Mark]:
    """By size; where the chart names categories those come first, the others as they stand."""
    if not chart.category_order:
        return sorted(drawn, key=lambda mark: real(mark, "v"))
    place = {name: number for number, name in enumerate(order(chart, drawn))}
    named = len(chart.category_order)
    return sorted(drawn, key=lambda mark: min(place[str(mark["c"])], named))


def _domain(
    chart: Chart, drawn: Sequence[Mark], *, wide: bool, room: float | None
) -> tuple[float, float]:
    """Ends of the value scale, with room on the right for the label after each interval.

    Bars start at zero. Dots do too, unless all of them lie far from it and close together.
    """
    low, high = ends(drawn)
    if chart.kind == "bar" or low < (high - low) * _FAR:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    low -= _LEFT_ROOM * span if low < 0 else 0.0
    if room is not None:
        return low, high + room * span
    return low, low + max(span, *(_reach(mark, drawn, low, wide=wide) for mark in drawn))


def _reach(mark: Mark, drawn: Sequence[Mark], low: float, *, wide: bool) -> float:
    """How long the value scale must be for the words after this mark's interval to fit."""
    words = max(map(len, str(mark["w"]).split("\n"))) * _LETTER + _BESIDE_WORDS
    share = min(words / _across(drawn, wide=wide), _MOST_FOR_WORDS)
    return (real(mark, "hi") - low) / (1 - share)


def _across(drawn: Sequence[Mark], *, wide: bool) -> float:
    """Pixels from the names of the categories to the right edge."""
    names = min(_NAME_LIMIT[wide], max(len(str(one["c"])) for one in drawn) * _LETTER)
    return _WIDTH[wide] - names


def _title(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> list[str]:
    """The title below the values; without names it has the whole width."""
    named = not _too_many_to_name(drawn)
    return title_lines(chart.value_title, _across(drawn, wide=wide) if named else _WIDTH[wide])


def _values(
    chart: Chart, drawn: Sequence[Mark], field: str, *, wide: bool, room: float | None = None
) -> alt.X:
    lines = _title(chart, drawn, wide=wide)
    return alt.X(
        field,
        type="quantitative",
        title=lines[0] if len(lines) == 1 else lines or None,
        scale=alt.Scale(
            domain=list(_domain(chart, drawn, wide=wide, room=room)), nice=False, zero=False
        ),
        axis=alt.Axis(labelPadding=6, labelFlush=EDGE, **figures(chart.unit)),
    )


def _zero(
    chart: Chart, drawn: Sequence[Mark], *, wide: bool, room: float | None = None
) -> list[alt.Chart]:
    """The line of "no difference", drawn when something lies below it."""
    low, _ = _domain(chart, drawn, wide=wide, room=room)
    if low >= 0:
        return []
    rule = alt.Chart(alt.InlineData(values=[{}])).mark_rule(
        color=INK, strokeWidth=1.5, opacity=0.6, aria=False
    )
    return [rule.encode(x=alt.XDatum(0, type="quantitative"))]


def _categories(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.Y:
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
        sort=order(chart, drawn),
        title=title or None,
        scale=alt.Scale(paddingInner=0.15 if _closed_up(drawn) else 0.35, paddingOuter=0.2),
        axis=alt.Axis(
            domain=False,
            ticks=False,
            labelLimit=_NAME_LIMIT[wide],
            labelPadding=10,
            **(above if title else {}),
        ),
    )


def _rows(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.Chart:
    """A layer without a mark yet: one row a category, groups below each other, coloured."""
    shared = _lanes(drawn) > 1
    lane = alt.YOffset("g", type="nominal", sort=distinct(drawn, "g")) if shared else None
    rows: alt.Chart = alt.Chart().encode(
        y=_categories(chart, drawn, wide=wide), color=colour(chart, drawn, wide=wide)
    )
    return rows if lane is None else rows.encode(yOffset=lane)


def _lanes(drawn: Sequence[Mark]) -> int:
    """Lanes of a row: one for each group, but only one if no category has several."""
    pairs = {(mark["c"], mark["g"]) for mark in drawn}
    alone = len(pairs) == len(distinct(drawn, "c"))
    return 1 if alone else len(distinct(drawn, "g"))


def _closed_up(drawn: Sequence[Mark]) -> bool:
    return len(distinct(drawn, "c")) > CLOSE


def _around(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> int:
    shown = legend_height(distinct(drawn, "g"), wide=wide) if chart.group else 0
    more = len(_title(chart, drawn, wide=wide)) - 1
    return _AXIS_AND_TITLE + _TITLE_LINE * max(0, more) + shown


def _height(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> int:
    """Height in pixels: one row a category, taller when groups share it, less when many do."""
    lanes, categories = _lanes(drawn), len(distinct(drawn, "c"))
    row = _ROW if lanes == 1 else _GROUP_ROW * lanes + _GAP
    if _closed_up(drawn):
        row = round(row * _CLOSED_UP)
    return _around(chart, drawn, wide=wide) + categories * row


def _labels(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> list[alt.Chart]:
    """The value, then its range, written after the interval's end."""
    return beside(
        _rows(chart, drawn, wide=wide),
        drawn,
        _values(chart, drawn, "hi", wide=wide),
        size=SMALL if _closed_up(drawn) else LABEL,
    )
