"""Layouts seen before: the mapping of the newest import of a file with the same header."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cxdash.errors import UsageError
from cxdash.intake.mapping import Mapping
from cxdash.store import Database

__all__ = ["Remembered", "fingerprint", "remembered"]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mapping a person confirmed for a layout; ``file_name`` is the file it was used for last."""

    layout: str
    mapping: Mapping
    file_name: str


def fingerprint(header: Sequence[str]) -> str:
    """What identifies a layout: its column names in order, letter case and blanks aside."""
    names = "\x1f".join(" ".join(name.lower().split()) for name in header)
    return hashlib.sha256(names.encode()).hexdigest()[:32]


def remembered(db: Database) -> tuple[Remembered, ...]:
    """The newest mapping in force of every layout, the newest first."""
    rows = db.rows(
        "SELECT layout, mapping, file_name FROM imports WHERE undone_at IS NULL AND NOT is_demo "
        "ORDER BY import_id DESC"
    )
    newest: dict[str, Remembered] = {}
    for row in rows:
        mapping = None if row["layout"] in newest else _valid(row["mapping"])
        if mapping is not None:
            newest[row["layout"]] = Remembered(row["layout"], mapping, row["file_name"])
    return tuple(newest.values())


def _valid(text: str) -> Mapping | None:
    """The mapping; None when it was kept by an older cxdash and would be refused today."""
    try:
        return Mapping.from_toml(text)
    except UsageError:
        return None
