"""The charts of ``worth``: what proves the headline, then what stands behind it."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.findings import Findings
from cxdash.questions.worth_words import cost_title, gap_title, kept_title, stake_title

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]


def charts(found: Findings, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist; the outcome asked for comes first."""
    made = {chart.id: chart for chart in _charts(found, tables)}
    first = {"revenue": "kept", "cost": "cost"}.get(found.setting.scope.outcome or "churn", "gap")
    order = [first, *(name for name in made if name != first)]
    return tuple(made[name] for name in order if name in made)


def _charts(found: Findings, tables: Tables) -> Iterator[Chart]:
    horizon = found.setting.horizon
    labels = tuple(band.label for band in found.all_bands)
    if tables.get("compare"):
        yield Chart(
            id="gap",
            title=gap_title(found),
            kind="interval",
            table="compare",
            category="label",
            group="view",
            value="rate",
            low="low",
            high="high",
            unit="share",
            category_title="Last answer",
            value_title=f"Left within {horizon} months",
            category_order=labels,
            alt=_spoken(gap_title(found), tables["compare"], "label", "rate", "share", "view"),
        )
    if found.money_shown:
        currency = found.setting.currency or "count"
        yield Chart(
            id="stake",
            title=stake_title(found),
            kind="bar",
            table="bands",
            category="label",
            value="revenue_at_stake",
            low="stake_low",
            high="stake_high",
            unit=currency,
            category_title="Last answer",
            value_title=f"Revenue at stake, coming {horizon} months",
            category_order=labels,
            alt=_spoken(
                stake_title(found),
                tables["bands"],
                "label",
                "revenue_at_stake",
                currency,
                low="stake_low",
                high="stake_high",
            ),
        )
        if len(tables.get("segments", ())) > 1:
            yield Chart(
                id="segments",
                title="Where that revenue sits, by segment",
                kind="bar",
                table="segments",
                category="segment",
                value="revenue_at_stake",
                low="stake_low",
                high="stake_high",
                unit=currency,
                category_title="Segment",
                value_title=f"Revenue at stake, coming {horizon} months",
                alt=_spoken(
                    "Revenue at stake by segment",
                    tables["segments"],
                    "segment",
                    "revenue_at_stake",
                    currency,
                    low="stake_low",
                    high="stake_high",
                ),
            )
    if tables.get("kept"):
        yield Chart(
            id="kept",
            title=kept_title(found),
            kind="interval",
            table="kept",
            category="label",
            value="kept",
            low="low",
            high="high",
            unit="share",
            category_title="Last answer",
            value_title=f"Revenue kept after {horizon} months",
            category_order=labels,
            alt=_spoken(kept_title(found), tables["kept"], "label", "kept", "share"),
        )
    if tables.get("paid"):
        yield _paid_chart(found, tables["paid"])
    if tables.get("cost"):
        currency = found.setting.currency or "count"
        yield Chart(
            id="cost",
            title=cost_title(found),
            kind="interval",
            table="cost",
            category="label",
            value="cost_a_month",
            low="low",
            high="high",
            unit=currency,
            category_title="Last answer",
            value_title="Cost to serve, per customer and month",
            category_order=labels,
            alt=_spoken(cost_title(found), tables["cost"], "label", "cost_a_month", currency),
        )


def _paid_chart(found: Findings, rows: Sequence[Row]) -> Chart:
    title = "What customers paid so far, by their last answer; this says nothing about staying"
    currency = found.setting.currency or "count"
    return Chart(
        id="paid",
        title=title,
        kind="interval",
        table="paid",
        category="label",
        value="paid",
        low="low",
        high="high",
        unit=currency,
        category_title="Last answer",
        value_title="Paid so far, per customer",
        category_order=tuple(str(row["label"]) for row in rows),
        alt=_spoken(title, rows, "label", "paid", currency),
    )


def _spoken(
    title: str,
    rows: Sequence[Row],
    category: str,
    value: str,
    unit: str,
    group: str | None = None,
    *,
    low: str = "low",
    high: str = "high",
) -> str:
    """The chart in words, for someone who hears it."""
    said = []
    for row in rows:
        if row[value] is None:
            continue
        name = f"{row[category]}, {row[group]}" if group else str(row[category])
        number = fmt.number(_real(row[value]), unit)
        spread = fmt.spread(_real(row[low]), _real(row[high]), unit)
        said.append(f"{name}: {number}, range {spread}")
    return f"{title}. " + "; ".join(said) + "."


def _real(cell: object) -> float:
    if not isinstance(cell, int | float):
        raise ValueError(f"a chart draws numbers, got {cell!r}")
    return float(cell)
