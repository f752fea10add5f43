"""One case in the words of those who decide: the same Facts for each, and so the same numbers.

A template names every figure exactly once; what differs is what each figure is called and the
question that this reader puts first.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cxdash.facts import Fact, Row
from cxdash.facts.wording_case import value_of
from cxdash.questions.case.facts import CLAIMED
from cxdash.questions.case.found import Found

__all__ = ["AUDIENCES", "briefs"]

_SLOTS: Final = ("save", "make", "cost", "npv", "roi", "payback_months")
_OF_THE_CASE: Final = ("save", "make", "cost")

AUDIENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CFO": "Worth today: outflow and lost revenue avoided {save}; revenue added {make}; outlay "
        "{cost}. Net present value {npv}; return on the outlay {roi}; payback {payback_months}. "
        "Save and make stand apart and no dollar is in both.",
        "COO": "Work that need not be done twice, and service that keeps customers: {save}. What "
        "the same operation brings in beside it: {make}. What it takes in people and change: "
        "{cost}. All told {npv}, a return of {roi} on what is spent, back after {payback_months}.",
        "CRO": "Renewals that would not come otherwise, and cost off the deal: {save}. Expansion "
        "and new business: {make}. What sales and the rest of the company put in: {cost}. Over the "
        "years of the plan {npv}; the return on what is put in {roi}; back after "
        "{payback_months}.",
        "CHRO": "Money that stays because people can do their work right the first time: {save}. "
        "Money that comes because of it: {make}. Time, training and hiring it takes: {cost}. What "
        "is left {npv}, a return of {roi}, after {payback_months} the effort has paid for itself.",
        "CIO": "Contacts, rework and leaving that systems can prevent: {save}. What they let the "
        "company sell: {make}. Build and run: {cost}. Value over the life of the plan {npv}, "
        "return {roi}, break-even after {payback_months}.",
    }
)


def briefs(found: Found, facts: Mapping[str, Fact]) -> list[Row]:
    """One row an audience; nothing where there is no benefit to speak of."""
    if found.main is None:
        return []
    own = found.own is not None
    prefix = "" if own else CLAIMED
    names = {
        slot: f"{prefix or 'case.'}{slot}" if slot in _OF_THE_CASE else f"{prefix}{slot}"
        for slot in _SLOTS
    }
    figures = {slot: value_of(facts.get(name)) for slot, name in names.items()}
    grade = facts[f"{prefix}npv"].grade
    return [
        {
            "audience": audience,
            "words": template.format_map(figures),
            "grade": grade.name,
        }
        for audience, template in AUDIENCES.items()
    ]
