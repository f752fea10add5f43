"""How every row of a file stands: against the other rows of the file, and against what is loaded.

``new`` rows have not been seen; ``superseding`` ones take the place of an earlier version;
``repeat`` ones say what is loaded already; ``extra`` ones say what another row of the file says;
``added`` ones only add another name of a known customer; ``rejected`` ones cannot be loaded.

Most rows of most files are new, so only the others are written down, in the table ``unusual``; the
view ``keyed`` shows every typed row with its ``row_key``, ``row_hash``, ``standing`` and
``refusal``. The table ``earlier`` keeps the versions that superseding rows replace, by ``row_no``.
"""

from typing import Final

import duckdb

from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.typed import TYPED, key_columns, key_names
from cxdash.intake.mapping import Mapping
from cxdash.store.tables import CANONICAL

__all__ = ["stand", "sweep"]

_TABLES: Final = ("twice", "unusual", "earlier", "alias_rows")


def stand(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Fill ``keyed``, ``earlier`` and ``alias_rows`` from the typed rows."""
    sweep(cur)
    _find_twice(cur)
    _find_unusual(cur, mapping)
    _show_keyed(cur, mapping)
    columns = ", ".join(f"old.{name}" for name in CANONICAL[mapping.kind].types)
    cur.execute(
        f"CREATE TEMP TABLE earlier AS SELECT u.row_no, {columns}, old.row_key, old.import_id, "
        f"old.line_no FROM unusual AS u JOIN {mapping.kind} AS old ON old.row_key = u.row_key "
        "AND old.is_current WHERE u.standing = 'superseding'"
    )
    _find_aliases(cur, mapping)


def sweep(cur: duckdb.DuckDBPyConnection) -> None:
    """Drop what a run of ``stand`` leaves behind."""
    cur.execute("DROP VIEW IF EXISTS keyed")
    for name in _TABLES:
        cur.execute(f"DROP TABLE IF EXISTS {name}")


def _find_twice(cur: duckdb.DuckDBPyConnection) -> None:
    """Fill ``twice``: names that several good rows of the file bear."""
    # Numbers are grouped far faster than texts, and equal texts have equal numbers.
    cur.execute(
        f"""
        CREATE TEMP TABLE twice AS
        WITH candidates AS (
          SELECT hash(row_name) AS number FROM {TYPED} WHERE refusal IS NULL
          GROUP BY ALL HAVING count(*) > 1
        )
        SELECT row_name, min(row_no) AS first_row, max(row_no) AS last_row,
          min(line_no) AS first_line, max(line_no) AS last_line,
          min(content) <> max(content) AS differ
        FROM {TYPED} WHERE refusal IS NULL AND hash(row_name) IN (SELECT number FROM candidates)
        GROUP BY row_name HAVING count(*) > 1
        """
    )


def _find_unusual(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Fill ``unusual``: every row that is not simply new, with its key, standing and reason."""
    compared = (
        f"LEFT JOIN {mapping.kind} AS old "
        "ON old.row_key = n.row_key AND old.is_current AND n.refusal IS NULL"
    )
    if not _is_any(cur, f"{mapping.kind} WHERE is_current"):
        compared = "LEFT JOIN (SELECT NULL AS row_key, NULL AS row_hash LIMIT 0) AS old ON false"
    statement = f"""
        CREATE TEMP TABLE unusual AS
        WITH named AS ({_named(mapping, repeated=_is_any(cur, "twice"))}),
        judged AS (
          SELECT n.row_no, n.row_key, n.number, coalesce(n.refusal, n.conflict) AS refusal,
            CASE WHEN n.refusal IS NOT NULL OR n.conflict IS NOT NULL THEN 'rejected'
                 WHEN n.is_extra THEN 'extra'
                 WHEN old.row_key IS NULL THEN 'new'
                 WHEN old.row_hash = n.content THEN 'repeat'
                 ELSE 'superseding' END AS standing
          FROM named AS n {compared}
        )
        SELECT row_no, row_key, refusal, standing FROM judged
        WHERE standing <> 'new' OR number > 1
        """
    what = " and ".join(key_names(mapping))
    cur.execute(statement, {"what": what} if "$what" in statement else {})


def _named(mapping: Mapping, *, repeated: bool) -> str:
    """SQL of all rows with their key, those judged whose name stands in the file more than once."""
    keyed = key_columns(mapping)
    conflict, extra, number = "CAST(NULL AS VARCHAR)", "false", "1"
    if repeated and mapping.conflicts == "reject" and keyed:
        conflict = (
            "CASE WHEN t.differ THEN 'the same ' || $what || ' appears on lines ' || t.first_line "
            "|| ' and ' || t.last_line || ' with different content' END"
        )
    if repeated and (keyed or mapping.repeats == "drop"):
        kept = "last" if mapping.conflicts == "last" else "first"
        extra = f"coalesce(r.row_no <> t.{kept}_row, false)"
    elif repeated:
        # Equal lines that are separate events are numbered, so that each has a key of its own.
        number = (
            "CASE WHEN t.row_name IS NULL THEN 1 ELSE row_number() OVER "
            "(PARTITION BY t.row_name ORDER BY r.row_no) END"
        )
    row_key = "row_name" if keyed else "row_name || '#' || number"
    joined = (
        "LEFT JOIN twice AS t ON t.row_name = r.row_name AND r.refusal IS NULL" if repeated else ""
    )
    return (
        f"SELECT *, {row_key} AS row_key FROM (SELECT r.row_no, r.row_name, r.refusal, r.content, "
        f"{conflict} AS conflict, {extra} AS is_extra, {number} AS number "
        f"FROM {TYPED} AS r {joined})"
    )


def _show_keyed(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    kind = KINDS[mapping.kind]
    row_key = "t.row_name" if key_columns(mapping) else "t.row_name || '#1'"
    standing, refusal, joined = "'new'", "CAST(NULL AS VARCHAR)", ""
    if _is_any(cur, "unusual"):
        row_key = f"coalesce(u.row_key, {row_key})"
        standing, refusal = "coalesce(u.standing, 'new')", "u.refusal"
        joined = "LEFT JOIN unusual AS u ON u.row_no = t.row_no"
    made_up = kind.own_id and kind.own_id not in mapping.columns
    cur.execute(
        "CREATE TEMP VIEW keyed AS SELECT t.* EXCLUDE (refusal) "
        f"{f'REPLACE ({row_key} AS {kind.own_id})' if made_up else ''}, {row_key} AS row_key, "
        f"t.content AS row_hash, {refusal} AS refusal, {standing} AS standing "
        f"FROM {TYPED} AS t {joined}"
    )


def _find_aliases(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Fill ``alias_rows``: every other name of a customer in the file, with its standing.

    A row is one name of one customer, so that a second owner, in this file or a later one, stands
    beside the first. Who joins by names gives a name of two customers to neither.
    """
    named = [
        f"SELECT a{at} AS alias, customer_id, line_no, row_no FROM keyed "
        "WHERE standing <> 'rejected'"
        for at in range(len(mapping.aliases))
    ]
    union = " UNION ALL ".join(named) or "SELECT NULL::VARCHAR, NULL::VARCHAR, 0, 0 WHERE false"
    # A bar inside a part is doubled, so that no two pairs can look the same.
    cur.execute(
        f"""
        CREATE TEMP TABLE alias_rows AS
        WITH found(alias, customer_id, line_no, row_no) AS ({union}),
        pairs AS (
          SELECT alias, customer_id, min(line_no) AS line_no, min(row_no) AS row_no,
            replace(alias, '|', '||') || '|' || replace(customer_id, '|', '||') AS row_key
          FROM found WHERE alias IS NOT NULL AND alias <> customer_id GROUP BY alias, customer_id
        )
        SELECT p.*, md5(p.row_key) AS row_hash,
          CASE WHEN old.row_key IS NULL THEN 'new' ELSE 'repeat' END AS standing
        FROM pairs AS p LEFT JOIN customer_keys AS old
          ON old.row_key = p.row_key AND old.is_current
        """
    )
    # A line that only adds another name of a known customer has been loaded, not repeated.
    cur.execute(
        "UPDATE unusual SET standing = 'added' WHERE standing IN ('extra', 'repeat') AND row_no IN "
        "(SELECT row_no FROM alias_rows WHERE standing = 'new')"
    )


def _is_any(cur: duckdb.DuckDBPyConnection, rows: str) -> bool:
    return bool(cur.execute(f"SELECT EXISTS (SELECT 1 FROM {rows})").fetchall()[0][0])
