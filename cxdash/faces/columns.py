"""An Answer's table as a reader wants it: headings in words, units, a range beside its value.

The pages and the command line print the same cells. A table arrives as the contract names it
(``added_skill``, ``added_low``, ``added_high``); here it becomes one column with a heading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isfinite
from typing import Final

from cxdash.faces.days import day_of, spoken_day
from cxdash.faces.headings import HEADINGS, HEADINGS_OF, TABLES, UNDATED, UNDATED_TABLES, UNITS
from cxdash.faces.numbers import said_in_points, show, show_range, titled
from cxdash.facts import Answer, Cell, Row
from cxdash.facts import format as printing
from cxdash.facts.fact import PLAIN_UNITS

__all__ = [
    "MOST",
    "Column",
    "cell",
    "columns",
    "heading",
    "money_unit",
    "same_for_all",
    "table_title",
]

MOST: Final = 12  # columns anybody can follow across a row
_MONEY: Final = (
    *("revenue", "stake", "cost", "amount", "price", "money", "lost", "spend", "paid"),
    *("benefit", "net", "npv", "save", "make", "gross", "moved", "waiting", "claimed"),
)
_SHARE: Final = ("rate", "share", "coverage", "retention", "probability", "heard", "kept", "risk")
_EMPTY: Final = "cannot tell"
_NAMES_A_RATING: Final = "metric"
_SAID_BY_LABEL: Final = (
    "driver",
    "band",
    "part",
    "item",
    "theme",
    "line",
)  # names for machines that stand beside a label
_COUNTERS: Final = ("order",)  # numbers of rows, which stand in that order anyway
_MONTHS: Final = ("month", "quarter")
_LONG: Final = 40  # characters of a text that is said once when it is the same in every row
_PER_ROW: Final = "unit"  # a column that gives the unit of each row


@dataclass(frozen=True, slots=True)
class Column:
    """One column as shown.

    Parameters
    ----------
    name
        Its name in the table.
    unit
        As in Fact, or ``text``, ``p`` for a p-value, ``row`` when each row names its own.
    low, high
        The columns with its range, if it has one.
    heading
        What stands above it; empty: made from the name.
    """

    name: str
    unit: str
    low: str | None = None
    high: str | None = None
    heading: str = ""

    @property
    def title(self) -> str:
        return titled(self.heading or heading(self.name), self.unit)

    @property
    def is_text(self) -> bool:
        return self.unit == "text"


def heading(name: str) -> str:
    """A column's name as a reader says it."""
    return _capital(HEADINGS.get(name) or printing.spoken(name))


def table_title(name: str, *, dated: bool = True) -> str:
    """A table's name as a reader says it; of a list without dates where ``dated`` is false."""
    own = None if dated else UNDATED_TABLES.get(name)
    return _capital(own or TABLES.get(name) or printing.spoken(name))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def money_unit(answer: Answer) -> str:
    """The currency the Answer speaks in; empty when it speaks of no money."""
    in_facts = (fact.unit for fact in answer.facts if fact.is_money)
    in_charts = (chart.unit for chart in answer.charts if chart.unit not in PLAIN_UNITS)
    return next(chain(in_facts, in_charts), "")


def columns(answer: Answer, table: str) -> list[Column]:
    """Columns of a table in order, each with its unit and its range; range columns are folded in.

    The unit comes from a chart that draws the column, else from what is known of its name.
    """
    rows = answer.tables[table]
    names = list(dict.fromkeys(name for row in rows for name in row))
    drawn = {chart.value: chart for chart in answer.charts if chart.table == table}
    folded: dict[str, tuple[str, str]] = {
        name: (chart.low, chart.high)
        for name, chart in drawn.items()
        if chart.low and chart.high and name in names
    }
    taken = {end for ends in folded.values() for end in ends}
    for low, high in _ranges(names):
        stem = _stem_of(low, names)
        if stem and low not in taken:
            folded.setdefault(stem, (low, high))
    hidden = {end for ends in folded.values() for end in ends}
    hidden |= set(_COUNTERS)
    if "label" in names:
        hidden |= set(_SAID_BY_LABEL)
        if len({row.get(_NAMES_A_RATING) for row in rows}) > 1:
            hidden.add(_NAMES_A_RATING)
    per_row = _has_units(rows)
    if per_row:
        hidden.add(_PER_ROW)
    units = {chart.value: chart.unit for chart in (*answer.charts, *drawn.values())}
    units |= {chart.x: chart.x_unit for chart in drawn.values() if chart.x}
    units |= {
        name: chart.unit
        for chart in drawn.values()
        for name in (chart.centre, chart.limit_low, chart.limit_high)
        if name
    }
    money = money_unit(answer)
    own = {} if answer.dated else UNDATED
    found = []
    for name in names:
        if name not in hidden:
            unit = said_in_points(name, _unit(name, rows, units, money, per_row=per_row))
            start, end = folded.get(name, (None, None))
            said = own.get(name) or HEADINGS_OF.get((table, name), "")
            found.append(Column(name, unit, start, end, _capital(said)))
    return found


