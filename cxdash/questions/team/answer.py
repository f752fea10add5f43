"""How do employees and customers go together? Both directions, unit by unit.

The page's argument: what a unit's employees say and do stands beside what its customers say and do;
what comes first is tested in both directions, each unit compared with itself; workload and signs of
exhaustion stand beside the scores; and nothing is told, or can be worked out, about fewer than ten
employees.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.panel import stamp
from cxdash.questions.team.charts import charts
from cxdash.questions.team.facts import facts
from cxdash.questions.team.find import Found, find
from cxdash.questions.team.tables import tables
from cxdash.questions.team.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "team"]

TITLE: Final = "How do employees and customers go together?"


def team(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    built = stamp(view)
    if built is None or built.last_month is None:
        return Answer(
            question="team",
            title=TITLE,
            as_of=scope.as_of or datetime.now(UTC).date(),
            scope=scope,
            headline="There is nothing to tell yet: nothing about customers is loaded.",
            status="cannot_tell",
            missing=("Import what customers pay and what they answered, then the team figures.",),
        )
    return compose(find(view, built, scope))


def compose(found: Found) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="team",
        title=TITLE,
        as_of=found.as_of,
        scope=found.scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=charts(found, rows),
    )


def _status(found: Found) -> Status:
    if not found.links:
        return "partly" if found.units else "cannot_tell"
    return "answered" if found.told else "partly"
