"""Why did the score move? First whether it did, then who moved it.

Two neighbouring periods of the scope's horizon are compared. The page's argument: the change with
its range, or what it would take to read one; the exact split into customers who changed their mind,
who left, who joined, and who happened to answer; the score among those who were there both times;
and the score over time beside what happened then.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.questions.change.charts import charts
from cxdash.questions.change.facts import facts
from cxdash.questions.change.findings import Findings, find
from cxdash.questions.change.stage import stage
from cxdash.questions.change.tables import tables
from cxdash.questions.change.words import caveats, headline, missing
from cxdash.questions.setting import nothing_to_ask
from cxdash.store import Reader

__all__ = ["TITLE", "change"]

TITLE: Final = "Why did the score move?"


def change(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the change is within noise."""
    found = stage(view, scope)
    if found is None:
        return nothing_to_ask(view, scope, "change", TITLE)
    return compose(find(found))


def compose(found: Findings) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="change",
        title=TITLE,
        as_of=found.stage.as_of,
        scope=found.stage.scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=charts(found, rows),
    )


def _status(found: Findings) -> Status:
    """Answered when the score moved and its parts can be told; partly when one of the two holds."""
    if found.change is None or not (found.moved or found.clear_steps):
        return "cannot_tell"
    split = found.standings_known and found.money_shown
    return "answered" if found.moved and split else "partly"
