"""Tables made for reading: an Answer's rows with units, a value and its range in one cell.

Small tables are real HTML tables made of escaped markdown, so they are large, themed and read by
screen readers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

import streamlit as st

from cxdash.faces.numbers import show, show_range
from cxdash.faces.web.escape import md
from cxdash.facts import Answer, Cell, Row
from cxdash.facts.format import spoken

__all__ = [
    "MAX_ROWS",
    "Column",
    "cell",
    "columns",
    "detail",
    "draw",
    "money_unit",
    "text_table",
    "title",
]

MAX_ROWS: Final = 60
_MONEY: Final = ("revenue", "stake", "cost", "amount", "price", "money", "lost")
_SHARE: Final = ("rate", "share", "coverage", "retention", "probability", "heard", "kept")
_EMPTY: Final = "cannot tell"
_NAMES_A_RATING: Final = "metric"
_WORDS: Final = {"n": "Observations"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as shown. ``low`` and ``high`` name the columns with its range, if it has one."""

    name: str
    unit: str
    low: str | None = None
    high: str | None = None


def title(name: str) -> str:
    """A table's or a column's name as a reader says it."""
    words = _WORDS.get(name) or spoken(name)
    return words[:1].upper() + words[1:]


def money_unit(answer: Answer) -> str:
    """The currency the Answer speaks in; empty when it speaks of no money."""
    return next((fact.unit for fact in answer.facts if fact.is_money), "")


def columns(answer: Answer, table: str) -> list[Column]:
    """Columns of a table in order, each with its unit and its range; range columns are folded in.

    The unit comes from a chart that draws the column, else from the words in its name.
    """
    rows = answer.tables[table]
    names = list(dict.fromkeys(name for row in rows for name in row))
    drawn = {chart.value: chart for chart in answer.charts if chart.table == table}
    folded: dict[str, tuple[str, str]] = {
        name: (chart.low, chart.high)
        for name, chart in drawn.items()
        if chart.low and chart.high and name in names
    }
    for name in names:
        stem = _stem_of(name, names)
        if name.endswith("_low") and stem and f"{name[:-4]}_high" in names:
            folded.setdefault(stem, (name, f"{name[:-4]}_high"))
    hidden = {end for ends in folded.values() for end in ends}
    return [
        Column(
            name,
            drawn[name].unit if name in drawn else _unit(name, rows, money_unit(answer)),
            *folded.get(name, (None, None)),
        )
        for name in names
        if name not in hidden
    ]


def every(answer: Answer, *, but: Sequence[str] = ()) -> None:
    """All tables of an Answer, each behind its name, so that every mark can be checked."""
    names = [name for name, rows in answer.tables.items() if rows and name not in but]
    if names:
        with st.container(key="section-tables"):
            st.header("The tables", anchor=False)
    for name in names:
        with st.expander(md(title(name)), type="compact"):
            detail(answer, name)


def detail(answer: Answer, table: str) -> None:
    """One table of the Answer in full."""
    draw(columns(answer, table), answer.tables[table], key=f"all-{answer.question}-{table}")


def draw(shown: Sequence[Column], rows: Sequence[Row], *, key: str) -> None:
    """Rows as a table; beyond ``MAX_ROWS`` the rest is counted, not shown."""
    cells = [[cell(column, row) for column in shown] for row in rows[:MAX_ROWS]]
    right = [column.unit != "text" for column in shown]
    text_table([title(column.name) for column in shown], cells, right=right, key=key)
    if len(rows) > MAX_ROWS:
        st.markdown(md(f"The first {MAX_ROWS} of {len(rows):,} rows."))


def text_table(
    titles: Sequence[str], cells: Sequence[Sequence[str]], *, right: Sequence[bool] = (), key: str
) -> None:
    """A table of plain text; ``right`` marks columns of figures."""
    flags = [*right, *[False] * (len(titles) - len(right))]
    rules = ["---:" if flag else "---" for flag in flags]
    lines = [_line(titles), f"| {' | '.join(rules)} |", *map(_line, cells)]
    with st.container(key=f"table-{key}"):
        st.markdown("\n".join(lines))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(md(cell, 300) or ' ' for cell in cells)} |"


def _stem_of(name: str, names: Sequence[str]) -> str | None:
    """The column a ``..._low`` column belongs to: ``churn_low`` belongs to ``churn_rate``."""
    root = name.removesuffix("_low")
    for exact in (f"expected_{root}", root):
        if exact in names:
            return exact
    return next(
        (
            other
            for other in names
            if not other.endswith(("_low", "_high"))
            and (other.startswith(f"{root}_") or other.endswith(f"_{root}"))
        ),
        None,
    )


def _unit(name: str, rows: Sequence[Row], money: str) -> str:
    values = [row.get(name) for row in rows if row.get(name) is not None]
    if not values or any(isinstance(value, str | bool) for value in values):
        return "text"
    parts = set(name.split("_"))
    if parts & set(_SHARE):
        return "share"
    if money and parts & set(_MONEY):
        return money
    if all(isinstance(value, int) for value in values):
        return "count"
    return "score"


def cell(column: Column, row: Mapping[str, Cell]) -> str:
    """A cell as printed: a value with its range, or that it cannot be told."""
    value = row.get(column.name)
    if value is None:
        return _EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) or column.unit == "text":
        return spoken(str(value)) if column.name == _NAMES_A_RATING else str(value)
    if not isfinite(value):
        return _EMPTY
    low, high = row.get(column.low or ""), row.get(column.high or "")
    if isinstance(low, int | float) and isinstance(high, int | float):
        text = show(float(value), column.unit, float(low), float(high))
        return f"{text} ({show_range(float(low), float(high), column.unit)})"
    return show(float(value), column.unit)
