"""Where does it hurt? The way customers go, stage by stage.

The page's argument: at each stage, what customers say, how much effort it takes them and what it
costs; what those met there pay and may take away; which goal of the business it serves; and how
many leave before they are met at the next stage, as far as the data can see them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.panel import stamp
from cxdash.questions.churn.stage import stage
from cxdash.questions.journey.charts import charts
from cxdash.questions.journey.facts import facts
from cxdash.questions.journey.find import Found, find
from cxdash.questions.journey.tables import tables
from cxdash.questions.journey.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "journey"]

TITLE: Final = "Where does it hurt?"
_NEEDED: Final = (
    "Import survey answers that name their touchpoint or survey, contacts with their reason, and "
    "what customers pay."
)


def journey(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    standing = stage(view, scope)
    found = find(view, standing) if standing is not None else None
    if found is None or not found.stops:
        built = stamp(view)
        last = built.last_day if built else None
        return Answer(
            question="journey",
            title=TITLE,
            as_of=scope.as_of or last or datetime.now(UTC).date(),
            scope=scope,
            headline="There is nothing to tell yet: no touchpoint of any customer is loaded.",
            status="cannot_tell",
            missing=(_NEEDED,),
        )
    return compose(found)


def compose(found: Found) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="journey",
        title=TITLE,
        as_of=found.stage.as_of,
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
    if not any(stop.met for stop in found.stops):
        return "cannot_tell"
    whole = found.ordered and found.stage.conditions.money_allowed
    return "answered" if whole else "partly"
