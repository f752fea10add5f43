"""Erase one customer everywhere: tables, raw rows, receipts, files beside the database, copies.

Deleting rows leaves their bytes in the file, so the file is rebuilt afterwards. Backups made before
still hold the customer: they are named until they expire, or are rewritten at once.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cxdash.errors import UsageError
from cxdash.store import Database, Place, copies, engine, erasure
from cxdash.store.background import Progress, unheard
from cxdash.store.journal.keeping import FILE
from cxdash.upkeep import archive
from cxdash.upkeep.backup import described
from cxdash.upkeep.compact import compact
from cxdash.upkeep.forgetting import Forgotten, forget
from cxdash.upkeep.lasting import forget_again
from cxdash.upkeep.person import Person, find
from cxdash.upkeep.searching import search

__all__ = ["Erased", "erase"]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, or would be.

    Parameters
    ----------
    number
        Counts the customers erased; what the audit may quote instead of the customer's name.
    shared
        Other names that also belong to somebody else; rows under them stay.
    files
        Uploads and logs beside the database that held the customer and were removed.
    unsearched
        Uploads that wait and could not be looked into: packed in a way nothing here unpacks.
    holding
        Copies of the database that still hold the customer.
    rewritten, removed
        Copies the customer was taken out of, and copies set aside that were removed for it.
    """

    number: int
    done: bool
    forgotten: Forgotten
    shared: int
    files: tuple[Path, ...]
    unsearched: tuple[Path, ...]
    holding: tuple[copies.Copy, ...]
    rewritten: int = 0
    removed: int = 0


def erase(
    db: Database,
    customer: str,
    *,
    dry_run: bool = False,
    forget_money: bool = False,
    backups: bool = False,
    tell: Progress = unheard,
) -> Erased:
    """Erase the customer with that number, or that other name.

    Asked for again, it ends what is left to do: files that hold the name, copies made before.

    Parameters
    ----------
    forget_money
        Delete what the customer paid as well; totals then change. Otherwise amounts and days stay
        under a random name that leads nowhere.
    backups
        Take the customer out of every known backup too, and remove copies set aside.
    tell
        Hears how far it is.

    Raises
    ------
    UsageError
        No row names such a customer, or the name belongs to several. Nothing was changed.
    StoreError
        The file could not be rebuilt: the rows are gone from every answer, their bytes are not yet;
        compacting the database ends it.
    """
    customer = customer.strip()
    tell(0.05, "Taking the rows out")
    number, person, forgotten = _taken_out(db, customer, dry_run=dry_run, forget_money=forget_money)
    if not dry_run and forgotten.rows:
        tell(0.2, "Writing a fresh file, so that no byte is left")
        compact(db)
    tell(0.6, "Looking through uploads and logs")
    beside = search(db.place, person.names)
    files = beside.found
    stale = _stale(db.place, number)
    if not (forgotten.rows or files or stale):
        raise UsageError(
            "That customer was erased before, and no row names it.", state="Nothing was changed."
        )
    if dry_run:
        return Erased(number, False, forgotten, person.shared, files, beside.unsearched, stale)
    for file in files:
        _remove(file)
    rewritten = _clean(db, stale, tell, money=forget_money) if backups else 0
    return Erased(
        number,
        True,
        forgotten,
        person.shared,
        files,
        beside.unsearched,
        _stale(db.place, number),
        rewritten,
        len(stale) - rewritten if backups else 0,
    )


def _taken_out(
    db: Database, customer: str, *, dry_run: bool, forget_money: bool
) -> tuple[int, Person, Forgotten]:
    """The number of the erasure, who was meant, and the rows that are gone now.

    Of a customer erased before, whom no row names, it is the erasure of then.
    """
    with db.trying() as cur:
        before = _number_of(cur, customer)
        if (
            before
            and not forget(cur, find(cur, customer), forget_money=forget_money, number=before).rows
        ):
            return before, Person((customer,), (), 0), Forgotten({}, {}, 0, 0)
    with db.trying() if dry_run else db.writing() as cur:
        number = _newest(cur) + 1
        person = find(cur, customer)
        forgotten = forget(cur, person, forget_money=forget_money, number=number)
        if not forgotten.rows:
            raise UsageError(
                "No row names that customer.",
                state="Nothing was changed.",
                do_next="Check the number: letters, zeros in front and blanks inside count.",
            )
        if not dry_run:
            # Before the commit: after a sudden end in between nobody would know whom an older copy
            # brings back.
            erasure.keep(db.place, _hashes(cur, number, forget_money))
    return number, person, forgotten


