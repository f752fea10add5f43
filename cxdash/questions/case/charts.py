"""The charts of ``case``: the columns apart, the money by year, what moves it, the next point."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Fact, Row
from cxdash.facts import format as fmt
from cxdash.facts.words import quoted
from cxdash.questions.case.found import Found
from cxdash.questions.case.words import next_sentence

__all__ = ["case_charts"]

Tables = Mapping[str, Sequence[Row]]


def case_charts(found: Found, tables: Tables, facts: Mapping[str, Fact]) -> tuple[Chart, ...]:
    """Charts of the tables that exist."""
    return tuple(_charts(found, tables, facts))


def _charts(found: Found, tables: Tables, facts: Mapping[str, Fact]) -> Iterator[Chart]:
    money = found.currency
    if tables.get("columns"):
        rows = tables["columns"]
        yield Chart(
            id="columns",
            title="Save and make stand apart, the cost beside them; all worth today",
            kind="interval",
            table="columns",
            category="side",
            value="amount",
            low="amount_low",
            high="amount_high",
            group="view" if len({row["view"] for row in rows}) > 1 else None,
            unit=money,
            category_title="Column",
            value_title=f"Over {fmt.counted(found.plan.years, 'year', 'years')}, worth today",
            category_order=tuple(dict.fromkeys(str(row["side"]) for row in rows)),
            alt=_alt("The columns of the case", rows, ("side", "view"), "amount", money),
        )
    if tables.get("swings"):
        rows = tables["swings"]
        yield Chart(
            id="swings",
            title=f"The result hangs most on {quoted(str(rows[0]['name']))}",
            kind="interval",
            table="swings",
            category="name",
            value="npv",
            low="npv_low",
            high="npv_high",
            unit=money,
            category_title="Line",
            value_title="Net present value when this line alone moves over its range",
            category_order=tuple(str(row["name"]) for row in rows),
            alt=_alt("What moves the net present value", rows, ("name",), "npv", money),
        )
    if tables.get("levels"):
        rows = tables["levels"]
        yield Chart(
            id="levels",
            title=next_sentence(found, facts),
            kind="scatter",
            table="levels",
            category="name",
            value="revenue",
            low="revenue_low",
            high="revenue_high",
            unit=money,
            value_title="Revenue kept in a year, more than at the lowest answer",
            x="level",
            x_unit="score",
            x_title="Answer",
            alt=_alt("Revenue kept by answer", rows, ("name",), "revenue", money),
        )


def _alt(title: str, rows: Sequence[Row], names: Sequence[str], value: str, unit: str) -> str:
    """The chart for someone who hears it."""
    said = []
    for row in rows:
        figure = row[value]
        if isinstance(figure, int | float):
            called = ", ".join(str(row[name]) for name in names)
            said.append(f"{called}: {fmt.number(float(figure), unit)}")
    return f"{title}: {'; '.join(said)}."
