"""How much of a file belongs to customers or orders that are known: before it is loaded, and after.

A customer is known from customers, their other names, orders, subscriptions, or (for anything but
revenue) revenue.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from cxdash.intake.loading.typed import TYPED, type_rows
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import stage
from cxdash.intake.reading.table import open_table
from cxdash.store import CANONICAL, Database

__all__ = ["LOW_MATCH", "Match", "Unmatched", "foresee_match", "known_customers", "unmatched"]

LOW_MATCH: Final = 0.8
_NAMES: Final = ("customer_id", "order_id")
_SAY_WHO_EXISTS: Final = ("customers", "orders", "snapshots")
_ORDER_IS_KNOWN: Final = "order_id IN (SELECT order_id FROM orders WHERE is_current)"
_CUSTOMER_IS_KNOWN: Final = (
    "customer_id IN (SELECT customer_id FROM known WHERE customer_id IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Match:
    """How many of a file's names are known in the store.

    Parameters
    ----------
    names
        What is counted, each name once: ``customers`` or, in a file without them, ``orders``.
    total, known
        Different names in the file, and those of them the store knows.
    comparable
        Whether the store knows any customer (or order) at all; without one nothing can be matched.
    """

    names: str
    total: int
    known: int
    comparable: bool

    @property
    def share(self) -> float:
        """Share of the file's names that are known, 0 to 1."""
        return self.known / self.total

    @property
    def is_low(self) -> bool:
        """Whether so few are known that figures joined with money would mislead."""
        return self.comparable and self.share < LOW_MATCH


def foresee_match(
    db: Database, path: Path, mapping: Mapping, *, file_name: str | None = None
) -> Match | None:
    """How many of the file's customers or orders are known already; loads nothing.

    The names are read as loading would read them. None when the file names nobody, or is itself the
    list that says who exists.

    Raises
    ------
    FileRefused
        If the file cannot be read safely.
    """
    columns = {role: mapping.columns[role] for role in _NAMES if role in mapping.columns}
    if mapping.kind in _SAY_WHO_EXISTS or not columns:
        return None
    table = open_table(path, file_name=file_name, spec=mapping.file)
    name = next(iter(columns))
    anyone = "known" if name == "customer_id" else "orders WHERE is_current"
    test = " OR ".join(
        sql
        for role, sql in zip(_NAMES, (_CUSTOMER_IS_KNOWN, _ORDER_IS_KNOWN), strict=True)
        if role in columns
    )
    only_names = Mapping(kind=mapping.kind, columns=columns, file=mapping.file)
    with db.cursor() as cur:
        stage(cur, table, only_names.sources)
        type_rows(cur, table, only_names, datetime.now(UTC).date())
        total, known, comparable = cur.execute(
            f"""
            WITH known AS ({known_customers(mapping.kind)}),
            named AS (SELECT {name}, bool_or(coalesce({test}, false)) AS is_known
              FROM {TYPED} WHERE {name} IS NOT NULL GROUP BY {name})
            SELECT count(*), count(*) FILTER (is_known), EXISTS (SELECT 1 FROM {anyone}) FROM named
            """
        ).fetchall()[0]
    return Match(name.removesuffix("_id") + "s", total, known, comparable) if total else None


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
    if kind in _SAY_WHO_EXISTS or not columns & set(_NAMES):
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
