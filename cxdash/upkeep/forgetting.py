"""Take a person's rows out of every table, inside one transaction of the caller.

Rows of money keep their amounts and days under a random name that leads nowhere, unless that is to
be forgotten too: totals stay what finance has in its books.
"""

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cxdash.register.redacting import redact
from cxdash.store import CANONICAL, erasure
from cxdash.store.sums import changing
from cxdash.upkeep import person as people
from cxdash.upkeep.person import Person

__all__ = ["Forgotten", "forget"]

_Cursor = duckdb.DuckDBPyConnection
MONEY: Final = ("revenue", "subscriptions", "orders")
_CHILDREN: Final = {
    parent: tuple(n for n, t in CANONICAL.items() if t.parent == parent and n != "customer_keys")
    for parent in ("responses", "snapshots")
}
_ANONYMOUS: Final = "erased-"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done to the rows.

    Parameters
    ----------
    deleted, anonymised
        Rows by table.
    raw_rows
        Lines of loaded files whose cells were emptied.
    mentions
        Comments of others in which one of the names stands; they are left as they are.
    entries
        What people entered in which one of the names stood; it was taken out.
    """

    deleted: dict[str, int]
    anonymised: dict[str, int]
    raw_rows: int
    mentions: int
    entries: int = 0

    @property
    def rows(self) -> int:
        tables = sum((*self.deleted.values(), *self.anonymised.values()))
        return tables + self.raw_rows + self.entries


def forget(cur: _Cursor, person: Person, *, forget_money: bool, number: int) -> Forgotten:
    """Do it. ``number`` counts the customers erased, this one included."""
    _gather(cur, person)
    lines = set(people.lines(cur, person)) | set(
        cur.execute("SELECT DISTINCT import_id, line_no FROM theirs").fetchall()
    )
    deleted: dict[str, int] = {}
    anonymised: dict[str, int] = {}
    nobody = f"{_ANONYMOUS}{secrets.token_hex(8)}"
    with changing(cur):
        for name in _holders():
            if name in MONEY and not forget_money:
                _count(anonymised, name, _anonymise(cur, name, nobody))
            else:
                for child in _CHILDREN.get(name, ()):
                    _count(deleted, child, _delete(cur, child, name))
                _count(deleted, name, _delete(cur, name, name))
    _tidy_repeats(cur)
    raw = _empty(cur, sorted(lines))
    _redact(cur, person, lines)
    entries = redact(cur, person.names, person.called)
    _drop_derived(cur)
    erasure.remember(cur, person.names, "customer", number)
    erasure.remember(cur, person.orders, "order", number)
    mentions = people.mentions(cur, person)
    for name in ("theirs", "renamed", "order_names"):
        cur.execute(f"DROP TABLE IF EXISTS {name}")
    return Forgotten(deleted, anonymised, raw, mentions, entries)


def _holders() -> list[str]:
    """Tables whose rows name a customer themselves."""
    return [name for name, table in CANONICAL.items() if "customer_id" in table.types]


def _gather(cur: _Cursor, person: Person) -> None:
    """Fill ``theirs``: every row of the person in every version, and lines that only repeat it."""
    cur.execute(
        "CREATE OR REPLACE TEMP TABLE theirs (table_name VARCHAR, row_key VARCHAR, "
        "row_hash VARCHAR, import_id INTEGER, line_no BIGINT)"
    )
    for name in _holders():
        types = CANONICAL[name].types
        # An order of theirs speaks of them wherever no other customer is named.
        by_order = (
            "OR ((customer_id IS NULL OR customer_id IN (SELECT unnest($names))) "
            "AND order_id IN (SELECT unnest($orders)))"
        )
        more = by_order if "order_id" in types and person.orders else ""
        given: dict[str, Any] = {"names": list(person.names), "table": name}
        given |= {"orders": list(person.orders)} if more else {}
        cur.execute(
            f"INSERT INTO theirs SELECT $table, row_key, row_hash, import_id, line_no FROM {name} "
            f"WHERE customer_id IN (SELECT unnest($names)) {more}",
            given,
        )
    cur.execute(
        "INSERT INTO theirs SELECT r.table_name, r.row_key, r.row_hash, r.import_id, r.line_no "
        "FROM repeats AS r SEMI JOIN theirs AS t ON t.table_name = r.table_name "
        "AND t.row_key = r.row_key AND t.row_hash = r.row_hash"
    )
    # New keys and hashes, the same for equal old ones: undoing an import still finds its versions.
    cur.execute(
        "CREATE OR REPLACE TEMP TABLE renamed AS SELECT table_name, row_key, row_hash, "
        "first_value($mark || CAST(uuid() AS VARCHAR)) OVER (PARTITION BY table_name, row_key "
        "ORDER BY row_hash) AS new_key, md5(CAST(uuid() AS VARCHAR)) AS new_hash "
        "FROM (SELECT DISTINCT table_name, row_key, row_hash FROM theirs)",
        {"mark": _ANONYMOUS},
    )
    cur.execute(
        "CREATE OR REPLACE TEMP TABLE order_names AS SELECT order_id, "
        "$mark || CAST(uuid() AS VARCHAR) AS new_id FROM "
        "(SELECT DISTINCT order_id FROM orders WHERE (row_key, import_id) IN "
        "(SELECT (row_key, import_id) FROM theirs WHERE table_name = 'orders'))",
        {"mark": _ANONYMOUS},
    )


def _delete(cur: _Cursor, table: str, holder: str) -> int:
    rows = cur.execute(
        f"DELETE FROM {table} WHERE (row_key, import_id) IN "
        "(SELECT (row_key, import_id) FROM theirs WHERE table_name = $holder)",
        {"holder": holder},
    ).fetchall()
    return int(rows[0][0])


def _anonymise(cur: _Cursor, table: str, name: str) -> int:
    """Keep days and amounts; everything that leads to the person becomes random."""
    sets = ["customer_id = $name", "row_key = r.new_key", "row_hash = r.new_hash"]
    types = CANONICAL[table].types
    if "order_id" in types:
        sets.append(
            "order_id = CASE WHEN t.order_id IS NOT NULL THEN coalesce((SELECT o.new_id "
            "FROM order_names AS o WHERE o.order_id = t.order_id), r.new_key) END"
        )
    if "subscription_id" in types:
        sets.append("subscription_id = r.new_key")
    if "reason" in types:
        sets.append("reason = NULL")
    rows = cur.execute(
        f"UPDATE {table} AS t SET {', '.join(sets)} FROM renamed AS r "
        f"WHERE r.table_name = $table AND r.row_key = t.row_key AND r.row_hash = t.row_hash "
        "AND (t.row_key, t.import_id) IN "
        f"(SELECT (row_key, import_id) FROM theirs WHERE table_name = $table)",
        {"name": name, "table": table},
    ).fetchall()
    return int(rows[0][0])


def _tidy_repeats(cur: _Cursor) -> None:
    cur.execute(
        "UPDATE repeats AS t SET row_key = r.new_key, row_hash = r.new_hash FROM renamed AS r "
        "WHERE r.table_name = t.table_name AND r.row_key = t.row_key AND r.row_hash = t.row_hash "
        "AND t.table_name IN (SELECT unnest($kept))",
        {"kept": list(MONEY)},
    )
    cur.execute(
        "DELETE FROM repeats WHERE (table_name, row_key, row_hash) IN "
        "(SELECT (table_name, row_key, row_hash) FROM renamed)"
    )


def _empty(cur: _Cursor, lines: list[tuple[int, int]]) -> int:
    """The line stays, so that the rows of its import still add up; its cells go."""
    if not lines:
        return 0
    rows = cur.execute(
        "UPDATE raw_rows SET cells = [], "
        "reason = CASE WHEN status = 'rejected' THEN $reason END WHERE (import_id, line_no) IN "
        "(SELECT (unnest($imports), unnest($lines)))",
        {
            "reason": erasure.REASON,
            "imports": [number for number, _ in lines],
            "lines": [line for _, line in lines],
        },
    ).fetchall()
    return int(rows[0][0])


def _redact(cur: _Cursor, person: Person, lines: set[tuple[int, int]]) -> None:
    """Receipts quote rejected rows, and a mapping may quote a cell that a person explained."""
    imports = cur.execute("SELECT import_id, receipt, mapping FROM imports").fetchall()
    for number, receipt, mapping in imports:
        document = json.loads(receipt)
        for reject in document.get("rejects", ()):
            if (number, reject["line"]) in lines:
                reject |= {"raw": [], "reason": erasure.REASON}
        told = _unquoted(json.dumps(document), person.names)
        mapped = _unquoted(mapping, person.names)
        if told != receipt or mapped != mapping:
            cur.execute(
                "UPDATE imports SET receipt = $receipt, mapping = $mapping WHERE import_id = $id",
                {"receipt": told, "mapping": mapped, "id": number},
            )


def _unquoted(text: str, names: Iterable[str]) -> str:
    """``text`` with every quoted name of the person replaced by a word that names nobody."""
    for name in names:
        quoted = re.escape(json.dumps(name)[1:-1])
        text = re.sub(rf"(['\"]){quoted}(\\?['\"])", r"\1erased\2", text)
    return text


def _drop_derived(cur: _Cursor) -> None:
    """The panel is made again from what is left."""
    for kind, listed in (("VIEW", "duckdb_views"), ("TABLE", "duckdb_tables")):
        found = cur.execute(
            f"SELECT {kind.lower()}_name FROM {listed}() WHERE NOT internal AND NOT temporary "
            f"AND starts_with({kind.lower()}_name, 'panel_')"
        ).fetchall()
        for (name,) in found:
            cur.execute(f'DROP {kind} "{name}"')


def _count(counts: dict[str, int], table: str, rows: int) -> None:
    if rows:
        counts[table] = counts.get(table, 0) + rows
