"""What is to be done, by whom and for whom: initiatives, their steps, and what there is to spend.

Money is asked about last. Whose need it is, what customers would do differently, which line of the
accounts shows it and what would prove it wrong come first, because a good answer to a wrong
question costs as much as a right one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import (
    amount,
    choice,
    customers,
    day,
    number,
    reference,
    share,
    whole,
    words,
)
from cxdash.register.kinds.goals import LINES
from cxdash.register.records import Record

__all__ = ["AIMS", "GATE", "MONEY", "STATUSES", "STEP_KINDS", "Capacity", "Initiative", "Step"]

AIMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "keep": "Keep customers",
        "grow": "Sell more to customers",
        "cut_cost": "Serve customers at less cost",
    }
)
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wish": "A wish",
        "planned": "Planned",
        "running": "Running",
        "done": "Done",
        "stopped": "Stopped",
    }
)
STEP_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"phase": "A phase of the work", "change": "Helping people to change"}
)
STEP_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"open": "Not begun", "running": "Under way", "done": "Done", "dropped": "Dropped"}
)
#: What must be answered before money is asked about.
GATE: Final = ("need", "behaviour", "line", "falsifier")
#: What is asked after that.
MONEY: Final = ("cost", "claim_low", "claim_high", "claimed_saving", "margin")
_GATE_SHUT: Final = (
    "Money is asked about once four questions are answered: whose need it is, what customers would "
    "do differently, which line of the accounts shows it, and what would prove it wrong. Save the "
    "answers, then open the entry again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(Record):
    """Something that is to be done for customers, with the question it answers."""

    KIND: ClassVar[str] = "initiative"
    NAMED: ClassVar[str] = "initiative"
    name: str = words("What is to be done", help="A name everybody knows it by.")
    aim: str = choice(
        "What it is for", AIMS, help="Serving at less cost is watched for what it moves."
    )
    need: str = words(
        "Whose need is it?",
        help="Which customers, and what they cannot do today. “We need a chatbot” names no need.",
        long=True,
        required=False,
    )
    behaviour: str = words(
        "What would customers do differently?",
        help="Something that can be counted: renew, buy again, call once instead of twice.",
        long=True,
        required=False,
    )
    line: str = choice(
        "Which line of the accounts shows it?",
        LINES,
        help="Where finance would see it, if it works.",
        required=False,
    )
    falsifier: str = words(
        "What would prove it wrong?",
        help="What you would have to see to stop it, and by when.",
        long=True,
        required=False,
    )
    override_reason: str = words(
        "Why money is asked about without these answers",
        help="Only if it has to be. It is kept with your name and shown on the page.",
        long=True,
        required=False,
    )
    goal: str = reference(
        "Which goal it serves", "goal", help="Without one it is a wish.", required=False
    )
    sponsor: str = reference(
        "Executive who stands behind it", "executive", help="Who speaks for it.", required=False
    )
    owner: str = words(
        "Who does it", help="One person by name. Without one it is a wish.", required=False
    )
    function: str = words(
        "Which function", help="Service, product, logistics: who has to act.", required=False
    )
    status: str = choice("Where it stands", STATUSES, help="Say wish until it is decided.")
    starts: date | None = day(
        "From when on customers notice it",
        help="The first day on which customers are treated differently. Without it, a wish.",
        required=False,
    )
    ends: date | None = day("Until when", help="Empty: it stays.", required=False)
    customers: str = customers(
        "Which customers it touches",
        help="Written like segment=Large; region=North. Empty: all of them.",
        required=False,
    )
    roster: str = words(
        "List of customers who were given it",
        help="The name of a pilot in a loaded pilot roster, where some were given it and some not.",
        required=False,
    )
    lever: str = words(
        "What it moves",
        help="A driver by its name on the pages Who leaves or Revenue, such as late_delivery.",
        required=False,
    )
    effort_days: float | None = number(
        "Working days it takes", help="Of the team that does it.", required=False, least=0
    )
    cost: Decimal | None = amount(
        "What it costs", help="Money that has to be approved, once.", required=False
    )
    claim_low: Decimal | None = amount(
        "What it is said to bring a year, at least",
        help="A claim, graded F until something is measured.",
        required=False,
    )
    claim_high: Decimal | None = amount(
        "What it is said to bring a year, at most",
        help="The range says how sure whoever claims it is.",
        required=False,
    )
    claimed_saving: Decimal | None = amount(
        "What it is said to save a year",
        help="For serving at less cost: the saving before what is moved elsewhere. A claim.",
        required=False,
    )
    margin: float | None = share(
        "Margin on what customers pay",
        help="What is lost of each dollar when a customer leaves. Empty: all of it counts.",
        required=False,
    )

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Fields of the gate that are empty."""
        return tuple(name for name in GATE if not str(getattr(self, name)).strip())

    @property
    def money(self) -> tuple[str, ...]:
        """Fields about money that are filled."""
        return tuple(name for name in MONEY if getattr(self, name) is not None)

    @property
    def is_wish(self) -> bool:
        """Without a goal, an owner and a date it is a wish, whatever its status says."""
        return self.status == "wish" or not (self.goal and self.owner.strip() and self.starts)

    @property
    def overridden(self) -> bool:
        """Money stands in it although the gate is not filled."""
        return bool(self.money and self.unanswered)

    def closed(self) -> Mapping[str, str]:
        """Fields that are not asked about yet, and why."""
        if not self.unanswered or self.override_reason.strip():
            return MappingProxyType({})
        return MappingProxyType(dict.fromkeys(MONEY, _GATE_SHUT))

    def problems(self) -> Iterable[str]:
        if self.overridden and not self.override_reason.strip():
            yield _GATE_SHUT
        if self.starts and self.ends and self.ends < self.starts:
            yield "It ends before it begins: look at the two days."
        if (self.claim_low is None) != (self.claim_high is None):
            yield "A claim needs both ends: at least and at most."
        elif (self.claim_high or 0) < (self.claim_low or 0):
            yield "The claim's at most lies below its at least."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Record):
    """A phase of an initiative, or a step that helps people to take it up."""

    KIND: ClassVar[str] = "step"
    NAMED: ClassVar[str] = "step"
    initiative: str = reference("Of which initiative", "initiative", help="What it is a step of.")
    name: str = words("What is done", help="“Train the night shift”, “Switch on in the North”.")
    kind: str = choice("What kind of step", STEP_KINDS, help="Work, or helping people to change.")
    owner: str = words("Who does it", help="One person by name.", required=False)
    due: date | None = day("By when", help="When it is to be done.", required=False)
    status: str = choice("Where it stands", STEP_STATES, help="As of today.")
    resistance: str = words(
        "What people object to, and who",
        help="In their words. What was tried before and how that ended belongs here too.",
        long=True,
        required=False,
    )
    exposed: int | None = whole(
        "How many could use it", help="People or customers who were given it.", required=False
    )
    used: int | None = whole("How many do use it", help="Of those.", required=False)

    def problems(self) -> Iterable[str]:
        if self.used is not None and self.exposed is None:
            yield "How many use it says little without how many could: fill in both."
        if self.used is not None and self.exposed is not None and self.used > self.exposed:
            yield "More use it than could: look at the two counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Record):
    """What there is to spend: money and working days for the coming period."""

    KIND: ClassVar[str] = "capacity"
    NAMED: ClassVar[str] = "budget and capacity"
    name: str = words("Which period", help="“First half of 2026”. The newest entry counts.")
    budget: Decimal | None = amount(
        "Money to spend on initiatives", help="Empty: money is no limit.", required=False
    )
    days: float | None = number(
        "Working days to spend on them", help="Empty: days are no limit.", required=False, least=0
    )
    at_once: int | None = whole(
        "How many at a time",
        help="Too many at once tire everybody. Empty: no limit.",
        required=False,
        least=1,
    )

    def problems(self) -> Iterable[str]:
        if self.budget is None and self.days is None and self.at_once is None:
            yield "Fill in at least one limit: money, working days, or how many at a time."
