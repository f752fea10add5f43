"""Which claim is on the stand: what it says goes with what, read from the id of its Fact."""

from dataclasses import dataclass
from typing import Final, Literal

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.panel import Item

__all__ = ["CLAIM", "Claim", "Outcome", "claim_of"]

Outcome = Literal["leaving", "spend"]

CLAIM: Final = "worth.gap_adjusted"  # examined unless another is named

#: What each question's claims are about.
_ABOUT: Final[dict[str, Outcome]] = {
    "worth": "leaving",
    "churn": "leaving",
    "trial": "leaving",
    "revenue": "spend",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that a survey item goes with an outcome.

    ``metric`` is the item its id names; None when it names none, and the scope decides.
    """

    fact_id: str
    question: str
    outcome: Outcome
    metric: str | None


def claim_of(scope: Scope, imported: tuple[Item, ...]) -> Claim:
    """The claim a scope puts on the stand.

    Raises
    ------
    UsageError
        The id belongs to a question whose claims rest on nothing that can be examined.
    """
    fact_id = scope.claim or (CLAIM if scope.outcome != "revenue" else "revenue.gap")
    question, *parts = fact_id.split(".")
    if question not in _ABOUT:
        raise UsageError(
            f"The claim {fact_id!r} cannot be examined.",
            do_next=f"Name a Fact of one of: {', '.join(_ABOUT)}; for example {CLAIM}.",
        )
    names = {item.name for item in imported}
    named = next((part for part in parts if part in names), None)
    return Claim(fact_id, question, _ABOUT[question], named)
