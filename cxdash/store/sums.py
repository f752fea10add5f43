"""What the amounts of an import add up to, and what they must add up to.

An import's receipt says what was loaded. When another import is undone or a customer erased, rows
go or change hands on purpose; by how much is written down beside, so that an amount that changed in
any other way is found whatever was undone or erased since.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import duckdb

__all__ = ["Sum", "changing", "sums"]

_Cursor = duckdb.DuckDBPyConnection
_Key = tuple[int, str]
_NO_CURRENCY: Final = "?"
#: Where amounts lie, and which rows of a table hold money: a control total may be a count.
_AMOUNTS: Final = {
    "revenue": ("amount", "true"),
    "contacts": ("cost", "true"),
    "subscriptions": ("monthly_amount", "true"),
    "snapshots": ("monthly_amount", "true"),
    "control_totals": ("amount", "currency IS NOT NULL"),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """One currency of one import: what its rows must add up to, and what they do."""

    import_id: int
    currency: str
    due: Decimal
    held: Decimal


def sums(cur: _Cursor) -> list[Sum]:
    """Every currency of every import in force, by import."""
    held, due = _held(cur), _loaded(cur)
    for number, currency, amount in cur.execute(
        "SELECT import_id, currency, sum(amount) FROM sum_changes GROUP BY ALL"
    ).fetchall():
        due[number, currency] = due.get((number, currency), Decimal(0)) + amount
    return [
        Sum(*key, due.get(key, Decimal(0)), held.get(key, Decimal(0)))
        for key in sorted(held.keys() | due.keys())
    ]


@contextmanager
def changing(cur: _Cursor) -> Iterator[None]:
    """Amounts go or change hands on purpose inside the block; by how much is written down."""
    before = _held(cur)
    yield
    after = _held(cur)
    for key in sorted(before.keys() | after.keys()):
        change = after.get(key, Decimal(0)) - before.get(key, Decimal(0))
        if change:
            cur.execute("INSERT INTO sum_changes VALUES (?, ?, ?)", [*key, change])
    # Of an import that was undone nothing is due any more.
    cur.execute(
        "DELETE FROM sum_changes WHERE import_id IN "
        "(SELECT import_id FROM imports WHERE undone_at IS NOT NULL)"
    )


def _held(cur: _Cursor) -> dict[_Key, Decimal]:
    """What the rows of each import add up to, earlier versions included, by currency."""
    return {
        (number, currency): total
        for table, (amount, is_money) in _AMOUNTS.items()
        for number, currency, total in cur.execute(
            f"SELECT import_id, coalesce(currency, $none), sum({amount}) FROM {table} "
            f"WHERE {amount} IS NOT NULL AND {is_money} GROUP BY ALL",
            {"none": _NO_CURRENCY},
        ).fetchall()
    }


def _loaded(cur: _Cursor) -> dict[_Key, Decimal]:
    """What the receipts of the imports in force say was loaded, by currency."""
    return {
        (number, money["currency"]): Decimal(money["loaded"])
        for number, receipt in cur.execute(
            "SELECT import_id, receipt FROM imports WHERE undone_at IS NULL "
            "AND kind IN (SELECT unnest($kinds))",
            {"kinds": list(_AMOUNTS)},
        ).fetchall()
        for money in json.loads(receipt).get("money", ())
    }
