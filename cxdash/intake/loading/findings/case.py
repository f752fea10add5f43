"""An import while its rows are still at hand, and the few things every check asks of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import duckdb

from cxdash.intake.loading.receipt import NO_CURRENCY, Receipt
from cxdash.intake.mapping import Mapping

__all__ = ["MONEY", "PAID", "Case", "money_of"]

#: The column of each kind of extract that holds money.
MONEY: Final = {
    "revenue": "amount",
    "subscriptions": "monthly_amount",
    "contacts": "cost",
    "control_totals": "amount",
    "snapshots": "monthly_amount",
}

# Other names that are one customer's alone.
_ALIASES: Final = """
    SELECT alias, min(customer_id) AS customer_id FROM customer_keys WHERE is_current
    GROUP BY alias HAVING count(DISTINCT customer_id) = 1
"""

#: SQL of what every customer paid: customer, order, day, currency, amount. Names of their own
#: (aliases) are turned into the customer's id, and orders say whose money it is and when.
PAID: Final = f"""
    SELECT coalesce(a.customer_id, r.customer_id, o.customer_id) AS customer_id, r.order_id,
      coalesce(r.dated, CAST(o.ordered_at AS DATE)) AS dated, r.currency, r.amount
    FROM revenue AS r
    LEFT JOIN orders AS o ON o.order_id = r.order_id AND o.is_current
    LEFT JOIN ({_ALIASES}) AS a
      ON a.alias = coalesce(r.customer_id, o.customer_id)
    WHERE r.is_current
"""


@dataclass(frozen=True, slots=True)
class Case:
    """An import under account.

    Parameters
    ----------
    cur
        A cursor in the import's transaction. The tables ``keyed``, ``unusual``, ``earlier``,
        ``alias_rows`` are those of :mod:`cxdash.intake.loading.standing`.
    receipt
        The receipt as far as it is written.
    layout
        Fingerprint of the file's header.
    today
        The day of the import.
    """

    cur: duckdb.DuckDBPyConnection
    mapping: Mapping
    receipt: Receipt
    layout: str
    today: date

    @property
    def kind(self) -> str:
        return self.mapping.kind

    @property
    def money(self) -> str:
        """The role that holds money, empty if this file has none."""
        role = MONEY.get(self.kind, "")
        given = (*self.mapping.columns, *self.mapping.constants)
        return role if role in given else ""

    def rows(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """All rows of a query; it may name ``$id``, the import, and ``$kind``."""
        if "$id" in sql:
            given["id"] = self.receipt.import_id
        if "$kind" in sql:
            given["kind"] = self.kind
        return self.cur.execute(sql, given).fetchall()

    def has(self, *roles: str) -> bool:
        """Whether the file has columns for all these roles."""
        return all(role in self.mapping.columns for role in roles)

    def paid_by(self, customers: str) -> dict[str, Decimal]:
        """What customers paid in the last twelve months of revenue loaded, by currency.

        ``customers`` is SQL of one column of customer ids, or of other names of theirs.
        """
        return money_of(
            self.rows(
                f"""
                WITH paid AS ({PAID}), recent AS (
                  SELECT * FROM paid WHERE dated > (SELECT max(dated) FROM paid) - INTERVAL 1 YEAR
                ), asked(name) AS ({customers}), people AS (
                  SELECT name FROM asked UNION
                  SELECT a.customer_id FROM asked JOIN ({_ALIASES}) AS a ON a.alias = asked.name
                )
                SELECT currency, sum(amount) FROM recent
                WHERE customer_id IN (SELECT name FROM people) GROUP BY 1
                """
            )
        )


def money_of(rows: list[tuple[Any, ...]]) -> dict[str, Decimal]:
    """Rows of (currency, amount) as a dictionary, without currencies that come to nothing."""
    found = {str(currency or NO_CURRENCY): amount for currency, amount in rows if amount}
    return dict(sorted(found.items()))
