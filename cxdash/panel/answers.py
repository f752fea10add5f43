"""Answers to one survey item, and how those who gave them stood as customers in two periods."""

from datetime import date

import pandas as pd

from cxdash.panel.ground import FILTERS, Item
from cxdash.panel.periods import Periods
from cxdash.panel.relations import month_index, relation
from cxdash.store import Reader

__all__ = ["customers_on", "customers_with", "item_answers", "standings"]


def item_answers(view: Reader, item: Item, until: date) -> pd.DataFrame:
    """One row an answer up to a day, in order of time.

    Columns: row_key, customer_id (None where the customer is not known), answered_on, value,
    after_goodbye, survey, touchpoint, channel, and the customer's segment, plan, region, industry,
    owner and acquired_by.
    """
    sql = relation("item_answers", item=item.name, variant=item.variant, until=until)
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY answered_on, row_key").df()


def standings(view: Reader, item: Item, both: Periods) -> pd.DataFrame:
    """One row a known customer who answered the item in one of the two periods.

    Columns: customer_id; known (0/1: whether it is known when he or she was a customer); gone (said
    goodbye by the end of the later period); is_new (became a customer after the earlier one); rate
    (what was paid a month at the last month end as a customer; missing where there was none).
    """
    sql = relation(
        "standings",
        item=item.name,
        variant=item.variant,
        before_from=both.before_from,
        before_until=both.before_until,
        until=both.until,
        month=month_index(both.until),
    )
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY customer_id").df()


def customers_with(view: Reader, where: tuple[tuple[str, str], ...]) -> int:
    """How many customers of the customer list pass all filters (column, value).

    Raises
    ------
    ValueError
        A column is none that customers can be filtered by.
    """
    tests = _tests(where)
    found = view.rows(
        f"SELECT count(*) AS n FROM panel_people WHERE {tests}", [value for _, value in where]
    )
    return int(found[0]["n"])


def customers_on(view: Reader, month: int, where: tuple[tuple[str, str], ...]) -> int:
    """How many are customers at the end of a month (month index) and pass all filters.

    0 where nothing says who is one. Raises as :func:`customers_with`.
    """
    found = view.rows(
        "SELECT count(*) AS n FROM panel_customer_months AS s "
        "LEFT JOIN panel_people AS c ON c.customer_id = s.customer_id "
        f"WHERE s.active = 1 AND s.month = ? AND {_tests(where, 'c.')}",
        [month, *(value for _, value in where)],
    )
    return int(found[0]["n"])


def _tests(where: tuple[tuple[str, str], ...], table: str = "") -> str:
    unknown = [column for column, _ in where if column not in FILTERS]
    if unknown:
        raise ValueError(f"customers cannot be filtered by {unknown[0]}")
    return " AND ".join(f'{table}"{column}" = ?' for column, _ in where) or "true"
