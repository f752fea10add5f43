"""Make the database file small again: a fresh file with the same rows, swapped in."""

from dataclasses import dataclass
from pathlib import Path

from cxdash.store import Database, rebuild, space

__all__ = ["Compacted", "compact"]


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes of the file and its log before and after, and the rows proved to be the same."""

    before: int
    after: int
    rows: int

    @property
    def won(self) -> int:
        return self.before - self.after


def compact(db: Database) -> Compacted:
    """Rebuild the file of an open database; nobody can write meanwhile, readers wait a moment.

    The old file is kept until the new one has been counted, hashed and opened.

    Raises
    ------
    StoreError
        The file is as it was.
    """
    before = space.size(db.place)
    rows = 0

    def make() -> Path:
        nonlocal rows
        made = rebuild.fresh(db, "Compacting")
        rows = made.rows
        return made.file

    with rebuild.workspace(db.place):
        db.replace_file(make)
    space.hold_reserve(db.place)
    return Compacted(before, space.size(db.place), rows)
