"""What the company wants: its goals, what it promises customers, and what would show success."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final

from cxdash.register.fields import choice, day, many, number, reference, words
from cxdash.register.records import Record

__all__ = ["LINES", "MEASURES", "RATING", "Criterion", "Goal", "Strategy"]

#: Lines of the accounts; the first three are those a delivered dollar can be claimed in.
LINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "retention": "Revenue kept from customers there are",
        "revenue": "Revenue that is added",
        "cost": "Cost of serving customers",
        "people": "Cost of employees who leave",
        "other": "Another line",
    }
)
RATING: Final = "rating"
#: Figures worked out from what is loaded, as people choose among them.
MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customers_lost": "Customers lost within a year, share",
        "revenue_kept": "Revenue kept from last year's customers, share",
        "revenue_kept_grown": "Revenue kept, new business with those customers counted, share",
        "revenue_a_year": "Revenue of twelve months",
        "cost_to_serve": "Cost of handling contacts, per customer and month",
        "contacts": "Contacts per customer and month",
        "solved_first": "Problems solved at the first contact, share",
        "employees_lost": "Employees who leave in a month, share",
        RATING: "A survey rating, named in the next field",
    }
)
_IN_PERCENT: Final = "A share in percent: 12 stands for 12 %. A rating in its own unit."


def _rating(measure: str, rating: str) -> Iterable[str]:
    """What is wrong with a measure and the rating beside it."""
    if measure == RATING and not rating:
        yield "Name the survey rating that is to be looked at."
    if measure != RATING and rating:
        yield "A rating is named only where the measure is a survey rating."


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Record):
    """What the company wants, and by when."""

    KIND: ClassVar[str] = "goal"
    NAMED: ClassVar[str] = "goal"
    SHOWN_BY: ClassVar[str] = "statement"
    statement: str = words(
        "What the company wants",
        help="One sentence, as it stands in the plan of the year: “Keep the large accounts”.",
    )
    line: str = choice(
        "Line of the accounts",
        LINES,
        help="Where finance will see it. A goal that touches no line is hard to pay for.",
    )
    executive: str = reference(
        "Whose goal it is",
        "executive",
        help="Who answers for it at the table.",
        required=False,
    )
    measure: str = choice(
        "How it is measured",
        MEASURES,
        help="Worked out anew from what is loaded, with its range.",
        required=False,
    )
    rating: str = words(
        "Which rating",
        help="Only for a survey rating: its name as on the page Catalogue, such as nps.",
        required=False,
    )
    baseline: float | None = number(
        "Where it stood", help=f"When the goal was set. {_IN_PERCENT}", required=False
    )
    target: float | None = number("Where it is to stand", help=_IN_PERCENT, required=False)
    by: date | None = day("By when", required=False)
    metrics: tuple[str, ...] = many(
        "Metrics that serve it",
        help="Names as on the page Catalogue or in the metric register.",
    )
    note: str = words("Note", long=True, required=False)

    def problems(self) -> Iterable[str]:
        yield from _rating(self.measure, self.rating)
        if self.target is not None and not self.measure:
            yield "A target needs a measure: say how it is to be measured."
        if self.baseline is not None and self.baseline == self.target:
            yield "The target is where it stood already: say what is to change."


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy(Record):
    """What we promise our customers, and how everybody would know that it came true."""

    KIND: ClassVar[str] = "strategy"
    NAMED: ClassVar[str] = "strategy"
    SHOWN_BY: ClassVar[str] = "mission"
    mission: str = words(
        "The promise to customers",
        help="The mission in one sentence every employee can say.",
        long=True,
    )
    success: str = words(
        "How we would know",
        help="What is different for customers and for the company once it came true.",
        long=True,
    )
    goals: tuple[str, ...] = many(
        "Goals it puts first",
        refers="goal",
        help="What the strategy says is most important. It is set beside what is paid for.",
    )
    since: date | None = day("Since when", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Record):
    """One thing that can be measured and would show that the strategy works."""

    KIND: ClassVar[str] = "criterion"
    NAMED: ClassVar[str] = "criterion of success"
    SHOWN_BY: ClassVar[str] = "statement"
    statement: str = words(
        "What would show it", help="“Nine of ten problems are solved at the first contact.”"
    )
    strategy: str = reference(
        "Of which strategy", "strategy", help="The promise it belongs to.", required=False
    )
    measure: str = choice(
        "How it is measured", MEASURES, help="Worked out anew from what is loaded."
    )
    rating: str = words(
        "Which rating", help="Only for a survey rating: its name, such as nps.", required=False
    )
    target: float | None = number("Where it is to stand", help=_IN_PERCENT)
    goal: str = reference("Goal it serves", "goal", help="Why it matters.", required=False)

    def problems(self) -> Iterable[str]:
        yield from _rating(self.measure, self.rating)
