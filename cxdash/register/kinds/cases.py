"""Business cases: what a plan is to return line by line, and what finance saw of it since."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import amount as money
from cxdash.register.fields import choice, day, reference, share, whole, words, yes_no
from cxdash.register.kinds.goals import LINES
from cxdash.register.records import Record

__all__ = ["AFTER", "SIDES", "SOURCES", "Case", "CaseLine", "Promise", "Realised"]

SIDES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "save": "Save: money that would have gone out, or customers who would have left",
        "make": "Make: money that would not have come in",
        "cost": "Cost: what it takes",
    }
)
#: Which lines of the accounts a column may hold, so that each dollar stands in exactly one.
_LINES_OF: Final = {"save": ("retention", "cost", "people", "other"), "make": ("revenue", "other")}
SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pilot": "A pilot of ours that was read",
        "question": "A figure cxdash worked out",
        "outside": "A figure from outside the company",
        "assertion": "Somebody's estimate or plan",
    }
)
#: Months after the start at which a promise is looked at again.
AFTER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "3": "3 months after the start",
        "6": "6 months after the start",
        "12": "12 months after the start",
        "24": "24 months after the start",
    }
)
_FACT: Final = re.compile(r"[a-z_]+(\.[\w-]+)+")
_MOST_YEARS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Record):
    """A plan that costs money, and the terms on which its return is worked out."""

    KIND: ClassVar[str] = "case"
    NAMED: ClassVar[str] = "business case"
    name: str = words("What it is about", help="As it would stand on the agenda.")
    starts: date | None = day(
        "When it starts", help="The promises are looked at 3, 6, 12 and 24 months after this day."
    )
    years: int | None = whole(
        "Years looked ahead",
        help="Finance usually looks three years ahead. What comes later is left out.",
        least=1,
        most=_MOST_YEARS,
    )
    discount_rate: float | None = share(
        "Discount a year",
        help="What a dollar loses by coming a year later. Ask finance for theirs; 10 % is usual.",
    )
    payback_discounted: bool = yes_no(
        "Discount the payback as well",
        help="No: later money counts in full until it has come back. The page says which.",
    )
    margin: float | None = share(
        "What is left of a dollar of revenue",
        help="After the cost of providing it. Used where a line rests on revenue that was "
        "measured. Left empty, revenue counts in full, and the page says so.",
        required=False,
    )
    rating: str = words(
        "Which rating it moves",
        help="The survey item, such as nps: for the question what the next point brings. Left "
        "empty: the main one.",
        required=False,
    )
    cost_per_point: Decimal | None = money(
        "What one more point would cost a year",
        help="To lift the average answer of all customers by one point of its scale and hold it.",
        required=False,
    )
    initiative: str = reference("Initiative it pays for", "initiative", required=False)
    goal: str = reference(
        "Goal it serves",
        "goal",
        help="A case that serves no goal of the company is hard to say yes to.",
        required=False,
    )
    ask: str = reference("The ask it was made for", "ask", required=False)
    note: str = words("Note", long=True, required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine(Record):
    """One amount of a business case: one column, one line of the accounts, one source."""

    KIND: ClassVar[str] = "case_line"
    NAMED: ClassVar[str] = "line of a case"
    case: str = reference("Of which case", "case")
    name: str = words("What it is", help="“Fewer renewals lost”, “Software licences”.")
    side: str = choice(
        "Column", SIDES, help="Each dollar stands in exactly one; the columns are never netted."
    )
    line: str = choice(
        "Line of the accounts",
        LINES,
        help="Where finance will see it. Revenue kept and cost avoided are saved, revenue added "
        "is made.",
    )
    first_year: int | None = whole(
        "From year",
        help="0 is money at the start; 1 is the first year, counted at its end.",
        most=_MOST_YEARS,
    )
    last_year: int | None = whole(
        "Until year", help="The same as above for an amount of one year.", most=_MOST_YEARS
    )
    source: str = choice(
        "What it rests on",
        SOURCES,
        help="Decides its grade. What is typed in or comes from outside is shown and not added up "
        "with what was measured here. Costs always count in full.",
    )
    pilot: str = reference("Which pilot", "pilot_plan", help="Only for a pilot.", required=False)
    reach: int | None = whole(
        "Customers it would reach",
        help="Only for a pilot: how many customers of the kind the pilot tried it on.",
        required=False,
        least=1,
    )
    fact: str = words(
        "Which figure",
        help="Only for a figure of cxdash: its name, such as worth.excess, as the page of that "
        "figure and the command line tell it.",
        required=False,
    )
    portion: float | None = share(
        "How much of it",
        help="At most all of what was measured. Left empty: all of it.",
        required=False,
    )
    amount: Decimal | None = money(
        "Amount a year",
        help="Only for an estimate or a figure from outside: the likeliest, in the currency the "
        "data is read in.",
        required=False,
    )
    low: Decimal | None = money(
        "At least",
        help="Nine times in ten it lies between the two. Without a range the result has none.",
        required=False,
    )
    high: Decimal | None = money("At most", required=False)
    citation: str = words(
        "Where it comes from",
        help="Who says so, when, and where it can be looked up.",
        required=False,
    )

    def problems(self) -> Iterable[str]:
        if (self.first_year or 0) > (self.last_year or 0):
            yield "It ends before it begins: check the two years."
        allowed = _LINES_OF.get(self.side, tuple(LINES))
        if self.line not in allowed:
            yield (
                f"What stands in the column {self.side!r} belongs to one of: "
                f"{', '.join(LINES[one] for one in allowed)}."
            )
        if self.side == "cost" and self.source not in ("outside", "assertion"):
            yield "A cost is a plan or an offer: choose an estimate or a figure from outside."
        yield from self._source_problems()

    def _source_problems(self) -> Iterable[str]:
        if self.source == "pilot" and not (self.pilot and self.reach):
            yield "Say which pilot it rests on, and how many customers it would reach."
        if self.source == "question" and not _FACT.fullmatch(self.fact):
            yield "Name the figure it rests on, such as worth.excess."
        if self.source in ("outside", "assertion"):
            yield from self._amount_problems()
        elif self.amount is not None or self.low is not None or self.high is not None:
            yield "The amount is worked out from what it rests on: leave the three amounts empty."
        if self.source == "outside" and not self.citation:
            yield "A figure from outside needs to say where it comes from."

    def _amount_problems(self) -> Iterable[str]:
        if self.amount is None:
            yield "Say the amount a year."
            return
        if (self.low is None) != (self.high is None):
            yield "A range has two ends: fill in both or neither."
        elif (
            self.low is not None
            and self.high is not None
            and not (self.low <= self.amount <= self.high)
        ):
            yield "The likeliest amount lies outside its own range."
        if self.portion is not None:
            yield "How much of it is asked only of what was measured: type the amount itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Record):
    """What a line of a case promised on the day it was approved; written down at the approval."""

    KIND: ClassVar[str] = "promise"
    NAMED: ClassVar[str] = "promise"
    SHOWN_BY: ClassVar[str] = "case_line"
    case_line: str = reference("Which line", "case_line")
    approved_on: date | None = day("Approved on")
    amount: Decimal | None = money(
        "Amount a year",
        help="As the page worked it out that day, so that later data cannot move it.",
        least=None,
    )
    low: Decimal | None = money("At least", required=False, least=None)
    high: Decimal | None = money("At most", required=False, least=None)
    grade: str = choice("Evidence", {letter: letter for letter in "ABCDEF"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Realised(Record):
    """What came of a promised line so far: as finance saw it, or as a pilot measured it."""

    KIND: ClassVar[str] = "realised"
    NAMED: ClassVar[str] = "amount realised"
    SHOWN_BY: ClassVar[str] = "says"
    case_line: str = reference("Of which line", "case_line")
    after: str = choice(
        "When", AFTER, help="Everything from the start until then, not only the last months."
    )
    amount: Decimal | None = money(
        "Amount until then",
        help="As finance sees it. Nothing is an amount too: 0. What fell short stays on the page.",
        required=False,
        least=None,
    )
    says: str = words(
        "Who says so", help="The person in finance who was asked, and where it is booked."
    )
    pilot: str = reference(
        "Or the pilot that measured it",
        "pilot_plan",
        help="Then the amount is worked out from what the pilot found, and is graded as it is. One "
        "that was read before the case began, or that the promise rests on, says nothing new.",
        required=False,
    )
    note: str = words("What was learned", long=True, required=False)

    def problems(self) -> Iterable[str]:
        if (self.amount is None) == (not self.pilot):
            yield "Say either the amount or the pilot that measured it."
