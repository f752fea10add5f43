"""Labelled points in two directions: importance beside performance, or told beside happened."""

from collections.abc import Sequence
from itertools import count
from statistics import fmean
from typing import Final, Literal

import altair as alt

from cxdash.faces.numbers import axis_format
from cxdash.faces.web.charts.labels import Box, Place, placed
from cxdash.faces.web.charts.marks import Mark
from cxdash.faces.web.charts.shared import (
    EDGE,
    INK,
    LABEL,
    SMALL,
    UPRIGHT_ROOM,
    colour,
    ends,
    heights,
    if_any,
    layered,
    real,
    roomy,
    shape,
    tooltip,
)
from cxdash.faces.web.escape import plain
from cxdash.facts import Chart

__all__ = ["names_by_number", "scatter"]

_WIDTH: Final = (440.0, 980.0)  # narrow, wide: the least a picture gets on a projector
_HEIGHT: Final = (360, 430)
_ROOM: Final = 0.06
_CORNER_FONT: Final = SMALL
_CORNERS: Final[tuple[tuple[Literal["left", "right"], Literal["top", "bottom"]], ...]] = (
    ("left", "top"),
    ("right", "top"),
    ("left", "bottom"),
    ("right", "bottom"),
)
_LONGEST: Final = 34  # characters of a name beside a point
_BESIDE: Final = Place(12.5, 0, "left")  # only numbers stand here
_BELOW: Final = Place(14, 14, "left")

Span = tuple[float, float]


