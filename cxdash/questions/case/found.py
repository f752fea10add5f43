"""Everything found about one case, before any words are put to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cxdash import register
from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.panel import stamp
from cxdash.panel.monthly import customers_by_month
from cxdash.questions.case.evidence import PILOTS, Evidence, Replies, evidence, per_customer
from cxdash.questions.case.next_point import NextPoint, looked_at
from cxdash.questions.case.plan import Plan, planned
from cxdash.questions.case.promises import Tracked, tracked
from cxdash.questions.case.valued import Valued, valued
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.planned import planned as pilot_plans
from cxdash.register import Kept
from cxdash.register.kinds.cases import Case, CaseLine
from cxdash.stats.promised import Kept as Record
from cxdash.store import Reader

__all__ = ["Found", "Largest", "find"]

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest effect ever measured here: money a year for each customer it reached."""

    name: str
    per_customer: float


@dataclass(frozen=True, slots=True)
class Found:
    """One case.

    Parameters
    ----------
    own
        What is measured, with all costs; None where no benefit is.
    claimed
        Everything that has an amount, claims typed in among it; None without a benefit, and where
        it is the same as ``own``.
    record
        What other cases of this company brought of what they had promised; None: too few.
    largest
        The largest effect ever measured here; None where no pilot was read.
    at_risk
        Revenue expected to leave in a year, and the Fact's name; None where it cannot be told.
    currency
        Of all money; of the data, else what the setting says.
    """

    scope: Scope
    as_of: date
    currency: str
    plan: Plan
    own: Valued | None
    claimed: Valued | None
    tracked: Tracked
    record: Record | None
    next_point: NextPoint | str
    largest: Largest | None
    at_risk: float | None
    customers: int | None
    approved: bool

    @property
    def main(self) -> Valued | None:
        """What the headline is about: what is measured, else what is claimed."""
        return self.own or self.claimed


def find(
    view: Reader, ask: Replies, case: Kept[Case], scope: Scope, as_of: date, currency: str
) -> Found:
    """Work the case out."""
    lines = [line for line in register.current(view, CaseLine) if line.record.case == case.id]
    tried = {one.id: one for one in pilot_plans(view, "churn", as_of) if one.id}
    there = _there(view)
    plan = planned(
        case, [(line, _evidence(ask, case.record, line.record, tried, there)) for line in lines]
    )
    promised = tracked(view, ask, as_of, tried)
    record = promised.record(case.id)
    own = valued(plan, plan.counted, record)
    claimed = valued(plan, plan.valued, record) if plan.shown else None
    looked = looked_at(view, case.record, scope.as_of)
    return Found(
        scope=scope,
        as_of=as_of,
        currency=currency,
        plan=plan,
        own=own,
        claimed=claimed,
        tracked=promised,
        record=record,
        next_point=looked,
        largest=_largest(ask),
        at_risk=_at_risk(ask),
        customers=None if isinstance(looked, str) else looked.customers,
        approved=case.frozen,
    )


def _evidence(
    ask: Replies, case: Case, record: CaseLine, tried: Mapping[str, Planned], there: int | None
) -> Evidence:
    """What a line rests on; plans of the same customers tell of the same dollars."""
    if record.source != "pilot":
        return evidence(ask, case, record)
    if there is not None and (record.reach or 0) > there:
        return Evidence(
            why_not=f"It is to reach {fmt.count(record.reach or 0)} customers, and there are "
            f"{fmt.count(there)}."
        )
    found = evidence(ask, case, record)
    lot = tried[record.pilot].lot if record.pilot in tried else ""
    if not (lot and found.pool):
        return found
    # Money of a customer who left is none, so what a pilot did to revenue holds what it kept.
    of = "contacts" if record.line == "cost" else "revenue"
    return replace(found, pool=f"{of} of {lot}", source=f"{of} of {lot}")


def _there(view: Reader) -> int | None:
    """How many customers there are; None where none are known."""
    built = stamp(view)
    if built is None or built.last_month is None:
        return None
    rows = customers_by_month(view, built.last_month - 1, built.last_month)
    return int(rows["customers"].iloc[-1]) if len(rows) else None


def _largest(ask: Replies) -> Largest | None:
    read = ask(PILOTS)
    found = [
        Largest(str(row.get("pilot")), fact.value)
        for row in read.tables.get("pilots", ())
        if (fact := per_customer(read, str(row.get("id")))) is not None
        and fact.value is not None
        and fact.grade.is_verified
    ]
    return max(found, key=lambda one: one.per_customer, default=None)


def _at_risk(ask: Replies) -> float | None:
    reply = ask("worth")
    return next((fact.value for fact in reply.facts if fact.id == "worth.at_stake"), None)
