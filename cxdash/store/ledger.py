"""The list of imports kept outside the database: does the database still hold what was committed?

Each commit adds a line to a file beside the database, written through to the disk; a line carries
the hash of the line before it. When the database is opened, what the ledger knows is compared with
what the database holds. A cut log of the engine, or an old copy put back, opens without an error;
only the ledger can tell that work is missing.

A file that was closed in order also has its own hash written down. The engine's check of its blocks
does not see words that changed places, nor equal words that vanished in pairs; this one does.

A line holds numbers, times and hashes of files: no name and no cell of anybody's data.
"""

import errno
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import duckdb

from cxdash.store.place import Place

__all__ = ["Held", "Ledger", "Loss", "State", "state_of"]

_PRIVATE: Final = 0o600
#: Lines that add to what is known; all others set the standing anew.
_ADDING: Final = ("written", "opened", "closed", "trusted")


@dataclass(frozen=True, slots=True)
class Held:
    """One import as the database holds it."""

    import_id: int
    kind: str
    sha256: str
    rows: int
    at: str
    undone: bool

    @property
    def key(self) -> tuple[int, str, str]:
        """What it is, however its number was used before or since."""
        return self.import_id, self.sha256, self.at


@dataclass(frozen=True, slots=True)
class State:
    """What a database holds: whose it is, its data version, and every import, undone ones too."""

    store: str
    data_version: int
    imports: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """Committed work the database no longer holds.

    Parameters
    ----------
    imports
        Imports that are gone.
    undoings
        Imports that had been undone and count again.
    changes
        Other commits that are gone: settings, decisions, erasures.
    other_store
        Whether the ledger belongs to another database than this one.
    altered
        Whether lines of the ledger itself were changed or taken out.
    """

    imports: tuple[Held, ...] = ()
    undoings: tuple[Held, ...] = ()
    changes: int = 0
    other_store: bool = False
    altered: bool = False

    def __bool__(self) -> bool:
        return bool(self.imports or self.undoings or self.changes or self.altered)


@dataclass(slots=True)
class _Known:
    """What the lines of a ledger add up to."""

    store: str
    data_version: int
    imports: dict[tuple[int, str, str], Held]
    pending: Loss
    lines: int
    head: str
    file: str  # hash of the file as it was closed; empty while it is open, or after a sudden end
    files: frozenset[str]  # hashes of the file whenever it was closed


