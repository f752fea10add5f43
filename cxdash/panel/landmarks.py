"""Landmarks: who was a customer on a day, what they had said by then, and what happened after.

A landmark is a month end L. Predictors are the state at L (the last answer in the twelve months
before, tenure, what the customer pays); the outcome is what happened in the ``horizon`` months
after L. Landmarks lie one horizon apart, so windows of one customer never overlap, and the last
one, on the day of the question, has no outcome yet: that is the base whose future is at stake.

Taking a customer's *last* answer before a fixed day, rather than the last answer ever, matters:
those who left stop answering, so choosing by a later silence would let the outcome pick the
predictor.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdash.panel.build import MEMORY_MONTHS, Panel
from cxdash.panel.relations import month_index, relation
from cxdash.store import Reader

__all__ = ["Landmarks", "landmarks", "paid_so_far"]

MOST_WINDOWS = 8


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Customer-windows of one survey item.

    ``rows`` has one row a customer and landmark: customer_id, landmark (month index), closed,
    under_notice, tenure_months, rate (money a month), idle_days (without contracts: since the last
    purchase), heard (answered anything), invited, band (None: did not answer this item), score,
    answered_on, segment, plan, region, industry, owner, acquired_by, and, where closed:
    left_within (0/1), window_left (share of the window that was left when the customer went),
    rate_after, revenue_after, cost_after, contacts_after. ``closed_months`` are the landmarks
    whose windows are over, oldest first; ``today`` the one without an outcome yet.
    """

    rows: pd.DataFrame
    closed_months: tuple[int, ...]
    today: int
    horizon: int

    @property
    def closed(self) -> pd.DataFrame:
        """Customer-windows that are over, of customers who had not said goodbye before."""
        rows = self.rows
        return rows[rows["closed"] & (rows["under_notice"] == 0)]

    @property
    def base(self) -> pd.DataFrame:
        """Customers on the day of the question who have not said goodbye."""
        rows = self.rows
        return rows[(rows["landmark"] == self.today) & (rows["under_notice"] == 0)]

    @property
    def leaving(self) -> pd.DataFrame:
        """Customers on the day of the question who have already said goodbye."""
        rows = self.rows
        return rows[(rows["landmark"] == self.today) & (rows["under_notice"] == 1)]


def landmarks(
    view: Reader, built: Panel, *, item: str, variant: str, as_of_month: int, horizon: int
) -> Landmarks:
    """The landmarks of one survey item, ending on the last day of ``as_of_month``.

    The first landmark is the first month end, counted back in horizons, that has any answer to the
    item behind it.
    """
    found = view.rows(
        "SELECT min(answered_on) AS first FROM panel_answers "
        "WHERE item = ? AND variant = ? AND matched AND NOT after_goodbye",
        [item, variant],
    )[0]["first"]
    earliest = as_of_month + 1 if found is None else month_index(found)
    closed = [
        month
        for month in range(as_of_month - horizon, (built.first_month or 0) - 1, -horizon)
        if month >= earliest
    ][:MOST_WINDOWS]
    closed.reverse()
    sql = relation(
        "landmarks",
        item=item,
        variant=variant,
        as_of_month=as_of_month,
        horizon=horizon,
        memory_months=MEMORY_MONTHS,
        contractual=int(built.contractual),
        landmarks=(*closed, as_of_month),
    )
    with view.cursor() as cur:
        # The order is fixed so that a seed gives the same draws every time.
        rows = cur.execute(f"SELECT * FROM ({sql}) ORDER BY landmark, customer_id").df()
    return Landmarks(rows, tuple(closed), as_of_month, horizon)


def paid_so_far(view: Reader, *, item: str, variant: str, as_of: date) -> pd.DataFrame:
    """One row a customer who answered and paid: customer_id, paid (money up to that day), band."""
    sql = relation("paid", item=item, variant=variant, as_of=as_of)
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY customer_id").df()
