"""What comes first and what it is worth, as Facts with their grade."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.facts.grade import worst
from cxdash.questions.initiatives.find import Found
from cxdash.questions.judgement import LEVEL
from cxdash.questions.priorities.evidence import Worth
from cxdash.questions.priorities.pilots_worth import Trial
from cxdash.questions.priorities.ranking import Candidate, Ranking

__all__ = ["Findings", "chosen_value", "facts", "pilot_fact", "value_fact", "waiting"]

_REACHED: Final = (
    "It takes the effect found to hold for all customers it would touch; a pilot on them tells."
)
_CLAIM: Final = "A claim: nothing was measured. It is shown, never added to anything, never ranked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that is said of priorities."""

    found: Found
    ranking: Ranking
    trials: tuple[Trial, ...]

    @property
    def months(self) -> int:
        return self.found.scope.horizon

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All live initiatives, those that are ranked first, in their order."""
        order = [self.ranking.ranked[place.row] for place in self.ranking.places]
        return (*order, *self.ranking.apart)


def facts(told: Findings) -> tuple[Fact, ...]:
    """The value of each, what the choice returns, what waiting and a pilot are worth."""
    return (
        *([chosen_value(told)] if told.ranking.chosen else []),
        *(value_fact(told, one, one.worth) for one in told.candidates if one.worth),
        *_waits(told),
        *(pilot_fact(told, one) for one in told.trials if one.exact.worth >= 1),
    )


def value_fact(told: Findings, one: Candidate, worth: Worth) -> Fact:
    """What an initiative brings over the horizon with all customers it touches."""
    claimed = worth.method.assertion
    return Fact(
        id=f"priorities.value.{one.plan.id}",
        label=f"Worth: {one.plan.name}",
        value=worth.value,
        interval=worth.interval,
        unit=told.found.currency,
        method=worth.method,
        n=worth.n or one.reached.customers,
        population=f"{one.reached.customers:,} customers it would touch today",
        period=_ahead(told),
        definition="initiative_value",
        caveats=(_CLAIM if claimed else _REACHED,),
        sources=told.found.sources,
    )


def waiting(told: Findings, one: Candidate, worth: Worth) -> Fact:
    """What a month without it gives up."""
    months = told.months
    return Fact(
        id=f"priorities.waiting.{one.plan.id}",
        label=f"Given up by each month of waiting: {one.plan.name}",
        value=worth.value / months,
        interval=worth.interval.scaled(1 / months),
        unit=told.found.currency,
        method=worth.method,
        n=worth.n or one.reached.customers,
        population=f"{one.reached.customers:,} customers it would touch today",
        period=f"a month of {_ahead(told)}",
        definition="initiative_value",
        caveats=(_REACHED,),
        sources=told.found.sources,
    )


def _waits(told: Findings) -> Iterator[Fact]:
    for one in told.ranking.ranked:
        if one not in told.ranking.chosen and one.worth and one.worth.value > 0:
            yield waiting(told, one, one.worth)


def chosen_value(told: Findings) -> Fact:
    """What the best choice returns beyond its cost; the worst grade among its parts."""
    ranking = told.ranking
    low, high = ranking.sum_of_chosen()
    parts = [one.worth for one in ranking.chosen if one.worth]
    weakest = worst(part.grade for part in parts)
    method = next(part.method for part in parts if part.grade is weakest)
    return Fact(
        id="priorities.chosen_value",
        label="What the best choice returns beyond its cost",
        value=ranking.best.value,
        interval=Interval(min(low, ranking.best.value), max(high, ranking.best.value), LEVEL),
        unit=told.found.currency,
        method=Method(
            description=(
                "Sum over the chosen initiatives of value less cost, what two of them would bring "
                "with the same customers counted once. The choice is the best of all that fit."
            ),
            randomised=method.randomised,
            quasi_experiment=method.quasi_experiment,
            checks_passed=method.checks_passed,
            adjusted_for=method.adjusted_for,
            validated_out_of_time=method.validated_out_of_time,
            disputed=method.disputed,
            card=Card(
                model="Knapsack problem, solved exactly as a whole-number programme",
                formula="largest sum of (value − cost) within budget, days and number at a time",
                sample=f"{len(ranking.ranked)} initiatives whose value was measured",
                window=_ahead(told),
                assumptions=(_REACHED,),
                code="cxdash.stats.portfolio.best_choice",
            ),
        ),
        n=sum(part.n for part in parts),
        population="customers the chosen initiatives would touch today",
        period=_ahead(told),
        definition="chosen_value",
        caveats=(_REACHED,),
        sources=told.found.sources,
    )


def pilot_fact(told: Findings, one: Trial) -> Fact:
    """What a pilot of an initiative would be worth; as good as what is believed today."""
    worth = one.candidate.worth
    if worth is None:
        raise ValueError("a pilot is worth something only where something is believed")
    return Fact(
        id=f"priorities.pilot.{one.candidate.plan.id}",
        label=f"What a pilot would be worth: {one.candidate.plan.name}",
        value=one.pilot.worth,
        # What knowing exactly would be worth is the most that any pilot can be.
        interval=Interval(0.0, max(one.exact.worth, one.pilot.worth), LEVEL),
        unit=told.found.currency,
        method=worth.method,
        n=2 * one.each,
        population=f"two groups of {one.each:,} customers, drawn by lot",
        period=_ahead(told),
        definition="worth_of_pilot",
        caveats=("Its range runs from nothing to what knowing the value exactly would be worth.",),
        sources=told.found.sources,
    )


def _ahead(told: Findings) -> str:
    return f"the {told.months} months after {told.found.as_of.isoformat()}"
