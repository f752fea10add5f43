"""What are we doing, for whom, and does it save what it is said to save?

The page's argument: an initiative without a goal, an owner and a date is a wish; the right question
comes before the money; initiatives that touch the same customers may contradict each other or claim
the same dollar; and what serves customers at less cost is watched for what it moves elsewhere.
"""

from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.questions.initiatives.charts import charts
from cxdash.questions.initiatives.facts import facts
from cxdash.questions.initiatives.find import Found, find
from cxdash.questions.initiatives.guardrails import NOT_BEGUN
from cxdash.questions.initiatives.tables import tables
from cxdash.questions.initiatives.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "initiatives"]

TITLE: Final = "What are we doing, for whom, and does it pay?"


def initiatives(view: Reader, scope: Scope) -> Answer:
    """Answer the question for all customers as of the scope's day."""
    found = find(view, scope)
    rows = tables(found)
    return Answer(
        question="initiatives",
        title=TITLE,
        as_of=found.as_of,
        scope=scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=tuple(caveats(found)),
        missing=tuple(missing(found)),
        charts=tuple(charts(found, rows)),
    )


def _status(found: Found) -> Status:
    if not found.plans:
        return "cannot_tell"
    untold = found.built is None or any(
        one.saving is None and one.why_not != NOT_BEGUN for one in found.guards
    )
    return "partly" if untold else "answered"
