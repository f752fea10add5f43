"""The list of imports kept outside the database: does the database still hold what was committed?

Each commit adds a line to a file beside the database, written through to the disk; a line carries
the hash of the line before it. When the database is opened, what the ledger knows is compared with
what the database holds. A cut log of the engine, or an old copy put back, opens without an error;
only the ledger can tell that work is missing.

A file that was closed in order also has its own hash written down (``seal``).

A line holds numbers, times and hashes of files: no name and no cell of anybody's data.
"""

import errno
import os
from typing import Any, Final

from cxdash.store import chain, space
from cxdash.store.chain import Known
from cxdash.store.journal import LedgerUnwritten, note
from cxdash.store.loss import Loss, is_still_missing, missing
from cxdash.store.place import Place
from cxdash.store.state import State

__all__ = ["Ledger"]

_PRIVATE: Final = 0o600


class Ledger:
    """The ledger of one open database. Not for several threads at once: writers take turns."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._read: Known | None = None
        self._waiting = b""

    @property
    def head(self) -> str:
        """Hash of the last line; empty before the first."""
        return self._read.head if self._read else ""

    @property
    def loss(self) -> Loss:
        """What is missing and has not been accepted."""
        return self._read.pending if self._read else Loss()

    def expects(self, digest: str) -> bool:
        """Whether a file with that hash is as it was left, now or at an earlier time.

        True as well where nobody can tell: without a ledger, or after a sudden end.
        """
        known = self._known()
        return not known.file or digest in known.files

    @property
    def is_closed(self) -> bool:
        """Whether the file was closed in order, so that its hash is known."""
        return bool(self._known().file)

    def trust(self) -> None:
        """A person takes the file as it is, although it is not as it was left."""
        if self._known().lines:
            self._append("trusted", self._known().state)

    def closed(self, digest: str) -> None:
        """The file was closed in order and has that hash."""
        if self._known().lines:
            self._append("closed", self._known().state, file=digest)

    def open(self, state: State) -> None:
        """Compare with what the database holds now, and begin where there is nothing to compare.

        What the database holds beyond the ledger is written down: a sudden end can come between a
        commit and its line.

        Raises
        ------
        OSError
            The ledger cannot be read, or a line not be written.
        """
        known = self._known()
        if not known.lines:
            self._append("begun", state)
            return
        loss = missing(known.state, known.pending, state)
        if loss:
            self._append("missing", state, loss=chain.document(loss))
        elif known.store != state.store:
            self._append("begun", state)
        elif known.pending and not is_still_missing(known.pending, state):
            self._append("found again", state)
        elif known.differs(state):
            self._append("caught up", state)
        else:
            self._append("opened", state)

    def note(self, state: State) -> None:
        """A commit has left the database in this state.

        Raises
        ------
        OSError
            The line could not be written; it is written with the next one, or made up for when the
            database is opened again.
        """
        self._append("written", state)

    def accept(self, state: State) -> None:
        """A person knows what is missing and goes on without it."""
        self._append("accepted", state)

    def restored(self, state: State) -> None:
        """The database was replaced on purpose; what it holds is what counts from now on."""
        self._append("restored", state)

    def unwritten(self, error: OSError) -> None:
        """A line could not be written: what the database holds stands all the same.

        The space kept back is given up, and the log told.
        """
        space.release_reserve(self._place)
        note(LedgerUnwritten(problem=errno.errorcode.get(error.errno or 0, "unknown")))

    def _known(self) -> Known:
        if self._read is None:
            self._read = self._added_up()
        return self._read

    def _added_up(self) -> Known:
        known = Known()
        if not self._place.ledger.exists():
            return known
        text = self._place.ledger.read_bytes()
        whole, _, torn = text.rpartition(b"\n")
        if torn:
            # A sudden end while a line was written: it never counted, and is written anew.
            self._cut(len(whole) + 1 if whole else 0)
        for line in whole.splitlines():
            known = chain.with_line(known, line)
        return known

    def _cut(self, length: int) -> None:
        with self._place.ledger.open("r+b") as file:
            file.truncate(length)

    def _append(self, what: str, state: State, **more: Any) -> None:
        known = self._known()
        line = chain.line(known, what, state, **more)
        self._read = chain.with_line(known, line)
        self._waiting += line + b"\n"
        self._write()

    def _write(self) -> None:
        """Write what waits through to the disk; if anything stops that, it goes on waiting."""
        descriptor = os.open(
            self._place.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode=_PRIVATE
        )
        waiting = self._waiting
        try:
            before = os.fstat(descriptor).st_size
            try:
                _write_through(descriptor, waiting)
                self._waiting = b""
            except BaseException:  # Ctrl-C too: a line written twice would look like an altered one
                os.ftruncate(descriptor, before)
                self._waiting = waiting
                raise
        finally:
            os.close(descriptor)


def _write_through(descriptor: int, text: bytes) -> None:
    written = os.write(descriptor, text)
    os.fsync(descriptor)
    if written < len(text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
