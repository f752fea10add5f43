"""A database: transactions that take turns, settings, and the ledger that watches over commits."""

import atexit
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import duckdb

from cxdash.store import space
from cxdash.store.connection import Connection
from cxdash.store.ledger import Ledger
from cxdash.store.loss import Loss
from cxdash.store.memo import Memo
from cxdash.store.place import Place
from cxdash.store.reader import Reader, Snapshot
from cxdash.store.state import State, state_of

__all__ = ["Database"]

_AT_EXIT: Final = 2.0  # seconds a writer is waited for when the program ends


class Database(Reader):
    """A cxdash database file, open in this process.

    Use ``with db.cursor() as cur`` to read, ``with db.writing() as cur`` for one transaction that
    is kept whole or not at all. ``data_version`` changes with every committed write; caches are
    keyed by it.

    Raises
    ------
    StoreLocked, StoreForeign, StoreDamaged, StoreNewer, StoreFull
        On opening; the file is left as it was.
    """

    def __init__(self, path: Path | str, *, memory_limit: str = "1GB") -> None:
        self.path = Path(path)
        self.place = Place.of(path)
        self._memo = Memo()
        self._write_lock = threading.Lock()
        self._derive_lock = threading.Lock()
        self._is_open = True
        self._writing_thread: int | None = None
        self._ledger = Ledger(self.place)
        self._connection = Connection(self.place, memory_limit, self._ledger)
        try:
            self._compare()
        except BaseException:
            self._connection.drop()
            raise
        atexit.register(self._leave)

    def _compare(self) -> None:
        """Hold what the ledger knows against what the file holds."""
        try:
            state = self.state()
            self._data_version = state.data_version
            self._loaded_version = int(self.info()["loaded_version"])
            self._ledger.open(state)
        except OSError as error:
            self._ledger.unwritten(error)

    def close(self) -> None:
        """Close once whoever is writing has finished; closing again does nothing.

        A reading under way keeps its cursor, and the file stays open until that one has ended.
        """
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is still writing")
        with self._write_lock, self._derive_lock:
            self._close()

    def _close(self) -> None:
        atexit.unregister(self._leave)
        if self._is_open:
            self._is_open = False
            self._connection.close()

    def _leave(self) -> None:
        """Close when the program ends, unless somebody still writes; nobody waits for that then."""
        locks = (self._write_lock, self._derive_lock)
        taken = [lock for lock in locks if lock.acquire(timeout=_AT_EXIT)]
        if len(taken) == len(locks):
            self._close()
        for lock in taken:
            lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one use in one thread.

        Raises
        ------
        StoreDamaged, StoreFull, StoreError
            The engine could not read or write the file.
        """
        with self._connection.cursor() as cur:
            yield cur

    @contextmanager
    def writing(self, *, entering: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction; writers of this process take turns.

        The transaction commits when the block ends and rolls back on any exception, including
        those that stop a thread. Committing moves ``data_version`` on and adds a line to the
        ledger; ``entering`` is for an entry of the register, which leaves ``loaded_version`` as it
        is. A block inside a block of the same thread raises RuntimeError: it could be neither
        kept nor undone on its own.
        """
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is already writing")
        with self._write_lock:
            with self._transaction() as cur:
                self._writing_thread = threading.get_ident()
                try:
                    yield cur
                finally:
                    self._writing_thread = None
                cur.execute(
                    "UPDATE store_info SET value = CAST(CAST(value AS BIGINT) + 1 AS VARCHAR) "
                    "WHERE name = 'data_version'"
                )
                state = state_of(cur)
                if not entering:
                    cur.execute(
                        "UPDATE store_info SET value = ? WHERE name = 'loaded_version'",
                        [str(state.data_version)],
                    )
            self._data_version = state.data_version
            if not entering:
                self._loaded_version = state.data_version
            self._write_down(state)

    @contextmanager
    def trying(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction that is rolled back in the end: to see what a write would do."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is already writing")
        with self._write_lock, self.cursor() as cur:
            cur.execute("BEGIN TRANSACTION")
            try:
                yield cur
            finally:
                _roll_back(cur)

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

    @property
    def data_version(self) -> int:
        """A number that grows with every committed write."""
        return self._data_version

    @property
    def loaded_version(self) -> int:
        """The data version of the last write that was more than an entry of the register."""
        return self._loaded_version

    @property
    def schema_version(self) -> int:
        return int(self.info()["schema_version"])

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as cur:
            cur.execute("DELETE FROM settings WHERE name = ?", [name])
            cur.execute("INSERT INTO settings VALUES (?, ?)", [name, value])

    def state(self) -> State:
        """What the ledger knows a database by."""
        with self.cursor() as cur:
            return state_of(cur)

    @property
    def ledger_head(self) -> str:
        """Hash of the newest line of the ledger."""
        return self._ledger.head

    @property
    def loss(self) -> Loss:
        """Committed work that the file no longer holds, until somebody has accepted that."""
        return self._ledger.loss

    def accept_loss(self) -> None:
        """Go on without what is missing."""
        with self._write_lock:
            self._ledger.accept(self.state())

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody writes or derives inside the block, readers go on; not for a writing thread."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("this thread is still writing")
        with self._write_lock, self._derive_lock:
            yield

    def replace_file(self, make: Callable[[], Path]) -> None:
        """Put another file with the same rows in place of the database's.

        ``make`` is called while nobody writes and gives the new file, which lies on the same disk.
        Readers wait for the swap; it happens at once or, if anything fails, not at all. Results
        kept in memory are forgotten.

        Raises
        ------
        StoreError
            Readers did not leave in time, or the new file cannot be opened; the old one stays.
        """
        with self.still():
            self._connection.swap(make())
            self._memo.clear()

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

    def _write_down(self, state: State) -> None:
        """Add the commit to the ledger. It stands, so a full disk may not make it look undone."""
        try:
            self._ledger.note(state)
            if state.imports:
                space.hold_reserve(self.place)
        except OSError as error:
            self._ledger.unwritten(error)


def _roll_back(cur: duckdb.DuckDBPyConnection) -> None:
    """Roll back; a transaction that a failed commit or a stopped engine has ended says so."""
    try:
        cur.execute("ROLLBACK")
    except (duckdb.TransactionException, duckdb.FatalException):
        return
