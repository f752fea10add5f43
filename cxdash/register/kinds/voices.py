"""Themes a person names, with the words that comments about them use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from cxdash.register.fields import words as text
from cxdash.register.records import Record

__all__ = ["Theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Record):
    """What you want to follow in the words of customers."""

    KIND: ClassVar[str] = "theme"
    NAMED: ClassVar[str] = "theme"
    name: str = text(
        "What the theme is called",
        help="As you would say it in a meeting: “Delivery” or “Invoices that nobody understands”.",
    )
    words: str = text(
        "Words that comments about it use",
        help="Separated by commas, in every language your customers write in. A phrase counts as a "
        "whole; a star stands for any ending: deliver*, late parcel, Lieferung. Capitals and "
        "accents do not matter. A comment with one of them speaks of this theme and of none that "
        "was found by itself.",
        long=True,
    )
    note: str = text(
        "Note", help="Why it is followed, or what it leaves out.", required=False, long=True
    )

    def problems(self) -> Iterable[str]:
        """A theme needs a word of letters."""
        if not any(char.isalpha() for char in self.words):
            yield "Name at least one word of letters that comments about it use."
