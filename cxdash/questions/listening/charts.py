"""The charts of ``listening``: whom we hear, three scores, what the silent did, response rates."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cxdash.facts import Chart, Row
from cxdash.facts import format as fmt
from cxdash.questions.listening.findings import Findings
from cxdash.questions.listening.score_facts import metric_name
from cxdash.questions.listening.words import coverage_title, gap_title, tipping_title

__all__ = ["MOST_SURVEYS", "charts"]

Tables = Mapping[str, Sequence[Row]]
MOST_SURVEYS: Final = 4  # lines one can still tell apart


def charts(found: Findings, tables: Tables) -> tuple[Chart, ...]:
    """Charts of the tables that exist."""
    return tuple(_charts(found, tables))


def _charts(found: Findings, tables: Tables) -> Iterator[Chart]:
    if tables.get("coverage"):
        yield _coverage(found, tables["coverage"])
    if len(tables.get("scores", ())) > 1:
        yield _scores(found, tables["scores"])
    if len(tables.get("afterwards", ())) > 1:
        yield _afterwards(found, tables["afterwards"])
    if tables.get("response_rate"):
        yield _rates(tables["response_rate"])


def _coverage(found: Findings, rows: Sequence[Row]) -> Chart:
    title = coverage_title(found)
    return Chart(
        id="coverage",
        title=title,
        kind="bar",
        table="coverage",
        category="group",
        value="share_heard",
        unit="share",
        category_title="Customers",
        value_title="Answered in the last twelve months",
        category_order=_names(rows, "group"),
        alt=_spoken(title, rows, "group", "share_heard", "share"),
    )


def _scores(found: Findings, rows: Sequence[Row]) -> Chart:
    title, unit = tipping_title(found), found.score.scale.unit
    return Chart(
        id="scores",
        title=title,
        kind="interval",
        table="scores",
        category="view",
        value="score",
        low="low",
        high="high",
        unit=unit,
        category_title="Seen as",
        value_title=metric_name(found),
        category_order=_names(rows, "view"),
        alt=_spoken(title, rows, "view", "score", unit),
    )


def _afterwards(found: Findings, rows: Sequence[Row]) -> Chart:
    title = gap_title(found)
    return Chart(
        id="afterwards",
        title=title,
        kind="interval",
        table="afterwards",
        category="group",
        value="churn_rate",
        low="churn_low",
        high="churn_high",
        unit="share",
        category_title="When the window began",
        value_title=f"Left within {found.setting.horizon} months",
        category_order=_names(rows, "group"),
        alt=_spoken(title, rows, "group", "churn_rate", "share"),
    )


def _rates(rows: Sequence[Row]) -> Chart:
    title = "Invitations answered within 30 days, by month of sending"
    return Chart(
        id="response_rate",
        title=title,
        kind="line",
        table="response_rate",
        category="month",
        group="survey",
        value="response_rate",
        low="low",
        high="high",
        unit="share",
        category_title="Month of sending",
        value_title="Answered within 30 days",
        alt=_spoken(title, rows, "month", "response_rate", "share"),
    )


def _names(rows: Sequence[Row], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row[column]) for row in rows))


def _spoken(title: str, rows: Sequence[Row], name: str, value: str, unit: str) -> str:
    """The chart in words, for someone who hears it."""
    said = []
    for row in rows:
        number = row[value]
        if not isinstance(number, int | float):
            continue
        series = f"{row['survey']}, " if "survey" in row else ""
        said.append(f"{series}{row[name]}: {fmt.number(float(number), unit)}")
    return f"{title.rstrip('.')}. " + "; ".join(said) + "."
