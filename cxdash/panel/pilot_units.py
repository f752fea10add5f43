"""Rows a pilot is read from: who was in which group, and what became of customers and of units."""

from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.ground import Item
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["BEFORE", "customers_around", "ratings_since", "roster_members", "units_by_month"]

#: What was known of a customer before a pilot began, as columns of :func:`customers_around`.
BEFORE: Final = (
    "tenure_months",
    "fee",
    "money_before",
    "money_earlier",
    "contacts_before",
    "contacts_earlier",
)


def roster_members(view: Reader) -> pd.DataFrame:
    """One row a customer and group of a pilot: pilot, customer_id, arm, assigned_on."""
    return _frame(view, relation("pilot_roster_members"), "pilot, customer_id, arm")


def customers_around(view: Reader, base: int, last: int, *, by_fee: bool) -> pd.DataFrame:
    """One row a customer at the end of month ``base``, with the stretch up to month ``last``.

    The columns of :data:`BEFORE`; gone (0 or 1, at the end of ``last``); money_after,
    contacts_after, cost_after, per month; and the columns of the customer list.

    Raises
    ------
    ValueError
        The stretch has no month.
    """
    if last <= base:
        raise ValueError("a pilot lasts a month at least")
    sql = relation("pilot_customers", base=base, last=last, by_fee=int(by_fee))
    return _frame(view, sql, "customer_id")


def units_by_month(
    view: Reader, level: str, first: int, last: int, *, by_fee: bool
) -> pd.DataFrame:
    """One row a unit and month after ``first`` up to ``last``: unit, month, customers, departed,
    money, contacts, contact_cost.
    """
    sql = relation("pilot_units", level=level, first=first, last=last, by_fee=int(by_fee))
    return _frame(view, sql, "unit, month")


def ratings_since(view: Reader, item: Item, since: date, until: date) -> pd.DataFrame:
    """One row a rating: customer_id, answered_on, value, band_position, value_earlier, value_next,
    next_on.
    """
    sql = relation("pilot_ratings", item=item.name, variant=item.variant, since=since, until=until)
    return _frame(view, sql, "customer_id, answered_on")


def _frame(view: Reader, sql: str, order: str) -> pd.DataFrame:
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY {order}").df()
