"""The charts of ``room``: each figure of the board by month, within its ordinary ups and downs."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.room.findings import Findings
from cxdash.questions.room.tables import BY_MONTH
from cxdash.questions.room.words import told

__all__ = ["charts"]


def charts(found: Findings, tables: Mapping[str, Sequence[Row]]) -> Iterator[Chart]:
    """The figures that press first."""
    cards = sorted(found.board.cards, key=lambda card: card.verdict != "urgent")
    for card in cards:
        name = BY_MONTH.get(card.name, "")
        if name not in tables:
            continue
        rows = tables[name]
        pressing = card.verdict == "urgent" and card.since is not None
        yield Chart(
            id=card.name,
            title=told(card, found),
            kind="control",
            table=name,
            category="period",
            value="share",
            low="low",
            high="high",
            centre="centre",
            limit_low="limit_low",
            limit_high="limit_high",
            unit="share",
            category_title="Month",
            value_title=card.label,
            moments=((card.since.isoformat(), "the step"),) if pressing and card.since else (),
            alt="; ".join(
                f"{row['period']}: {fmt.number(float(row['share'] or 0), 'share')}" for row in rows
            ),
        )
