"""The engine's connection to one database file: its cursors, its mending, its swap and its end.

One connection a process and a cursor a use: a connection shared between threads gives people each
other's results. A second process is refused by DuckDB itself; it gets a sentence, not a traceback.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from cxdash.errors import StoreError
from cxdash.store import engine, opening, owner
from cxdash.store.gate import Gate
from cxdash.store.ledger import Ledger
from cxdash.store.place import Place
from cxdash.store.seal import Seal

__all__ = ["Connection"]

_PATIENCE: Final = 1.0  # seconds others wait at most while one who reads is waited for
_TRIES: Final = 15


class Connection:
    """A database file held open by this process.

    Raises
    ------
    StoreLocked, StoreForeign, StoreDamaged, StoreNewer, StoreFull
        On opening; the file is left as it was.
    """

    def __init__(self, place: Place, memory_limit: str, ledger: Ledger) -> None:
        self._place = place
        self._memory_limit = memory_limit
        self._seal = Seal(place, ledger)
        self._gate = Gate()
        self._lock = threading.Lock()
        self._is_open = True
        self._has_ended = False
        self._is_broken = False
        owner.take(place)
        try:
            self._engine = opening.opened(place, memory_limit, self._seal)
        except BaseException:
            owner.give_up(place)
            raise

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one use in one thread.

        Raises
        ------
        StoreDamaged, StoreFull, StoreError
            The engine could not read or write the file, or it has been closed.
        """
        self._mend()
        try:
            with self._gate.passing(), self._told() as cur:
                yield cur
        finally:
            if not self._is_open:
                with self._lock:
                    self._end()

    @contextmanager
    def _told(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor whose errors are told in our words."""
        cur = self._fresh()
        try:
            yield cur
        except duckdb.Error as error:
            self._is_broken = self._is_broken or isinstance(error, duckdb.FatalException)
            told = engine.told(error, self._place)
            if told is None:
                raise
            raise told from error
        finally:
            cur.close()

    def _fresh(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if not self._is_open:
                raise StoreError(
                    f"{self._place.file} has been closed.",
                    state="Nothing was changed.",
                    do_next="Start cxdash again.",
                )
            return self._engine.cursor()

    def swap(self, fresh: Path) -> None:
        """Put another file with the same rows in place of this one.

        Readers wait for it; it happens at once or, if anything fails, not at all.

        Raises
        ------
        StoreError
            Readers did not leave in time, or the new file cannot be opened; the old one stays.
        """
        with self._alone():
            self._engine.close()
            try:
                opening.swap(self._place, fresh, self._memory_limit)
            finally:
                self._is_broken = True  # until it is open again, by whoever comes next
                self._engine = engine.connect(self._place, self._memory_limit)
                self._is_broken = False

    def _mend(self) -> None:
        """Open the file anew after the engine stopped on it, once everybody has left."""
        if not self._is_broken or self._gate.entered:
            return
        with self._alone():
            if self._is_broken and self._is_open:
                self._engine.close()
                self._engine = engine.connect(self._place, self._memory_limit)
                self._is_broken = False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with self._gate.alone(_PATIENCE, tries=_TRIES), self._lock:
                yield
        except TimeoutError as error:
            raise StoreError(
                f"{self._place.file} was read all the time, for longer than can be waited for.",
                state="The file was not swapped, and every row is as it was.",
                do_next="Do it again when fewer people look at it.",
            ) from error

    def close(self) -> None:
        """Close the file; one that is still read stays open until the last reader has left."""
        with self._lock:
            self._is_open = False
            self._end()

    def drop(self) -> None:
        """Close the file of a database that turned out not to be usable."""
        with self._lock:
            self._is_open, self._has_ended = False, True
            self._engine.close()
            owner.give_up(self._place)

    def _end(self) -> None:
        """Close the file for good, unless it is still read; then the last reader does it."""
        if self._has_ended or not self._gate.is_empty:
            return
        self._has_ended = True
        self._engine.close()
        self._seal.put()
        owner.give_up(self._place)
