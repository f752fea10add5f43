"""What do customers say in their own words, and what goes with it in money?

The page's argument: these themes are in the comments, so steady each; customers who spoke of one
left more or less often afterwards than others who wrote, as counted and with what finance knew held
equal; the score without a theme misleads where a group merely mentions it more often; and these
quotes were drawn by lot.
"""

from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Scope, Status, wording
from cxdash.panel import stamp
from cxdash.questions.voices.charts import voices_charts
from cxdash.questions.voices.facts import facts
from cxdash.questions.voices.find import Found, find
from cxdash.questions.voices.limits import caveats, missing
from cxdash.questions.voices.tables import tables
from cxdash.questions.voices.words import headline
from cxdash.store import Reader

__all__ = ["TITLE", "voices"]

TITLE: Final = "What do customers say in their own words, and what goes with it?"
_WOULD_HELP: Final = (
    "Import a survey export with a column of free text; better with a rating and a customer key "
    "beside it."
)


def voices(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    found = find(view, scope)
    return compose(found) if found else _nothing(view, scope)


def compose(found: Found) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows = tables(found)
    return Answer(
        question="voices",
        title=TITLE,
        as_of=found.as_of,
        scope=found.scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=voices_charts(found, rows),
    )


def _status(found: Found) -> Status:
    if not found.steady:
        return "cannot_tell"
    has_money = found.stage is not None and found.stage.conditions.money_allowed
    return "answered" if found.behaviour.effects and has_money else "partly"


def _nothing(view: Reader, scope: Scope) -> Answer:
    """Nobody wrote anything, or not by the day and with the filters asked for."""
    built = stamp(view)
    last = built.last_day if built else None
    whom = "with these filters and by this day " if scope.where or scope.as_of else ""
    return Answer(
        question="voices",
        title=TITLE,
        as_of=scope.as_of or last or datetime.now(UTC).date(),
        scope=scope,
        headline=wording.cannot_tell("what customers write", f"{whom}no comments are loaded"),
        status="cannot_tell",
        missing=(_WOULD_HELP,),
    )
