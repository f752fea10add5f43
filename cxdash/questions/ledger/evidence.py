"""How strong the evidence behind a claim is, and how much of it the evidence supports.

A claim is a number that a person typed. It takes the grade of what it rests on only if that is
money, fits the line of the accounts, and is told from zero; otherwise it stays what it is: typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final

from cxdash.facts import Answer, Fact, Grade, Scope
from cxdash.questions.churn.answer import churn
from cxdash.questions.judgement import as_usual
from cxdash.questions.replies import kept
from cxdash.questions.revenue.answer import revenue
from cxdash.questions.worth.answer import worth
from cxdash.register.kinds.ledger import Claim
from cxdash.store import Reader

__all__ = ["Evidence", "Pilots", "evidence_of"]

#: Questions whose figures a claim may rest on.
_ASKED: Final[Mapping[str, Callable[[Reader, Scope], Answer]]] = MappingProxyType(
    {"worth": worth, "churn": churn, "revenue": revenue}
)
#: The line of the accounts in which a pilot's outcome shows.
_LINE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"churn": "retention", "revenue": "revenue", "contacts": "cost"}
)
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a claim.

    Parameters
    ----------
    grade
        Of the claim; F where what it rests on does not carry it.
    per_customer, a_month
        The most it supports in a month: so much for each customer, or so much in all. None where
        it says nothing of that.
    low, high
        Ends of its range as parts of its value; 1 without a range.
    why
        Why the claim is not graded better; empty where nothing is in the way.
    n
        Customers it rests on.
    """

    grade: Grade
    per_customer: float | None = None
    a_month: float | None = None
    low: float = 1.0
    high: float = 1.0
    why: str = ""
    n: int = 0

    def most(self, customers: int) -> float | None:
        """The most it supports in a month for so many customers; None without a limit."""
        if self.per_customer is not None:
            return self.per_customer * customers
        return self.a_month


@dataclass(frozen=True, slots=True)
class Pilots:
    """What pilots showed: ``fact`` gives a Fact by its id, ``outcomes`` plan id to outcome, and
    ``initiatives`` plan id to the initiative it tried, where it names one.
    """

    fact: Callable[[str], Fact | None]
    outcomes: Mapping[str, str]
    initiatives: Mapping[str, str] = field(default_factory=dict)


def evidence_of(view: Reader, claim: Claim, pilots: Pilots) -> Evidence:
    """What the claim rests on."""
    if claim.source == "pilot":
        return _of_pilot(claim, pilots)
    if claim.source == "question":
        return _of_question(view, claim.fact)
    return _typed("it is somebody's judgement")


def _of_pilot(claim: Claim, pilots: Pilots) -> Evidence:
    fact = pilots.fact(f"pilots.{claim.pilot}.per_customer_year")
    if fact is None or fact.value is None:
        return _typed("its pilot has not been read")
    if pilots.initiatives.get(claim.pilot, claim.initiative) != claim.initiative:
        return _typed("its pilot tried another initiative")
    if _LINE_OF.get(pilots.outcomes.get(claim.pilot, "")) != claim.line:
        return _typed("its pilot measured something that shows in another line of the accounts")
    return _clear(fact, per_customer=fact.value / _MONTHS)


def _of_question(view: Reader, name: str) -> Evidence:
    question = name.partition(".")[0]
    ask = _ASKED.get(question)
    if ask is None:
        return _typed(f"no figure is called {name}")
    scope = Scope()
    answer = kept(view, question, scope, lambda: ask(view, scope))
    fact = next((one for one in answer.facts if one.id == name), None)
    if fact is None or fact.value is None:
        return _typed(f"the data does not tell {name}")
    if not fact.is_money:
        return _typed(f"{name} is no amount of money")
    return _clear(fact, a_month=fact.value / scope.horizon)


def _clear(
    fact: Fact, *, per_customer: float | None = None, a_month: float | None = None
) -> Evidence:
    """The Fact's own grade where it is told from zero."""
    value, interval = fact.value, fact.interval
    if value is None or value <= 0 or (interval is not None and interval.low <= 0):
        return _typed("what it rests on cannot be told from nothing")
    usual = as_usual(value, interval) if interval else None
    low, high = (usual.low / value, usual.high / value) if usual else (1.0, 1.0)
    why = "" if fact.grade.may_be_summed else "what it rests on is graded too weak to be summed"
    return Evidence(fact.grade, per_customer, a_month, low, high, why, fact.n)


@cache
def _typed(why: str) -> Evidence:
    return Evidence(Grade.F, why=why)
