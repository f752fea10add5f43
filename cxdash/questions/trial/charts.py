"""The charts of ``trial``: what each metric adds, money for a realistic move, units restated."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Cell, Chart, Row, wording
from cxdash.facts import format as fmt
from cxdash.questions.trial.find import Tried

__all__ = ["MOST_DRAWN", "trial_charts"]

Tables = Mapping[str, Sequence[Row]]

MOST_DRAWN: Final = 16


def trial_charts(tried: Tried, tables: Tables) -> tuple[Chart, ...]:
    """Charts of what there is to show."""
    return tuple(_charts(tried, tables))


def _charts(tried: Tried, tables: Tables) -> Iterator[Chart]:
    rows = [row for row in tables["metrics"] if row["lead_p"] is not None]
    order = tuple(str(row["label"]) for row in rows[:MOST_DRAWN])
    months = tried.stage.horizon
    if any(row["added_skill"] is not None for row in rows):
        yield Chart(
            id="added",
            title=_added_title(rows),
            kind="interval",
            table="metrics",
            category="label",
            value="added_skill",
            low="added_low",
            high="added_high",
            unit="share",
            category_title="Metric",
            value_title="Guesswork taken away, beside what finance and operations take",
            category_order=order,
            alt=_alt(rows, "added_skill", "added_low", "added_high", "share"),
        )
    if any(row["money_per_move"] is not None for row in rows):
        unit = tried.stage.base.currency or "count"
        yield Chart(
            id="money",
            title=_money_title(rows, months),
            kind="interval",
            table="metrics",
            category="label",
            value="money_per_move",
            low="money_low",
            high="money_high",
            unit=unit,
            category_title="Metric",
            value_title="Revenue kept or won, if everybody who answered moved",
            category_order=order,
            alt=_alt(rows, "money_per_move", "money_low", "money_high", unit),
        )
    if tables["unit_scores"]:
        own = next(own for own in tried.watched if own.to_look_at)
        yield Chart(
            id="units",
            title=wording.to_check(len(own.to_look_at), len(own.units), own.metric.label),
            kind="interval",
            table="unit_scores",
            category="unit",
            value="score",
            low="low",
            high="high",
            group="view",
            unit=own.unit,
            category_title="Unit",
            value_title=own.metric.label,
            category_order=tuple(dict.fromkeys(str(row["unit"]) for row in tables["unit_scores"])),
            alt=_alt(tables["unit_scores"], "score", "low", "high", own.unit, name="unit"),
        )


def _added_title(rows: Sequence[Row]) -> str:
    """How many metrics take guesswork away beyond noise."""
    known = [row for row in rows if row["added_skill"] is not None]
    return (
        f"{_clear(known, 'added_low')} of {len(known)} metrics take guesswork away beyond noise, "
        "on windows they had not seen"
    )


def _money_title(rows: Sequence[Row], months: int) -> str:
    """For how many metrics a realistic move goes with revenue beyond noise."""
    known = [row for row in rows if row["money_per_move"] is not None]
    return (
        f"For {_clear(known, 'money_low')} of {len(known)} metrics a realistic move goes with "
        f"revenue over {months} months, beyond noise"
    )


def _clear(rows: Sequence[Row], low: str) -> int:
    return sum(float(row[low] or 0.0) > 0 for row in rows)


def _alt(
    rows: Sequence[Row], value: str, low: str, high: str, unit: str, *, name: str = "label"
) -> str:
    """Every mark as text."""
    parts = [
        f"{row[name]}: {_number(row[value], unit)} ({_number(row[low], unit)} to "
        f"{_number(row[high], unit)})"
        for row in rows[:MOST_DRAWN]
        if row[value] is not None
    ]
    return "; ".join(parts) + "."


def _number(value: Cell, unit: str) -> str:
    return fmt.number(float(value or 0.0), unit)
