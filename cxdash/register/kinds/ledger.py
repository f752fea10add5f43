"""What was delivered and what it was paid with; and what finance has signed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import amount, choice, customers, day, number, reference, share, words
from cxdash.register.fields import whole as whole_number
from cxdash.register.records import Record

__all__ = [
    "CX_ROLES",
    "DELIVERED",
    "FUNDED",
    "SIGNED",
    "SOURCES",
    "Claim",
    "Funding",
    "SignOff",
    "Tolerance",
]

#: Lines a delivered dollar can be claimed in: each dollar of revenue belongs to one of two.
DELIVERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "retention": "Save: revenue kept from customers there are",
        "cost": "Save: cost of serving customers",
        "revenue": "Make: revenue that is added",
    }
)
SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pilot": "A pilot that was read",
        "question": "A figure of one of the questions",
        "assertion": "Our own judgement",
    }
)
CX_ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "found": "Found the problem",
        "recommended": "Recommended what to do",
        "coordinated": "Brought the teams together",
    }
)
FUNDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asked": "Asked for",
        "granted": "Granted",
        "at_risk": "Granted, and in question",
        "cut": "Ended early",
    }
)
SIGNED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "revenue": "Revenue of the month, refunds taken off",
        "customers": "Customers at the end of the month",
        "contacts": "Contacts in the month",
    }
)
_CURRENCY_LETTERS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """What an initiative delivered, in one line of the accounts."""

    KIND: ClassVar[str] = "claim"
    NAMED: ClassVar[str] = "claim"
    SHOWN_BY: ClassVar[str] = "delivered"
    delivered: str = words(
        "What was delivered",
        help="One sentence a finance director understands: “Fewer accounts left after onboarding”.",
    )
    initiative: str = reference("By which initiative", "initiative")
    line: str = choice(
        "Line of the accounts",
        DELIVERED,
        help="Where finance can see it move. Each dollar belongs to one line.",
    )
    month: date | None = day("Month", help="Any day of the first month it was delivered in.")
    until: date | None = day(
        "Last month",
        help="Where the same was delivered month after month. Empty: one month.",
        required=False,
    )
    customers: str = customers(
        "Which customers",
        help="The customers it reached. Claims on the same customers are counted once.",
    )
    amount: Decimal | None = amount(
        "Amount a month", help="In the reporting currency, for all these customers together."
    )
    source: str = choice(
        "How it is known",
        SOURCES,
        help="The evidence grade follows from this. What is only judged is shown and never summed.",
    )
    pilot: str = reference("Which pilot", "pilot_plan", required=False)
    fact: str = words(
        "Which figure",
        help="Only for a figure of a question: its name, such as worth.gap_adjusted.",
        required=False,
    )
    team: str = words("Team that acted", help="It gets the credit, whole.")
    cx_role: str = choice("What the customer experience team did", CX_ROLES)
    note: str = words("Note", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if self.source == "pilot" and not self.pilot:
            yield "Name the pilot this is known from."
        if self.source == "question" and "." not in self.fact:
            yield "Name the figure this is known from, such as worth.gap_adjusted."
        if self.source != "pilot" and self.pilot:
            yield "A pilot is named only where this is known from a pilot."
        if self.month and self.until and self.until < self.month:
            yield "The last month lies before the first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Record):
    """Money for the programme: asked for, granted, or in question."""

    KIND: ClassVar[str] = "funding"
    NAMED: ClassVar[str] = "budget"
    name: str = words("What the money is for", help="“Customer experience team 2026”.")
    amount: Decimal | None = amount("Amount in all", help="In the reporting currency.")
    starts: date | None = day("From")
    ends: date | None = day("Until", help="The last day it pays for.")
    status: str = choice(
        "Where it stands",
        FUNDED,
        help="Money in question is what a meeting may take away: the budget at risk.",
    )
    granted_by: str = reference("Who decides", "executive", required=False)
    note: str = words("Note", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if self.starts and self.ends and self.ends < self.starts:
            yield "It ends before it begins."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(Record):
    """A total of finance for one month, signed by name."""

    KIND: ClassVar[str] = "sign_off"
    NAMED: ClassVar[str] = "sign-off"
    SHOWN_BY: ClassVar[str] = "signed_by"
    month: date | None = day("Month", help="Any day of it.")
    line: str = choice("What is signed", SIGNED)
    total: Decimal | None = amount(
        "Total of finance", help="As it stands in the books, not as it stands here.", least=None
    )
    currency: str = words(
        "Currency",
        help="Its three letters, such as USD. Only for revenue; empty: the reporting currency.",
        required=False,
    )
    signed_by: str = words("Signed by", help="Name of the person in finance who answers for it.")
    loaded: float | None = number(
        "Loaded when it was signed", help="Filled by the page Reconcile.", required=False
    )
    loaded_version: int | None = whole_number(
        "State of the data when it was signed",
        help="Filled by the page Reconcile. A file loaded later voids the signature.",
        required=False,
    )
    note: str = words("Note", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if self.currency and self.line != "revenue":
            yield "Only revenue has a currency."
        if self.currency and not (
            len(self.currency) == _CURRENCY_LETTERS
            and self.currency.isascii()
            and self.currency.isalpha()
            and self.currency.isupper()
        ):
            yield "A currency is written in three capital letters, such as USD."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance(Record):
    """How far loaded data may be from finance's totals before every dollar says so."""

    KIND: ClassVar[str] = "tolerance"
    NAMED: ClassVar[str] = "tolerance"
    SHOWN_BY: ClassVar[str] = "agreed_by"
    most: float | None = share(
        "Largest difference",
        help="Of a month's total. Without an entry it is 0.5 %. The newest entry counts.",
    )
    agreed_by: str = words("Agreed by", help="Name of the person in finance who agreed.")
    why: str = words("Why", long=True, required=False)
