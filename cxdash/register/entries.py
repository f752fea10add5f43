"""Entries in the database: every version stays, the newest counts, nothing is lost to an import."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

import duckdb

from cxdash.errors import Conflict, EntryRefused, UsageError
from cxdash.register.reading import history
from cxdash.register.records import Kept, Record, digest, plain, problems
from cxdash.register.references import referring, unknown_references
from cxdash.store import Database, Snapshot
from cxdash.store.memo import Memo

__all__ = [
    "adopt",
    "freeze",
    "next_id",
    "put",
    "remove",
    "save",
    "seal",
    "withdraw",
]

R = TypeVar("R", bound=Record)

_NOTHING_SAVED: Final = "Nothing was saved."


def put(
    db: Database, record: R, *, by: str, entry: str | None = None, expects: int | None = None
) -> Kept[R]:
    """Save an entry: a new one, or the next version of ``entry``.

    ``expects`` is the version the person saw. Saving what counts already adds no version.

    Raises
    ------
    EntryRefused
        The record breaks a rule, or refers to an entry that does not exist.
    Conflict
        Somebody has changed or removed the entry meanwhile.
    UsageError
        There is no such entry.
    """
    with db.writing(entering=True) as cur:
        saved = save(cur, record, by=by, entry=entry, expects=expects)
        missing = unknown_references(cur, record)
        if missing:
            raise EntryRefused(
                " ".join(missing),
                problems=missing,
                state=_NOTHING_SAVED,
                do_next="Enter it first, or choose another.",
            )
        return _written(cur, type(record), saved)


def freeze(
    db: Database, kind: type[R], entry: str, *, by: str, expects: int | None = None
) -> Kept[R]:
    """Freeze an entry as it is: its digest stays known, and every later change shows.

    An entry that is frozen as it is stays so, and no version is added.

    Raises
    ------
    Conflict, UsageError
        As for :func:`put`.
    """
    with db.writing(entering=True) as cur:
        seal(cur, kind, entry, by=by, expects=expects)
        return _written(cur, kind, entry)


def remove(
    db: Database, kind: type[Record], entry: str, *, by: str, expects: int | None = None
) -> None:
    """Take an entry out of the lists; its versions stay.

    Raises
    ------
    Conflict, UsageError
        As for :func:`put`.
    EntryRefused
        Another entry refers to it.
    """
    with db.writing(entering=True) as cur:
        version, _, fields = _newest(cur, kind, entry, expects)
        holders = referring(cur, kind.KIND, entry)
        if holders:
            raise EntryRefused(
                f"{entry} cannot be removed: {', '.join(holders)} "
                f"{'refers' if len(holders) == 1 else 'refer'} to it.",
                problems=(),
                state="Nothing was removed.",
                do_next="Change or remove those first.",
            )
        _append(cur, kind.KIND, entry, version + 1, "removed", by, fields)


def seal(
    cur: duckdb.DuckDBPyConnection,
    kind: type[Record],
    entry: str,
    *,
    by: str,
    expects: int | None = None,
    at: datetime | None = None,
) -> None:
    """``freeze`` inside a transaction of the caller; ``at`` as in :func:`save`."""
    version, what, fields = _newest(cur, kind, entry, expects)
    if what != "frozen":
        _append(cur, kind.KIND, entry, version + 1, "frozen", by, fields, at)


def withdraw(cur: duckdb.DuckDBPyConnection, invented: Sequence[str]) -> None:
    """Delete every version of entries that no person made: those of a made-up company."""
    cur.execute(
        "DELETE FROM register_versions WHERE entry_id IN (SELECT unnest(?))", [list(invented)]
    )


def save(
    cur: duckdb.DuckDBPyConnection,
    record: Record,
    *,
    by: str,
    entry: str | None = None,
    expects: int | None = None,
    at: datetime | None = None,
) -> str:
    """``put`` inside a transaction of the caller, references not looked up; gives the id.

    ``at`` is for the past of a made-up company alone: what a person enters bears the time it was
    entered.
    """
    kind = type(record)
    found = problems(record)
    if found:
        raise EntryRefused(
            f"This {kind.NAMED or kind.KIND} cannot be saved as it is.",
            problems=found,
            state=_NOTHING_SAVED,
            do_next=" ".join(found),
        )
    fields = plain(record)
    if entry is None:
        entry = next_id(cur, kind)
        _append(cur, kind.KIND, entry, 1, "entered", by, fields, at)
        return entry
    version, _, before = _newest(cur, kind, entry, expects)
    if before != fields:
        _append(cur, kind.KIND, entry, version + 1, "changed", by, fields, at)
    return entry


def adopt(cur: duckdb.DuckDBPyConnection, record: Record, entry: str, *, by: str) -> None:
    """Save a new entry under the id it has in another database."""
    _append(cur, record.KIND, entry, 1, "entered", by, plain(record))


def next_id(cur: duckdb.DuckDBPyConnection, kind: type[Record]) -> str:
    """An id that no entry of the kind ever had."""
    row = cur.execute(
        "SELECT coalesce(max(CAST(split_part(entry_id, '-', -1) AS INTEGER)), 0) + 1 "
        "FROM register_versions WHERE entry_kind = ?",
        [kind.KIND],
    ).fetchall()
    return f"{kind.KIND}-{row[0][0]}"


def _written(cur: duckdb.DuckDBPyConnection, kind: type[R], entry: str) -> Kept[R]:
    """The version this transaction leaves; afterwards the newest could be somebody else's."""
    return history(Snapshot(cur, Memo()), kind, entry)[-1]


def _newest(
    cur: duckdb.DuckDBPyConnection, kind: type[Record], entry: str, expects: int | None
) -> tuple[int, str, str]:
    """Version, what and fields of the newest version of an entry that stands."""
    rows = cur.execute(
        "SELECT version, what, fields, entered_by FROM register_versions "
        "WHERE entry_kind = ? AND entry_id = ? ORDER BY version DESC LIMIT 1",
        [kind.KIND, entry],
    ).fetchall()
    if not rows or (rows[0][1] == "removed" and expects in (None, rows[0][0])):
        raise UsageError(
            f"There is no {kind.NAMED or kind.KIND} {entry}.",
            state=_NOTHING_SAVED,
            do_next="Look at the list of entries for the one you mean.",
        )
    version, what, fields, by = rows[0]
    if expects is not None and expects != version:
        done = "removed" if what == "removed" else "changed"
        raise Conflict(
            f"{by} has {done} {entry} since you opened it: you saw version {expects}, "
            f"now there is version {version}.",
            state="Nothing of yours was saved, nothing of theirs was lost.",
            do_next="Open it again and enter your change once more.",
        )
    return version, what, fields


def _append(
    cur: duckdb.DuckDBPyConnection,
    kind: str,
    entry: str,
    version: int,
    what: str,
    by: str,
    fields: str,
    at: datetime | None = None,
) -> None:
    cur.execute(
        "INSERT INTO register_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, false)",
        [
            kind,
            entry,
            version,
            what,
            (at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None),
            by,
            fields,
            digest(kind, fields),
        ],
    )
