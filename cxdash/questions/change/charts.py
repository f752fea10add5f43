"""The charts of ``change``: what the change is made of, the score over time, who was there."""

from collections.abc import Iterator, Mapping, Sequence

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.change.facts import metric_name
from cxdash.questions.change.findings import Findings
from cxdash.questions.change.words import bridge_title, control_title, restated_title

__all__ = ["charts"]

Tables = Mapping[str, Sequence[Row]]


def charts(found: Findings, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist."""
    return tuple(_charts(found, tables))


def _charts(found: Findings, tables: Tables) -> Iterator[Chart]:
    measure, name = found.stage.measure, metric_name(found)
    points = ", in %" if measure.unit == "share" else ""
    if tables.get("change_steps"):
        title, rows = bridge_title(found), tables["change_steps"]
        yield Chart(
            id="parts",
            title=title,
            kind="bridge",
            table="change_steps",
            category="step",
            value="points",
            low="low",
            high="high",
            group="role",
            unit=measure.change_unit,
            value_title=f"{name}{points}",
            category_order=tuple(str(row["step"]) for row in rows),
            alt=_spoken(title, rows, ("step",), "points", measure.change_unit),
        )
    if tables.get("control"):
        title, rows = control_title(found), tables["control"]
        yield Chart(
            id="control",
            title=title,
            kind="control",
            table="control",
            category="period",
            value="score",
            low="low",
            high="high",
            centre="centre",
            limit_low="limit_low",
            limit_high="limit_high",
            unit=measure.unit,
            category_title="Month or wave",
            value_title=name,
            moments=tuple((event.day.isoformat(), event.what) for event in found.stage.events),
            alt=_spoken(title, rows, ("period",), "score", measure.unit),
        )
    if tables.get("restated"):
        title, rows = restated_title(found), tables["restated"]
        yield Chart(
            id="restated",
            title=title,
            kind="interval",
            table="restated",
            category="who",
            group="period",
            value="score",
            low="low",
            high="high",
            unit=measure.unit,
            value_title=name,
            category_order=tuple(dict.fromkeys(str(row["who"]) for row in rows)),
            alt=_spoken(title, rows, ("who", "period"), "score", measure.unit),
        )


def _spoken(title: str, rows: Sequence[Row], names: tuple[str, ...], value: str, unit: str) -> str:
    """The chart in words, for someone who hears it."""
    said = []
    for row in rows:
        called = ", ".join(str(row[name]) for name in names)
        number, low, high = (_real(row[name]) for name in (value, "low", "high"))
        said.append(f"{called}: {fmt.number(number, unit)}, range {fmt.spread(low, high, unit)}")
    return f"{title.rstrip('.')}. " + "; ".join(said) + "."


def _real(cell: object) -> float:
    if not isinstance(cell, int | float):
        raise ValueError(f"a chart draws numbers, got {cell!r}")
    return float(cell)
