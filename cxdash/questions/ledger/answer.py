"""What was delivered, by whom, and what did it cost? Every dollar counted once.

The page's argument: verified, indicated and merely claimed stand apart; the same dollars by the
team that acted and by what CX did; what was begun and brought nothing; and what all of it cost.
"""

from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Scope, Status
from cxdash.panel import ground, stamp
from cxdash.questions.ledger.facts import facts
from cxdash.questions.ledger.findings import Findings, find
from cxdash.questions.ledger.tables import charts, tables
from cxdash.questions.ledger.words import caveats, headline, missing
from cxdash.questions.pilots.told import pilots_told
from cxdash.store import Reader

__all__ = ["TITLE", "compose", "ledger"]

TITLE: Final = "What was delivered, by whom, and what did it cost?"


def ledger(view: Reader, scope: Scope) -> Answer:
    """Answer the question up to the day of the scope, for all customers."""
    built = stamp(view)
    if built is None or built.last_month is None:
        return _nothing(scope)
    # By the day of the ledger itself: what a pilot showed later was not known then.
    read = pilots_told(view, scope.as_of)
    return compose(find(view, built, scope, read), ground(view, built).sources)


def compose(found: Findings, sources: tuple[str, ...]) -> Answer:
    """Put the counted claims into words, Facts, tables and charts."""
    told = facts(found, sources)
    rows = tables(found, told)
    return Answer(
        question="ledger",
        title=TITLE,
        as_of=found.as_of,
        scope=found.scope,
        headline=headline(found, told),
        status=_status(found, has_money=bool(told)),
        facts=told,
        tables=rows,
        caveats=caveats(found),
        missing=missing(found, told),
        charts=charts(found, told, rows),
    )


def _status(found: Findings, *, has_money: bool) -> Status:
    if not has_money or not found.rows:
        return "cannot_tell"
    return "answered" if any(row.cents for row in found.rows) else "partly"


def _nothing(scope: Scope) -> Answer:
    return Answer(
        question="ledger",
        title=TITLE,
        as_of=scope.as_of or datetime.now(UTC).date(),
        scope=scope,
        headline="There is nothing to tell yet: nothing is loaded that has a day.",
        status="cannot_tell",
        tables={"claims": []},
        missing=("Import what customers pay, then enter what was delivered.",),
    )
