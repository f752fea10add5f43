"""Customer-months and outcome windows, as relational expressions on the canonical tables."""

from cxdash.panel.build import IDLE_MONTHS, MEMORY_MONTHS, Panel, panel, settled, stamp
from cxdash.panel.ground import FILTERS, Ground, Item, ground, items
from cxdash.panel.periods import Periods, first_contacts, periods, waves
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.panel.windows import RECENT_MONTHS, Landmarks, Windows, paid_so_far, windows

__all__ = [
    "FILTERS",
    "IDLE_MONTHS",
    "MEMORY_MONTHS",
    "RECENT_MONTHS",
    "Ground",
    "Item",
    "Landmarks",
    "Panel",
    "Periods",
    "Windows",
    "first_contacts",
    "ground",
    "items",
    "month_end",
    "month_index",
    "paid_so_far",
    "panel",
    "periods",
    "relation",
    "settled",
    "stamp",
    "waves",
    "windows",
]
