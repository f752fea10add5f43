"""What happened to a file: every row accounted for, every refusal with its line and reason."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

__all__ = [
    "NO_CURRENCY",
    "SHOWN_REJECTS",
    "Finding",
    "Money",
    "Receipt",
    "Reject",
    "Restated",
    "ScoreCounts",
    "Severity",
]

Severity = Literal["stop", "warn", "info"]

SHOWN_REJECTS: Final = 1_000
NO_CURRENCY: Final = "?"
_SUMS: Final = ("read", "loaded", "replaced", "duplicate", "rejected")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not loaded. ``line`` is where it starts in the file."""

    line: int
    reason: str
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """Exact sums of one currency; ``read = loaded + duplicate + rejected``.

    ``read``: every readable amount of the file. ``loaded``, ``duplicate``, ``rejected``: of the
    rows that ended so. ``replaced``: what the versions replaced by loaded rows amounted to. The
    currency is :data:`NO_CURRENCY` for amounts whose row names none.
    """

    currency: str
    read: Decimal
    loaded: Decimal
    replaced: Decimal = Decimal(0)
    duplicate: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a loaded file that can mislead whoever reads the money.

    Parameters
    ----------
    code
        A name for programs, such as ``low_match``.
    rows
        Rows of the file it concerns; 0 where it concerns the file as a whole.
    sentence
        What was found and what it does to the money, in plain words.
    severity
        ``stop``: figures that join this file with money are wrong until it is settled. ``warn``:
        look at it before quoting them. ``info``: dealt with, or small.
    money
        Currency to the amount it touches, in the unit of the currency. Sums of different findings
        are not to be added: they may speak of the same rows.
    """

    code: str
    rows: int
    sentence: str
    severity: Severity
    money: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restated:
    """What rows that were replaced amounted to, before and after, by ``month`` or ``customer``."""

    by: Literal["month", "customer"]
    name: str
    currency: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """How often each value of an item was loaded."""

    item: str
    variant: str
    counts: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The receipt of one import; ``rows_read = rows_loaded + rows_duplicate + rows_rejected``.

    Parameters
    ----------
    rows_loaded
        New rows and rows that supersede an earlier version.
    rejects
        The first 1,000 rejected rows; all of them are in ``raw_rows``.
    matched
        Share of the rows naming a customer or order whose customer is known; None if there is
        nothing to match yet, or nothing to match by.
    same_file_as
        An earlier import, still in force, of a file with the same bytes.
    unused_columns
        Columns of the file that nobody mapped; they were not stored.
    lines_read
        Lines of a file that was brought into another shape first, such as a line a question; 0 for
        ordinary files. ``rows_read`` counts the rows after that.
    findings
        What can mislead whoever reads the money, the costly first; ``warnings`` are their
        sentences without those of severity ``info``.
    restated
        How money changed by rows that were replaced: every month, at most 24, and the five
        customers with the largest change.
    undone
        Whether this import has been undone.
    """

    import_id: int
    kind: str
    file_name: str
    sha256: str
    bytes: int
    rows_read: int
    rows_loaded: int
    rows_superseding: int
    rows_duplicate: int
    rows_rejected: int
    mapping: str
    imported_at: datetime
    rejects: tuple[Reject, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    warnings: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()
    scores: tuple[ScoreCounts, ...] = ()
    matched: float | None = None
    first_day: str = ""
    last_day: str = ""
    same_file_as: int | None = None
    unused_columns: tuple[str, ...] = ()
    completeness: str = "unknown"
    sheet: str = ""
    is_demo: bool = False
    lines_read: int = 0
    findings: tuple[Finding, ...] = ()
    restated: tuple[Restated, ...] = ()
    undone: bool = False
    removed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = self.rows_loaded + self.rows_duplicate + self.rows_rejected
        if self.rows_read != parts:
            raise ValueError(f"{self.file_name}: {self.rows_read} rows read, {parts} accounted for")

    @property
    def rows_new(self) -> int:
        return self.rows_loaded - self.rows_superseding

    def to_json(self) -> dict[str, Any]:
        """Plain types only; money as decimal text, so that no cent is lost."""
        document = asdict(self)
        document["imported_at"] = self.imported_at.isoformat()
        for money in document["money"]:
            money.update({name: _plain(money[name]) for name in _SUMS})
        for change in document["restated"]:
            change.update({name: _plain(change[name]) for name in ("before", "after")})
        for finding in document["findings"]:
            finding["money"] = {name: _plain(sum_) for name, sum_ in finding["money"].items()}
        return document

    @classmethod
    def from_json(cls, text: str) -> "Receipt":
        """The receipt as the store keeps it; what an older one does not hold is left empty."""
        parts = json.loads(text)
        return cls(
            **{
                **parts,
                "imported_at": datetime.fromisoformat(parts["imported_at"]),
                "rejects": tuple(
                    Reject(row["line"], row["reason"], tuple(row["raw"]))
                    for row in parts["rejects"]
                ),
                "reasons": tuple((reason, count) for reason, count in parts["reasons"]),
                "warnings": tuple(parts["warnings"]),
                "money": tuple(
                    Money(row["currency"], *(Decimal(row.get(name, 0)) for name in _SUMS))
                    for row in parts["money"]
                ),
                "findings": tuple(
                    Finding(**{**row, "money": {c: Decimal(a) for c, a in row["money"].items()}})
                    for row in parts.get("findings", ())
                ),
                "restated": tuple(
                    Restated(
                        **{**row, "before": Decimal(row["before"]), "after": Decimal(row["after"])}
                    )
                    for row in parts.get("restated", ())
                ),
                "scores": tuple(
                    ScoreCounts(
                        row["item"],
                        row["variant"],
                        tuple((value, count) for value, count in row["counts"]),
                    )
                    for row in parts["scores"]
                ),
                "unused_columns": tuple(parts["unused_columns"]),
            }
        )

    def as_undone(self, removed: dict[str, int]) -> "Receipt":
        """The same receipt, marked as undone; ``removed`` says what became of its rows."""
        return replace(self, undone=True, removed=removed)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f") if value else "0"
