"""Whole calendar months: the clock of the demo company."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from cxdash.errors import UsageError

__all__ = ["Calendar", "Days", "Months"]

_DAY = "datetime64[D]"
Days = npt.NDArray[np.datetime64]
Months = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calendar:
    """``months`` exported months that end on ``end``, then ``future`` months nobody has seen yet.

    Month index 0 is the first exported month, ``months - 1`` the last.
    """

    end: date
    months: int
    future: int

    def __post_init__(self) -> None:
        if (self.end + timedelta(days=1)).day != 1:
            raise UsageError(f"The last exported day must end a month, got {self.end}.")

    @property
    def total(self) -> int:
        return self.months + self.future

    @property
    def first(self) -> np.datetime64:
        """First exported month, as a datetime64 month."""
        return np.datetime64(self.end, "M") - (self.months - 1)

    def month_start(self, month: Months | int) -> Days:
        """First day of a month index; indices before 0 are fine."""
        return np.asarray((self.first + np.asarray(month)).astype(_DAY))

    def month_end(self, month: Months | int) -> Days:
        """Last day of a month index."""
        return np.asarray(self.month_start(np.asarray(month) + 1) - np.timedelta64(1, "D"))

    def month_length(self, month: Months | int) -> Months:
        return np.asarray((self.month_end(month) - self.month_start(month)).astype(np.int64) + 1)

    def month_of(self, days: Days | np.datetime64 | date) -> Months:
        """Month index of each day."""
        as_months = np.asarray(days, dtype="datetime64[M]")
        return np.asarray((as_months - self.first).astype(np.int64))

    @property
    def last_day(self) -> np.datetime64:
        return np.datetime64(self.end, "D")
