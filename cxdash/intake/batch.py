"""Files that are brought together: in which order they are loaded, and whom each makes known.

A survey is matched to customers that are loaded, or that wait in the same batch and are loaded
before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb
import pyarrow as pa

from cxdash.intake.loading.matching import known_customers
from cxdash.intake.loading.namesakes import named_by_others
from cxdash.intake.loading.typed import TYPED, key_columns
from cxdash.intake.mapping import Mapping
from cxdash.intake.recognition.remembered import Brought, other_layouts, same_columns
from cxdash.store import Database

__all__ = [
    "NOBODY",
    "Known",
    "Names",
    "Rows",
    "bring_erased",
    "bring_names",
    "known",
    "names_in",
    "place_of",
    "rows_in",
]

# Files that say who exists come first, so that the others can be matched to them.
_FIRST: Final = ("customers", "snapshots", "orders", "subscriptions", "revenue", "invitations")
# Files of these kinds make customers known to files of all other kinds but those named.
_INTRODUCE: Final = {
    "customers": (),
    "orders": (),
    "subscriptions": ("subscriptions",),
    "revenue": ("revenue", "subscriptions"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Customers (with their other names) and orders that a file of this kind makes known.

    ``in_doubt``: hardly any of them is known, so the file seems to name its customers in another
    way than the files before it, and makes nobody known.
    """

    kind: str
    customers: pa.Array
    orders: pa.Array
    in_doubt: bool = False

    def reach(self, kind: str) -> bool:
        """Whether a file of that kind may be matched to them."""
        return not self.in_doubt and self.go_before(kind)

    def go_before(self, kind: str) -> bool:
        """Whether a file of that kind is matched to files of this kind."""
        return self.kind in _INTRODUCE and kind not in _INTRODUCE[self.kind]


@dataclass(frozen=True, slots=True)
class Rows:
    """Key (``row_key``) and content (``row_hash``) of each row that a waiting file would bring."""

    file_name: str
    kind: str
    header: tuple[str, ...]
    rows: pa.Table

    def clash(self, kind: str, header: Sequence[str]) -> bool:
        """Whether a file of that kind and those columns is another layout of the same rows."""
        return self.kind == kind and not same_columns(self.header, header)


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a file can be matched to: what is loaded, and what is loaded before it.

    ``erased`` are the salted hashes of customers erased on request, as the store keeps them; rows
    that bring one of them again are refused. ``others`` are loaded rows of the kind that files of
    other layouts brought: key, content and import of each; ``brought`` are those imports.
    """

    customers: pa.ChunkedArray
    orders: pa.ChunkedArray
    erased: Sequence[tuple[str, str]] = ()
    salt: str = ""
    others: pa.Table = field(default_factory=lambda: pa.table({}))
    brought: tuple[Brought, ...] = ()


NOBODY: Final = Known(pa.chunked_array([], pa.string()), pa.chunked_array([], pa.string()))
_ERASED: Final = "SELECT digest, what FROM erased"
_SALT: Final = "SELECT value FROM store_info WHERE name = 'erasure_salt'"


def place_of(kind: str) -> int:
    """Where a file of that kind stands in the order of loading; smaller goes first."""
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def known(
    db: Database,
    kind: str,
    beside: Sequence[Names] = (),
    *,
    header: Sequence[str] = (),
    waiting: Sequence[Rows] = (),
) -> Known:
    """Whom a file of that kind can be matched to once the files beside it are loaded.

    With the ``header`` of the file, also which rows files of other layouts brought, or would bring
    that are ``waiting`` to be loaded before it.
    """
    before = [names for names in beside if names.reach(kind)]
    with db.cursor() as cur:
        customers = _texts(cur, known_customers(kind))
        orders = _texts(cur, "SELECT order_id FROM orders WHERE is_current")
        erased = cur.execute(_ERASED).fetchall()
        salt = cur.execute(_SALT).fetchall()
        brought = other_layouts(cur, kind, header) if header else ()
        others = named_by_others(cur, kind, brought) if brought else pa.table({})
    for number, one in enumerate(one for one in waiting if one.clash(kind, header)):
        place = pa.array([-1 - number] * one.rows.num_rows, pa.int32())
        added = one.rows.append_column("import_id", place)
        others = pa.concat_tables([others.cast(added.schema), added]) if brought else added
        brought = (*brought, Brought(-1 - number, one.file_name, None))
    return Known(
        pa.chunked_array([customers, *(names.customers for names in before)], pa.string()),
        pa.chunked_array([orders, *(names.orders for names in before)], pa.string()),
        tuple(erased),
        salt[0][0] if salt else "",
        others,
        brought,
    )


def bring_erased(cur: duckdb.DuckDBPyConnection, found: Known) -> None:
    """Let a scratch database refuse the rows of erased customers as the store does."""
    cur.execute("CREATE TABLE erased (digest VARCHAR, what VARCHAR)")
    cur.execute("CREATE TABLE store_info (name VARCHAR, value VARCHAR)")
    cur.execute("INSERT INTO store_info VALUES ('erasure_salt', ?)", [found.salt])
    if found.erased:
        cur.executemany("INSERT INTO erased VALUES (?, ?)", found.erased)


def bring_names(cur: duckdb.DuckDBPyConnection, found: Known) -> None:
    """Put who is known into the tables ``known_customer_id`` and ``known_order_id``."""
    for name, texts in (("customer_id", found.customers), ("order_id", found.orders)):
        cur.register("names", pa.table({"name": texts}))
        cur.execute(f"CREATE TEMP TABLE known_{name} AS SELECT DISTINCT name FROM names")
        cur.unregister("names")


def rows_in(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> pa.Table:
    """Key and content of the typed rows of a file whose rows have a key; else no rows."""
    keyed = "refusal IS NULL" if key_columns(mapping) else "false"
    return cur.sql(
        f"SELECT DISTINCT CAST(row_name AS VARCHAR) AS row_key, "
        f"CAST(content AS VARCHAR) AS row_hash FROM {TYPED} WHERE {keyed}"
    ).to_arrow_table()


def names_in(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> Names:
    """The names that the typed rows of a file make known."""
    if mapping.kind not in _INTRODUCE:
        return Names(mapping.kind, pa.array([], pa.string()), pa.array([], pa.string()))
    good = f"FROM {TYPED} WHERE refusal IS NULL"
    customers = " UNION ".join(
        f"SELECT {name} {good}" for name in ("customer_id", *_alias_columns(mapping))
    )
    orders = f"SELECT order_id {good}" if mapping.kind == "orders" else "SELECT NULL WHERE false"
    return Names(mapping.kind, _texts(cur, customers), _texts(cur, orders))


def _alias_columns(mapping: Mapping) -> list[str]:
    return [f"a{at}" for at in range(len(mapping.aliases))]


def _texts(cur: duckdb.DuckDBPyConnection, sql: str) -> pa.Array:
    """The distinct texts a query gives, nothing left out but missing ones."""
    found = cur.sql(
        f"SELECT DISTINCT CAST(name AS VARCHAR) AS name FROM ({sql}) AS t(name) "
        "WHERE name IS NOT NULL"
    ).to_arrow_table()
    return pa.concat_arrays(found.column(0).chunks) if found.num_rows else pa.array([], pa.string())
