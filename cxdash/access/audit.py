"""Who did what, and is the record whole? A log that is only added to, each entry sealing the last.

Every entry holds the digest of the one before it, so that a changed, removed or inserted entry
breaks the chain from there on. Whoever can write the file could make a whole new chain; against
that the newest digest is noted elsewhere (it stands in every backup and on the page about access)
and ``verify`` says whether a chain still holds it. No data of customers is ever written here.
"""

import csv
import getpass
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

from cxdash.access.book import Book
from cxdash.access.roles import Action, Actor, Role
from cxdash.errors import UsageError
from cxdash.store import Database, journal
from cxdash.store.journal import Deed, Private, Refused
from cxdash.store.spreadsheet import neutral

__all__ = [
    "Entry",
    "Event",
    "Verdict",
    "entries",
    "note",
    "operator",
    "refused",
    "verify",
    "written",
]

_START: Final = "0" * 64
_ONCE_IN: Final = timedelta(minutes=1)
_FEWEST_LETTERS: Final = 12  # of a digest: as many as nobody hits by trying
_LONGEST: Final = 200  # characters of what was done

Where = Book | Database | Path


class Event(Enum):
    """What is written down beside the actions of ``Action``."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    REFUSED = "was refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; ``at`` is UTC, ``action`` the name of an Action or Event."""

    entry: int
    at: str
    actor: str
    role: str
    action: str
    what: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log is whole.

    ``broken_at`` is the first entry that does not fit, None if all do; ``head`` the digest of the
    newest; ``holds`` whether an earlier digest that was asked about is still in the chain.
    """

    entries: int
    head: str
    broken_at: int | None
    holds: bool

    @property
    def whole(self) -> bool:
        return self.broken_at is None and self.holds

    @property
    def sentence(self) -> str:
        if self.broken_at is not None:
            return (
                f"The audit log was tampered with or damaged: entry {self.broken_at} does not "
                "follow from the one before it."
            )
        if not self.holds:
            return "The audit log does not hold the digest noted earlier: it was replaced."
        return f"The audit log is whole: {self.entries} entries, the newest is {self.head[:12]}."


def operator() -> Actor:
    """Whoever runs a command on this machine: they own the files, so they may do everything."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown user"
    return Actor(f"{user} (command line)", frozenset({Role.ADMIN}))


def note(where: Where, actor: Actor, action: Action | Event, what: str = "") -> None:
    """Write down that the actor did something.

    ``what`` says to which import, table or person, never with data of a customer in it.
    """
    said = "".join(char if char.isprintable() else " " for char in what)[:_LONGEST]
    role = actor.role.value if actor.role else "none"
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    with _opened(where) as book, book.writing() as cur:
        newest = cur.execute("SELECT entry, digest FROM audit ORDER BY entry DESC LIMIT 1")
        last = newest.fetchone()
        previous = last["digest"] if last else _START
        entry = _last_number(cur.execute(_SEQUENCE).fetchone()) + 1
        line = (entry, at, actor.name, role, action.name, said, previous)
        cur.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*line, _digest(line)))
    if isinstance(action, Action):  # signing in and out, and refusals, have lines of their own
        journal.note(Deed(action=action.name, person=Private(actor.owner)))


def refused(where: Where, actor: Actor, action: Action, what: str) -> None:
    """Write down that the actor was refused; the same again within a minute is one entry."""
    what = f"{action.name.lower()}: {what}"
    with _opened(where) as book:
        since = (datetime.now(UTC) - _ONCE_IN).isoformat(timespec="milliseconds")
        told = book.rows(
            "SELECT 1 FROM audit WHERE at > ? AND actor = ? AND action = ? AND what = ?",
            [since, actor.name, Event.REFUSED.name, what],
        )
        if not told:
            note(book, actor, Event.REFUSED, what)
            journal.note(Refused(action=action.name, reason="role", person=Private(actor.owner)))


def entries(where: Where, *, newest: int | None = None) -> list[Entry]:
    """Lines of the log, the newest first; all of them, or the ``newest`` so many."""
    with _opened(where) as book:
        found = book.rows(
            "SELECT * FROM audit ORDER BY entry DESC LIMIT ?", [-1 if newest is None else newest]
        )
    return [Entry(**row) for row in found]


def as_csv(where: Where) -> str:
    """The whole log as CSV, the newest line first; nothing in it runs in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(field.name for field in fields(Entry))
    for one in entries(where):
        writer.writerow(neutral(str(cell)) for cell in astuple(one))
    return out.getvalue()


def verify(where: Where, *, noted: str = "") -> Verdict:
    """Whether every entry follows from the one before it and none is missing.

    ``noted`` is a digest, or its beginning, that was written down elsewhere: it must be there.

    Raises
    ------
    UsageError
        A beginning so short that another chain could well hold it.
    """
    if 0 < len(noted) < _FEWEST_LETTERS:
        raise UsageError(
            f"{len(noted)} characters of a digest prove nothing.",
            state="Nothing was checked.",
            do_next=f"Give at least its first {_FEWEST_LETTERS} characters.",
        )
    previous, expected, broken, holds = _START, 1, None, not noted
    with _opened(where) as book:
        found = book.rows("SELECT * FROM audit ORDER BY entry")
        ever = _last_number(next(iter(book.rows(_SEQUENCE)), None))
    for row in found:
        line = tuple(value for name, value in row.items() if name != "digest")
        fits = row["entry"] == expected and row["previous"] == previous
        if broken is None and not (fits and row["digest"] == _digest(line)):
            broken = expected
        previous, expected = row["digest"], row["entry"] + 1
        holds = holds or row["digest"].startswith(noted)
    if broken is None and expected <= ever:
        broken = expected
    return Verdict(len(found), previous, broken, holds)


def written(entry: Entry) -> str:
    """What an entry says was done, in words."""
    known = {**{one.name: one.value for one in Event}, **_DONE}
    return known.get(entry.action, entry.action.lower())


_SEQUENCE: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
_DONE: Final = {
    Action.VIEW.name: "read",
    Action.SEE_PEOPLE.name: "saw single customers",
    Action.EXPORT.name: "took out",
    Action.IMPORT.name: "loaded",
    Action.UNDO.name: "took back",
    Action.DECIDE.name: "decided",
    Action.ERASE.name: "erased",
    Action.MAINTAIN.name: "maintained",
    Action.ADMINISTER.name: "changed access",
}


def _last_number(row: Any) -> int:
    """The number of the last entry ever written, also if somebody cut it off."""
    return int(row["seq"]) if row else 0


def _digest(line: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(line, ensure_ascii=True).encode()).hexdigest()


@contextmanager
def _opened(where: Where) -> Iterator[Book]:
    """The book of a database, or the book itself."""
    if isinstance(where, Book):
        yield where
        return
    with Book.of(where.path if isinstance(where, Database) else where) as book:
        yield book
