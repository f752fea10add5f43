"""Who leaves, and what goes before it? Drivers, who may leave next, and how sure that is.

The page's argument: beside these answers, contacts and circumstances customers leave more or less
(alone, then with all else held equal); of these, these few are levers; answers add so much to what
finance and operations foresee; these customers may leave next; and this is what only knew of
leaving afterwards and was left out.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from cxdash.facts import Answer, Scope, Status, wording
from cxdash.panel import stamp
from cxdash.panel.snapshots import customer_list
from cxdash.questions.churn.charts import churn_charts
from cxdash.questions.churn.facts import churn_facts
from cxdash.questions.churn.find import Found, find
from cxdash.questions.churn.list_answer import answer_of_list
from cxdash.questions.churn.list_source import tenure_in_months
from cxdash.questions.churn.stage import stage
from cxdash.questions.churn.tables import tables
from cxdash.questions.churn.words import caveats, headline, missing
from cxdash.questions.score.drivers import score_drivers
from cxdash.questions.setting import prepare
from cxdash.questions.worth.leaving import stake_of_all
from cxdash.stats.stake import Stake
from cxdash.store import Reader

__all__ = ["TITLE", "churn", "compose"]

TITLE: Final = "Who leaves, and what goes before it?"
_WOULD_HELP: Final = (
    "Import what customers pay: subscriptions with start and end, or invoices and payments with "
    "customer and day; or a list of customers that says who had left."
)


def churn(view: Reader, scope: Scope) -> Answer:
    """Answer the question for a scope; says "cannot tell" where the data cannot carry it.

    What goes before low scores stands beside it, as something to look at before anybody leaves.
    """
    answer = _leaving(view, scope)
    # A list's own traits, which it may be filtered by, are no columns of customers with answers.
    low = score_drivers(view, scope) if answer.dated else None
    return low.beside(answer) if low else answer


def _leaving(view: Reader, scope: Scope) -> Answer:
    setting = stage(view, scope)
    if setting is None:
        people = customer_list(view)
        if people is None:
            return _nothing(view, scope)
        return answer_of_list(people, scope, title=TITLE, in_months=tenure_in_months(view))
    found = find(setting)
    if found.stake is not None and setting.conditions.money_allowed:
        found = replace(found, worth=_worth(view, scope))
    return compose(found)


def _worth(view: Reader, scope: Scope) -> Stake | None:
    """What ``worth`` puts at stake, so that one figure is quoted; None where it cannot tell."""
    setting = prepare(view, scope)
    if setting is None or not setting.marks.closed_months:
        return None
    if not (setting.conditions.rates_allowed and setting.conditions.money_allowed):
        return None
    names = [band.name for band in setting.bands]
    return stake_of_all(setting.marks, names, contractual=setting.panel.contractual)


def compose(found: Found) -> Answer:
    """Put the findings into words, Facts, tables and charts."""
    rows = tables(found)
    return Answer(
        question="churn",
        title=TITLE,
        as_of=found.stage.as_of,
        scope=found.stage.scope,
        headline=headline(found),
        status=_status(found),
        facts=churn_facts(found),
        tables=rows,
        caveats=caveats(found),
        missing=missing(found),
        charts=churn_charts(found, rows),
    )


def _status(found: Found) -> Status:
    if found.model is None:
        return "cannot_tell"
    whole = found.stage.conditions.money_allowed and found.record and found.model
    return "answered" if whole and found.model.design.ratings.numbers else "partly"


def _nothing(view: Reader, scope: Scope) -> Answer:
    """Nobody whose beginning and end could be known is loaded."""
    built = stamp(view)
    last = built.last_day if built else None
    return Answer(
        question="churn",
        title=TITLE,
        as_of=scope.as_of or last or datetime.now(UTC).date(),
        scope=scope,
        headline=wording.cannot_tell(
            "who leaves", "no subscriptions, invoices or payments are loaded"
        ),
        status="cannot_tell",
        tables={"drivers": [], "validation": [], "excluded": [], "risks": []},
        missing=(_WOULD_HELP,),
    )
