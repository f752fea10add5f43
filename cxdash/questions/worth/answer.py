"""What is our customers' voice worth? Retention, revenue and cost by what customers answered.

The page's argument: customers who answered differently left at different rates (as counted,
then with what finance already knows held equal); today's customers stand for so much revenue
over the coming months, of which so much is expected to leave; and this is what the data cannot
say.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from cxdash.facts import Answer, Row, Scope, Status
from cxdash.questions.setting import nothing_to_ask, prepare
from cxdash.questions.worth.charts import charts
from cxdash.questions.worth.facts import facts
from cxdash.questions.worth.findings import Findings, find
from cxdash.questions.worth.tables import tables
from cxdash.questions.worth.words import caveats, headline, missing
from cxdash.store import Reader

__all__ = ["TITLE", "worth"]

TITLE: Final = "What is our customers' voice worth?"


def worth(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it."""
    setting = prepare(view, scope)
    if setting is None:
        return nothing_to_ask(view, scope, "worth", TITLE)
    return compose(find(view, setting))


def compose(found: Findings) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows: Mapping[str, Sequence[Row]] = tables(found)
    return Answer(
        question="worth",
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
    if not found.rates_shown or found.model is None:
        return "cannot_tell"
    return "answered" if found.money_shown else "partly"
