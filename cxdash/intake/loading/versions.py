"""Which version of a row counts: the one of the latest import that holds it.

Canonical rows are never changed in place. An import adds versions; ``is_current`` marks the one
that counts. A row equal to the version then current is not stored again but noted in ``repeats``.
"""

from dataclasses import dataclass
from typing import Final

import duckdb

from cxdash.store.tables import CANONICAL

__all__ = ["CHILDREN", "Entity", "add", "entities", "forget"]

CHILDREN: Final = {"responses": ("scores", "comments", "choices"), "snapshots": ("traits",)}


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical table whose rows have a key and a hash of their own."""

    name: str
    columns: tuple[str, ...]
    children: tuple[str, ...] = ()


def entities(kind: str) -> tuple[Entity, ...]:
    """The tables a kind of extract fills, children apart."""
    names = (kind, "customer_keys") if kind == "customers" else (kind,)
    return tuple(
        Entity(name, tuple(CANONICAL[name].types), CHILDREN.get(name, ())) for name in names
    )


def add(cur: duckdb.DuckDBPyConnection, entity: Entity, fresh: str, import_id: int) -> None:
    """Store the good rows of ``fresh`` as versions of this import.

    ``fresh`` is a temporary table with the entity's columns, ``row_key``, ``row_hash``, ``line_no``
    and ``standing``: ``new``, ``superseding`` or ``repeat``.
    """
    superseding, repeating = cur.execute(
        "SELECT count(*) FILTER (standing = 'superseding'), count(*) FILTER (standing = 'repeat') "
        f"FROM {fresh}"
    ).fetchall()[0]
    for table in (entity.name, *entity.children) if superseding else ():
        cur.execute(
            f"UPDATE {table} SET is_current = false WHERE is_current AND row_key IN "
            f"(SELECT row_key FROM {fresh} WHERE standing = 'superseding')"
        )
    columns = ", ".join(entity.columns)
    cur.execute(
        f"INSERT INTO {entity.name} ({columns}, row_key, row_hash, import_id, line_no, is_current) "
        f"SELECT {columns}, row_key, row_hash, $import, line_no, true "
        f"FROM {fresh} WHERE standing IN ('new', 'superseding')",
        {"import": import_id},
    )
    if repeating:
        cur.execute(
            "INSERT INTO repeats SELECT $name, row_key, row_hash, $import, line_no "
            f"FROM {fresh} WHERE standing = 'repeat'",
            {"name": entity.name, "import": import_id},
        )


def forget(cur: duckdb.DuckDBPyConnection, entity: Entity, import_id: int) -> dict[str, int]:
    """Take an import's versions away, as if it had never been.

    Returns counts: ``removed`` rows that no other import holds, ``restored`` rows whose earlier
    version counts again, ``handed_over`` rows a later import repeats and now holds.
    """
    _history(cur, entity, import_id)
    before = _states(cur, entity, import_id)
    _rewrite(cur, entity)
    return before


def _history(cur: duckdb.DuckDBPyConnection, entity: Entity, import_id: int) -> None:
    """All entries of the keys the import touches, without its own, each with its new standing."""
    cur.execute("DROP TABLE IF EXISTS touched")
    cur.execute(
        f"CREATE TEMP TABLE touched AS SELECT row_key FROM {entity.name} "
        "WHERE import_id = $import UNION "
        "SELECT row_key FROM repeats WHERE import_id = $import AND table_name = $name",
        {"import": import_id, "name": entity.name},
    )
    cur.execute("DROP TABLE IF EXISTS history")
    cur.execute(
        f"""
        CREATE TEMP TABLE history AS
        WITH entries AS (
          SELECT row_key, row_hash, import_id, line_no FROM {entity.name}
          WHERE row_key IN (SELECT row_key FROM touched)
          UNION ALL
          SELECT row_key, row_hash, import_id, line_no FROM repeats
          WHERE table_name = $name AND row_key IN (SELECT row_key FROM touched)
        ), content AS (
          -- Equal hashes mean equal content, so any stored version of that hash can lend it.
          SELECT row_key, row_hash, max(import_id) AS lender FROM {entity.name}
          WHERE row_key IN (SELECT row_key FROM touched) GROUP BY ALL
        )
        SELECT e.row_key, e.row_hash, e.import_id, e.line_no, c.lender,
          lag(e.row_hash) OVER by_import IS NOT DISTINCT FROM e.row_hash AS is_repeat,
          CAST(NULL AS BOOLEAN) AS is_current
        FROM entries AS e JOIN content AS c USING (row_key, row_hash)
        WHERE e.import_id <> $import
        WINDOW by_import AS (PARTITION BY e.row_key ORDER BY e.import_id)
        """,
        {"import": import_id, "name": entity.name},
    )
    cur.execute(
        "UPDATE history SET is_current = NOT is_repeat AND import_id = latest.last "
        "FROM (SELECT row_key AS key, max(import_id) AS last FROM history "
        "WHERE NOT is_repeat GROUP BY ALL) AS latest WHERE history.row_key = latest.key"
    )
    cur.execute("UPDATE history SET is_current = false WHERE is_current IS NULL")


def _states(cur: duckdb.DuckDBPyConnection, entity: Entity, import_id: int) -> dict[str, int]:
    found = cur.execute(
        f"""
        WITH mine AS (SELECT row_key, row_hash, is_current FROM {entity.name}
                      WHERE import_id = $import)
        SELECT
          count(*) FILTER (NOT EXISTS (SELECT 1 FROM history AS h WHERE h.row_key = m.row_key)),
          count(*) FILTER (EXISTS (SELECT 1 FROM history AS h
            WHERE h.row_key = m.row_key AND h.is_current AND h.row_hash <> m.row_hash
            AND m.is_current)),
          count(*) FILTER (EXISTS (SELECT 1 FROM history AS h
            WHERE h.row_key = m.row_key AND h.row_hash = m.row_hash))
        FROM mine AS m
        """,
        {"import": import_id},
    ).fetchall()[0]
    return {"removed": found[0], "restored": found[1], "handed_over": found[2]}


def _rewrite(cur: duckdb.DuckDBPyConnection, entity: Entity) -> None:
    """Replace all versions of the touched keys by what ``history`` says."""
    columns = ", ".join(f"old.{column}" for column in entity.columns)
    children = {child: tuple(CANONICAL[child].types) for child in entity.children}
    cur.execute("DROP TABLE IF EXISTS lent")
    cur.execute(
        f"CREATE TEMP TABLE lent AS SELECT {columns}, h.row_key, h.row_hash, h.import_id, "
        f"h.line_no, h.is_current FROM history AS h JOIN {entity.name} AS old "
        "ON old.row_key = h.row_key AND old.import_id = h.lender AND old.row_hash = h.row_hash "
        "WHERE NOT h.is_repeat"
    )
    for child, names in children.items():
        listed = ", ".join(f"old.{name}" for name in names)
        cur.execute(f"DROP TABLE IF EXISTS lent_{child}")
        cur.execute(
            f"CREATE TEMP TABLE lent_{child} AS SELECT {listed}, h.row_key, h.import_id, "
            f"h.line_no, h.is_current FROM history AS h JOIN {child} AS old "
            "ON old.row_key = h.row_key AND old.import_id = h.lender WHERE NOT h.is_repeat"
        )
    for table in (entity.name, *children):
        cur.execute(f"DELETE FROM {table} WHERE row_key IN (SELECT row_key FROM touched)")
        lent = "lent" if table == entity.name else f"lent_{table}"
        cur.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {lent}")
        cur.execute(f"DROP TABLE {lent}")
    cur.execute(
        "DELETE FROM repeats WHERE table_name = $name AND row_key IN (SELECT row_key FROM touched)",
        {"name": entity.name},
    )
    cur.execute(
        "INSERT INTO repeats SELECT $name, row_key, row_hash, import_id, line_no "
        "FROM history WHERE is_repeat",
        {"name": entity.name},
    )
    cur.execute("DROP TABLE touched")
    cur.execute("DROP TABLE history")
