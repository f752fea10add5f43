"""What did a pilot show, and could it have shown anything?

The page's argument: this is how large a pilot must be to answer; this is what was planned and
frozen; on the planned day it showed this, beside these checks; by the rule written before it is
scaled up, adjusted or stopped; and this is what that is worth.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from cxdash.facts import Answer, Chart, Row, Scope, Status
from cxdash.panel import ground, stamp
from cxdash.questions.conditions import check
from cxdash.questions.pilots.asked import Refused, refused
from cxdash.questions.pilots.facts import pilot_facts
from cxdash.questions.pilots.planned import planned
from cxdash.questions.pilots.read import Found, found_of
from cxdash.questions.pilots.tables import tables
from cxdash.questions.pilots.words import caveats, effect_said, headline, missing
from cxdash.questions.setting import month_of
from cxdash.store import Reader

__all__ = ["TITLE", "pilots"]

TITLE: Final = "What did the pilots show?"
#: Outcome of a scope to what groups without a plan are read by.
_READ_BY: Final = {"churn": "churn", "revenue": "revenue", "cost": "contacts"}
_ALL_OF_IT: Final = (
    "Pilots are read over all their customers: looking at one group after the other finds "
    "something by chance. The choice of customers is not used here."
)


def pilots(view: Reader, scope: Scope) -> Answer:
    """Every pilot that was planned or is in the data, or the one of the claim, read as planned."""
    built = stamp(view)
    if built is None or built.last_day is None:
        return Answer(
            question="pilots",
            title=TITLE,
            as_of=scope.as_of or datetime.now(UTC).date(),
            scope=scope,
            headline=headline((), (), None),
            status="cannot_tell",
            tables=tables((), None, ()),
            missing=("Import what customers pay: subscriptions, invoices or payments.",),
        )
    built = replace(built, last_month=month_of(built, scope.as_of))
    plans = planned(view, _READ_BY[scope.outcome or "churn"], built.last_day or date.max)
    chosen = [one for one in plans if one.id == scope.claim]
    found = found_of(view, built, chosen or plans)
    asks = refused(view, built, plans)
    data = ground(view, built)
    rows = tables(found, built.currency, [_asked(one) for one in asks])
    said = caveats(found, asks, built.currency)
    facts = pilot_facts(found, built.currency, data, check(built, data, None, scope.horizon))
    return Answer(
        question="pilots",
        title=TITLE,
        as_of=built.last_day or date.max,
        scope=scope,
        headline=headline(found, asks, built.currency, facts),
        status=_status(found),
        facts=facts,
        tables=rows,
        caveats=(*said, _ALL_OF_IT) if scope.where else said,
        missing=tuple(missing(found)),
        charts=_charts(found, rows["pilot_effects"], built.currency),
    )


def _status(found: tuple[Found, ...]) -> Status:
    read = [one for one in found if one.reading and one.reading.effect.low is not None]
    if not read:
        return "cannot_tell"
    return "answered" if len(read) == len(found) else "partly"


def _asked(one: Refused) -> Row:
    return {
        "ask": one.id,
        "title": one.title,
        "least_share": one.wanted,
        "needed": one.needed,
        "there_are": one.there_are,
        "months": one.months,
        "pilot": one.plan or None,
    }


def _charts(found: tuple[Found, ...], rows: object, currency: str | None) -> tuple[Chart, ...]:
    shown = [one for one in found if one.reading and one.one.plan.outcome == "churn"]
    if not rows or not shown:
        return ()
    return (
        Chart(
            id="effects",
            title=effect_said(shown[0], currency),
            kind="interval",
            table="pilot_effects",
            category="pilot",
            value="difference",
            low="difference_low",
            high="difference_high",
            group="view",
            unit="share",
            category_title="Pilot",
            value_title="Share who left, treated minus untreated, in percentage points",
            alt=" ".join(effect_said(one, currency) for one in shown),
        ),
    )
