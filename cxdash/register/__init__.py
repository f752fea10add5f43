"""What people enter: goals, plans, cases, claims, promises. Every version stays."""

from cxdash.register.bringing import BECAME, Brought, bring_in
from cxdash.register.entries import freeze, put, remove
from cxdash.register.kinds import KINDS, kind_named
from cxdash.register.reading import current, every_frozen, every_version, find, frozen, history
from cxdash.register.records import Kept, Record, built, filters, problems, specs, title
from cxdash.register.sheets import sheet

__all__ = [
    "BECAME",
    "KINDS",
    "Brought",
    "Kept",
    "Record",
    "bring_in",
    "built",
    "current",
    "every_frozen",
    "every_version",
    "filters",
    "find",
    "freeze",
    "frozen",
    "history",
    "kind_named",
    "problems",
    "put",
    "remove",
    "sheet",
    "specs",
    "title",
]
