"""The hash of a closed database file: is it, byte for byte, the file that was closed?

The engine's check of its blocks does not see words that changed places, nor equal words that
vanished in pairs; the hash does. So the file is read whole when it is opened. When it is closed, it
is read again only if anything was written to it meanwhile: the system's own record of the last
write (it cannot be set back by a program) is then another one.
"""

import fcntl
import hashlib
import os
import time
from dataclasses import dataclass
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import Final

from cxdash.store import engine
from cxdash.store.ledger import Ledger
from cxdash.store.place import Place

__all__ = ["Seal", "digest"]

# Two writes this close to each other may bear the same time on some file systems.
_SAME_TIME: Final = 5  # seconds


def digest(path: Path) -> str:
    """SHA-256 of a file that nobody of this process has open."""
    with path.open("rb") as source:
        return _hash(source)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Which file it is and when the system last saw it written, in nanoseconds."""

    device: int
    number: int
    size: int
    written: int
    changed: int

    @property
    def tells(self) -> bool:
        """Whether a later write would give another stamp."""
        return abs(time.time() - self.changed / 1e9) > _SAME_TIME


class Seal:
    """The hash of one database file, from its opening to its closing."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        self._place = place
        self._ledger = ledger
        self._digest = ""
        self._stamp: _Stamp | None = None

    def check(self) -> None:
        """Read a file that is about to be opened, if it was closed in order before.

        Raises
        ------
        StoreDamaged
            It is not as it was left.
        """
        if self._place.log.exists() or not self._ledger.is_closed:
            return
        try:
            with self._place.file.open("rb") as source:
                before = _stamp(source)
                found = _hash(source)
                if before.tells and before == _stamp(source):
                    self._digest, self._stamp = found, before
        except OSError as error:
            raise engine.damaged(self._place) from error
        if not self._ledger.expects(found):
            raise engine.altered(self._place)

    def put(self) -> None:
        """Write down the hash of the file that was closed, unless another process has it already.

        A file whose log is still there was not closed in order.
        """
        if self._place.log.exists():
            return
        try:
            with self._place.file.open("r+b") as source:
                try:
                    fcntl.lockf(source, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    return
                found = self._digest if self._stamp == _stamp(source) else _hash(source)
            self._ledger.closed(found)
        except OSError as error:
            self._ledger.unwritten(error)


def _stamp(source: BufferedReader | BufferedRandom) -> _Stamp:
    seen = os.fstat(source.fileno())
    return _Stamp(seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


def _hash(source: BufferedReader | BufferedRandom) -> str:
    return hashlib.file_digest(source, "sha256").hexdigest()
