"""The log of the program: one JSON line an event, without a cell, a name or a sum of anybody's."""

from cxdash.store.journal.events import (
    EVENTS,
    Deed,
    Errored,
    Event,
    ImportDone,
    ImportFailed,
    ImportStarted,
    LedgerUnwritten,
    NotReady,
    Private,
    Ready,
    Refused,
    SignedIn,
    SignedOut,
    SlowAnswer,
    Started,
    Stopped,
)
from cxdash.store.journal.keeping import Journal, keep, note
from cxdash.store.journal.lines import line

__all__ = [
    "EVENTS",
    "Deed",
    "Errored",
    "Event",
    "ImportDone",
    "ImportFailed",
    "ImportStarted",
    "Journal",
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
    "keep",
    "line",
    "note",
]
