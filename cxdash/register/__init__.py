"""What people enter: goals, plans, cases, claims, promises. Every version stays."""

from cxdash.register.entries import freeze, put, remove
from cxdash.register.kinds import KINDS, kind_named
from cxdash.register.reading import current, every_frozen, find, frozen, history
from cxdash.register.records import Kept, Record, built, filters, problems, specs, title

__all__ = [
    "KINDS",
    "Kept",
    "Record",
    "built",
    "current",
    "every_frozen",
    "filters",
    "find",
    "freeze",
    "frozen",
    "history",
    "kind_named",
    "problems",
    "put",
    "remove",
    "specs",
    "title",
]
