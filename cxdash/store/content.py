"""What the tables hold, boiled down to counts and hashes: the proof that two files hold the same.

Hashes do not depend on the order of rows. Tables of the panel are derived and are left out.
"""

from dataclasses import dataclass
from typing import Any

import duckdb

__all__ = ["Content", "content", "differing", "tables"]


@dataclass(frozen=True, slots=True)
class Content:
    """One table: its rows, and a hash of them all."""

    rows: int
    digest: str


def tables(cur: duckdb.DuckDBPyConnection, database: str | None = None) -> list[str]:
    """Names of the tables that hold what people loaded or entered, in order."""
    found = cur.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary "
        "AND database_name = coalesce($database, current_database()) "
        "AND NOT starts_with(table_name, 'panel_') ORDER BY table_name",
        {"database": database},
    ).fetchall()
    return [row[0] for row in found]


def content(cur: duckdb.DuckDBPyConnection, database: str | None = None) -> dict[str, Content]:
    """Every table with its rows and hash; reads all of them, so damage anywhere is found.

    ``database`` is the name of an attached database; the main one unless given.
    """
    prefix = f'"{database}".' if database else ""
    return {name: _of(cur, f'{prefix}main."{name}"') for name in tables(cur, database)}


def differing(one: dict[str, Content], other: dict[str, Content]) -> list[str]:
    """Names of the tables that do not hold the same, or that only one of both has."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _of(cur: Any, table: str) -> Content:
    rows, digest = cur.execute(
        "SELECT count(*), coalesce(sum(CAST(md5_number_lower(CAST(t AS VARCHAR)) AS HUGEINT)), 0) "
        f"FROM {table} AS t"
    ).fetchall()[0]
    return Content(int(rows), f"{int(digest):x}")
