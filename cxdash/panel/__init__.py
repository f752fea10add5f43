"""Customer-months and outcome windows, as relational expressions on the canonical tables."""

from cxdash.panel.build import IDLE_MONTHS, MEMORY_MONTHS, Panel, panel, settled, stamp
from cxdash.panel.ground import FILTERS, Ground, Item, ground, items
from cxdash.panel.landmarks import Landmarks, landmarks, paid_so_far
from cxdash.panel.periods import Periods, first_contacts, periods, waves
from cxdash.panel.relations import month_end, month_index, relation

__all__ = [
    "FILTERS",
    "IDLE_MONTHS",
    "MEMORY_MONTHS",
    "Ground",
    "Item",
    "Landmarks",
    "Panel",
    "Periods",
    "first_contacts",
    "ground",
    "items",
    "landmarks",
    "month_end",
    "month_index",
    "paid_so_far",
    "panel",
    "periods",
    "relation",
    "settled",
    "stamp",
    "waves",
]
