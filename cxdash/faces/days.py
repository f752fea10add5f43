"""Which day a category on a time axis stands for."""

import re
from datetime import date
from typing import Final

__all__ = ["day_of", "spoken_day"]

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER: Final = re.compile(r"(\d{4})[- ]?Q([1-4])")


def day_of(text: str) -> date | None:
    """The day itself, the first day of a month or a quarter, or None if it is no time.

    >>> day_of("2025-Q2")
    datetime.date(2025, 4, 1)
    """
    if found := _MONTH.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.fullmatch(text):
        return date(int(found[1]), 3 * int(found[2]) - 2, 1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def spoken_day(day: date) -> str:
    """A day short enough for a label: ``3 Mar 2025``."""
    return f"{day.day} {day:%b %Y}"
