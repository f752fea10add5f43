"""Who decides, what was asked of them, what they said, and what presses on the company."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import (
    amount,
    choice,
    day,
    many,
    number,
    reference,
    share,
    whole,
    words,
    yes_no,
)
from cxdash.register.kinds.goals import MEASURES, RATING
from cxdash.register.records import Record

__all__ = [
    "EVIDENCE",
    "FILES",
    "FUNCTIONS",
    "OUTCOMES",
    "REASONS",
    "SIDES",
    "SIGNALS",
    "STANCES",
    "STATES",
    "SUPPLIERS",
    "TRIGGERS",
    "Alert",
    "Ask",
    "Executive",
    "Signal",
    "Watch",
]

FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ceo": "The whole company (CEO)",
        "cfo": "Finance (CFO)",
        "coo": "Operations (COO)",
        "cro": "Sales and revenue (CRO)",
        "chro": "People (CHRO)",
        "cio": "Technology and data (CIO)",
        "other": "Something else",
    }
)
STANCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "advocate": "Speaks up for it",
        "supporter": "In favour",
        "neutral": "Neither way",
        "sceptic": "Doubts it",
        "hostile": "Works against it",
    }
)
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"open": "Not decided yet", "yes": "Yes", "no": "No"}
)
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_now": "Not now",
        "sales_first": "Sales first",
        "distrust": "Does not trust the data",
        "no_money": "No money",
        "wrong_question": "The wrong question",
        "other": "Something else",
    }
)
EVIDENCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sample": "More customers: the sample was too small",
        "comparison": "A comparison: others might have done as well",
        "money": "The money: what it brings, in the accounts",
        "recent": "Newer data",
        "other": "Something else, written below",
    }
)
SUPPLIERS: Final[Mapping[str, str]] = MappingProxyType(
    {"pilot": "A pilot", "upload": "A file that is loaded", "nothing": "Nothing we could do"}
)
TRIGGERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "day": "A day",
        "measure": "A figure that passes a line",
        "pilot_read": "A pilot that was read",
        "file": "A file that was loaded",
    }
)
SIDES: Final[Mapping[str, str]] = MappingProxyType({"above": "At least", "below": "At most"})
FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customers": "Customers",
        "subscriptions": "Subscriptions",
        "revenue": "Invoices or payments",
        "responses": "Survey answers",
        "invitations": "Invitations to surveys",
        "contacts": "Contacts",
        "teams": "Team figures",
        "pilot_roster": "Participants of a pilot",
        "control_totals": "Totals signed off by finance",
    }
)
SIGNALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "competitor": "A competitor, whose name is looked for in what customers write",
        "deal_lost": "A deal lost to a competitor",
        "deal_won": "A deal won against a competitor",
        "market": "Something in the market",
    }
)
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"open": "To do", "contacted": "Customer contacted", "closed": "Closed", "dropped": "Dropped"}
)
_DECIDED: Final = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Executive(Record):
    """Somebody who decides: what they want, how they speak, and how they stand to us."""

    KIND: ClassVar[str] = "executive"
    INSIDE: ClassVar[bool] = True
    NAMED: ClassVar[str] = "executive"
    name: str = words("Name", help="As the company says it; a role will do.")
    function: str = choice(
        "What they answer for",
        FUNCTIONS,
        help="Decides the words the case is told in; the numbers stay the same.",
    )
    priorities: str = words(
        "Their priorities",
        help="What they are measured on this year, in their own words.",
        long=True,
        required=False,
    )
    horizon_months: int | None = whole(
        "How far they look, in months",
        help="What pays back later than this is a promise to them, not a return.",
        required=False,
        least=1,
    )
    stance: str = choice(
        "How they stand to us", STANCES, help="An honest guess. Only those who may decide see it."
    )
    is_sponsor: bool = yes_no(
        "Sponsors this work", help="Knows what was delivered, and says so when we are not there."
    )
    last_contact: date | None = day("Last spoken to", required=False)
    contact_every: int | None = whole(
        "To be spoken to every so many days",
        help="A bridge is built before it is needed. Without an entry: 45 days.",
        required=False,
        least=1,
    )
    next_step: str = words("Next step", help="What we owe them, or they us.", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Record):
    """A decision that was asked for, what came of it, and what would bring a no back."""

    KIND: ClassVar[str] = "ask"
    INSIDE: ClassVar[bool] = True
    NAMED: ClassVar[str] = "ask"
    SHOWN_BY: ClassVar[str] = "title"
    title: str = words("What was asked, in short")
    executive: str = reference("Of whom", "executive", help="Who decides it.")
    asked_on: date | None = day("Asked on")
    decision: str = words(
        "The decision", help="“Decide whether to …”: one decision, one amount, one day.", long=True
    )
    amount: Decimal | None = amount("Money asked for", required=False)
    outcome: str = choice("Outcome", OUTCOMES, help="A no is feedback: write it down as well.")
    decided_on: date | None = day("Decided on", required=False)
    reason: str = choice(
        "Reason of the no",
        REASONS,
        help="Which reasons come back, and which of them become a yes, is counted.",
        required=False,
    )
    wanted: str = choice(
        "Evidence asked for",
        EVIDENCE,
        help="“The sample is too small” opens the plan of a pilot that is large enough.",
        required=False,
    )
    least_effect: float | None = share(
        "Smallest effect that would convince them",
        help="In percentage points of customers who stay: a pilot is sized to show it.",
        required=False,
    )
    evidence: str = words("In their words", long=True, required=False)
    supplied_by: str = choice("What would supply it", SUPPLIERS, required=False)
    pilot: str = reference("The pilot that supplies it", "pilot_plan", required=False)
    trigger: str = choice(
        "What brings it back",
        TRIGGERS,
        help="It is watched; the page says when it is time to ask again.",
        required=False,
    )
    trigger_day: date | None = day("The day", required=False)
    trigger_measure: str = choice(
        "The figure", MEASURES, help="Worked out anew from what is loaded.", required=False
    )
    trigger_rating: str = words("Which rating", help="Only for a survey rating.", required=False)
    trigger_side: str = choice(
        "Which side of the line", SIDES, help="Empty: the good one.", required=False
    )
    trigger_value: float | None = number(
        "The line it has to pass",
        help="A share in percent: 12 stands for 12 %.",
        required=False,
    )
    trigger_file: str = choice("The file", FILES, required=False)
    case: str = reference("Business case shown", "case", required=False)
    follows: str = reference(
        "Asked again after", "ask", help="The no that this ask comes back to.", required=False
    )

    def problems(self) -> Iterable[str]:
        if self.outcome in _DECIDED and self.decided_on is None:
            yield "Say on which day it was decided."
        if self.outcome == "no" and not self.reason:
            yield "Say why it was a no: the reasons are counted."
        if self.decided_on and self.asked_on and self.decided_on < self.asked_on:
            yield "It was decided before it was asked: check the two days."
        yield from self._trigger_problems()

    def _trigger_problems(self) -> Iterable[str]:
        if self.trigger == "day" and self.trigger_day is None:
            yield "Say which day brings it back."
        if self.trigger == "measure":
            if not self.trigger_measure or self.trigger_value is None:
                yield "Say which figure brings it back, and which line it has to pass."
            if self.trigger_measure == RATING and not self.trigger_rating:
                yield "Name the survey rating that is to be looked at."
        if self.trigger == "pilot_read" and not self.pilot:
            yield "Say which pilot brings it back."
        if self.trigger == "file" and not self.trigger_file:
            yield "Say which file brings it back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Record):
    """Something from outside that presses on the company: a competitor, a deal, the market."""

    KIND: ClassVar[str] = "signal"
    NAMED: ClassVar[str] = "signal from outside"
    kind_of: str = choice(
        "What it is", SIGNALS, help="Names of competitors are looked for in comments and reasons."
    )
    name: str = words("Name", help="The competitor, or the deal.")
    also: tuple[str, ...] = many("Also written as", help="Other spellings of the name.")
    noted_on: date | None = day("Noted on")
    what: str = words("What was noted", long=True, required=False)
    source: str = words("Who says so", help="So that it can be asked about.", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Record):
    """Which accounts are watched, so that somebody is told when one is at risk or falls silent."""

    KIND: ClassVar[str] = "watch"
    NAMED: ClassVar[str] = "rule of the watch"
    SHOWN_BY: ClassVar[str] = "note"
    revenue: Decimal | None = amount(
        "Accounts that pay at least, a year", help="In the currency the data is read in."
    )
    risk: float | None = share(
        "Chance of leaving from which on",
        help="Over the coming months. Without an entry: 20 %.",
        required=False,
    )
    note: str = words("Note", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Record):
    """An account somebody looks after because it is at risk or has fallen silent."""

    KIND: ClassVar[str] = "alert"
    INSIDE: ClassVar[bool] = True
    NAMED: ClassVar[str] = "alert"
    SHOWN_BY: ClassVar[str] = "customer"
    customer: str = words("Customer number", help="As on the list of suggestions.")
    reason: str = words("Why", help="What was seen, as on the list of suggestions.")
    revenue: Decimal | None = amount("What it pays, a year", required=False)
    owner: str = words("Who looks after it")
    due: date | None = day("By when")
    status: str = choice("Status", STATES)
    closed_on: date | None = day("Closed on", required=False)
    outcome: str = words("What came of it", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if self.status in ("closed", "dropped") and not self.outcome:
            yield "Say what came of it before it is closed."
