"""Is this sign-in still good? One row a sign-in, known by the hash of what the browser holds.

A sign-in that was never written down here is none, whatever cookie comes with it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from cxdash.access.book import Book
from cxdash.access.roles import Actor, Role
from cxdash.access.settings import Settings

__all__ = ["Session", "Standing", "State", "begin", "end", "end_all", "key_of", "live", "standing"]

_STRANGER: Final = Actor("nobody")
_SEEN_EVERY: Final = 30  # seconds between two notes of the last click
_KEPT: Final = timedelta(days=40)  # longer than any cookie lives


class State(Enum):
    """What became of a sign-in; the value tells the person."""

    GOOD = "You are signed in."
    UNKNOWN = "You are not signed in."
    ENDED = "You have signed out."
    TOO_OLD = "Your sign-in has ended because of its age."
    IDLE = "Your sign-in has ended because nothing was clicked for a while."
    SHUT_OUT = "Your access was taken away. An admin of cxdash can give it back."
    NO_ROLE = "You are signed in but have no role yet. An admin of cxdash can give you one."


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a sign-in is for and whether it is good; the actor has no role unless it is."""

    state: State
    actor: Actor = _STRANGER
    person_id: int = 0

    @property
    def good(self) -> bool:
        return self.state is State.GOOD

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is, with or without the right to see anything."""
        return self.state in {State.GOOD, State.SHUT_OUT, State.NO_ROLE}


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that still lasts; times are seconds since 1970 in UTC."""

    session: str
    person_id: int
    name: str
    issued: float
    last_seen: float


def key_of(secret: str) -> str:
    """What a sign-in is known by here: a hash, so that a copy of the file signs nobody in."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(book: Book, session: str, person_id: int, now: datetime) -> None:
    """Write a sign-in down; those that ended long ago are forgotten."""
    with book.writing() as cur:
        cur.execute("DELETE FROM sessions WHERE issued < ?", ((now - _KEPT).timestamp(),))
        cur.execute(
            "INSERT INTO sessions (session, person_id, issued, last_seen) VALUES (?, ?, ?, ?)",
            (session, person_id, now.timestamp(), now.timestamp()),
        )


def end(book: Book, session: str, now: datetime) -> None:
    """End a sign-in on the server, so that copies of the cookie are worth nothing."""
    with book.writing() as cur:
        cur.execute(
            "UPDATE sessions SET ended = ? WHERE session = ? AND ended IS NULL",
            (now.timestamp(), session),
        )


def end_all(book: Book, person_id: int, now: datetime) -> None:
    """End every sign-in of a person."""
    with book.writing() as cur:
        cur.execute(
            "UPDATE sessions SET ended = ? WHERE person_id = ? AND ended IS NULL",
            (now.timestamp(), person_id),
        )


def standing(
    book: Book, session: str, settings: Settings, now: datetime, *, clicked: bool = True
) -> Standing:
    """Whether a sign-in is good at this moment; ``clicked`` puts the idle limit off."""
    found = book.rows(
        "SELECT s.issued, s.last_seen, s.ended, p.person_id, p.name, p.role, p.disabled "
        "FROM sessions s JOIN people p USING (person_id) WHERE s.session = ?",
        [session],
    )
    if not found:
        return Standing(State.UNKNOWN)
    row, moment = found[0], now.timestamp()
    state = State.GOOD
    if row["ended"] is not None:
        state = State.ENDED
    elif not 0 <= moment - row["issued"] + 1 < settings.longest.total_seconds() + 1:
        state = State.TOO_OLD
    elif moment - row["last_seen"] >= settings.idle.total_seconds():
        state = State.IDLE
    elif row["disabled"]:
        state = State.SHUT_OUT
    elif row["role"] is None:
        state = State.NO_ROLE
    elif clicked and moment - row["last_seen"] > _SEEN_EVERY:
        with book.writing() as cur:
            cur.execute("UPDATE sessions SET last_seen = ? WHERE session = ?", (moment, session))
    roles = frozenset({Role(row["role"])}) if state is State.GOOD else frozenset()
    number = int(row["person_id"])
    return Standing(state, Actor(str(row["name"]), roles, number), number)


def live(book: Book, settings: Settings, now: datetime) -> list[Session]:
    """Sign-ins that last, the one used last first."""
    found = book.rows(
        "SELECT s.session, s.person_id, p.name, s.issued, s.last_seen "
        "FROM sessions s JOIN people p USING (person_id) "
        "WHERE s.ended IS NULL AND s.issued > ? AND s.last_seen > ? ORDER BY s.last_seen DESC",
        [(now - settings.longest).timestamp(), (now - settings.idle).timestamp()],
    )
    return [Session(**row) for row in found]
