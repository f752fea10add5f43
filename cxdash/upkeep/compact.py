"""Make the database file small again: a fresh file with the same rows, swapped in."""

from dataclasses import dataclass
from pathlib import Path

from cxdash.store import Database, rebuild, space
from cxdash.store.background import Progress, unheard

__all__ = ["Compacted", "Room", "compact", "room"]


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the file and its log, and how many of them hold something."""

    whole: int
    used: int

    @property
    def spare(self) -> int:
        """Bytes that compacting would give back, about."""
        return max(0, self.whole - self.used)


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes of the file and its log before and after, and the rows proved to be the same."""

    before: int
    after: int
    rows: int

    @property
    def won(self) -> int:
        return self.before - self.after


def room(db: Database) -> Room:
    """What compacting would win, before it is done."""
    used = rebuild.used(db)  # also writes the log into the file
    return Room(space.size(db.place), used)


def compact(db: Database, *, tell: Progress = unheard) -> Compacted:
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
        tell(0.05, "Writing a fresh file and comparing every row")
        made = rebuild.fresh(db, "Compacting")
        rows = made.rows
        tell(0.8, "Putting it in place")
        return made.file

    with rebuild.workspace(db.place):
        db.replace_file(make)
    space.hold_reserve(db.place)
    return Compacted(before, space.size(db.place), rows)
