"""What can happen that is worth a line in the log, and what may be told of it.

An event has numbers, words of our own and marks. Whatever came from a person or a file (a name, a
file name, an address) is ``Private``: only its mark is written, made with a key that ends with the
process. So two lines of one run can be seen to speak of the same thing, and nothing can be looked
up or guessed from them later.
"""

import logging
import secrets
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import ClassVar, Final

__all__ = [
    "EVENTS",
    "Deed",
    "Errored",
    "Event",
    "ImportDone",
    "ImportFailed",
    "ImportStarted",
    "LedgerUnwritten",
    "NotReady",
    "Private",
    "Ready",
    "Refused",
    "SignedIn",
    "SignedOut",
    "SlowAnswer",
    "Started",
    "Stopped",
]

_KEY: Final = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Private:
    """A text that is never written; ``mark`` stands for it as long as this process runs."""

    text: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Twelve hexadecimal digits."""
        return blake2b(self.text.encode("utf-8", "replace"), key=_KEY, digest_size=6).hexdigest()


class Event:
    """One thing that happened; ``name`` and ``level`` are the same for all of a kind."""

    __slots__ = ()
    name: ClassVar[str]
    level: ClassVar[int] = logging.INFO

    def like(self) -> Hashable | None:
        """What is the same in all that say the same, of which only some are written; None: all."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """The server answers; ``seconds`` it computed to get there."""

    name = "start"
    version: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Event):
    """The server was told to stop; ``seconds`` it ran."""

    name = "stop"
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Event):
    """The health check passes again."""

    name = "health.ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady(Event):
    """The health check stopped passing; ``reasons`` are the names of the checks that fail."""

    name = "health.not_ready"
    level = logging.ERROR
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """A person signed in."""

    name = "access.signed_in"
    person: Private
    session: Private | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    """A person signed out, or the session was ended; ``reason`` is a word of ours."""

    name = "access.signed_out"
    person: Private
    reason: str = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """A person or a request was refused; ``action`` is what it wanted, ``reason`` why not.

    ``person`` is known after signing in only, ``source`` the machine a request came from.
    """

    name = "access.refused"
    level = logging.WARNING
    action: str
    reason: str
    person: Private | None = None
    source: Private | None = None

    def like(self) -> Hashable:
        """Whatever machine they come from: a flood may come from many."""
        return (self.name, self.action, self.reason, self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(Event):
    """A file is about to be loaded; ``kind`` is what it holds."""

    name = "import.started"
    file: Private
    kind: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDone(Event):
    """A file is loaded and committed; read = loaded + duplicate + rejected."""

    name = "import.done"
    file: Private
    import_id: int
    kind: str
    rows_read: int
    rows_loaded: int
    rows_duplicate: int
    rows_rejected: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailed(Event):
    """A file was not loaded; ``problem`` is the kind of error, never its message."""

    name = "import.failed"
    level = logging.WARNING
    file: Private
    problem: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed(Event):
    """Something the audit log keeps: an export, an undo, an erasure, a backup, a right given."""

    name = "deed"
    action: str
    person: Private


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerUnwritten(Event):
    """A commit stands, but the ledger beside the database could not be written."""

    name = "store.ledger_unwritten"
    level = logging.WARNING
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowAnswer(Event):
    """A question took long to answer."""

    name = "answer.slow"
    level = logging.WARNING
    question: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Errored(Event):
    """An error of ours; the record of ``reference`` lies in the folder of the log."""

    name = "error"
    level = logging.ERROR
    kind: str
    reference: str


EVENTS: Final[tuple[type[Event], ...]] = (
    Started,
    Stopped,
    Ready,
    NotReady,
    SignedIn,
    SignedOut,
    Refused,
    ImportStarted,
    ImportDone,
    ImportFailed,
    Deed,
    LedgerUnwritten,
    SlowAnswer,
    Errored,
)
