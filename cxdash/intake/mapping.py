"""What a person decided about a file: which column is what, in which form. Frozen, kept as TOML.

A mapping holds nothing that was guessed and not shown; the next file with the same layout is read
with the same mapping.
"""

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from typing import Final

import tomli_w

from cxdash.errors import UsageError
from cxdash.intake.checks import check, item_name
from cxdash.intake.document import from_document, to_document
from cxdash.intake.kinds import KINDS
from cxdash.intake.specs import (
    AMOUNT,
    DATE_ORDERS,
    MONTH,
    NOT_CHOSEN,
    ChoiceSpec,
    ColumnSpec,
    CommentSpec,
    FileSpec,
    LongSpec,
    RejectRule,
    ScoreSpec,
)

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
    "Mapping",
    "RejectRule",
    "ScoreSpec",
    "item_name",
]

_MONEY: Final = {
    "subscriptions": "monthly_amount",
    "snapshots": "monthly_amount",
    "contacts": "cost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A complete reading of one layout.

    Parameters
    ----------
    kind
        A kind of extract, for example ``responses``.
    columns
        Role to source column.
    constants
        Role to a fixed value, for example ``currency = "BRL"``.
    scores, comments, choices
        Survey items; only for ``responses``.
    long
        For a file with a line for each response and question: how its lines make responses.
    months
        For a file with a column a month: (column, first day of the month) of each.
    aliases
        For ``customers``: source columns whose values are other names of the customer.
    traits
        For ``snapshots``: source columns kept as they are, to tell leavers from stayers by.
    key
        Source columns that together name a row. Empty: the kind's own id, else the row's content.
    source
        Name of the system, put before the key so that equal numbers of two systems stay apart.
    same_rows
        ``same`` once a person has said that rows which carry the numbers of rows of another layout
        correct those.
    repeats
        ``keep`` or ``drop`` for equal lines of a file without a key; empty: nobody decided.
    conflicts
        ``reject`` (all) or ``last`` (line counts) when a key has two contents in one file.
    time_zone
        Zone in which times are kept; times with an offset are converted to it.
    currencies
        ``several`` once a person has said that a file with several currencies is right.
    completeness, note
        Whether the file holds everything (``complete``), a ``sample``, or ``unknown``.
    """

    kind: str
    columns: Dictionary[str, ColumnSpec] = field(default_factory=dict)
    constants: Dictionary[str, str] = field(default_factory=dict)
    scores: tuple[ScoreSpec, ...] = ()
    comments: tuple[CommentSpec, ...] = ()
    choices: tuple[ChoiceSpec, ...] = ()
    long: LongSpec | None = None
    months: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    source: str = ""
    same_rows: str = ""
    repeats: str = ""
    conflicts: str = "reject"
    time_zone: str = ""
    currencies: str = ""
    completeness: str = "unknown"
    note: str = ""
    reject: tuple[RejectRule, ...] = ()
    file: FileSpec = field(default_factory=FileSpec)

    def __post_init__(self) -> None:
        check(self)

    def with_columns(self, columns: Dictionary[str, ColumnSpec]) -> "Mapping":
        """The same mapping with these roles set."""
        return replace(self, columns={**self.columns, **columns})

    @property
    def cells(self) -> tuple[str, ...]:
        """Every column a row is made of, each once, in order of first use.

        Of a file with a line a question or a column a month these are the columns it has once it
        has a row a response, or a row a month.
        """
        named = [
            *(self.long.row if self.long else ()),
            *self._of_a_row,
            *(score.column for score in self.scores),
            *(comment.column for comment in self.comments),
            *(name for choice in self.choices for name in choice.sources),
        ]
        return tuple(dict.fromkeys(named))

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column of the file the mapping reads, each once, in order of first use."""
        if self.long:
            spec = self.long
            lines = (*spec.row, *self._of_a_row, spec.question, spec.answer, spec.value)
            return tuple(dict.fromkeys(name for name in lines if name))
        if self.months:
            kept = [name for name in self.cells if name not in (MONTH, AMOUNT)]
            return tuple(dict.fromkeys([*kept, *(name for name, _ in self.months)]))
        return self.cells

    @property
    def _of_a_row(self) -> tuple[str, ...]:
        """The columns read for anything but survey items."""
        return (
            *self.key,
            *(part for spec in self.columns.values() for part in _columns_of(spec)),
            *self.aliases,
            *self.traits,
            *(rule.column for rule in self.reject),
        )

    def missing(self) -> tuple[str, ...]:
        """Roles the kind needs that neither a column nor a constant gives."""
        given = set(self.columns) | set(self.constants)
        needed = list(KINDS[self.kind].required)
        if self.kind == "revenue" and "order_id" not in given:
            # An order can tell whose money it is and when; without one the row must.
            needed += ["customer_id", "dated"]
        if _MONEY.get(self.kind) in given:
            needed.append("currency")
        return tuple(role for role in needed if role not in given)

    def to_toml(self) -> str:
        """The mapping as TOML text; :meth:`from_toml` gives it back."""
        return tomli_w.dumps(to_document(self))

    @classmethod
    def from_toml(cls, text: str) -> "Mapping":
        """Read a mapping.

        Raises
        ------
        UsageError
            If the text is not TOML, or a name or value is unknown.
        """
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(
                f"The mapping is not valid TOML: {error}.", state="Nothing was loaded."
            ) from error
        return cls(**from_document(document, cls.__dataclass_fields__))


def _columns_of(spec: ColumnSpec) -> Iterable[str]:
    return (part for part in (spec.column, spec.minus, spec.times) if part)