def scatter(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """Points with their intervals and names; lines at the means, or the line of "as predicted"."""
    across, upright = _spans(chart, drawn)
    x, y = _across(chart, across), heights(chart, "v", *upright)
    named = _named(chart, drawn, across, upright, wide=wide)
    point = alt.Chart().encode(x=x, color=colour(chart, drawn, wide=wide))
    interval = point.mark_rule(strokeWidth=3, opacity=0.4).encode(
        y=heights(chart, "lo", *upright), y2=alt.Y2("hi")
    )
    more = alt.Tooltip("xt", type="nominal", title=plain(chart.x_title) or "Across")
    dot = point.mark_point(filled=True, size=190, opacity=1).encode(
        y=y, shape=shape(chart, drawn, wide=wide), tooltip=tooltip(chart, more)
    )
    guides = _diagonal(x, y, across) if chart.diagonal else _means(drawn, x, y)
    corners = _corners(chart)
    ranges = if_any(drawn, interval, "r")
    texts = _texts(drawn, named, x, y)
    return layered(drawn, *guides, *corners, *ranges, dot, *texts, height=_HEIGHT[wide])


def names_by_number(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> list[str]:
    """What the numbers stand for that replace names without room: ``1: ease of ordering``."""
    if chart.diagonal:
        return []
    across, upright = _spans(chart, drawn)
    named = _named(chart, drawn, across, upright, wide=wide)
    return [
        f"{words}: {mark['c']}"
        for mark, (words, place) in zip(drawn, named, strict=True)
        if place == _BESIDE
    ]


def _spans(chart: Chart, drawn: Sequence[Mark]) -> tuple[Span, Span]:
    """What the two axes reach; both the same where the diagonal is drawn."""
    across, upright = ends(drawn, "x", "x"), ends(drawn)
    if chart.diagonal:
        both = (min(0.0, across[0], upright[0]), max(across[1], upright[1]))
        return both, both
    return across, upright


def _across(chart: Chart, span: Span) -> alt.X:
    return alt.X(
        "x",
        type="quantitative",
        title=plain(chart.x_title, 120) or None,
        scale=alt.Scale(domain=list(roomy(*span, _ROOM)), nice=False, zero=False),
        axis=alt.Axis(
            tickCount=6,
            grid=False,
            domain=False,
            labelPadding=6,
            labelFlush=EDGE,
            **axis_format(chart.x_unit),
        ),
    )


def _named(
    chart: Chart, drawn: Sequence[Mark], across: Span, upright: Span, *, wide: bool
) -> list[tuple[str, Place]]:
    """What is written beside each mark, and where; a number where its name has no room."""
    if chart.diagonal:
        highest = max(drawn, key=_at)
        return [(str(mark["t"]) if mark is highest else "", _BELOW) for mark in drawn]
    size = (_WIDTH[wide], float(_HEIGHT[wide] - 60))
    points = [_pixels(mark, across, upright, size) for mark in drawn]
    names = [plain(mark["c"], _LONGEST) for mark in drawn]
    found = placed(points, names, size=size, font=LABEL, taken=_corner_boxes(chart, size))
    numbers = count(1)
    return [
        (name, place) if place else (str(next(numbers)), _BESIDE)
        for name, place in zip(names, found, strict=True)
    ]


def _at(mark: Mark) -> float:
    return real(mark, "x")


def _pixels(mark: Mark, across: Span, upright: Span, size: Span) -> tuple[float, float]:
    """Where a point lies in the smallest picture it may get."""
    shares = []
    for value, span, room in (
        (real(mark, "x"), across, _ROOM),
        (real(mark, "v"), upright, UPRIGHT_ROOM),
    ):
        low, high = roomy(*span, room)
        shares.append((value - low) / (high - low))
    return shares[0] * size[0], (1 - shares[1]) * size[1]


def _texts(
    drawn: Sequence[Mark], named: Sequence[tuple[str, Place]], x: alt.X, y: alt.Y
) -> list[alt.Chart]:
    """One layer for each way a name is shifted, because a shift belongs to the layer."""
    by_place: dict[Place, list[Mark]] = {}
    for mark, (words, place) in zip(drawn, named, strict=True):
        if words:
            by_place.setdefault(place, []).append({"x": mark["x"], "v": mark["v"], "w": words})
    return [
        alt.Chart(alt.InlineData(values=marks))
        .mark_text(
            align=place.side,
            baseline="middle",
            dx=place.dx,
            dy=place.dy,
            fontSize=LABEL,
            fontWeight=600,
            color=INK,
        )
        .encode(x=x, y=y, text=alt.Text("w", type="nominal"))
        for place, marks in by_place.items()
    ]


def _means(drawn: Sequence[Mark], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Dashed lines at the mean of each direction; no line where there is only one point."""
    if len(drawn) < 2:
        return []
    middle = {"x": fmean(_at(mark) for mark in drawn), "v": fmean(real(m, "v") for m in drawn)}
    base = alt.Chart(alt.InlineData(values=[middle])).mark_rule(
        color=INK, strokeDash=[5, 4], strokeWidth=1.5, opacity=0.6, aria=False
    )
    return [base.encode(x=x), base.encode(y=y)]


def _diagonal(x: alt.X, y: alt.Y, span: Span) -> list[alt.Chart]:
    """The line on which what happened equals what was predicted."""
    two = [{"x": end, "v": end, "w": "as predicted" if end == span[1] else ""} for end in span]
    base = alt.Chart(alt.InlineData(values=two)).encode(x=x, y=y)
    path = base.mark_line(color=INK, strokeDash=[5, 4], strokeWidth=1.5, opacity=0.75, aria=False)
    words = base.mark_text(align="right", dx=-14, dy=-8, fontSize=SMALL, color=INK)
    return [path, words.encode(text=alt.Text("w", type="nominal"))]


def _corners(chart: Chart) -> list[alt.Chart]:
    """The names of the four corners, small, in the corners."""
    return [
        alt.Chart(alt.InlineData(values=[{"w": plain(name, 60)}]))
        .mark_text(
            align=side,
            baseline=edge,
            dx=4 if side == "left" else -4,
            dy=4 if edge == "top" else -4,
            fontSize=_CORNER_FONT,
            fontStyle="italic",
            color=INK,
        )
        .encode(
            x=alt.value(0 if side == "left" else "width"),
            y=alt.value(0 if edge == "top" else "height"),
            text=alt.Text("w", type="nominal"),
        )
        for name, (side, edge) in zip(chart.corners, _CORNERS, strict=True)
        if name
    ]


def _corner_boxes(chart: Chart, size: Span) -> list[Box]:
    width, height = size
    boxes = []
    for number, name in enumerate(chart.corners):
        long = len(name) * _CORNER_FONT * 0.56
        left = 0.0 if number % 2 == 0 else width - long
        top = 0.0 if number < 2 else height - _CORNER_FONT * 1.4
        boxes.append(Box(left, top, left + long, top + _CORNER_FONT * 1.4))
    return boxes
