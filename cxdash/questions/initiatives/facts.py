"""What is said of the initiatives, as Facts with their grade."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cxdash.facts import Card, Fact, Interval, Method
from cxdash.questions.initiatives.find import Found
from cxdash.questions.initiatives.guardrails import NOT_BEGUN, Guard, Saving
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Difference
from cxdash.stats.proportions import share

__all__ = ["elsewhere", "facts", "method_of", "money"]

_ENTERED: Final = Method(description="Counted among the initiatives that people entered.")
_ALIKE: Final = (
    "It means what it says only if both groups would have moved alike otherwise. What else "
    "happened to one of them in these months counts, too."
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the net saving: its name in the Fact's id, label and definition."""

    name: str
    label: str
    definition: str

    def of(self, saving: Saving) -> Difference:
        found: Difference = getattr(saving, self.name)
        return found


PARTS: Final = (
    _Part("net", "Net saving", "net_saving"),
    _Part("gross", "Saved at first contacts", "gross_saving"),
    _Part("moved", "Moved to repeated contacts", "moved_cost"),
    _Part("lost", "Lost with customers who left", "lost_margin"),
)


def facts(found: Found) -> tuple[Fact, ...]:
    """How many are planned, how far they are used, and what each cost-cutting one saved."""
    return (*_counts(found), *_adopted(found), *_saved(found))


def _counts(found: Found) -> Iterator[Fact]:
    n = len(found.plans)
    if not n:
        return
    for name, label, value in (
        ("planned", "Initiatives with a goal, an owner and a date", n - found.wishes),
        ("wishes", "Wishes: a goal, an owner or a date is missing", found.wishes),
    ):
        yield Fact(
            id=f"initiatives.{name}",
            label=label,
            value=float(value),
            unit="count",
            method=_ENTERED,
            n=n,
            population="initiatives entered",
            period=f"as of {found.as_of.isoformat()}",
            definition="planned_initiatives",
        )


def _adopted(found: Found) -> Iterator[Fact]:
    for plan in found.plans:
        used, exposed = plan.adoption
        if exposed:
            told = share(used, exposed, level=LEVEL)
            yield Fact(
                id=f"initiatives.adoption.{plan.id}",
                label=f"Used by those who could: {plan.name}",
                value=told.estimate,
                interval=Interval(told.low, told.high, LEVEL),
                unit="share",
                method=_typed(exposed, found),
                n=exposed,
                population="people or customers who were given it",
                period=f"as of {found.as_of.isoformat()}",
                definition="adoption",
            )


def _typed(exposed: int, found: Found) -> Method:
    return Method(
        description="Typed by a person: how many were given it and how many use it.",
        assertion=True,
        card=Card(
            model="Share with the Wilson score interval, of counts that a person typed",
            formula="people who use it / people who could",
            sample=f"{exposed:,} people or customers who were given it",
            window=f"as of {found.as_of.isoformat()}",
            assumptions=("Those who are counted stand for all who will be given it.",),
            code="cxdash.stats.proportions.share",
        ),
    )


def _saved(found: Found) -> Iterator[Fact]:
    for one in found.guards:
        if one.why_not == NOT_BEGUN:
            continue
        for part in PARTS if one.saving else PARTS[:1]:
            yield money(found, one, part)


def money(found: Found, one: Guard, part: _Part = PARTS[0]) -> Fact:
    """A part of what an initiative saved; without a value where it cannot be told."""
    told = part.of(one.saving) if one.saving else None
    months = one.seen.months if one.seen else 0
    why_not = one.why_not or one.no_money
    return Fact(
        id=f"initiatives.{part.name}.{one.plan.id}",
        label=f"{part.label}: {one.plan.name}",
        value=told.estimate if told else None,
        interval=Interval(told.low, told.high, LEVEL) if told else None,
        unit=found.currency,
        method=method_of(found, one),
        n=one.exposed,
        population=f"{one.exposed:,} customers exposed, beside {one.others:,} others",
        period=f"{months} months before and after: {one.seen.words}" if one.seen else "",
        definition=part.definition,
        caveats=_caveats(one) if told else (f"{why_not[:1].upper()}{why_not[1:]}.",),
        sources=found.sources,
    )


def elsewhere(found: Found, one: Guard) -> Fact:
    """What was moved and lost together, for a sentence."""
    return money(found, one, _Part("elsewhere", "Moved and lost", "moved_cost"))


def _caveats(one: Guard) -> tuple[str, ...]:
    said = [_ALIKE]
    if one.plan.record.margin is None:
        said.append("No margin is entered, so all that leavers no longer pay counts as lost.")
    if one.saving and one.saving.parallel is None:
        said.append("The data does not reach back far enough to see whether both moved alike.")
    if one.saving and one.saving.parallel is False:
        said.append(
            "Before it began the two groups did not move alike, so this is graded observed."
        )
    return tuple(said)


def method_of(found: Found, one: Guard) -> Method:
    """How a saving was found, which decides its grade.

    Drawn by lot it is a pilot. A list of some customers beside others like them is a comparison of
    its own. Where whole groups of customers began at once, it is a change held against theirs.
    """
    passed = bool(one.saving and one.saving.parallel)
    listed = bool(one.plan.record.roster)
    return Method(
        description=(
            "Change of customers exposed less change of the others, before and after; every "
            "contact is a first one or a repeat within two weeks. Range over customers."
        ),
        randomised=listed and one.plan.record.roster in found.lots,
        quasi_experiment=listed,
        checks_passed=listed and passed,
        adjusted_for=("what the same groups did before", "what the others did meanwhile"),
        validated_out_of_time=passed,
        card=Card(
            model="Difference in differences of customer windows",
            formula="(after − before) of the exposed − (after − before) of the others",
            sample=f"one window a customer: {one.exposed:,} exposed, {one.others:,} others after",
            window=one.seen.words if one.seen else "",
            assumptions=(_ALIKE,),
            validation=_validation(one),
            sensitivity="Another length of the windows: choose another horizon.",
            code="cxdash.stats.exposure.exposure_change",
        ),
    )


def _validation(one: Guard) -> str:
    if one.saving is None or one.saving.parallel is None:
        return ""
    held = "did not differ" if one.saving.parallel else "differed"
    return f"In two windows before the start the groups {held} beyond chance."
