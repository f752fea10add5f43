"""Whom do we not hear? Answered, silent and never asked, by customers and by revenue.

The page's argument: so many customers were heard, and they bring so much of the revenue; the silent
behaved like this afterwards; and the score that rests on those who answered stands beside the same
score weighted to all customers and beside what no weighting can rule out.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.questions.listening.charts import charts
from cxdash.questions.listening.facts import facts
from cxdash.questions.listening.findings import Findings, find
from cxdash.questions.listening.tables import tables
from cxdash.questions.listening.words import caveats, headline, missing
from cxdash.questions.progress import tell
from cxdash.questions.setting import nothing_to_ask, prepare
from cxdash.store import Reader

__all__ = ["TITLE", "listening"]

TITLE: Final = "Whom do we not hear?"


def listening(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    setting = prepare(view, scope)
    if setting is None:
        return nothing_to_ask(view, scope, "listening", TITLE)
    tell("Counting who was asked and who answered", 0.5)
    return compose(find(view, setting))


def compose(found: Findings) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="listening",
        title=TITLE,
        as_of=found.setting.as_of,
        scope=found.setting.scope,
        headline=headline(found),
        status=_status(found),
        facts=facts(found),
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=charts(found, rows),
    )


def _status(found: Findings) -> Status:
    """Partly, where revenue, the silent apart from the never asked, or weights are withheld."""
    if found.against or found.standing is None:
        return "cannot_tell"
    told = found.has_money and found.ground.has_invitations and found.standing.gap is not None
    weighted = found.score.adjusted is not None or found.score.answered == found.score.customers
    return "answered" if told and weighted else "partly"
