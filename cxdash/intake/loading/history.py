"""Every version of a row, and what an import changed: nothing that was replaced is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from cxdash.errors import UsageError
from cxdash.intake.loading.versions import CHILDREN
from cxdash.store import CANONICAL, Database
from cxdash.store.spreadsheet import to_csv

__all__ = ["Version", "changes", "history"]

_HEADER: Final = (
    "kind",
    "row",
    "line",
    "customer",
    "column",
    "before",
    "after",
    "import before",
    "line before",
)
_NUMBERS: Final = ("DECIMAL(18,4)", "DOUBLE")
# What tells the rows a parent row has in a child table apart, and what each says.
_PARTS: Final = {
    "scores": ("item", "value"),
    "comments": ("item", "body"),
    "choices": ("item || ': ' || choice", "'chosen'"),
    "traits": ("trait", "content"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a row.

    Parameters
    ----------
    import_id, line_no, imported_at
        The import that brought it, the line it stood on, and when, in UTC.
    is_current
        Whether this is the version that counts.
    content
        The row's columns, and what hangs on it, such as the scores of an answer by their item.
    """

    import_id: int
    line_no: int
    imported_at: datetime
    is_current: bool
    content: dict[str, Any]


def history(db: Database, kind: str, row_key: str) -> tuple[Version, ...]:
    """All versions of a row that imports in force brought, the oldest first.

    Raises
    ------
    UsageError
        If there is no such kind of extract, or no such row.
    """
    if kind not in CANONICAL or CANONICAL[kind].parent:
        raise UsageError(f"There is no kind of extract called {kind!r}.")
    rows = db.rows(
        f"SELECT k.*, i.imported_at FROM {kind} AS k JOIN imports AS i USING (import_id) "
        "WHERE k.row_key = ? ORDER BY k.import_id",
        [row_key],
    )
    if not rows:
        raise UsageError(
            f"No {kind} row has the key {row_key!r}.",
            do_next="The key is what names a row in its file, such as its invoice number.",
        )
    return tuple(
        Version(
            row["import_id"],
            row["line_no"],
            row["imported_at"],
            row["is_current"],
            {name: row[name] for name in CANONICAL[kind].types}
            | _parts(db, kind, row_key, row["import_id"]),
        )
        for row in rows
    )


def _parts(db: Database, kind: str, row_key: str, import_id: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in CHILDREN.get(kind, ()):
        name, value = _PARTS[child]
        rows = db.rows(
            f"SELECT {name} AS name, {value} AS value FROM {child} "
            "WHERE row_key = ? AND import_id = ? ORDER BY 1",
            [row_key, import_id],
        )
        found |= {row["name"]: row["value"] for row in rows}
    return found


def changes(db: Database, import_id: int) -> str:
    """What an import changed in rows that were there before, as CSV: one line a changed cell.

    Safe to open in a spreadsheet.

    Raises
    ------
    UsageError
        If there is no such import, or it was undone.
    """
    found = db.rows("SELECT kind, undone_at FROM imports WHERE import_id = ?", [import_id])
    if not found:
        raise UsageError(
            f"There is no import {import_id}.",
            do_next="List the imports to see their numbers.",
        )
    if found[0]["undone_at"] is not None:
        raise UsageError(f"Import {import_id} was undone, so it changes nothing.")
    return to_csv(_HEADER, list(_changed(db, found[0]["kind"], import_id)))


def _changed(db: Database, kind: str, import_id: int) -> Iterator[tuple[object, ...]]:
    customer = "customer_id" if "customer_id" in CANONICAL[kind].types else "NULL"
    with db.cursor() as cur:
        cur.execute(
            f"""
            CREATE TEMP TABLE pairs AS
            SELECT mine.row_key, mine.line_no, mine.{customer} AS customer,
              max(old.import_id) AS import_before
            FROM {kind} AS mine JOIN {kind} AS old
              ON old.row_key = mine.row_key AND old.import_id < mine.import_id
            WHERE mine.import_id = $id GROUP BY ALL
            """.replace("mine.NULL", "NULL"),
            {"id": import_id},
        )
        parts = [(kind, f"'{name}'", f"CAST({name} AS VARCHAR)") for name in CANONICAL[kind].types]
        parts += [(child, *_PARTS[child]) for child in CHILDREN.get(kind, ())]
        sides = " UNION ALL ".join(
            f"SELECT p.row_key, {name} AS part, CAST({value} AS VARCHAR) AS said, "
            f"s.import_id = $id AS is_after, s.line_no FROM pairs AS p JOIN {table} AS s "
            "ON s.row_key = p.row_key AND s.import_id IN ($id, p.import_before)"
            for table, name, value in parts
        )
        rows = cur.execute(
            f"""
            WITH sides AS ({sides}), cells AS (
              SELECT row_key, part, min(said) FILTER (NOT is_after) AS before,
                min(said) FILTER (is_after) AS after FROM sides GROUP BY 1, 2
            )
            SELECT p.row_key, p.line_no, p.customer, c.part, c.before, c.after, p.import_before,
              old.line_no
            FROM cells AS c JOIN pairs AS p USING (row_key)
            JOIN {kind} AS old ON old.row_key = p.row_key AND old.import_id = p.import_before
            WHERE c.before IS DISTINCT FROM c.after ORDER BY p.line_no, c.part
            """,
            {"id": import_id},
        ).fetchall()
    numbers = {name for name, type_ in CANONICAL[kind].types.items() if type_ in _NUMBERS}
    if kind == "responses":
        numbers |= {row["item"] for row in db.rows("SELECT DISTINCT item FROM scores")}
    for key, line, who, part, *sides_of_it, earlier, line_before in rows:
        before, after = (
            Decimal(text) if text and part in numbers else text or "" for text in sides_of_it
        )
        yield kind, key, line, who or "", part, before, after, earlier, line_before