class Ledger:
    """The ledger of one open database. Not for several threads at once: writers take turns."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: _Known | None = None
        self._waiting = b""

    @property
    def head(self) -> str:
        """Hash of the last line; empty before the first."""
        return self._known.head if self._known else ""

    @property
    def loss(self) -> Loss:
        """What is missing and has not been accepted."""
        return self._known.pending if self._known else Loss()

    def expects(self, digest: str) -> bool:
        """Whether a file with that hash is as it was left, now or at an earlier time.

        True as well where nobody can tell: without a ledger, or after a sudden end.
        """
        self._known = self._known or self._read()
        return not self._known or not self._known.file or digest in self._known.files

    @property
    def is_closed(self) -> bool:
        """Whether the file was closed in order, so that its hash is known."""
        self._known = self._known or self._read()
        return bool(self._known and self._known.file)

    def trust(self) -> None:
        """A person takes the file as it is, although it is not as it was left."""
        self._known = self._known or self._read()
        if self._known:
            self._append("trusted", self._standing())

    def closed(self, digest: str) -> None:
        """The file was closed in order and has that hash."""
        if self._known:
            self._append("closed", self._standing(), file=digest)

    def _standing(self) -> State:
        known = self._known or _Known("", 0, {}, Loss(), 0, "", "", frozenset())
        return State(known.store, known.data_version, tuple(known.imports.values()))

    def open(self, state: State) -> None:
        """Compare with what the database holds now, and begin where there is nothing to compare.

        What the database holds beyond the ledger is written down: a sudden end can come between a
        commit and its line.

        Raises
        ------
        OSError
            The ledger cannot be read, or a line not be written.
        """
        self._known = self._known or self._read()
        if self._known is None:
            self._append("begun", state)
            return
        loss = _missing(self._known, state)
        if loss:
            self._append("missing", state, loss=_document(loss))
        elif self._known.store != state.store:
            self._append("begun", state)
        elif self._known.pending and not _still_missing(self._known.pending, state):
            self._append("found again", state)
        elif _differs(self._known, state):
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
        self._known = self._known or self._read()
        self._append("restored", state)

    def _read(self) -> _Known | None:
        if not self._place.ledger.exists():
            return None
        text = self._place.ledger.read_bytes()
        whole, _, torn = text.rpartition(b"\n")
        if torn:
            # A sudden end while a line was written: it never counted, and is written anew.
            self._cut(len(whole) + 1 if whole else 0)
        known: _Known | None = None
        for line in whole.splitlines() if whole else []:
            known = _with(known, line)
        return known

    def _cut(self, length: int) -> None:
        with self._place.ledger.open("r+b") as file:
            file.truncate(length)

    def _append(self, what: str, state: State, **more: Any) -> None:
        known = self._known
        line = {
            "n": known.lines + 1 if known else 1,
            "what": what,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "store": state.store,
            "data_version": state.data_version,
            "imports": [_entry(held) for held in _changed(known, state, whole=what not in _ADDING)],
            **more,
            "before": known.head if known else "",
        }
        text = json.dumps(line, separators=(",", ":")).encode()
        self._known = _with(known, text)
        self._waiting += text + b"\n"
        self._write()

    def _write(self) -> None:
        """Write what waits through to the disk; if that fails it goes on waiting."""
        descriptor = os.open(
            self._place.ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode=_PRIVATE
        )
        try:
            before = os.fstat(descriptor).st_size
            try:
                written = os.write(descriptor, self._waiting)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, before)
                raise
            if written < len(self._waiting):
                os.ftruncate(descriptor, before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._waiting = b""
        finally:
            os.close(descriptor)


def state_of(cur: duckdb.DuckDBPyConnection) -> State:
    """What a database holds now, or as the transaction of the cursor would leave it."""
    info = dict(cur.execute("SELECT name, value FROM store_info").fetchall())
    imports = cur.execute(
        "SELECT import_id, kind, sha256, rows_loaded, CAST(imported_at AS VARCHAR), "
        "undone_at IS NOT NULL FROM imports ORDER BY import_id"
    ).fetchall()
    return State(info["store_id"], int(info["data_version"]), tuple(Held(*row) for row in imports))


def _changed(known: _Known | None, state: State, *, whole: bool) -> Sequence[Held]:
    """All imports where the line sets the standing anew, else those that are new or changed."""
    if whole or known is None:
        return state.imports
    return [held for held in state.imports if known.imports.get(held.key) != held]


def _with(known: _Known | None, line: bytes) -> _Known:
    """What is known after one more line."""
    head = hashlib.sha256(line).hexdigest()
    pending = known.pending if known else Loss()
    number = known.lines + 1 if known else 1
    try:
        parts = json.loads(line)
        held = [_held(entry) for entry in parts["imports"]]
        intact = parts["before"] == (known.head if known else "") and parts["n"] == number
        what, store, version = parts["what"], str(parts["store"]), int(parts["data_version"])
        lost = _loss(parts["loss"]) if what == "missing" else Loss()
        file = str(parts["file"]) if what == "closed" else ""
    except (ValueError, KeyError, TypeError):
        base = known or _Known("", 0, {}, Loss(), 0, "", "", frozenset())
        return replace(base, pending=Loss(altered=True), lines=number, head=head, file="")
    imports = dict(known.imports) if known and what in _ADDING else {}
    imports |= {entry.key: entry for entry in held}
    if what == "missing":
        pending = lost
    elif what in ("accepted", "restored", "found again"):
        pending = Loss()
    if not intact and what not in ("accepted", "restored"):
        pending = Loss(pending.imports, pending.undoings, pending.changes, altered=True)
    files = (known.files if known else frozenset()) | ({file} if file else set())
    return _Known(store, version, imports, pending, number, head, file, files)


def _missing(known: _Known, state: State) -> Loss:
    """What the ledger knows and the database lacks, beside what was missing before."""
    now = {held.key: held for held in state.imports}
    gone = [held for key, held in known.imports.items() if key not in now and not held.undone]
    back = [
        held
        for key, held in known.imports.items()
        if held.undone and key in now and not now[key].undone
    ]
    behind = known.data_version - state.data_version
    other = known.store != state.store
    changes = 0 if other else max(behind - len(gone) - len(back), 0)
    fresh = Loss(tuple(gone), tuple(back), changes, other)
    old = known.pending
    if not fresh:
        return fresh
    return Loss(
        old.imports + fresh.imports,
        old.undoings + fresh.undoings,
        old.changes + changes,
        old.other_store or other,
        old.altered,
    )


def _still_missing(pending: Loss, state: State) -> bool:
    now = {held.key: held for held in state.imports}
    return (
        pending.altered
        or bool(pending.changes)
        or any(held.key not in now for held in pending.imports)
        or any(held.key in now and not now[held.key].undone for held in pending.undoings)
    )


def _differs(known: _Known, state: State) -> bool:
    return known.data_version != state.data_version or known.imports != {
        held.key: held for held in state.imports
    }


def _entry(held: Held) -> list[Any]:
    return [held.import_id, held.kind, held.sha256, held.rows, held.at, held.undone]


def _held(entry: Sequence[Any]) -> Held:
    number, kind, sha256, rows, at, undone = entry
    return Held(int(number), str(kind), str(sha256), int(rows), str(at), bool(undone))


def _document(loss: Loss) -> dict[str, Any]:
    return {
        "imports": [_entry(held) for held in loss.imports],
        "undoings": [_entry(held) for held in loss.undoings],
        "changes": loss.changes,
        "other_store": loss.other_store,
        "altered": loss.altered,
    }


def _loss(document: dict[str, Any]) -> Loss:
    return Loss(
        tuple(_held(entry) for entry in document["imports"]),
        tuple(_held(entry) for entry in document["undoings"]),
        int(document["changes"]),
        bool(document["other_store"]),
        bool(document["altered"]),
    )
