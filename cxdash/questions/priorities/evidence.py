"""What an initiative is worth, from the best evidence there is for it.

A pilot of it counts first, then what was watched after it began, then a driver it works on, then
what somebody claims. Nothing is added up over kinds of evidence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cxdash.facts import Answer, Card, Fact, Grade, Interval, Method, Scope
from cxdash.panel.registers import letters
from cxdash.questions.churn.answer import churn
from cxdash.questions.initiatives.facts import money
from cxdash.questions.initiatives.find import Found
from cxdash.questions.initiatives.reach import Reach
from cxdash.questions.initiatives.reading import Plan
from cxdash.questions.judgement import LEVEL
from cxdash.questions.pilots.planned import tried_by
from cxdash.questions.pilots.told import pilots_told
from cxdash.questions.replies import kept
from cxdash.questions.revenue.answer import revenue
from cxdash.stats.estimate import z_of_level
from cxdash.store import Reader

__all__ = ["Worth", "worths"]

_YEAR: Final = 12  # months
_CLAIM: Final = Method(
    description="Typed by a person as a range for a year.",
    assertion=True,
    card=Card(
        model="None: a person typed both ends of the range for a year",
        formula="(at least + at most) / 2 × months / 12",
        sample="none: nothing was measured",
        window="the months looked ahead",
        assumptions=("Whoever claims it is right within the range.",),
        code="cxdash.questions.priorities.evidence.worths",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What an initiative brings over the horizon with all customers it touches.

    Parameters
    ----------
    value, interval
        Money.
    method, n
        Of the evidence; the grade follows from it.
    source
        What it rests on: two initiatives with the same source are right or wrong together.
    basis
        The same for people.
    """

    value: float
    interval: Interval
    method: Method
    n: int
    source: str
    basis: str

    @property
    def grade(self) -> Grade:
        return self.method.grade

    @property
    def is_measured(self) -> bool:
        """Good enough to be summed and ranked."""
        return self.grade.may_be_summed

    @property
    def error(self) -> float:
        """Standard error that the interval stands for."""
        return self.interval.width / (2 * z_of_level(self.interval.level))


def worths(view: Reader, found: Found, scope: Scope) -> Mapping[str, Worth]:
    """Initiative id to what it is worth; those of which nothing is known are left out."""
    told = _Told(view, scope)
    tried: dict[str, list[str]] = {}
    for pilot, initiative in tried_by(view).items():
        tried.setdefault(initiative, []).append(pilot)
    made = {}
    for plan, reached in zip(found.plans, found.meant, strict=True):
        if not plan.is_live or reached.why_not:
            continue
        parts = _evidence(plan, reached, found, told, tried.get(plan.id, []), scope.horizon)
        best = min(parts, key=lambda one: one.grade.rank, default=None)
        if best is not None:
            made[plan.id] = best
    return made


@dataclass(frozen=True, slots=True)
class _Told:
    """Other questions' Answers, asked only where somebody needs them."""

    view: Reader
    scope: Scope

    def fact(self, question: str, fact_id: str) -> Fact | None:
        """A Fact with a value and a range; None where there is none."""
        answer = self._answer(question)
        return next(
            (
                fact
                for fact in answer.facts
                if fact.id == fact_id and fact.value is not None and fact.interval is not None
            ),
            None,
        )

    def driver(self, question: str, named: str) -> tuple[str, Fact] | None:
        """The driver a person named, by its name or what it is called on the page, and its Fact."""
        wanted = letters(named)
        for row in self._answer(question).tables.get("drivers", ()):
            name, called = str(row["driver"]), str(row["label"]).partition(",")[0]
            if wanted in (letters(name), letters(called)):
                fact = self.fact(question, f"{question}.driver.{name}")
                return (called, fact) if fact else None
        return None

    def _answer(self, question: str) -> Answer:
        view = self.view
        if question == "pilots":
            return pilots_told(view)
        scope = Scope(as_of=self.scope.as_of, horizon=self.scope.horizon)
        made: Callable[[Reader, Scope], Answer] = churn if question == "churn" else revenue
        return kept(view, question, scope, lambda: made(view, scope))


def _evidence(
    plan: Plan, reached: Reach, found: Found, told: _Told, tried: list[str], months: int
) -> Iterator[Worth]:
    for pilot in tried:
        fact = told.fact("pilots", f"pilots.{pilot}.per_customer_year")
        if fact:
            yield _scaled(fact, reached.customers * months / _YEAR, pilot, "its pilot")
    yield from _watched(plan, reached, found, months)
    lever = plan.record.lever.strip()
    if lever and plan.record.aim != "cut_cost":
        yield from _driven(lever, plan, reached, told, months)
    yield from _claimed(plan, months)


def _watched(plan: Plan, reached: Reach, found: Found, months: int) -> Iterator[Worth]:
    """What a cost-cutting initiative saved net of what it moved, for those it touches today."""
    for one in found.guards:
        if one.plan.id == plan.id and one.saving and one.seen and one.exposed:
            each = reached.customers * months / (one.exposed * one.seen.months)
            yield _scaled(money(found, one), each, plan.id, "watched since it began, net")


def _driven(lever: str, plan: Plan, reached: Reach, told: _Told, months: int) -> Iterator[Worth]:
    """The step of a driver, taken by all customers it touches."""
    question, pays = ("churn", "leaving") if plan.record.aim == "keep" else ("revenue", "revenue")
    found = told.driver(question, lever)
    if found is None:
        return
    called, fact = found
    # Fewer who leave keep what they pay; what is paid more is told for each customer and month.
    each = -reached.revenue if question == "churn" else reached.customers
    yield _scaled(fact, each * months, fact.id, f"driver of {pays}: {called}")


def _scaled(fact: Fact, times: float, source: str, basis: str) -> Worth:
    if fact.value is None or fact.interval is None:
        raise ValueError(f"{fact.id} has no value to be scaled")
    return Worth(
        value=fact.value * times,
        interval=fact.interval.scaled(times),
        method=fact.method,
        n=fact.n,
        source=source,
        basis=basis,
    )


def _claimed(plan: Plan, months: int) -> Iterator[Worth]:
    """A claim with both its ends; a saving that is claimed lies anywhere from nothing to it."""
    record = plan.record
    low, high = record.claim_low, record.claim_high
    if low is None or high is None:
        low, high = Decimal(0), record.claimed_saving
    if high is None:
        return
    ends = Interval(float(low) * months / _YEAR, float(high) * months / _YEAR, LEVEL)
    yield Worth(
        value=(ends.low + ends.high) / 2,
        interval=ends,
        method=_CLAIM,
        n=0,
        source=f"claim.{plan.id}",
        basis="claimed, not measured",
    )
