"""How much of an import belongs to customers or orders that are known.

A customer is known from customers, their other names, orders, subscriptions, or (for anything but
revenue) revenue.
"""

from dataclasses import dataclass
from typing import Final

import duckdb

from cxdash.store import CANONICAL

__all__ = [
    "HOPELESS",
    "LOW_MATCH",
    "SAY_WHO_EXISTS",
    "Unmatched",
    "known_customers",
    "unmatched",
]

LOW_MATCH: Final = 0.8
#: Share of the rows below which a file hardly speaks of customers that are known.
HOPELESS: Final = 0.5
_NAMES: Final = ("customer_id", "order_id")
#: Kinds of files that name customers for others to be matched to.
SAY_WHO_EXISTS: Final = ("customers", "orders", "snapshots")
_ORDER_IS_KNOWN: Final = "order_id IN (SELECT order_id FROM orders WHERE is_current)"
_CUSTOMER_IS_KNOWN: Final = (
    "customer_id IN (SELECT customer_id FROM known WHERE customer_id IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """How many rows of an import, repeats included, find their customer or order.

    Parameters
    ----------
    rows, hits
        Rows of the import, and those whose customer or order is known.
    comparable
        Whether the store knows any customer at all; without one nothing can be matched.
    lost
        SQL of the rows that find nobody; it names ``$id``, the import, and ``$kind``.
    """

    rows: int
    hits: int
    comparable: bool
    lost: str

    @property
    def share(self) -> float | None:
        """Share of the rows that find somebody; None if there is nothing to match."""
        return self.hits / self.rows if self.rows and self.comparable else None


def unmatched(cur: duckdb.DuckDBPyConnection, kind: str, import_id: int) -> Unmatched | None:
    """What of an import finds nobody; None for files that name nobody or say who exists."""
    columns = set(CANONICAL[kind].types)
    if kind in SAY_WHO_EXISTS or not columns & set(_NAMES):
        return None
    test = _CUSTOMER_IS_KNOWN
    if "order_id" in columns:
        test = f"{test} OR {_ORDER_IS_KNOWN}"
    known = f"WITH known AS ({known_customers(kind)})"
    mine = (
        f"{kind} WHERE is_current AND (import_id = $id OR row_key IN "
        "(SELECT row_key FROM repeats WHERE import_id = $id AND table_name = $kind))"
    )
    rows, hits, comparable = cur.execute(
        f"{known} SELECT count(*), count(*) FILTER (coalesce({test}, false)), "
        f"EXISTS (SELECT 1 FROM known) FROM {mine}",
        {"id": import_id, "kind": kind},
    ).fetchall()[0]
    lost = f"{known} SELECT * FROM {mine} AND NOT coalesce({test}, false)"
    return Unmatched(rows, hits, comparable, lost)


def known_customers(kind: str) -> str:
    """SQL of the customers known to a file of that kind."""
    sources = [
        "SELECT customer_id FROM customers WHERE is_current",
        # A name of two customers is nobody's.
        (
            "SELECT alias FROM customer_keys WHERE is_current "
            "GROUP BY alias HAVING count(DISTINCT customer_id) = 1"
        ),
        "SELECT customer_id FROM orders WHERE is_current",
    ]
    if kind != "subscriptions":
        sources.append("SELECT customer_id FROM subscriptions WHERE is_current")
    if kind not in ("revenue", "subscriptions"):
        sources.append("SELECT customer_id FROM revenue WHERE is_current")
    return " UNION ".join(sources)
