"""What cost-cutting saved and moved, and how far changes are taken up, drawn with ranges."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.initiatives.find import Found

__all__ = ["charts"]


def charts(found: Found, rows: Mapping[str, Sequence[Row]]) -> Iterator[Chart]:
    if rows["savings"]:
        yield Chart(
            id="net_savings",
            title="Net of what was moved and lost, with its range",
            kind="interval",
            table="savings",
            category="name",
            value="net",
            low="net_low",
            high="net_high",
            unit=found.currency,
            value_title="net saving",
            alt="; ".join(
                f"{row['name']}: {_span(row, found.currency)}" for row in rows["savings"]
            ),
        )
    if rows.get("adoption"):
        yield Chart(
            id="adoption",
            title="Who uses it of those who could",
            kind="interval",
            table="adoption",
            category="step",
            value="adoption",
            low="low",
            high="high",
            unit="share",
            value_title="share who use it",
            alt="; ".join(
                f"{row['step']}: {row['in_use']} of {row['exposed']}" for row in rows["adoption"]
            ),
        )


def _span(row: Row, unit: str) -> str:
    return fmt.spread(float(row["net_low"] or 0), float(row["net_high"] or 0), unit)
