"""Rows that stand, put into the store: raw cells of every row, versions, and what hangs on them."""

from typing import Final

import duckdb

from cxdash.intake.loading import versions
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table
from cxdash.store import erasure

__all__ = ["store"]

_LOADED: Final = "standing IN ('new', 'superseding')"


def store(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, import_id: int) -> None:
    """Put the rows that :func:`~cxdash.intake.loading.standing.stand` judged into the store."""
    _store_raw(cur, table, mapping, import_id)
    main, *others = versions.entities(mapping.kind)
    fresh = "keyed"
    if mapping.aliases:
        # A line that only added a name still repeats the customer it belongs to.
        fresh = "fresh"
        cur.execute(
            "CREATE TEMP TABLE fresh AS SELECT * REPLACE "
            f"(CASE WHEN standing = 'added' AND row_key IN (SELECT row_key FROM {main.name} "
            "WHERE is_current) AND row_name NOT IN (SELECT row_name FROM twice) "
            "THEN 'repeat' ELSE standing END AS standing) FROM keyed"
        )
    versions.add(cur, main, fresh, import_id)
    for entity in others:
        versions.add(cur, entity, "alias_rows", import_id)
    if mapping.kind == "responses":
        _store_items(cur, mapping, import_id)
    for at, trait in enumerate(mapping.traits):
        cur.execute(
            f"INSERT INTO traits SELECT $trait, t{at}, row_key, $id, line_no, true FROM keyed "
            f"WHERE {_LOADED} AND t{at} IS NOT NULL",
            {"trait": trait, "id": import_id},
        )
    cur.execute("DROP TABLE IF EXISTS fresh")


def _store_raw(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, import_id: int
) -> None:
    """Every row as it came, mapped cells only, with what became of it."""
    cells = ", ".join(f"s.{column(table, name)}" for name in mapping.cells)
    cur.execute(
        "INSERT INTO raw_rows SELECT $id, s.line_no, "
        # Of somebody who was erased not even a rejected row is kept.
        "CASE WHEN u.refusal = $erased THEN [] "
        f"WHEN s.whole IS NULL THEN [{cells}] ELSE list_append([{cells}], s.whole) END, "
        "CASE WHEN u.standing = 'rejected' THEN 'rejected' "
        "WHEN u.standing IN ('extra', 'repeat') THEN 'duplicate' ELSE 'loaded' END, u.refusal "
        f"FROM {STAGED} AS s LEFT JOIN unusual AS u ON u.row_no = s.rowid",
        {"id": import_id, "erased": erasure.REASON},
    )


def _store_items(cur: duckdb.DuckDBPyConnection, mapping: Mapping, import_id: int) -> None:
    for at, score in enumerate(mapping.scores):
        cur.execute(
            "INSERT INTO scores SELECT $item, $variant, "
            f"s{at}, $low, $high, true, row_key, $id, line_no, true FROM keyed "
            f"WHERE {_LOADED} AND s{at} IS NOT NULL",
            {
                "item": score.item,
                "variant": score.variant,
                "low": score.scale_low,
                "high": score.scale_high,
                "id": import_id,
            },
        )
    for at, comment in enumerate(mapping.comments):
        cur.execute(
            f"INSERT INTO comments SELECT $item, k{at}, row_key, $id, line_no, true FROM keyed "
            f"WHERE {_LOADED} AND k{at} IS NOT NULL",
            {"item": comment.item, "id": import_id},
        )
    for at, choice in enumerate(mapping.choices):
        cur.execute(
            f"INSERT INTO choices SELECT $item, unnest(m{at}), row_key, $id, line_no, true "
            f"FROM keyed WHERE {_LOADED}",
            {"item": choice.item, "id": import_id},
        )
