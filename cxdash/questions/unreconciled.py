"""Does the money tie to finance? Where it does not, every Answer with dollars says so.

Nothing is corrected and no grade is touched: the dollars stay, and carry the mark until they tie.
"""

from dataclasses import replace
from typing import Final

from cxdash.facts import Answer, Fact
from cxdash.panel import stamp
from cxdash.questions.reconcile.compare import Compared, Reconciled, has_controls, reconciled
from cxdash.questions.reconcile.words import is_money, verdict
from cxdash.store import Reader

__all__ = ["NOTHING_TO_RECONCILE", "is_marked", "marked"]

NOTHING_TO_RECONCILE: Final = (
    "No totals from finance are loaded or entered, so these dollars have not been reconciled."
)
_OWN: Final = "reconcile"
_SAYS_IT_CALMLY: Final = "brief"  # without totals no other question mentions it
_COSTS: Final = frozenset({"cost_to_serve", "cost_per_contact"})
_OF_COSTS: Final = "contacts"
_MARK: Final = "Not reconciled: see the page Reconcile for how far it is from finance's totals."


def marked(view: Reader, answer: Answer) -> Answer:
    """The Answer, and where what it rests on is not reconciled, with that said first.

    The cost of contacts rests on how many there were; all other money on revenue and customers.
    """
    built = stamp(view)
    if built is None or answer.question == _OWN or not is_money(answer):
        return answer
    found = reconciled(view, built) if has_controls(view) else None
    if found is None or not found.has_totals:
        calm = (NOTHING_TO_RECONCILE,) if answer.question == _SAYS_IT_CALMLY else ()
        return replace(answer, caveats=(*answer.caveats, *calm)) if calm else answer
    touched = {fact.id for fact in answer.facts if _is_touched(fact, found)}
    if not touched:
        return answer
    return replace(
        answer,
        facts=tuple(
            replace(fact, caveats=(_MARK, *fact.caveats)) if fact.id in touched else fact
            for fact in answer.facts
        ),
        caveats=(f"{verdict(found)} The page Reconcile shows where.", *answer.caveats),
    )


def is_marked(answer: Answer) -> bool:
    """Whether the Answer carries the mark."""
    return any(_MARK in fact.caveats for fact in answer.facts)


def _is_touched(fact: Fact, found: Reconciled) -> bool:
    if not fact.is_money or fact.value is None:
        return False
    of_costs = fact.definition in _COSTS
    return any(_is_of_costs(one) == of_costs for one in found.apart)


def _is_of_costs(one: Compared) -> bool:
    return one.line == _OF_COSTS
