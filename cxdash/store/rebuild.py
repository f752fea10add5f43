"""A fresh file with the same rows and nothing else: no free blocks, no bytes of deleted rows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from cxdash.errors import StoreDamaged
from cxdash.store import copies, engine, space
from cxdash.store.content import Content, content, differing
from cxdash.store.database import Database
from cxdash.store.place import Place

__all__ = ["Fresh", "fresh", "used", "workspace"]

_FRESH: Final = "fresh"
_TURN: Final = threading.RLock()  # two that rebuild at once would empty each other's folder
_MARGIN: Final = 8 << 20  # little, because this is what makes room


@dataclass(frozen=True, slots=True)
class Fresh:
    """The new file, proved to hold the same as the old one: every table counted and hashed."""

    file: Path
    tables: dict[str, Content]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def used(db: Database) -> int:
    """Bytes of the file that hold something; a fresh file is about as big.

    While somebody writes, blocks given up lately still count.
    """
    with db.cursor() as cur, suppress(duckdb.TransactionException):
        cur.execute("CHECKPOINT")
    row = db.rows("PRAGMA database_size")[0]
    return int(row["block_size"]) * int(row["used_blocks"])


@contextmanager
def workspace(place: Place) -> Iterator[Path]:
    """The folder the engine may write to; emptied afterwards. One after the other has it."""
    with _TURN:
        place.work.mkdir(mode=0o700, exist_ok=True)
        try:
            yield place.work
        finally:
            for left in place.work.iterdir():
                left.unlink()
            place.work.rmdir()


def fresh(db: Database, work: str, *, name: str = _FRESH) -> Fresh:
    """Write all rows of ``db`` to a new file in its workspace and prove them equal.

    One committed state is copied, whatever is written meanwhile.

    Parameters
    ----------
    work
        What this is for, as in "Making a backup".

    Raises
    ------
    StoreFull, StoreDamaged
        Nothing was changed.
    """
    need = used(db) * 5 // 4
    if space.free(db.place.file.parent) < need + _MARGIN:
        space.release_reserve(db.place)
    space.require(
        db.place.file.parent, need, work, margin=_MARGIN, do_next="Free some space, then try again."
    )
    target = db.place.work / f"{name}.duckdb"
    engine.remove(target)
    with db.cursor() as cur:
        path = str(target).replace("'", "''")
        cur.execute(f"ATTACH '{path}' AS \"{name}\"")
        try:
            cur.execute("BEGIN TRANSACTION")
            source = cur.execute("SELECT current_database()").fetchall()[0][0]
            cur.execute(f'COPY FROM DATABASE "{source}" TO "{name}"')
            before = content(cur)
            cur.execute("COMMIT")
            after = content(cur, name)
        finally:
            cur.execute(f'DETACH "{name}"')
    unequal = differing(before, after)
    if unequal:
        engine.remove(target)
        raise StoreDamaged(
            f"The copy of {db.path} differs from it in {', '.join(unequal)}.",
            state="The copy was thrown away; the database was not changed.",
            do_next=copies.way_back(db.place).sentence,
            commands=(copies.way_back(db.place).command,),
        )
    target.chmod(0o600)
    engine.settle(target)
    return Fresh(target, after)
