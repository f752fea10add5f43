"""What was delivered, in a sentence; what is not counted, and what would let it be."""

from collections.abc import Iterator, Sequence

from cxdash.facts import Fact, wording_ledger
from cxdash.facts import format as fmt
from cxdash.questions.ledger.facts import RULES
from cxdash.questions.ledger.findings import Findings

__all__ = ["caveats", "headline", "missing"]


def headline(found: Findings, facts: Sequence[Fact]) -> str:
    known = {fact.id: fact for fact in facts}
    if not known:
        return "There is no money to speak of: nothing that customers pay is loaded."
    save, make, cost = known["verified.save"], known["verified.make"], known["cost"]
    verified = (save.value or 0.0) + (make.value or 0.0)
    claims = len({row.claim.id for row in found.rows})
    said = (
        wording_ledger.delivered(save, make, found.as_of)
        if verified
        else wording_ledger.nothing_delivered(claims, found.as_of)
    )
    return f"{said} {wording_ledger.paid_beside(cost)}"


def caveats(found: Findings) -> tuple[str, ...]:
    return tuple(_caveats(found))


def _caveats(found: Findings) -> Iterator[str]:
    rows = found.rows
    yield from _beyond_budgets(found)
    if not rows:
        return
    yield from RULES
    unsummed = len({row.claim.id for row in rows if row.standing == "unsummed"})
    if unsummed:
        yield (
            f"{fmt.counted(unsummed, 'claim rests', 'claims rest')} on judgement, or on evidence "
            "too weak to be summed: shown in the list of claims, and in no sum."
        )
    if any(place.moved is None for place in found.places):
        yield (
            "Where a line cannot be compared with its own year before, nothing is counted: kept "
            "and added revenue need two years in which those who left can be seen, the cost of "
            "serving needs one year of contacts with their cost."
        )
    yield (
        "That a line moved caps what can be claimed and proves nothing: prices, the market and "
        "luck move it, too."
    )
    if found.scope.where:
        yield "The ledger holds all customers: the filter does not narrow it."


def _beyond_budgets(found: Findings) -> Iterator[str]:
    """Where initiatives cost more than the budgets that the cost of the programme is told by."""
    spent, currency = found.spent, found.panel.currency
    so_far = spent.so_far
    if currency is None or not spent.by_budget or so_far is None or spent.entered <= so_far:
        return
    yield (
        f"The cost is that of the budgets. The initiatives that have begun are entered with "
        f"{fmt.number(float(spent.entered), currency)}, which is more: what no budget pays for is "
        "not in it."
    )


def missing(found: Findings, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What would let more be told."""
    said = []
    if not facts:
        said.append("Import what customers pay: subscriptions, invoices or payments.")
    if not found.rows:
        said.append(
            "Enter what an initiative delivered: the month, the line of the accounts, the "
            "customers, the amount, and what it is known from."
        )
    elif not any(row.cents and row.grade.is_verified for row in found.rows):
        said.append("Read a pilot and let a claim rest on it: only that is verified.")
    if found.spent.so_far is None:
        said.append("Enter the budget of the programme, so that its cost stands beside.")
    return tuple(said)
