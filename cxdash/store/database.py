"""The one owner of the DuckDB connection: open, migrate, hand out cursors, take turns writing.

One connection a process and a cursor a use: a connection shared between threads gives people each
other's results. A second process is refused by DuckDB itself; it gets a sentence, not a traceback.
"""

import os
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import duckdb

from cxdash.errors import StoreError, StoreForeign, StoreLocked, StoreNewer
from cxdash.store.memo import Memo

__all__ = ["APPLICATION", "Database", "Reader", "Snapshot", "default_path"]

Made = TypeVar("Made")

APPLICATION: Final = "cxdash"
_MIGRATION: Final = re.compile(r"(\d{4})_\w+\.sql")


def default_path() -> Path:
    """Where the database lives unless told otherwise: ``CXDASH_DB`` or ``data/cxdash.duckdb``."""
    return Path(os.environ.get("CXDASH_DB") or Path("data") / "cxdash.duckdb")


def migrations() -> list[tuple[int, str]]:
    """Number and SQL of every schema step, in order."""
    folder = resources.files("cxdash.store") / "migrations"
    steps = []
    for entry in folder.iterdir():
        found = _MIGRATION.fullmatch(entry.name)
        if found:
            steps.append((int(found[1]), entry.read_text(encoding="utf-8")))
    return sorted(steps)


