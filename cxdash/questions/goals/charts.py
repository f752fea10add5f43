"""The chart of ``goals``: what is paid for each goal."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.goals.findings import Findings

__all__ = ["charts"]


def charts(found: Findings, tables: Mapping[str, Sequence[Row]]) -> Iterator[Chart]:
    """Money by goal, where any initiative names its cost."""
    rows = tables.get("say_do", ())
    if not found.cost or found.currency is None or not rows:
        return
    money = found.currency
    yield Chart(
        id="money",
        title="Where the money for initiatives goes, by goal",
        kind="bar",
        table="say_do",
        category="statement",
        value="cost",
        unit=money,
        category_title="Goal",
        value_title="Cost of its initiatives",
        alt="; ".join(
            f"{row['statement']}: {fmt.number(float(row['cost'] or 0), money)}" for row in rows
        ),
    )