def _newest(cur: duckdb.DuckDBPyConnection) -> int:
    found = cur.execute("SELECT coalesce(max(erasure), 0) FROM erased").fetchall()
    return int(found[0][0])


def _number_of(cur: duckdb.DuckDBPyConnection, customer: str) -> int:
    """The number of the erasure of that customer; 0 if there was none."""
    found = cur.execute(
        f"SELECT coalesce(max(erasure), 0) FROM erased WHERE digest = {erasure.digest_of('$name')}",
        {"name": customer},
    ).fetchall()
    return int(found[0][0])


def _hashes(cur: duckdb.DuckDBPyConnection, number: int, money: bool) -> list[erasure.Hash]:
    rows = cur.execute(
        "SELECT digest, what, erasure, CAST(erased_on AS VARCHAR) FROM erased WHERE erasure = $n",
        {"n": number},
    ).fetchall()
    return [erasure.Hash(digest, what, at, day, money) for digest, what, at, day in rows]


def _stale(place: Place, number: int) -> tuple[copies.Copy, ...]:
    """Copies made before this erasure."""
    return tuple(copy for copy in copies.listed(place) if copy.erasures < number)


def _remove(file: Path) -> None:
    """The log that is being written stays open in this process, so it is emptied in place."""
    if file.name == FILE:
        os.truncate(file, 0)
    else:
        file.unlink(missing_ok=True)


def _clean(db: Database, stale: Sequence[copies.Copy], tell: Progress, *, money: bool) -> int:
    """Take everybody erased out of the backups, and remove other copies; how many backups."""
    place, hashes = db.place, _everybody(db, money=money)
    rewritten = 0
    for number, copy in enumerate(stale):
        tell(0.65 + 0.3 * number / len(stale), f"Copy {number + 1} of {len(stale)}")
        if copy.kind == "backup":
            _rewrite(place, copy, hashes)
            rewritten += 1
        else:
            engine.remove(copy.file)
    return rewritten


def _everybody(db: Database, *, money: bool) -> list[erasure.Hash]:
    """Everybody erased: as the file beside the database says, and the database where that is lost.

    ``money`` says for the latter whether what they paid is deleted too.
    """
    kept = erasure.kept(db.place)
    known = {entry.digest for entry in kept}
    rows = db.rows("SELECT digest, what, erasure, CAST(erased_on AS VARCHAR) AS day FROM erased")
    return kept + [
        erasure.Hash(row["digest"], row["what"], row["erasure"], row["day"], money)
        for row in rows
        if row["digest"] not in known
    ]


def _rewrite(place: Place, copy: copies.Copy, hashes: Sequence[erasure.Hash]) -> None:
    """The same backup without them, under the same name."""
    with tempfile.TemporaryDirectory(prefix=".cxdash-", dir=place.file.parent) as folder:
        file = Path(folder) / "backup.duckdb"
        old = archive.unpack(copy.file, file)
        with Database(file) as db:
            forget_again(db, hashes)
            compact(db)
        fresh = replace(described(file, old.ledger_head, made_at=old.made_at), marks=old.marks)
        access = Path(folder) / "access.sqlite"
        has_access = archive.unpack_access(copy.file, access)
        archive.pack(file, fresh, copy.file, access if has_access else None)
        archive.unpack(copy.file, Path(folder) / "proof.duckdb")
    rest = [known for known in copies.listed(place) if known.path != copy.path]
    copies.replace_list(place, [*rest, copies.cleaned(copy, fresh.erasures)])
