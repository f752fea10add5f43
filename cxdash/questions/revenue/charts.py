"""The charts of ``revenue``: kept over time, what moved, level beside change, cost, value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.revenue.find import Findings
from cxdash.questions.revenue.words import cost_title, driver_title, kept_title, value_title

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]
_A_MONTH: Final = "Per customer and month"


def charts(found: Findings, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist; the one about the outcome asked for comes first."""
    made = {chart.id: chart for chart in _charts(found, tables)}
    first = {"cost": "cost"}.get(found.stage.scope.outcome or "")
    order = ([first] if first in made else []) + list(made)
    return tuple(made[name] for name in dict.fromkeys(name for name in order if name))


def _charts(found: Findings, tables: Tables) -> Iterator[Chart]:
    money = found.stage.unit
    if tables.get("beside"):
        yield _chart(
            "drivers",
            driver_title(found),
            tables["beside"],
            "beside",
            "label",
            "effect",
            money,
            f"{_A_MONTH}, for a realistic move",
            group="compared",
            category_title="What moves",
        )
    if len(tables.get("kept_over_time", ())) > 2:
        yield _chart(
            "retention",
            kept_title(found),
            tables["kept_over_time"],
            "kept_over_time",
            "period",
            "kept",
            "share",
            f"Revenue kept over {found.stage.horizon} months",
            kind="line",
            group="measure",
            category_title="Period ending",
        )
    if tables.get("bridge"):
        yield _chart(
            "movements",
            f"How monthly revenue moved in the {found.stage.horizon} months to "
            f"{fmt.day(found.stage.as_of)}",
            tables["bridge"],
            "bridge",
            "step",
            "revenue",
            money,
            "Revenue a month",
            kind="bridge",
            group="part",
            ends=False,
            category_title="What moved",
        )
    if len(tables.get("cost", ())) > 1:
        yield _chart(
            "cost",
            cost_title(found),
            tables["cost"],
            "cost",
            "label",
            "cost_a_month",
            money,
            _A_MONTH,
            category_title="Customers",
        )
    if len(tables.get("clv", ())) > 1:
        yield _chart(
            "value",
            value_title(found),
            tables["clv"],
            "clv",
            "segment",
            "revenue_ahead",
            money,
            "Discounted revenue ahead, per customer",
            category_title="Segment",
        )


def _chart(
    id: str,
    title: str,
    rows: Sequence[Row],
    table: str,
    category: str,
    value: str,
    unit: str,
    axis: str,
    *,
    kind: Literal["interval", "line", "bridge"] = "interval",
    group: str | None = None,
    ends: bool = True,
    category_title: str = "",
) -> Chart:
    low, high = ("low", "high") if ends else (None, None)
    return Chart(
        id=id,
        title=title,
        kind=kind,
        table=table,
        category=category,
        group=group,
        value=value,
        low=low,
        high=high,
        unit=unit,
        category_title=category_title,
        value_title=axis,
        category_order=tuple(dict.fromkeys(str(row[category]) for row in rows)),
        alt=_spoken(title, rows, [category, group], [value, low, high], unit),
    )


def _spoken(
    title: str,
    rows: Sequence[Row],
    names: Sequence[str | None],
    values: Sequence[str | None],
    unit: str,
) -> str:
    """The chart in words, for someone who hears it."""
    said = []
    for row in rows:
        value, low, high = (row.get(name) if name else None for name in values)
        if not isinstance(value, int | float):
            continue
        called = ", ".join(str(row[name]) for name in names if name and row[name] != "step")
        text = f"{called}: {fmt.number(value, unit)}"
        if isinstance(low, int | float) and isinstance(high, int | float):
            text += f", range {fmt.spread(low, high, unit)}"
        said.append(text)
    return f"{title.rstrip('.')}. " + "; ".join(said) + "."