class Reader(ABC):
    """What questions need of a database: cursors, small results, settings, the data version."""

    _memo: Memo

    @abstractmethod
    def cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A cursor for one use; fetch everything before the block ends."""

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a small result as dictionaries."""
        with self.cursor() as cur:
            cur.execute(sql, parameters or [])
            names = [column[0] for column in cur.description or []]
            return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]

    @property
    def data_version(self) -> int:
        """A number that grows with every committed write."""
        return int(self._info()["data_version"])

    def setting(self, name: str) -> str | None:
        """What a person set, for example ``reporting_currency``; None if nobody did."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", [name])
        return str(found[0]["value"]) if found else None

    def kept(self, kind: str, key: Hashable, make: Callable[[], Made], *, room: int) -> Made:
        """What ``make`` gives on this state of the data, made once and kept while there is room.

        ``kind`` and ``key`` name the result; ``room`` is how many of that kind are kept. Whoever
        receives it must not change it.
        """
        return self._memo.get(kind, (self.data_version, key), make, room=room)

    def _info(self) -> dict[str, str]:
        return {
            row["name"]: row["value"] for row in self.rows("SELECT name, value FROM store_info")
        }


class Snapshot(Reader):
    """One committed state of the data, unmoved by imports that finish meanwhile. For one thread."""

    def __init__(self, cur: duckdb.DuckDBPyConnection, memo: Memo) -> None:
        self._cur = cur
        self._memo = memo

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        yield self._cur


class Database(Reader):
    """A cxdash database file, open in this process.

    Use ``with db.cursor() as cur`` to read, ``with db.writing() as cur`` for one transaction that
    is kept whole or not at all. ``data_version`` changes with every committed write; caches are
    keyed by it.

    Raises
    ------
    StoreLocked, StoreForeign, StoreNewer
        On opening; the file is left as it was.
    """

    def __init__(self, path: Path | str, *, memory_limit: str = "1GB") -> None:
        self.path = Path(path)
        self._memo = Memo()
        self._write_lock = threading.Lock()
        self._derive_lock = threading.Lock()
        self._open_lock = threading.Lock()
        self._is_open = True
        self._writing_thread: int | None = None
        existed = _prepare_place(self.path)
        self._connection = _connect(self.path, memory_limit)
        try:
            self._migrate(existed=existed)
        except BaseException:
            self._connection.close()
            if not existed:
                self.path.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Close once whoever is writing has finished; closing again does nothing.

        A reading under way keeps its cursor, and the file stays open until that one has ended.
        """
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is still writing")
        with self._write_lock, self._derive_lock, self._open_lock:
            self._is_open = False
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one use in one thread."""
        with self._open_lock:
            if not self._is_open:
                raise StoreError(
                    f"{self.path} has been closed.",
                    state="Nothing was changed.",
                    do_next="Start cxdash again.",
                )
            cur = self._connection.cursor()
        try:
            yield cur
        finally:
            cur.close()

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction; writers of this process take turns.

        The transaction commits when the block ends and rolls back on any exception, including
        those that stop a thread. Committing moves ``data_version`` on. A block inside a block of
        the same thread raises RuntimeError: it could be neither kept nor undone on its own.
        """
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is already writing")
        with self._write_lock, self._transaction() as cur:
            self._writing_thread = threading.get_ident()
            try:
                yield cur
            finally:
                self._writing_thread = None
            cur.execute(
                "UPDATE store_info SET value = CAST(CAST(value AS BIGINT) + 1 AS VARCHAR) "
                "WHERE name = 'data_version'"
            )

    @contextmanager
    def deriving(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction for tables that hold nothing new: ``data_version`` stays.

        Derivations take turns among themselves, but wait for no import: they see the last
        committed state.
        """
        with self._derive_lock, self._transaction() as cur:
            yield cur

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One committed state to read from, however many queries it takes."""
        with self._transaction() as cur:
            yield Snapshot(cur, self._memo)

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.cursor() as cur:
            try:
                cur.execute("BEGIN TRANSACTION")
                yield cur
                cur.execute("COMMIT")
            except BaseException:
                _roll_back(cur)
                raise

    @property
    def schema_version(self) -> int:
        return int(self._info()["schema_version"])

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as cur:
            cur.execute("DELETE FROM settings WHERE name = ?", [name])
            cur.execute("INSERT INTO settings VALUES (?, ?)", [name, value])

    def _migrate(self, *, existed: bool) -> None:
        steps = migrations()
        newest = steps[-1][0]
        current = self._schema_found(existed=existed)
        if current > newest:
            raise StoreNewer(
                f"{self.path} has schema {current}; this cxdash knows schemas up to {newest}.",
                state="The file was not changed.",
                do_next="Open it with the newer cxdash that wrote it, or choose another file.",
            )
        if current == newest:
            return
        with self.cursor() as cur:
            cur.execute("BEGIN TRANSACTION")
            try:
                for number, sql in steps:
                    if number > current:
                        cur.execute(sql)
                _stamp(cur, first=current == 0, version=newest)
                cur.execute("COMMIT")
            except BaseException:
                _roll_back(cur)
                raise

    def _schema_found(self, *, existed: bool) -> int:
        with self.cursor() as cur:
            if not existed or _is_bare(cur):
                return 0
            tables = {
                row[0]
                for row in cur.execute(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
                ).fetchall()
            }
        if "store_info" not in tables or self._info().get("application") != APPLICATION:
            raise StoreForeign(
                f"{self.path} is a DuckDB file, but cxdash did not make it.",
                state="The file was not changed.",
                do_next="Choose another file with --db, or let cxdash create a new one.",
            )
        version = self._info().get("schema_version", "")
        if not version.isdecimal():
            raise StoreForeign(
                f"{self.path} does not say which schema it has; it looks damaged.",
                state="The file was not changed.",
                do_next="Restore a backup, or choose another file with --db.",
            )
        return int(version)


def _prepare_place(path: Path) -> bool:
    """Whether a database is there already; makes room for a new one if not."""
    if path.is_dir():
        raise StoreError(
            f"{path} is a folder, not a database file.",
            state="Nothing was changed.",
            do_next="Name a file with --db, for example company.duckdb in that folder.",
        )
    try:
        if path.exists() and path.stat().st_size > 0:
            _refuse_unless_duckdb(path)
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # an empty file, which the engine would refuse
    except OSError as error:
        raise StoreError(
            f"{path} cannot be made or read: {error.strerror}.",
            state="Nothing was changed.",
            do_next="Choose another place with --db, or ask for the right to use this one.",
        ) from error
    return False


def _refuse_unless_duckdb(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(16)
    if head[8:12] != b"DUCK":
        raise StoreForeign(
            f"{path} is not a database file.",
            state="The file was not changed.",
            do_next="Choose another file with --db, or let cxdash create a new one.",
        )


def _connect(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path))
    except duckdb.Error as error:
        text = str(error)
        if "Could not set lock" in text:
            owner = re.search(r"PID (\d+)", text)
            by = f" (process {owner[1]})" if owner else ""
            raise StoreLocked(
                f"{path} is in use by another cxdash{by}.",
                state="Nothing was changed.",
                do_next="Use that one, or stop it first; for a second panel choose another --db.",
            ) from error
        if "version number" in text:
            raise StoreNewer(
                f"{path} was written by a newer database engine than this one.",
                state="The file was not changed.",
                do_next="Open it with the newer cxdash that wrote it.",
            ) from error
        if "Permission denied" in text or "Read-only" in text:
            raise StoreError(
                f"{path} may not be written by this user.",
                state="Nothing was changed.",
                do_next="Ask for the right to write it, or choose another file with --db.",
            ) from error
        raise StoreForeign(
            f"{path} cannot be opened; it looks damaged or is not a database.",
            state="The file was not changed.",
            do_next="Restore a backup, or choose another file with --db.",
        ) from error
    try:
        connection.execute("SET memory_limit = ?", [memory_limit])
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET autoinstall_known_extensions = false")
    except duckdb.Error as error:
        connection.close()
        raise StoreError(f"{path}: the database engine refused its settings: {error}") from error
    return connection


def _is_bare(cur: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file holds nothing at all, as after an end between opening and the first step."""
    return not cur.execute(
        "SELECT 1 FROM duckdb_tables() UNION ALL "
        "SELECT 1 FROM duckdb_sequences() UNION ALL "
        "SELECT 1 FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_functions() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_types() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_schemas() WHERE NOT internal AND schema_name <> 'main' LIMIT 1"
    ).fetchall()


def _stamp(cur: duckdb.DuckDBPyConnection, *, first: bool, version: int) -> None:
    if first:
        cur.executemany(
            "INSERT INTO store_info VALUES (?, ?)",
            [("application", APPLICATION), ("data_version", "1"), ("schema_version", str(version))],
        )
        return
    cur.execute("UPDATE store_info SET value = ? WHERE name = 'schema_version'", [str(version)])


def _roll_back(cur: duckdb.DuckDBPyConnection) -> None:
    """Roll back; a failed commit has already ended its transaction, and says so."""
    try:
        cur.execute("ROLLBACK")
    except duckdb.TransactionException:
        return
