"""What comes first, what is not done, and what would it pay to find out?

The page's argument: initiatives whose value was measured are ranked by value for each working day,
and share a place where their order cannot be told; within budget and capacity one choice is the
best; everything else is not done, and waiting costs so much; and this pilot would change the choice
most. What is only claimed stands apart.
"""

from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.questions.initiatives.find import find
from cxdash.questions.priorities.charts import charts
from cxdash.questions.priorities.evidence import worths
from cxdash.questions.priorities.facts import Findings, facts
from cxdash.questions.priorities.pilots_worth import trials
from cxdash.questions.priorities.ranking import rank, room
from cxdash.questions.priorities.tables import tables
from cxdash.questions.priorities.words import caveats, headline, missing
from cxdash.questions.setting import month_of
from cxdash.store import Reader

__all__ = ["TITLE", "priorities"]

TITLE: Final = "What should we do first, and what not?"


def priorities(view: Reader, scope: Scope) -> Answer:
    """Answer the question for all customers as of the scope's day."""
    told = _findings(view, scope)
    rows = tables(told)
    return Answer(
        question="priorities",
        title=TITLE,
        as_of=told.found.as_of,
        scope=scope,
        headline=headline(told),
        status=_status(told),
        facts=facts(told),
        tables=rows,
        caveats=tuple(caveats(told)),
        missing=tuple(missing(told)),
        charts=tuple(charts(told, rows)),
    )


def _findings(view: Reader, scope: Scope) -> Findings:
    found = find(view, scope)
    ranking = rank(found, worths(view, found, scope), room(view))
    built = found.built
    made = (
        trials(
            view,
            built,
            ranking,
            month=month_of(built, scope.as_of),
            months=scope.horizon,
        )
        if built
        else ()
    )
    return Findings(found=found, ranking=ranking, trials=made)


def _status(told: Findings) -> Status:
    if not told.ranking.ranked:
        return "cannot_tell"
    return "partly" if told.ranking.apart else "answered"
