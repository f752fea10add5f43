"""The company by month: customers and who went, what was written, employees; and year against year.

These are the series that are watched from month to month. Nothing of them is about one customer.
"""

import pandas as pd

from cxdash.panel.relations import relation
from cxdash.panel.teams import teams
from cxdash.store import Reader

__all__ = [
    "customers_by_month",
    "teams_by_month",
    "texts_by_month",
    "year_apart",
    "year_served",
]


def customers_by_month(view: Reader, first: int, last: int) -> pd.DataFrame:
    """One row a month (index) after ``first`` up to ``last``: customers when it began, and departed
    (of them no longer there at its end).
    """
    return _frame(view, "monthly_customers", "month", first_month=first, last_month=last)


def texts_by_month(view: Reader, first: int, last: int) -> pd.DataFrame:
    """One row a comment or reason for leaving: month, who, kind (comment, reason), body."""
    return _frame(view, "monthly_texts", "ALL", first_month=first, last_month=last)


def teams_by_month(view: Reader) -> pd.DataFrame:
    """One row a month (index), over the units that may be told and say who left: heads, departed
    (by the reported turnover), units.
    """
    rows = teams(view).rows.dropna(subset=["turnover"])
    rows = rows.assign(departed=rows["headcount"] * rows["turnover"])
    found = rows.groupby("month", as_index=False).agg(
        heads=("headcount", "sum"), departed=("departed", "sum"), units=("unit", "nunique")
    )
    return found.sort_values("month", ignore_index=True)


def year_apart(view: Reader, then: int, now: int) -> pd.DataFrame:
    """One row a customer at the end of month ``then``: customer_id, rate_then and rate_now (money a
    month), gone (0/1, by the end of month ``now``).
    """
    return _frame(view, "year_apart", "customer_id", then_month=then, now_month=now)


def year_served(view: Reader, after: int, now: int) -> pd.DataFrame:
    """One row a customer of the months after ``after`` up to ``now``: months, revenue, contacts,
    contact_cost.
    """
    return _frame(view, "year_served", "customer_id", after_month=after, now_month=now)


def _frame(view: Reader, name: str, order: str, **values: int) -> pd.DataFrame:
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({relation(name, **values)}) ORDER BY {order}").df()
