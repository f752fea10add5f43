"""The way a customer goes, stage by stage, and what a leaving employee costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from cxdash.register.fields import amount, many, reference, whole, words
from cxdash.register.records import Record

__all__ = ["StaffCost", "Stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Record):
    """A stage of the way a customer goes with us, and what it is to bring the company."""

    KIND: ClassVar[str] = "stage"
    NAMED: ClassVar[str] = "stage"
    name: str = words("Name of the stage", help="As customers live it: “Getting started”.")
    position: int | None = whole(
        "Place on the way",
        help="1 for the first stage. Stages with the same number are reached side by side.",
        least=1,
        most=99,
    )
    touchpoints: tuple[str, ...] = many(
        "Touchpoints",
        help="As survey answers name them; where they name none, the name of the survey.",
    )
    reasons: tuple[str, ...] = many(
        "Reasons of contact", help="As the list of contacts writes them, such as “billing”."
    )
    channels: tuple[str, ...] = many(
        "Channels of contact",
        help="Empty: all. With reasons beside it, both must hold.",
    )
    goal: str = reference(
        "Goal it serves",
        "goal",
        help="A stage that serves no goal of the business is listed as such.",
        required=False,
    )
    note: str = words("Note", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if not (self.touchpoints or self.reasons or self.channels):
            yield (
                "Name at least one touchpoint, reason or channel: without one, nothing that is "
                "loaded belongs to this stage."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCost(Record):
    """What it costs when an employee leaves: finding, training, and work not done meanwhile."""

    KIND: ClassVar[str] = "staff_cost"
    NAMED: ClassVar[str] = "cost of an employee who leaves"
    SHOWN_BY: ClassVar[str] = "source"
    cost_per_leaver: Decimal | None = amount(
        "Cost of one leaver",
        help="In the currency the pages speak in. It stands as a claim of a person and is never "
        "added to other money.",
    )
    source: str = words(
        "Who says so", help="The person or the paper it comes from: “Human resources, budget 2026”."
    )
    units: tuple[str, ...] = many(
        "For which units", help="Names as in the team figures. Empty: all of them."
    )
    note: str = words("Note", long=True, required=False)
