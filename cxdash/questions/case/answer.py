"""What would it return? The business case in two columns, what was measured apart from claims.

The page's argument: by what was measured the plan is worth so much more than it costs; with claims
typed in it would be so much, and that is not added up; this line moves it most; waiting costs so
much; earlier cases brought so much of what they had promised; and the next point of experience
brings so much, or nobody can tell.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Final

from cxdash import register
from cxdash.errors import UsageError
from cxdash.facts import Answer, Scope, Status
from cxdash.panel import stamp
from cxdash.questions.case.charts import case_charts
from cxdash.questions.case.evidence import PILOTS, Replies
from cxdash.questions.case.facts import case_facts
from cxdash.questions.case.found import Found, find
from cxdash.questions.case.tables import case_tables
from cxdash.questions.case.words import caveats, headline, missing
from cxdash.questions.churn.answer import churn
from cxdash.questions.pilots.told import pilots_told
from cxdash.questions.replies import kept
from cxdash.questions.trial.answer import trial
from cxdash.questions.worth.answer import worth
from cxdash.register import Kept
from cxdash.register.kinds.cases import Case
from cxdash.store import Reader

__all__ = ["TITLE", "case", "compose", "replies"]

TITLE: Final = "What would it return?"
_YEAR: Final = 12  # months
_NO_CURRENCY: Final = "XXX"
_TEACHES: Final = (
    "Enter a business case, and its lines: what it saves, what it makes, what it costs, and what "
    "each rests on."
)
_SOURCES: Final[Mapping[str, Callable[[Reader, Scope], Answer]]] = {
    "worth": worth,
    "churn": churn,
    "trial": trial,
}


def case(view: Reader, scope: Scope) -> Answer:
    """The case that ``scope.claim`` names, else the one entered last.

    Raises
    ------
    UsageError
        There is no case of that id.
    """
    built = stamp(view)
    as_of = scope.as_of or (built.last_day if built else None) or datetime.now(UTC).date()
    chosen = _chosen(view, scope.claim)
    if chosen is None:
        return _nothing(scope, as_of)
    currency = (built.currency if built else None) or _NO_CURRENCY
    return compose(find(view, replies(view, scope.as_of), chosen, scope, as_of, currency))


def compose(found: Found) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    facts = case_facts(found)
    by_id = {fact.id: fact for fact in facts}
    tables = case_tables(found, by_id)
    return Answer(
        question="case",
        title=f"{TITLE} {found.plan.case.title}",
        as_of=found.as_of,
        scope=found.scope,
        headline=headline(found, by_id),
        status=_status(found),
        facts=facts,
        tables=tables,
        caveats=caveats(found, by_id),
        missing=missing(found),
        charts=case_charts(found, tables, by_id),
    )


def replies(view: Reader, as_of: date | None) -> Replies:
    """The Answers a case may rest on, each looking a year ahead, each worked out once."""

    def ask(name: str) -> Answer:
        if name == PILOTS:
            return pilots_told(view, as_of)
        scope = Scope(horizon=_YEAR, as_of=as_of)
        return kept(view, name, scope, lambda: _SOURCES[name](view, scope))

    return ask


def _chosen(view: Reader, wanted: str | None) -> Kept[Case] | None:
    if wanted is None:
        entered = register.current(view, Case)
        return entered[-1] if entered else None
    found = register.find(view, Case, wanted)
    if found is None:
        raise UsageError(
            f"There is no business case {wanted!r}.",
            do_next="Name one that the page Case lists, such as case-1, or none for the newest.",
        )
    return found


def _nothing(scope: Scope, as_of: date) -> Answer:
    return Answer(
        question="case",
        title=TITLE,
        as_of=as_of,
        scope=scope,
        headline="There is nothing to tell yet: no business case is entered.",
        status="cannot_tell",
        tables={"cashflows": []},
        missing=(_TEACHES,),
    )


def _status(found: Found) -> Status:
    if found.own is not None:
        return "answered"
    return "partly" if found.claimed is not None else "cannot_tell"
