"""What the store remembers of imports: receipts, and the rows that were rejected."""

from cxdash.errors import UsageError
from cxdash.intake.loading.receipt import Receipt
from cxdash.store import Database
from cxdash.store.spreadsheet import to_csv

__all__ = ["imports", "rejected_rows"]


def imports(db: Database) -> list[Receipt]:
    """The receipt of every import, undone ones included, the newest first."""
    rows = db.rows("SELECT receipt FROM imports ORDER BY import_id DESC")
    return [Receipt.from_json(row["receipt"]) for row in rows]


def rejected_rows(db: Database, import_id: int) -> str:
    """All rejected rows of an import as CSV that is safe to open in a spreadsheet.

    A row that does not line up with the header stands whole in a last column.

    Raises
    ------
    UsageError
        If there is no such import.
    """
    found = db.rows("SELECT columns FROM imports WHERE import_id = ?", [import_id])
    if not found:
        raise UsageError(f"There is no import {import_id}.")
    rows = db.rows(
        "SELECT line_no, reason, cells FROM raw_rows "
        "WHERE import_id = ? AND status = 'rejected' ORDER BY line_no",
        [import_id],
    )
    header = ["line", "reason", *found[0]["columns"]]
    lines = [[row["line_no"], row["reason"], *row["cells"]] for row in rows]
    if any(len(line) > len(header) for line in lines):
        header.append("row as it came")
    return to_csv(header, [[*line, *[""] * (len(header) - len(line))] for line in lines])
