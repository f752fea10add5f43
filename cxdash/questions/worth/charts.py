"""The charts of ``worth``: what proves the headline, then what stands behind it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.worth.findings import Findings
from cxdash.questions.worth.words import cost_title, gap_title, kept_title, stake_title

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]
AHEAD = "Revenue at stake, coming {} months"
PAID_TITLE = "What customers paid so far, by their last answer; this says nothing about staying"
FIRST = {"revenue": "kept", "cost": "cost"}


def charts(found: Findings, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist; the outcome asked for comes first."""
    made = {chart.id: chart for chart in _charts(found, tables)}
    first = FIRST.get(found.setting.scope.outcome or "", "gap")
    order = [first, *(name for name in made if name != first)]
    return tuple(made[name] for name in order if name in made)


def _charts(found: Findings, tables: Tables) -> Iterator[Chart]:
    months = found.setting.horizon
    money = found.setting.currency or "count"
    if tables.get("compare"):
        axis = f"Left within {months} months"
        rows = tables["compare"]
        yield _of_bands(
            "gap", gap_title(found), rows, "compare", "rate", "share", axis, group="view"
        )
    if found.money_shown:
        title, axis = stake_title(found), AHEAD.format(months)
        yield _of_bands(
            "stake", title, tables["bands"], "bands", "revenue_at_stake", money, axis, kind="bar"
        )
    if len(tables.get("segments", ())) > 1:
        yield _chart(
            "segments",
            "Where that revenue sits, by segment",
            tables["segments"],
            "segments",
            "revenue_at_stake",
            money,
            AHEAD.format(months),
            kind="bar",
            category="segment",
            category_title="Segment",
        )
    if tables.get("kept"):
        axis = f"Net revenue kept after {months} months, growth counted"
        yield _of_bands("kept", kept_title(found), tables["kept"], "kept", "kept", "share", axis)
    if tables.get("paid"):
        axis = "Paid so far, per customer"
        yield _of_bands("paid", PAID_TITLE, tables["paid"], "paid", "paid", money, axis)
    if tables.get("cost"):
        axis = "Cost to serve, per customer and month"
        rows = tables["cost"]
        yield _of_bands("cost", cost_title(found), rows, "cost", "cost_a_month", money, axis)


def _of_bands(
    id: str,
    title: str,
    rows: Sequence[Row],
    table: str,
    value: str,
    unit: str,
    axis: str,
    *,
    kind: Literal["interval", "bar"] = "interval",
    group: str | None = None,
) -> Chart:
    return _chart(
        id,
        title,
        rows,
        table,
        value,
        unit,
        axis,
        kind=kind,
        category="label",
        category_title="Last answer",
        group=group,
    )


def _chart(
    id: str,
    title: str,
    rows: Sequence[Row],
    table: str,
    value: str,
    unit: str,
    axis: str,
    *,
    kind: Literal["interval", "bar"],
    category: str,
    category_title: str,
    group: str | None = None,
) -> Chart:
    low, high = ("stake_low", "stake_high") if value == "revenue_at_stake" else ("low", "high")
    names = tuple(dict.fromkeys(str(row[category]) for row in rows))
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
        category_order=names,
        alt=_spoken(title, rows, [category, group], [value, low, high], unit),
    )


def _spoken(
    title: str, rows: Sequence[Row], names: Sequence[str | None], values: Sequence[str], unit: str
) -> str:
    """The chart in words, for someone who hears it."""
    said = []
    for row in rows:
        value, low, high = (row[name] for name in values)
        if value is None:
            continue
        called = ", ".join(str(row[name]) for name in names if name)
        number, spread = fmt.number(_real(value), unit), fmt.spread(_real(low), _real(high), unit)
        said.append(f"{called}: {number}, range {spread}")
    return f"{title.rstrip('.')}. " + "; ".join(said) + "."


def _real(cell: object) -> float:
    if not isinstance(cell, int | float):
        raise ValueError(f"a chart draws numbers, got {cell!r}")
    return float(cell)
