"""How the tests of the app open it and read what it says."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from cxdash.store import Database

Open = Callable[..., AppTest]


def words(at: AppTest) -> str:
    """Everything written on the page, with the escapes taken off."""
    parts = [
        element.value
        for kind in ("title", "header", "subheader", "markdown")
        for element in at.get(kind)
    ]
    return "\n".join(parts).replace("\\", "").replace("\u2060", "")


def add_import(path: Path, *, is_demo: bool) -> None:
    """One row in the ledger, enough for a page to believe that something is loaded."""
    with Database(path) as db, db.writing() as cur:
        cur.execute(
            "INSERT INTO imports BY NAME SELECT 1 AS import_id, 'customers' AS kind, 'c.csv' AS "
            "file_name, 'ab' AS sha256, 1 AS bytes, 'x' AS layout, '' AS mapping, "
            "['a'] AS columns, "
            "'unknown' AS completeness, ? AS is_demo, 0 AS rows_read, 0 AS rows_loaded, 0 AS "
            "rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
            "TIMESTAMP '2026-11-01' AS imported_at",
            [is_demo],
        )
