"""What makes customers spend more or less? What was kept and moved, and what goes with it.

The page's argument: so much revenue stayed; so much grew, shrank, left and came; the same customers
paid so much more or less after their answers changed, beside what a comparison of different
customers would have claimed; and this is what the data cannot say.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.questions.progress import tell
from cxdash.questions.revenue.charts import charts
from cxdash.questions.revenue.facts import facts
from cxdash.questions.revenue.find import Findings, find
from cxdash.questions.revenue.stage import stage
from cxdash.questions.revenue.tables import tables
from cxdash.questions.revenue.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "compose", "revenue"]

TITLE: Final = "What makes customers spend more or less?"


def revenue(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    on = stage(view, scope)
    if on is None:
        return Answer(
            question="revenue",
            title=TITLE,
            as_of=scope.as_of or datetime.now(UTC).date(),
            scope=scope,
            headline="There is nothing to tell yet: nothing that customers paid is loaded.",
            status="cannot_tell",
            tables={"drivers": [], "retention": []},
            missing=("Import what customers pay: subscriptions, invoices or payments.",),
        )
    return compose(find(view, on))


def compose(found: Findings) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    tell("Putting it into words", 0.95)
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="revenue",
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
    latest = found.latest
    if latest is None or (latest.kept is None and found.stage.conditions.against_rates):
        return "cannot_tell"
    told = found.drivers is not None and found.drivers.tested > 0
    return "answered" if latest.kept is not None and told else "partly"
