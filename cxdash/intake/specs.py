"""The parts of a mapping: how to read the file, a column, a survey item, a choice. All frozen."""

from dataclasses import dataclass
from typing import Final

__all__ = [
    "AMOUNT",
    "DATE_ORDERS",
    "MONTH",
    "NOT_CHOSEN",
    "ChoiceSpec",
    "ColumnSpec",
    "CommentSpec",
    "FileSpec",
    "LongSpec",
    "RejectRule",
    "ScoreSpec",
]

DATE_ORDERS: Final = {
    "ymd": "year, month, day: 2026-03-05",
    "dmy": "day, month, year: 05/03/2026",
    "mdy": "month, day, year: 03/05/2026",
    "dmy2": "day, month, two-digit year: 05/03/26",
    "mdy2": "month, day, two-digit year: 03/05/26",
    "ymd2": "two-digit year, month, day: 26-03-05",
    "ym": "year and month: 2026-03",
    "my": "month and year: 03/2026",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
    "excel": "day numbers as Excel counts them",
}
# Columns of a file with a column a month, once it has a row a month.
MONTH: Final = "(month)"
AMOUNT: Final = "(amount)"
# A filled cell of a choice that says it was not chosen, in lower case.
NOT_CHOSEN: Final = (
    "0",
    "0.0",
    "false",
    "no",
    "n",
    "nein",
    "não",
    "nao",
    "non",
    "falsch",
    "off",
    "not selected",
    "unselected",
    "not checked",
    "unchecked",
    "nicht gewählt",
    "-",
    "–",
    "—",
    "n/a",
    "na",
    "null",
    "none",
)


@dataclass(frozen=True, slots=True)
class FileSpec:
    """How to read the file. Empty or 0 means: find out from the content.

    ``header_row`` counts records from 1 (for CSV: the line). ``header_rows`` is 2 or 3 for survey
    tools that write question texts and ids below the header. ``header`` is ``none`` for a file that
    has no names of columns; they are then called ``column 1``, ``column 2`` and so on.
    ``fixed_width`` holds the places, counted from 0, where columns of a file without separators
    begin.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    header_rows: int = 0
    sheet: str = ""
    header: str = ""
    fixed_width: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """Where a role comes from and in which form it is written.

    ``dates`` is a name of :data:`DATE_ORDERS`; ``decimal`` is ``.`` or ``,``; ``values`` translates
    cell texts. ``minus`` and ``times`` name columns to subtract from, or multiply into, an amount.
    """

    column: str
    dates: str = ""
    decimal: str = ""
    values: tuple[tuple[str, str], ...] = ()
    minus: str = ""
    times: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSpec:
    """A survey item: its column, variant and scale as written in the file.

    ``high_is_good`` False means that in this file the low end is the good one; such answers are
    turned round when loaded, so that what is stored always fits its variant. ``label`` is the whole
    question as customers were asked.
    """

    item: str
    column: str
    variant: str
    scale_low: float
    scale_high: float
    high_is_good: bool = True
    values: tuple[tuple[str, float], ...] = ()
    decimal: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class CommentSpec:
    """A question answered in words; ``label`` is the whole question."""

    item: str
    column: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """A question of which several answers may be chosen.

    Either ``columns`` has a (column, choice) for each answer, or ``column`` holds all chosen
    answers in one cell with ``separator`` between them. In a column of a choice any filled cell
    means chosen, except the words of :data:`NOT_CHOSEN`.
    """

    item: str
    columns: tuple[tuple[str, str], ...] = ()
    column: str = ""
    separator: str = ""
    label: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns it is read from."""
        return (self.column,) if self.column else tuple(name for name, _ in self.columns)


@dataclass(frozen=True, slots=True)
class LongSpec:
    """A file with a line for each response and question.

    ``row`` are the columns that together name the response. Lines of one response become one row,
    with a column named after each question; scores, comments and choices name those.
    ``value`` is a column whose number stands for the answer; where it is empty, ``answer`` counts.
    """

    row: tuple[str, ...]
    question: str
    answer: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RejectRule:
    """Rows to refuse by what a column says.

    ``unless`` False: refused when the cell is one of ``values``; True: refused when it is filled
    with anything else. ``known`` are all words that were decided about: where it is given, another
    word is asked about, and where it is not, the rule speaks for every word.
    """

    column: str
    values: tuple[str, ...]
    reason: str
    unless: bool = False
    known: tuple[str, ...] = ()
