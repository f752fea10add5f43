"""Customer-months and outcome windows, as relational expressions on the canonical tables."""

from cxdash.panel.build import IDLE_MONTHS, MEMORY_MONTHS, Panel, panel, settled, stamp
from cxdash.panel.circumstances import circumstances
from cxdash.panel.ground import FILTERS, Ground, Item, ground, items
from cxdash.panel.hearing import ANSWER_DAYS, REPEAT_DAYS, Hearing, Register, hearing, register
from cxdash.panel.known import known_at
from cxdash.panel.periods import Periods, first_contacts, periods, waves
from cxdash.panel.registers import Event, Steward, events, stewards
from cxdash.panel.relations import DAYS_A_MONTH, month_end, month_index, relation
from cxdash.panel.spending import Spending, priced, purchase_history, spending
from cxdash.panel.sums import Sums, Uncompared, two_sums, uncompared
from cxdash.panel.windows import RECENT_MONTHS, Landmarks, Windows, paid_so_far, windows

__all__ = [
    "ANSWER_DAYS",
    "DAYS_A_MONTH",
    "FILTERS",
    "IDLE_MONTHS",
    "MEMORY_MONTHS",
    "RECENT_MONTHS",
    "REPEAT_DAYS",
    "Event",
    "Ground",
    "Hearing",
    "Item",
    "Landmarks",
    "Panel",
    "Periods",
    "Register",
    "Spending",
    "Steward",
    "Sums",
    "Uncompared",
    "Windows",
    "circumstances",
    "events",
    "first_contacts",
    "ground",
    "hearing",
    "items",
    "known_at",
    "month_end",
    "month_index",
    "paid_so_far",
    "panel",
    "periods",
    "priced",
    "purchase_history",
    "register",
    "relation",
    "settled",
    "spending",
    "stamp",
    "stewards",
    "two_sums",
    "uncompared",
    "waves",
    "windows",
]
