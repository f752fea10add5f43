"""Who may use cxdash, and what did they do? Roles, people, sign-ins, the audit log."""

from cxdash.access.audit import Event, note, operator, verify
from cxdash.access.book import Book
from cxdash.access.roles import Action, Actor, Role, allowed, require

__all__ = [
    "Action",
    "Actor",
    "Book",
    "Event",
    "Role",
    "allowed",
    "note",
    "operator",
    "require",
    "verify",
]
