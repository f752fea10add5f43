"""How a pilot was planned, written before it began: who, what is measured, when it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import choice, customers, day, many, reference, share, whole, words
from cxdash.register.records import Record

__all__ = ["ALPHA", "DESIGNS", "LEVELS", "OUTCOMES", "POWER", "PilotPlan"]

ALPHA: Final = 0.05  # chance of a false alarm where a plan names none
POWER: Final = 0.80  # chance to see the smallest effect where a plan names none
_MOST_LOOKS: Final = 12

DESIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "randomised": "Customers drawn by lot into a treated group and a control group",
        "regions": "Whole regions or other units treated, others not",
        "matched": "A chosen group, beside customers like it who are not treated",
        "follow_up": "Customers called back after a low rating, beside others who rated as low",
    }
)
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "churn": "Share of customers who leave",
        "revenue": "What a customer pays a month",
        "contacts": "Contacts a month and customer",
        "score": "The next rating by the same customer",
    }
)
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "region": "Region",
        "segment": "Segment",
        "plan": "Plan",
        "industry": "Industry",
        "owner": "Account manager",
        "acquired_by": "How they came",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotPlan(Record):
    """A pilot: who is treated, beside whom, what is measured and when it is read."""

    KIND: ClassVar[str] = "pilot_plan"
    NAMED: ClassVar[str] = "pilot plan"
    name: str = words("Name of the pilot")
    design: str = choice(
        "Who is compared with whom",
        DESIGNS,
        help="By lot is the strongest: nothing but chance and the treatment sets the groups apart.",
    )
    outcome: str = choice(
        "What is measured",
        OUTCOMES,
        help="One outcome, named before. Whoever picks it afterwards always finds something.",
    )
    starts: date | None = day(
        "First day", help="Freeze this plan before. Customers of the day before take part."
    )
    reads_on: date | None = day(
        "Read on", help="Whatever happens, the result is read as it stood on this day."
    )
    least_effect: float | None = share(
        "Smallest effect worth having",
        help="Leaving: percentage points fewer. Money and contacts: percent of what untreated "
        "customers have. Ratings: percent of the scale. At least this much and beyond chance: "
        "scale it up. Beyond chance but less: adjust it. All but ruled out: stop.",
    )
    roster: str = words(
        "Name in the file of participants",
        help="As in the column of the pilot in the file that says who is in which group. Empty "
        "until the file is there.",
        required=False,
    )
    control: str = words(
        "Name of the untreated group in that file",
        help="Only where it is not called control, untreated, holdout or the like.",
        required=False,
    )
    treated_share: float | None = share(
        "Share drawn into the treated group",
        help="By lot only. Without an entry: one half. Another share than planned in the file "
        "means that the lot was not kept to.",
        required=False,
    )
    group: str = customers(
        "Customers it is about",
        help="By lot and called back: who may be drawn. Chosen group: who is treated, where no "
        "file of participants names them.",
    )
    level: str = choice(
        "Units that are treated whole",
        LEVELS,
        help="Whole regions or other units only.",
        required=False,
    )
    units: tuple[str, ...] = many(
        "Units that are treated", help="As in the customer list, such as North; South."
    )
    initiative: str = reference("Initiative it tries", "initiative", required=False)
    ask: str = reference(
        "The no it answers", "ask", help="What was asked, and refused for want of evidence.",
        required=False,
    )  # fmt: skip
    rating: str = words(
        "Which rating", help="Only where the next rating is measured, such as nps.", required=False
    )
    alpha: float | None = share(
        "Chance of a false alarm", help="Without an entry: 5 %.", required=False, most=0.5
    )
    power: float | None = share(
        "Chance to see the smallest effect", help="Without an entry: 80 %.", required=False
    )
    looks: int | None = whole(
        "How often it is looked at, the last time included",
        help="Evenly spaced. Every look more needs a larger effect; without an entry: once.",
        required=False,
        least=1,
        most=_MOST_LOOKS,
    )
    note: str = words("What is done to the treated", long=True, required=False)

    def problems(self) -> Iterable[str]:
        """Rules across fields."""
        if self.starts and self.reads_on and self.reads_on <= self.starts:
            yield "It is read after it began: check the two days."
        if self.least_effect == 0:
            yield "The smallest effect worth having is more than nothing."
        if self.design == "regions" and not (self.level and self.units):
            yield "Say which units are treated whole, and which of them."
        if self.design == "regions" and self.outcome == "score":
            yield "Whole units are compared by leaving, money or contacts."
        if self.design == "matched" and not (self.roster or self.group):
            yield "Say who is treated: a file of participants, or the customers it is about."
        if (self.design == "follow_up") != (self.outcome == "score"):
            yield "The next rating is what calling back is measured by, and nothing else is."
        if self.design == "follow_up" and not self.rating:
            yield "Name the rating after which customers are called back."
        if self.alpha == 0 or self.power in (0, 1):
            yield "A chance of a false alarm, or to see an effect, lies between 0 % and 100 %."
        if self.treated_share in (0, 1):
            yield "Some are drawn into the treated group and some are not."
