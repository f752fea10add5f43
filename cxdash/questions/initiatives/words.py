"""What is said of the initiatives: the headline, what to keep in mind, and what is missing."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording, wording_initiatives
from cxdash.questions.initiatives.facts import PARTS, elsewhere, money
from cxdash.questions.initiatives.find import Found
from cxdash.questions.initiatives.guardrails import NOT_BEGUN, Guard

__all__ = ["caveats", "headline", "missing"]

_SHARED: Final = (
    "Customers an initiative touches are those of today that its filters choose; who was touched "
    "before and has left is not among them."
)
_DOLLAR_ONCE: Final = (
    "Initiatives that share customers and a line of the accounts cannot both be credited with the "
    "same money."
)


def headline(found: Found) -> str:
    """How many are more than wishes, which contradict each other, what was saved or moved."""
    if not found.plans:
        return wording.cannot_tell("what is being done", "no initiative has been entered")
    said = [wording_initiatives.planned(len(found.plans), found.wishes, found.running)]
    against = [pair for pair in found.overlaps if pair.kind == "contradicting aims"]
    if against:
        worst = max(against, key=lambda pair: pair.shared)
        said.append(
            wording_initiatives.contradicting(len(against), worst.first.name, worst.second.name)
        )
    begun = [one for one in found.guards if one.why_not != NOT_BEGUN]
    said += [_saved(found, one) for one in sorted(begun, key=_telling)[:2]]
    return " ".join(said)


def _telling(one: Guard) -> tuple[bool, float]:
    """What lost money first, then what saved it, then what cannot be told."""
    return (one.saving is None, one.saving.net.high if one.saving else 0.0)


def _saved(found: Found, one: Guard) -> str:
    net, gross = money(found, one), money(found, one, PARTS[1])
    months = one.seen.months if one.seen else 0
    return wording_initiatives.moved(one.plan.name, net, gross, elsewhere(found, one), months)


def caveats(found: Found) -> Iterator[str]:
    """What to keep in mind."""
    forced = [plan for plan in found.plans if plan.overrides]
    if forced:
        names = fmt.listed([wording.quoted(plan.name) for plan in forced])
        yield (
            f"Money was asked about before the right question was answered for {names}; who did so "
            "and why stands in the table of overrides."
        )
    without = [plan for plan in found.plans if plan.is_live and not plan.record.sponsor]
    if without:
        yield (
            f"No executive stands behind {fmt.counted(len(without), 'initiative', 'initiatives')}: "
            f"{fmt.listed([wording.quoted(plan.name) for plan in without])}."
        )
    if found.scope.where:
        yield "Initiatives are looked at for all customers; the filters of this page do not apply."
    if any(reached.customers for reached in found.reached):
        yield _SHARED
    if any(pair.money_twice for pair in found.overlaps):
        yield _DOLLAR_ONCE
    if found.built and found.guards and not found.built.contractual:
        yield (
            "There are no contracts, so who has left is not known in time to set it beside a "
            "start; what customers paid is."
        )
    for plan, reached in zip(found.plans, found.reached, strict=True):
        if reached.why_not and found.built:
            yield f"Whom {wording.quoted(plan.name)} touches is not known: {reached.why_not}."


def missing(found: Found) -> Iterator[str]:
    """What would let more be told."""
    if not found.plans:
        yield (
            "Enter an initiative below: its name, what it is for, and four questions, before any "
            "money."
        )
    if found.built is None:
        yield "Import customers and what they pay, so that it can be told whom initiatives touch."
    for plan in found.plans:
        if plan.is_wish and plan.lacking:
            needs = fmt.listed(list(plan.lacking))
            yield f"To be more than a wish, {wording.quoted(plan.name)} needs {needs}."
    if any(one.no_money for one in found.guards):
        yield "Import contacts with what each costs to see what was saved or moved."