def same_for_all(shown: Sequence[Column], rows: Sequence[Row]) -> list[tuple[Column, str]]:
    """Texts that every row repeats, to be said once: a long one, or the name of the rating."""
    if len(rows) < 2:
        return []
    found = []
    for column in shown:
        values = {str(row.get(column.name)) for row in rows}
        text = next(iter(values))
        said_once = column.name == _NAMES_A_RATING or len(text) > _LONG
        if column.is_text and len(values) == 1 and said_once and text != "None":
            found.append((column, cell(column, rows[0])))
    return found


def cell(column: Column, row: Mapping[str, Cell]) -> str:
    """A cell as printed: a value with its range, or that it cannot be told."""
    value = row.get(column.name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return _EMPTY
    if isinstance(value, str) or column.is_text:
        return _text(column.name, str(value))
    return _figure(column, row, float(value))


def _figure(column: Column, row: Mapping[str, Cell], value: float) -> str:
    """A figure with its unit, and its range if it has one."""
    if column.unit == "p":
        return printing.p_value(value).removeprefix("p = ").replace("p < ", "<")
    unit = str(row.get(_PER_ROW)) if column.unit == "row" else column.unit
    low, high = row.get(column.low or ""), row.get(column.high or "")
    if not (isinstance(low, int | float) and isinstance(high, int | float)):
        return show(value, unit)
    text, spread = show(value, unit, float(low), float(high)), show_range(low, high, unit)
    return f"{text} ({spread})" if spread else text


def _text(name: str, value: str) -> str:
    if name == _NAMES_A_RATING:
        return printing.spoken(value)
    day = day_of(value)
    if day is None:
        return value
    whole = name in _MONTHS or day.day == 1 or day.isoformat() != value
    return f"{day:%b %Y}" if whole else spoken_day(day)


def _ranges(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of columns that are the two ends of a range."""
    known = set(names)
    pairs = [(name, f"{name.removesuffix('low')}high") for name in names if name.endswith("low")]
    return [(low, high) for low, high in pairs if high in known]


def _stem_of(low: str, names: Sequence[str]) -> str | None:
    """The column a range belongs to: ``churn_low`` to ``churn_rate``, ``low`` to the one before."""
    before = names[: names.index(low)]
    if low == "low":
        return next((name for name in reversed(before) if not _is_end(name)), None)
    root = low.removesuffix("_low")
    for exact in (f"expected_{root}", root):
        if exact in names:
            return exact
    return next(
        (
            other
            for other in names
            if not _is_end(other) and (other.startswith(f"{root}_") or other.endswith(f"_{root}"))
        ),
        None,
    )


def _is_end(name: str) -> bool:
    return name in {"low", "high"} or name.endswith(("_low", "_high"))


def _has_units(rows: Sequence[Row]) -> bool:
    """Whether a column says for each row in which unit its figures are."""
    named = [str(row[_PER_ROW]) for row in rows if row.get(_PER_ROW)]
    return bool(named) and all(_is_unit(name) for name in named)


def _is_unit(name: str) -> bool:
    return name in PLAIN_UNITS or (len(name) == 3 and name.isupper() and name.isalpha())


def _known(name: str, drawn: Mapping[str, str]) -> str:
    """The unit a chart or the name itself tells; empty if neither does."""
    if name.endswith("_p"):
        return "p"
    named = (name, name.removeprefix("raw_"))
    return next((told[one] for told in (drawn, UNITS) for one in named if one in told), "")


def _unit(
    name: str, rows: Sequence[Row], drawn: Mapping[str, str], money: str, *, per_row: bool
) -> str:
    values = [row.get(name) for row in rows if row.get(name) is not None]
    if not values or any(isinstance(value, str | bool) for value in values):
        return "text"
    known = _known(name, drawn)
    if known:
        return known
    if per_row and not all(isinstance(value, int) for value in values):
        return "row"
    parts = set(name.split("_"))
    if parts & set(_SHARE):
        return "share"
    if money and parts & set(_MONEY):
        return money
    return "count" if all(isinstance(value, int) for value in values) else "score"
