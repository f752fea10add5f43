"""When a pilot is looked at: only on the days that were planned, and as things stood then.

Whoever looks every day finds something in pure noise. So before the first planned look nothing of
the outcome is shown, and later the result stays what it was on the day of the last planned look.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cxdash.panel import month_end, month_index
from cxdash.questions.pilots.planned import Planned

__all__ = ["Stage", "stage_of"]

State = Literal["not_started", "running", "read"]


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a pilot is.

    Parameters
    ----------
    look, looks
        The last planned look that has passed, 0 before the first, and how many are planned.
    base, last
        Months (index): the last before it began, and the last that the look takes in.
    next_on
        Day of the next look; None after the last.
    """

    state: State
    look: int
    looks: int
    base: int
    last: int
    next_on: date | None

    @property
    def months(self) -> int:
        return self.last - self.base

    @property
    def is_last(self) -> bool:
        return self.look == self.looks


def stage_of(one: Planned, last_month: int) -> Stage:
    """The stage of a pilot where data is complete up to the end of a month (index)."""
    covered, looks = month_end(last_month), one.bar.looks
    base = month_index(one.starts) - 1
    ends = [_last_month(_day_of_look(one, number)) for number in range(1, looks + 1)]
    passed = sum(base < end <= last_month for end in ends)
    state: State = "read" if passed else "running" if one.starts <= covered else "not_started"
    return Stage(
        state=state,
        look=passed,
        looks=looks,
        base=base,
        last=ends[passed - 1] if passed else max(ends[-1], base + 1),
        next_on=None if passed == looks else _day_of_look(one, passed + 1),
    )


def _day_of_look(one: Planned, look: int) -> date:
    days = (one.reads_on - one.starts).days
    return one.starts + timedelta(days=round(days * look / one.bar.looks))


def _last_month(day: date) -> int:
    """The last month that is over by that day."""
    month = month_index(day)
    return month if month_end(month) <= day else month - 1
