"""From a start to an end by steps that add up: totals solid, each step with its interval."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import altair as alt

from cxdash.faces.web.charts.marks import Mark
from cxdash.faces.web.charts.shared import (
    EDGE,
    INK,
    beside,
    figures,
    if_any,
    layered,
    legend,
    real,
    tooltip,
)
from cxdash.faces.web.escape import plain
from cxdash.facts import Chart

__all__ = ["TOTAL", "bridge"]

TOTAL: Final = "total"
_TOTAL, _UP, _DOWN = "Total", "Adds", "Takes away"
_ROW: Final = 50
_AROUND: Final = 114
_FAR: Final = 3.0  # times the reach of the steps from zero: totals are then points, not bars
_ROOM: Final = (0.5, 0.3)  # to the right, for what is written: narrow, wide
_SHAPES: Final = ("square", "triangle-right", "triangle-left")


def bridge(chart: Chart, drawn: Sequence[Mark], *, wide: bool) -> alt.LayerChart:
    """Rows below each other: a start, the steps that lead away from it, an end.

    Totals are bars from zero; when zero is far away they are solid points instead, because a bar
    that does not start at zero deceives.
    """
    steps = _steps(drawn)
    low, high = _reach(steps)
    from_zero = low < (high - low) * _FAR
    steps = [{**mark, "far": _far_end(mark, from_zero=from_zero)} for mark in steps]
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    scale = alt.Scale(domain=[low - 0.03 * span, high + _ROOM[wide] * span], nice=False, zero=False)

    def x(field: str) -> alt.X:
        axis = alt.Axis(labelPadding=6, labelFlush=EDGE, **figures(chart.unit))
        title = plain(chart.value_title, 120) or None
        return alt.X(field, type="quantitative", title=title, scale=scale, axis=axis)

    row = alt.Chart().encode(y=_rows(steps), color=_colour(steps))
    said = tooltip(chart)[:1] + tooltip(chart)[-2:]
    bar = row.mark_bar(opacity=0.55).encode(x=x("s"), x2=alt.X2("e"), tooltip=said)
    solid = (
        row.mark_bar(opacity=1).encode(x=x("e"), x2=alt.X2Datum(0), tooltip=said)
        if from_zero
        else row.mark_point(filled=True, size=420, opacity=1, shape="square").encode(
            x=x("e"), tooltip=said
        )
    )
    interval = row.mark_rule(strokeWidth=3).encode(x=x("lo"), x2=alt.X2("hi"), color=alt.value(INK))
    arrow = row.mark_point(filled=True, size=170, opacity=1).encode(x=x("e"), shape=_shape(steps))
    words = beside(row, steps, x("far"), apart=18, color=alt.value(INK))
    return layered(
        steps,
        *_links(steps, x),
        *if_any(steps, bar, "k", _UP, _DOWN),
        *if_any(steps, solid, "k", _TOTAL),
        *if_any(steps, interval, "r"),
        *if_any(steps, arrow, "k", _UP, _DOWN),
        *words,
        height=_AROUND + _ROW * len(steps),
    )


def _steps(drawn: Sequence[Mark]) -> list[Mark]:
    """Marks with where each begins (``s``) and ends (``e``), intervals moved to that end.

    A total says where the path stands; the steps after it go on from there.
    """
    placed: list[Mark] = []
    at = 0.0
    for mark in drawn:
        value = real(mark, "v")
        total = mark["g"] == TOTAL
        start = 0.0 if total else at
        at = start + value
        placed.append(
            {
                **mark,
                "k": _TOTAL if total else _UP if value >= 0 else _DOWN,
                "s": at if total else start,
                "e": at,
                "lo": start + real(mark, "lo"),
                "hi": start + real(mark, "hi"),
                "w": mark["w"] if total else _signed(str(mark["w"]), value),
            }
        )
    return placed


def _reach(steps: Sequence[Mark]) -> tuple[float, float]:
    """The lowest and the highest place of bars and intervals."""
    places = [real(mark, field) for mark in steps for field in ("s", "e", "lo", "hi")]
    return min(places), max(places)


def _far_end(mark: Mark, *, from_zero: bool) -> float:
    """The right end of all that is drawn in a row; its words stand beyond it."""
    places = [real(mark, field) for field in ("s", "e", "lo", "hi")]
    return max([*places, 0.0] if from_zero and mark["k"] == _TOTAL else places)


def _signed(text: str, value: float) -> str:
    """A step is a change: what adds says so."""
    return f"+{text}" if value > 0 else text


def _rows(steps: Sequence[Mark]) -> alt.Y:
    return alt.Y(
        "c",
        type="nominal",
        sort=[str(mark["c"]) for mark in steps],
        title=None,
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2),
        axis=alt.Axis(domain=False, ticks=False, labelLimit=380, labelPadding=10),
    )


def _kinds(steps: Sequence[Mark]) -> list[str]:
    return [kind for kind in (_UP, _DOWN) if any(mark["k"] == kind for mark in steps)]


def _colour(steps: Sequence[Mark]) -> alt.Color:
    # Three colours of the theme in a fixed order, so that a picture without a kind keeps the rest.
    domain = [_UP, _DOWN, _TOTAL]
    shown = legend(_kinds(steps), wide=True)
    shown.values = _kinds(steps)
    return alt.Color("k", type="nominal", scale=alt.Scale(domain=domain), legend=shown)


def _shape(steps: Sequence[Mark]) -> alt.Shape:
    shown = legend(_kinds(steps), wide=True)
    shown.values = _kinds(steps)
    scale = alt.Scale(domain=[_TOTAL, _UP, _DOWN], range=list(_SHAPES))
    return alt.Shape("k", type="nominal", scale=scale, legend=shown)


def _links(steps: Sequence[Mark], x: Callable[[str], alt.X]) -> list[alt.Chart]:
    """Thin lines from the end of a row to the beginning of the next."""
    pairs = [
        {"c": mark["c"], "e": real(mark, "e"), "p": number}
        for number, (one, two) in enumerate(pairwise(steps))
        for mark in ({**one}, {**two, "e": one["e"]})
    ]
    if not pairs:
        return []
    base = alt.Chart(alt.InlineData(values=pairs)).encode(
        x=x("e"), y=_rows(steps), detail=alt.Detail("p", type="nominal")
    )
    return [base.mark_line(color=INK, strokeWidth=1, opacity=0.5, aria=False)]
