"""Who decides, what the company wants, and what it promises its customers."""

from dataclasses import dataclass
from typing import Final

from cxdash.demo.story.diary import Diary
from cxdash.demo.story.ground import Ground
from cxdash.register.kinds.goals import Criterion, Goal, Strategy
from cxdash.register.kinds.room import Executive

__all__ = ["CX", "Aims", "aims"]

CX: Final = "Head of customer experience"


@dataclass(frozen=True, slots=True)
class Aims:
    """Ids of executives and goals that later entries refer to."""

    finance: str
    operations: str
    sales: str
    people: str
    technology: str
    keep: str
    serve: str
    grow: str


def aims(diary: Diary, ground: Ground) -> Aims:
    """Enter them, a year and more ago."""
    first = ground.back(15)
    end = ground.end

    def executive(name: str, function: str, stance: str, days: int, **more: object) -> str:
        last = end.fromordinal(end.toordinal() - days)
        return diary.enter(
            first,
            CX,
            Executive(
                name=name,
                function=function,
                stance=stance,
                last_contact=last,
                **more,  # type: ignore[arg-type]
            ),
        )

    finance = executive(
        "Chief financial officer", "cfo", "neutral", 13,
        priorities="Cash, margin, and no promise that has to be taken back.", horizon_months=12,
        next_step="Bring what the named contact kept since April.",
    )  # fmt: skip
    operations = executive(
        "Chief operating officer", "coo", "advocate", 8, is_sponsor=True,
        priorities="Fewer accounts lost to poor service; cost of a contact.", horizon_months=24,
        next_step="Agree who takes over the accounts of the North.",
    )  # fmt: skip
    sales = executive(
        "Chief revenue officer", "cro", "sceptic", 76,
        priorities="New business of the quarter; renewals of the large accounts.", horizon_months=3,
        next_step="Show which renewals of this quarter are at risk.",
    )  # fmt: skip
    people = executive(
        "Head of people", "chro", "supporter", 31,
        priorities="Keep the desks staffed.", horizon_months=12,
    )  # fmt: skip
    technology = executive(
        "Chief information officer", "cio", "neutral", 40,
        priorities="One customer number in every system.", horizon_months=24,
    )  # fmt: skip
    year_end = end.replace(year=end.year, month=12, day=31)
    keep = diary.enter(
        first,
        CX,
        Goal(
            statement="Lose fewer accounts",
            line="retention",
            executive=operations,
            measure="customers_lost",
            baseline=20.0,
            target=17.0,
            by=year_end,
            metrics=("nps", "csat"),
        ),
    )
    serve = diary.enter(
        first,
        CX,
        Goal(
            statement="Serve a customer at less cost",
            line="cost",
            executive=finance,
            measure="cost_to_serve",
            baseline=7.8,
            target=7.0,
            by=year_end,
            metrics=("fcr",),
        ),
    )
    grow = diary.enter(
        first,
        CX,
        Goal(
            statement="Sell more to the customers there are",
            line="revenue",
            executive=sales,
            measure="revenue_kept_grown",
            baseline=92.0,
            target=100.0,
            by=year_end,
        ),
    )
    promise = diary.enter(
        first,
        "Chief operating officer",
        Strategy(
            mission="Whoever runs a business on us reaches somebody who knows it.",
            success="Accounts stay because problems are solved by people who know them, and one "
            "contact is enough.",
            goals=(keep,),
            since=first,
        ),
    )
    for statement, measure, target, goal in (
        ("Of a hundred accounts at most seventeen leave in a year", "customers_lost", 17.0, keep),
        ("Three of four problems are solved at the first contact", "solved_first", 75.0, serve),
    ):
        diary.enter(
            first,
            CX,
            Criterion(
                statement=statement, strategy=promise, measure=measure, target=target, goal=goal
            ),
        )
    return Aims(finance, operations, sales, people, technology, keep, serve, grow)
