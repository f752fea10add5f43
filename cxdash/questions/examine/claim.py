"""Which claim is on the stand: what it says goes with what, read from the id of its Fact."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.panel import Item

__all__ = [
    "CLAIM",
    "COLUMNS",
    "Claim",
    "Outcome",
    "claim_of",
    "examinable",
    "rests_on_a_claim",
]

Outcome = Literal["leaving", "spend"]

CLAIM: Final = "worth.gap_adjusted"  # examined unless another is named

#: What each question's claims are about.
_ABOUT: Final[dict[str, Outcome]] = {
    "worth": "leaving",
    "churn": "leaving",
    "trial": "leaving",
    "revenue": "spend",
}
#: Claims of these hold the other answers equal: they are about one answer beyond the others.
_BEYOND_OTHERS: Final = ("churn", "revenue")
#: Differences between the customers at the two ends, in the unit the examination itself speaks.
_AS_COUNTED: Final = "worth.gap"
_DIFFERENCES: Final = (_AS_COUNTED, CLAIM)
#: Sums of money that rest on a difference, by the second word of their id.
_MONEY: Final = ("excess", "at_stake", "at_stake_cash")
_PER_MOVE: Final = "money_per_move"  # last word of the ids of money that goes with a metric
#: Last words of ids that name an item but only count its answers.
_COUNTED: Final = ("observed", "restated")
#: What finance and operations know and a claim may be about.
COLUMNS: Final = ("tenure", "spend", "idle", "price_change", "contacts", "unresolved")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that something known of customers goes with an outcome.

    ``metric`` is the survey item its id names, ``column`` what finance or operations know that it
    names instead. With neither, the scope decides the metric. ``beyond_others``: the claim holds
    the other answers equal. ``figure`` is the id of the Fact that states what is examined: of money
    the difference it rests on; None where a whole question is named that has no such figure.
    """

    fact_id: str
    question: str
    outcome: Outcome
    metric: str | None = None
    column: str | None = None
    beyond_others: bool = False
    figure: str | None = None

    @property
    def is_difference(self) -> bool:
        """Whether its figure is the difference between the two ends, no other kind of number."""
        return self.figure in _DIFFERENCES

    @property
    def is_counted(self) -> bool:
        """Whether its figure counts customers as they are, with nothing held equal."""
        return self.figure == _AS_COUNTED

    @property
    def is_money(self) -> bool:
        """Whether the Fact named is a sum that rests on the claim, not the claim itself."""
        return rests_on_a_claim(self.fact_id)


def rests_on_a_claim(fact_id: str) -> bool:
    """Whether a Fact of that id is money that rests on a claim which can be examined."""
    question, *parts = fact_id.split(".")
    if question == "trial":
        return bool(parts) and parts[-1] == _PER_MOVE
    return question == "worth" and bool(parts) and parts[0] in _MONEY


def examinable(fact_id: str, items: Collection[str]) -> bool:
    """Whether a Fact of that id is a claim that can be examined.

    ``items`` are the names of the imported survey items. Counts and sums, such as a retention rate,
    claim that nothing goes with anything: there is nothing to examine. Money at stake can be, as
    the chances of leaving in it rest on a difference between customers.
    """
    question, *parts = fact_id.split(".")
    if question not in _ABOUT or (parts and parts[-1] in _COUNTED):
        return False
    if not parts:
        return True
    if question == "worth":
        return fact_id in _DIFFERENCES or rests_on_a_claim(fact_id)
    return any(part in items or part in COLUMNS for part in parts)


def claim_of(scope: Scope, imported: tuple[Item, ...]) -> Claim:
    """The claim a scope puts on the stand.

    Raises
    ------
    UsageError
        The Fact of that id claims nothing that could be examined.
    """
    fact_id = scope.claim or (CLAIM if scope.outcome != "revenue" else "revenue")
    question, *parts = fact_id.split(".")
    names = {item.name for item in imported}
    if imported and not examinable(fact_id, names):
        raise UsageError(
            f"The claim {fact_id!r} cannot be examined: it does not say that one thing goes with "
            "another.",
            do_next=f"Name a question ({', '.join(_ABOUT)}) or a claim of it, such as {CLAIM} or "
            "churn.driver.nps.",
        )
    metric = next((part for part in parts if part in names), None)
    column = next((part for part in parts if part in COLUMNS), None) if metric is None else None
    return Claim(
        fact_id=fact_id,
        question=question,
        outcome=_ABOUT.get(question, "leaving"),
        metric=metric,
        column=column,
        beyond_others=question in _BEYOND_OTHERS and bool(parts),
        figure=_figure(fact_id),
    )


def _figure(fact_id: str) -> str | None:
    question, *parts = fact_id.split(".")
    if question == "worth" and fact_id not in _DIFFERENCES:
        return CLAIM
    return fact_id if parts else None
