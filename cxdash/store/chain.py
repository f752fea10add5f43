"""The lines of a ledger: how one is written, how each seals the one before, what they add up to."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from cxdash.store.loss import Loss
from cxdash.store.state import Held, State

__all__ = ["Known", "document", "line", "with_line"]

#: Lines that add to what is known; all others set the standing anew.
_ADDING: Final = ("written", "opened", "closed", "trusted")


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of a ledger add up to; nothing before the first.

    Parameters
    ----------
    pending
        What is missing and has not been accepted.
    head
        Hash of the last line.
    file
        Hash of the database file as it was closed; empty while it is open, or after a sudden end.
    files
        Hashes of the file whenever it was closed.
    """

    store: str = ""
    data_version: int = 0
    imports: dict[tuple[int, str, str], Held] = field(default_factory=dict)
    pending: Loss = field(default_factory=Loss)
    lines: int = 0
    head: str = ""
    file: str = ""
    files: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        """What the database should hold."""
        return State(self.store, self.data_version, tuple(self.imports.values()))

    def differs(self, now: State) -> bool:
        """Whether the database holds something else than is known."""
        held = {one.key: one for one in now.imports}
        return self.data_version != now.data_version or self.imports != held


def line(known: Known, what: str, state: State, **more: Any) -> bytes:
    """The next line, which says that ``what`` happened and left the database in that state."""
    is_whole = what not in _ADDING or not known.lines
    parts = {
        "n": known.lines + 1,
        "what": what,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "store": state.store,
        "data_version": state.data_version,
        "imports": [
            _entry(held)
            for held in state.imports
            # All of them where the line sets the standing anew, else what is new or changed.
            if is_whole or known.imports.get(held.key) != held
        ],
        **more,
        "before": known.head,
    }
    return json.dumps(parts, separators=(",", ":")).encode()


def with_line(known: Known, text: bytes) -> Known:
    """What is known after one more line."""
    head = hashlib.sha256(text).hexdigest()
    number = known.lines + 1
    try:
        parts = json.loads(text)
        held = [_held(entry) for entry in parts["imports"]]
        intact = parts["before"] == known.head and parts["n"] == number
        what, store, version = parts["what"], str(parts["store"]), int(parts["data_version"])
        lost = _loss(parts["loss"]) if what == "missing" else Loss()
        file = str(parts["file"]) if what == "closed" else ""
    except (ValueError, KeyError, TypeError):
        return replace(known, pending=Loss(altered=True), lines=number, head=head, file="")
    imports = dict(known.imports) if what in _ADDING else {}
    imports |= {entry.key: entry for entry in held}
    pending = known.pending
    if what == "missing":
        pending = lost
    elif what in ("accepted", "restored", "found again"):
        pending = Loss()
    if not intact and what not in ("accepted", "restored"):
        pending = replace(pending, altered=True)
    files = known.files | ({file} if file else set())
    return Known(store, version, imports, pending, number, head, file, files)


def document(loss: Loss) -> dict[str, Any]:
    """A loss as it stands in a line."""
    return {
        "imports": [_entry(held) for held in loss.imports],
        "undoings": [_entry(held) for held in loss.undoings],
        "changes": loss.changes,
        "other_store": loss.other_store,
        "altered": loss.altered,
    }


def _loss(parts: dict[str, Any]) -> Loss:
    return Loss(
        tuple(_held(entry) for entry in parts["imports"]),
        tuple(_held(entry) for entry in parts["undoings"]),
        int(parts["changes"]),
        bool(parts["other_store"]),
        bool(parts["altered"]),
    )


def _entry(held: Held) -> list[Any]:
    return [held.import_id, held.kind, held.sha256, held.rows, held.at, held.undone]


def _held(entry: Sequence[Any]) -> Held:
    number, kind, sha256, rows, at, undone = entry
    return Held(int(number), str(kind), str(sha256), int(rows), str(at), bool(undone))
