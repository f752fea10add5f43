"""Does it tie to finance? Totals of finance beside what is loaded, month by month, in money.

The page's argument: each total beside what is loaded for it; which months are further apart than
agreed, and in how much money; who has signed, and which names a later file made void; revenue that
belongs to nobody, and answers behind which there is no money.
"""

from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.panel import ground, month_end, stamp
from cxdash.questions.reconcile.compare import Reconciled, reconciled
from cxdash.questions.reconcile.facts import facts
from cxdash.questions.reconcile.tables import charts, tables
from cxdash.questions.reconcile.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "reconcile"]

TITLE: Final = "Does it tie to finance?"


def reconcile(view: Reader, scope: Scope) -> Answer:
    """Answer the question for everything loaded; filters of customers do not narrow it."""
    built = stamp(view)
    if built is None or built.last_month is None:
        return _nothing(scope)
    found = reconciled(view, built)
    told = facts(found, ground(view, built).sources, built.last_month)
    rows = tables(found)
    return Answer(
        question="reconcile",
        title=TITLE,
        as_of=month_end(built.last_month),
        scope=scope,
        headline=headline(found, told),
        status=_status(found),
        facts=told,
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=charts(found, rows),
    )


def _status(found: Reconciled) -> Status:
    if not found.has_totals:
        return "cannot_tell"
    return "partly" if found.not_compared else "answered"


def _nothing(scope: Scope) -> Answer:
    return Answer(
        question="reconcile",
        title=TITLE,
        as_of=scope.as_of or datetime.now(UTC).date(),
        scope=scope,
        headline="There is nothing to tell yet: nothing is loaded that has a day.",
        status="cannot_tell",
        tables={"months": []},
        missing=("Import what customers pay, and a list of finance's totals.",),
    )
