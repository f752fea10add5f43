"""The file in which people, their sign-ins and the audit log are kept.

It lies beside the database as ``NAME.access.sqlite``. It is a file of its own because one process
owns the database and an import may hold its writer for minutes: the gate asks about every request,
and an operator must be able to take access away while the app runs.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, Self

from cxdash.errors import StoreError, StoreForeign, StoreNewer

__all__ = ["Book", "place"]

_APPLICATION: Final = 0x63786163  # "cxac"
_SCHEMA: Final = 1
_PATIENCE_SECONDS: Final = 10
_TABLES: Final = """
CREATE TABLE people (
    person_id INTEGER PRIMARY KEY AUTOINCREMENT,
    issuer    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    name      TEXT NOT NULL,
    role      TEXT CHECK (role IN ('viewer', 'analyst', 'admin')),
    given_by  TEXT NOT NULL CHECK (given_by IN ('provider', 'configuration', 'person')),
    disabled  INTEGER NOT NULL DEFAULT 0,
    created   REAL NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE TABLE sessions (
    session   TEXT PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES people,
    issued    REAL NOT NULL,
    last_seen REAL NOT NULL,
    ended     REAL
);
CREATE INDEX sessions_of_person ON sessions (person_id);
CREATE TABLE audit (
    entry    INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    role     TEXT NOT NULL,
    action   TEXT NOT NULL,
    what     TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest   TEXT NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
"""


def place(database: Path) -> Path:
    """Where the book of a database lies."""
    return database.with_name(f"{database.stem}.access.sqlite")


class Book:
    """The book of one database, open; for any number of threads, one at a time.

    Raises
    ------
    StoreForeign, StoreNewer, StoreError
        When it cannot be opened; it is left as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = _connect(path)

    @classmethod
    def of(cls, database: Path) -> Self:
        """The book that belongs to a database file; made when there is none yet."""
        return cls(place(database))

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows of a small result as dictionaries."""
        with self._lock, self._spoken():
            return [dict(row) for row in self._connection.execute(sql, parameters).fetchall()]

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, kept whole or not at all; writers of all processes take turns."""
        with self._lock, self._spoken(), _transaction(self._connection):
            yield self._connection

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Say in the words of the house what the engine could not do."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"{self.path} cannot be used: {error}.",
                state="Nothing was changed.",
                do_next="Look whether the disk is full or the file is damaged; a backup holds it.",
            ) from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Names of people lie in it: nobody but the owner reads it, from its first moment.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{path} cannot be made or read: {error}.",
            state="Nothing was changed.",
            do_next="Ask for the right to write in this folder, or choose another --db.",
        ) from error
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _prepare(connection, path)
    except sqlite3.OperationalError as error:
        connection.close()
        raise StoreError(
            f"{path} cannot be used: {error}.",
            state="Nothing was changed.",
            do_next="Wait until the other program has finished writing, then try again.",
        ) from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreForeign(
            f"{path} is damaged or is not the list of people of a cxdash database.",
            state="The file was not changed.",
            do_next="Restore it from a backup, or move it away: a new one is made.",
        ) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file; refuse a file that is not ours or newer than this program."""
    # One state of the file: between two looks at it another program may have made the tables.
    with _transaction(connection, "DEFERRED"):
        if not _is_new(connection, path):
            return
    _write_ahead(connection)
    with _transaction(connection):
        if _is_new(connection, path):  # and nobody else has made them meanwhile
            for statement in _statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {_SCHEMA}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer pass each other; for this change the engine waits for nobody."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _is_new(connection: sqlite3.Connection, path: Path) -> bool:
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner == _APPLICATION and schema > _SCHEMA:
        raise StoreNewer(
            f"{path} was written by a newer cxdash.",
            state="The file was not changed.",
            do_next="Open it with the newer cxdash that wrote it.",
        )
    if owner == _APPLICATION:
        return False
    if connection.execute("SELECT 1 FROM sqlite_master").fetchall():
        raise sqlite3.DatabaseError("it holds tables of something else")
    return True


@contextmanager
def _transaction(
    connection: sqlite3.Connection, kind: Literal["DEFERRED", "IMMEDIATE"] = "IMMEDIATE"
) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements() -> list[str]:
    """The tables one statement at a time: a script would commit the transaction it runs in."""
    found, under_way = [], ""
    for line in _TABLES.splitlines(keepends=True):
        under_way += line
        if sqlite3.complete_statement(under_way):
            found.append(under_way)
            under_way = ""
    return found
