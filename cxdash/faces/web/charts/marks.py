"""What a picture draws: an Answer's rows as marks with fixed field names, in shown units."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Final

from cxdash.faces.numbers import POINTS, said_in_points, show, show_range, titled
from cxdash.faces.web.escape import plain
from cxdash.facts import Cell, Chart

__all__ = [
    "CLOSE",
    "MAX_MARKS",
    "ONE_LINE",
    "TWO_LINES",
    "Mark",
    "distinct",
    "in_shown_units",
    "marks",
    "number_in",
    "order",
]

MAX_MARKS: Final = 400
ONE_LINE: Final = "one"
TWO_LINES: Final = "two"
_NAME: Final = 90  # characters of a name kept in a mark
_SCALE_OF_SHARES: Final = {"share": 100.0, POINTS: 100.0}

CLOSE: Final = 8  # categories beyond which rows close up and hold one line of words each

Mark = dict[str, Cell]


def marks(chart: Chart, rows: Sequence[Mapping[str, Cell]], *, wide: bool = True) -> list[Mark]:
    """One mark a row. Rows without a finite value are left out: what cannot be told is said in
    words, not drawn at 0.

    Fields: ``c`` category, ``g`` group (empty without groups), ``v`` value, ``lo`` and ``hi`` its
    interval, ``t`` the value and ``r`` the range as text, ``w`` what is written beside the mark,
    ``u`` on how many lines.
    ``scatter`` adds ``x`` and its text ``xt``; ``control`` adds ``m`` centre, ``a`` and ``b``
    limits as far as there are any, and their texts ``mt``, ``at``, ``bt``.
    """
    complete = _COMPLETED.get(chart.kind, _as_it_is)
    close = len({row.get(chart.category) for row in rows}) > CLOSE
    drawn: list[Mark] = []
    for row in rows:
        mark = _mark(chart, row, wide=wide, close=close)
        completed = complete(chart, row, mark) if mark else None
        if completed:
            drawn.append(completed)
    return drawn[:MAX_MARKS]


def in_shown_units(chart: Chart) -> Chart:
    """The chart as it is drawn: differences of shares in percentage points, said in its title."""
    unit = said_in_points(chart.value, chart.unit)
    return replace(chart, unit=unit, value_title=titled(chart.value_title, unit))


def number_in(row: Mapping[str, Cell], name: str | None) -> float | None:
    """The finite number in that column of a row; None if there is none."""
    cell = row.get(name) if name else None
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
        return None
    return float(cell)


def distinct(drawn: Sequence[Mark], field: str) -> list[str]:
    """The different texts of a field in the order they first occur."""
    return list(dict.fromkeys(str(mark[field]) for mark in drawn))


def order(chart: Chart, drawn: Sequence[Mark]) -> list[str]:
    """The categories in the order the chart asks for; those it does not name follow."""
    found = distinct(drawn, "c")
    wanted = [plain(name, _NAME) for name in chart.category_order]
    return [name for name in wanted if name in found] + [
        name for name in found if name not in wanted
    ]


def _mark(chart: Chart, row: Mapping[str, Cell], *, wide: bool, close: bool) -> Mark | None:
    value = number_in(row, chart.value)
    if value is None:
        return None
    low, high = number_in(row, chart.low), number_in(row, chart.high)
    factor = _factor(chart.unit)
    text = show(value, chart.unit, low, high)
    spread = "" if low is None or high is None else show_range(low, high, chart.unit)
    one_line = close or (bool(chart.group) and _in_lanes(chart))
    written = _written(text, spread, wide=wide, one_line=one_line)
    return {
        "c": plain(row.get(chart.category, ""), _NAME),
        "g": plain(row.get(chart.group, ""), _NAME) if chart.group else "",
        "v": value * factor,
        "lo": (value if low is None else low) * factor,
        "hi": (value if high is None else high) * factor,
        "t": text,
        "r": spread,
        "w": written,
        "u": TWO_LINES if "\n" in written else ONE_LINE,
    }


def _written(text: str, spread: str, *, wide: bool, one_line: bool) -> str:
    """A mark's label: the range beside the value, below it, or left to the tooltip."""
    if not spread or (one_line and not wide):
        return text
    return f"{text}  ({spread})" if wide else f"{text}\n{spread}"


def _in_lanes(chart: Chart) -> bool:
    """Whether the groups of a category share its row; a bridge has one mark a row."""
    return chart.kind != "bridge"


def _factor(unit: str) -> float:
    return _SCALE_OF_SHARES.get(unit, 1.0)


def _as_it_is(_: Chart, __: Mapping[str, Cell], mark: Mark) -> Mark:
    return mark


def _placed(chart: Chart, row: Mapping[str, Cell], mark: Mark) -> Mark | None:
    """A point of a scatter; None without a place on the horizontal axis."""
    x = number_in(row, chart.x)
    if x is None:
        return None
    return {**mark, "x": x * _factor(chart.x_unit), "xt": show(x, chart.x_unit)}


def _limited(chart: Chart, row: Mapping[str, Cell], mark: Mark) -> Mark:
    """A point of a control chart with the centre and the limits that hold there."""
    added: Mark = {}
    for key, name in {"m": chart.centre, "a": chart.limit_low, "b": chart.limit_high}.items():
        level = number_in(row, name)
        if level is not None:
            added |= {key: level * _factor(chart.unit), f"{key}t": show(level, chart.unit)}
    return {**mark, **added}


_COMPLETED: Final[Mapping[str, Callable[[Chart, Mapping[str, Cell], Mark], Mark | None]]] = {
    "scatter": _placed,
    "control": _limited,
}
