"""What do we want, how far are we, and does what we do serve it?

The page's argument: each goal of the business has a figure with its range against where it stood
and where it is to stand; metrics, stages and initiatives serve a goal or are listed as serving
none; and what the strategy puts first is set beside what is paid for, worked on and decided.
"""

from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.questions.goals.charts import charts
from cxdash.questions.goals.facts import facts
from cxdash.questions.goals.findings import Findings, find
from cxdash.questions.goals.tables import tables
from cxdash.questions.goals.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "goals"]

TITLE: Final = "What do we want, and does what we do serve it?"


def goals(view: Reader, scope: Scope) -> Answer:
    """Answer the question for the whole company at the day of the scope."""
    found = find(view, scope.as_of)
    rows = tables(found)
    return Answer(
        question="goals",
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
    if not found.told:
        return "cannot_tell"
    untold = any(goal.held.verdict == "cannot tell" for goal in found.goals)
    return "partly" if untold else "answered"
