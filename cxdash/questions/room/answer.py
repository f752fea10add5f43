"""Who decides, what did they say, and does anything press?

The page's argument: what it is time to ask again, and why; whether anything presses, each source
through the same noise gate; who sits at the table and how they stand; every no with its reason, the
evidence asked for and what brings it back; and the accounts somebody should look after.
"""

from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.questions.room.charts import charts
from cxdash.questions.room.facts import facts
from cxdash.questions.room.findings import Findings, find
from cxdash.questions.room.tables import tables
from cxdash.questions.room.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "room"]

TITLE: Final = "Who decides, what did they say, and does anything press?"


def room(view: Reader, scope: Scope) -> Answer:
    """Answer the question for the whole company on the day of the scope."""
    found = find(view, scope)
    rows = tables(found)
    return Answer(
        question="room",
        title=TITLE,
        as_of=found.as_of,
        scope=scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=tuple(caveats(found, filtered=bool(scope.where))),
        missing=tuple(missing(found)),
        charts=tuple(charts(found, rows)),
    )


def _status(found: Findings) -> Status:
    if not found.has_data and not found.seats and not found.asks:
        return "cannot_tell"
    return "partly" if found.board.untold or not found.board.cards else "answered"
