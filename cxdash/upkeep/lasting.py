"""Erased stays erased: an older copy of the database is cleaned of whoever was erased since.

Only hashes of erased names are known, so the names in the copy are hashed and compared.
"""

from collections.abc import Sequence

import duckdb

from cxdash.register.redacting import texts
from cxdash.store import CANONICAL, Database, erasure
from cxdash.store.erasure import Hash
from cxdash.upkeep.compact import compact
from cxdash.upkeep.forgetting import forget
from cxdash.upkeep.person import find, spots

__all__ = ["forget_again", "keep_erased"]

_Cursor = duckdb.DuckDBPyConnection


def keep_erased(db: Database) -> int:
    """Whoever was erased does not come back with an older copy, however that came to stand here.

    Returns how many customers were taken out.
    """
    found = forget_again(db, erasure.kept(db.place))
    if found:
        compact(db)
    return found


def forget_again(db: Database, hashes: Sequence[Hash]) -> int:
    """Forget everybody of ``hashes`` whom the database does not know as erased.

    Returns how many customers were found; the bytes of their rows are gone once the database has
    been compacted.
    """
    with db.cursor() as cur:
        known = {row[0] for row in cur.execute("SELECT digest FROM erased").fetchall()}
    fresh = {entry.digest: entry for entry in hashes if entry.digest not in known}.values()
    if not fresh:
        return 0
    with db.writing() as cur:
        cur.executemany(
            "INSERT INTO erased VALUES (?, ?, ?, ?)",
            [(entry.digest, entry.what, entry.erasure, entry.erased_on) for entry in fresh],
        )
        money = {entry.erasure: entry.money for entry in fresh}
        found = 0
        while match := _somebody(cur):
            name, number = match
            forget(cur, find(cur, name), forget_money=money.get(number, False), number=number)
            found += 1
    return found


def _somebody(cur: _Cursor) -> tuple[str, int] | None:
    """A name in the data that stands for an erased customer, and which erasure that was."""
    sources = [
        f"SELECT customer_id AS name FROM {table}"
        for table, columns in CANONICAL.items()
        if "customer_id" in columns.types
    ]
    sources.append("SELECT alias FROM customer_keys")
    sources.append("SELECT unnest(CAST($entered AS VARCHAR[]))")
    for number, columns, mapping in cur.execute(
        "SELECT import_id, columns, mapping FROM imports"
    ).fetchall():
        sources += [
            f"SELECT trim(cells[{int(spot)}]) FROM raw_rows WHERE import_id = {int(number)}"
            for spot in spots(mapping, columns)[0]
        ]
    names = " UNION ".join(sources)
    found = cur.execute(
        f"SELECT n.name, e.erasure FROM ({names}) AS n JOIN erased AS e "
        f"ON e.digest = {erasure.digest_of('n.name')} AND e.what = 'customer' LIMIT 1",
        {"entered": sorted(set(texts(cur)))},
    ).fetchall()
    return (str(found[0][0]), int(found[0][1])) if found else None
