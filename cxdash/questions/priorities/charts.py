"""What each initiative is worth, with its range, drawn in the order of the ranking."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.priorities.facts import Findings

__all__ = ["charts"]


def charts(told: Findings, rows: Mapping[str, Sequence[Row]]) -> Iterator[Chart]:
    shown = [row for row in rows["ranking"] if row["value"] is not None]
    if not shown:
        return
    unit = told.found.currency
    yield Chart(
        id="worths",
        title="What each would bring, by how well it is known",
        kind="interval",
        table="ranking",
        category="name",
        value="value",
        low="low",
        high="high",
        group="basis",
        unit=unit,
        category_order=tuple(str(row["name"]) for row in rows["ranking"]),
        value_title=f"worth over {fmt.number(told.months, 'months')}",
        alt="; ".join(
            f"{row['name']}: "
            f"{fmt.spread(float(row['low'] or 0), float(row['high'] or 0), unit)}, {row['basis']}"
            for row in shown
        ),
    )
