"""What a line of a case rests on: an amount a year with its range, its method, or why it has none.

What was measured is taken from the Fact of the question that measured it, never typed again. A
person may take a part of it, never more than all, so typing can only lower what was measured, and
the grade stays that of the measurement.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cxdash.facts import Answer, Fact, Method
from cxdash.facts.words import quoted
from cxdash.questions.judgement import as_usual
from cxdash.register.kinds.cases import Case, CaseLine

__all__ = [
    "ABOUT_LEAVING",
    "PILOTS",
    "Evidence",
    "Replies",
    "evidence",
    "has_measured",
    "per_customer",
]

#: A question's name to its Answer, looking ahead a year.
Replies = Callable[[str], Answer]

PILOTS: Final = "pilots"
#: Questions whose money is revenue that is expected to leave within the horizon.
ABOUT_LEAVING: Final = ("worth", "churn", "trial")
_FEWEST: Final = 5  # customers behind a figure that a case may rest on
_YEARLY: Final = ("worth.at_stake", "worth.excess", "churn.at_stake", "trial.")
_BY_OUTCOME: Final = MappingProxyType(
    {"churn": "retention", "revenue": "revenue", "contacts": "cost"}
)
_REVENUE: Final = ("retention", "revenue")
_TYPED: Final = Method(description="Typed in by a person.", assertion=True)
#: Revenue kept because of a pilot is a part of the revenue that would leave.
_LEAVING: Final = "revenue that may leave"
_OUTSIDE: Final = Method(description="A figure from outside the company.", external=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a line rests on.

    Parameters
    ----------
    amount, low, high
        Money a year and its 90 % range; None where the line has no amount, and ``why_not`` says
        why.
    method
        Decides the grade.
    n
        Observations behind it; 0 for what was typed in.
    source
        What it shares with other lines, which then move with it; empty for what was typed in.
    pool, whole
        Dollars that can be counted once only, and how many of them there are a year.
    within
        Dollars of which those are a part, where a figure tells how many of them there are.
    treated, over
        Customers the pilot treated, and from when to when; 0 and empty elsewhere.
    effect, unit
        The effect it follows from, as the pilot's table tells it; None elsewhere.
    """

    amount: float | None = None
    low: float = 0.0
    high: float = 0.0
    method: Method = _TYPED
    n: int = 0
    source: str = ""
    pool: str = ""
    whole: float = 0.0
    within: str = ""
    treated: int = 0
    over: str = ""
    effect: float | None = None
    unit: str = ""
    why_not: str = ""
    said: str = ""


def evidence(ask: Replies, case: Case, record: CaseLine) -> Evidence:
    """What the line rests on, as the data is now."""
    if record.source == "pilot":
        return _of_pilot(ask, case, record)
    if record.source == "question":
        return _of_fact(ask, case, record)
    return _typed(record)


def per_customer(read: Answer, plan: str) -> Fact | None:
    """Money a pilot brought for each treated customer in a year; None where nothing was read."""
    fact = _fact(read, f"pilots.{plan}.per_customer_year")
    return fact if fact is not None and fact.value is not None else None


def _typed(record: CaseLine) -> Evidence:
    amount = float(record.amount or 0)
    low = amount if record.low is None else float(record.low)
    high = amount if record.high is None else float(record.high)
    outside = record.source == "outside"
    method = _OUTSIDE if outside else _TYPED
    said = f"From outside: {quoted(record.citation)}." if outside else ""
    return Evidence(amount=amount, low=low, high=high, method=method, said=said)


def _of_pilot(ask: Replies, case: Case, record: CaseLine) -> Evidence:
    read = ask(PILOTS)
    fact = per_customer(read, record.pilot)
    if fact is None:
        return Evidence(why_not="Its pilot has not been read, or no money follows from it yet.")
    row = next((one for one in read.tables["pilots"] if one.get("id") == record.pilot), {})
    if not has_measured(read, record.pilot, record.line):
        return Evidence(
            why_not="Its pilot measured another line of the accounts than the one it stands in."
        )
    effect = _fact(read, f"pilots.{record.pilot}.effect")
    reach = float(record.reach or 0)
    found = _scaled(fact, record, reach * _left_of_revenue(case, record), f"pilot {record.pilot}")
    found = replace(
        found,
        within=_LEAVING if record.line == "retention" else "",
        treated=int(row.get("customers_treated") or 0),
        over=fact.period,
    )
    if effect is None:
        return found
    return replace(found, effect=effect.value, unit=effect.unit)


def has_measured(read: Answer, plan: str, line: str) -> bool:
    """Whether what the pilot measured shows in that line of the accounts."""
    row = next((one for one in read.tables["pilots"] if one.get("id") == plan), {})
    return _BY_OUTCOME.get(str(row.get("outcome"))) == line


def _of_fact(ask: Replies, case: Case, record: CaseLine) -> Evidence:
    name = record.fact.split(".")[0]
    if name not in ABOUT_LEAVING or not record.fact.startswith(_YEARLY):
        return Evidence(
            why_not=f"{quoted(record.fact)} is no amount a year: a case can rest on the money of "
            "worth, churn and trial, and on pilots."
        )
    if record.line != "retention":
        return Evidence(
            why_not=f"{quoted(record.fact)} is revenue that may leave, so it can only be kept: it "
            "belongs to revenue kept, in the column Save."
        )
    fact = _fact(ask(name), record.fact)
    if fact is None or fact.value is None or not fact.is_money:
        return Evidence(
            why_not=f"{quoted(record.fact)} cannot be told from the data over the coming 12 months."
        )
    factor = _left_of_revenue(case, record)
    found = _scaled(fact, record, factor, f"fact {record.fact}", pool=_LEAVING)
    return replace(found, within=_LEAVING)


def _scaled(
    fact: Fact, record: CaseLine, factor: float, source: str, *, pool: str = ""
) -> Evidence:
    """A measured amount for all it is taken for; ``factor`` times the part that is taken."""
    if fact.value is None or fact.interval is None:
        return Evidence(why_not="It has no range, and money without one is not added up.")
    if fact.n < _FEWEST:
        return Evidence(why_not=f"It is about fewer than {_FEWEST} customers.")
    part = 1.0 if record.portion is None else record.portion
    whole = fact.value * factor
    ends = as_usual(fact.value, fact.interval).scaled(factor * part)
    return Evidence(
        amount=whole * part,
        low=min(ends.low, whole * part),
        high=max(ends.high, whole * part),
        method=fact.method,
        n=fact.n,
        source=source,
        pool=pool or source,
        whole=whole,
    )


def _left_of_revenue(case: Case, record: CaseLine) -> float:
    """What is left of a dollar of the line after the cost of providing what was sold."""
    return 1.0 if case.margin is None or record.line not in _REVENUE else case.margin


def _fact(reply: Answer, name: str) -> Fact | None:
    return next((fact for fact in reply.facts if fact.id == name), None)
