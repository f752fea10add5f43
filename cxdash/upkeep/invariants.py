"""What must hold between the tables whatever was loaded, undone or erased."""

from collections.abc import Iterator, Mapping

import duckdb

from cxdash.facts.format import counted
from cxdash.register.records import digest
from cxdash.store import CANONICAL
from cxdash.store.sums import sums
from cxdash.upkeep.finding import Finding, bad, fine, hint

__all__ = ["invariants"]

_Cursor = duckdb.DuckDBPyConnection
_RESTORE = "Restore the newest backup, or undo the import named and load its file again."
_RESTORE_BACKUP = "Restore the newest backup."


def invariants(cur: _Cursor) -> Iterator[Finding]:
    """A finding for each rule."""
    yield _rows_add_up(cur)
    yield _one_version_counts(cur)
    yield _every_row_has_its_import(cur)
    yield _no_orphans(cur)
    yield _money_as_in_receipts(cur)
    yield _days_are_possible(cur)
    yield _entries_are_whole(cur)


def _rows_add_up(cur: _Cursor) -> Finding:
    wrong = cur.execute(
        """
        SELECT i.import_id FROM imports AS i LEFT JOIN (
          SELECT import_id, count(*) FILTER (status = 'loaded') AS loaded,
            count(*) FILTER (status = 'duplicate') AS duplicate,
            count(*) FILTER (status = 'rejected') AS rejected
          FROM raw_rows GROUP BY import_id
        ) AS r USING (import_id)
        WHERE i.rows_read <> i.rows_loaded + i.rows_duplicate + i.rows_rejected
          OR (i.undone_at IS NULL AND (coalesce(r.loaded, 0) <> i.rows_loaded
            OR coalesce(r.duplicate, 0) <> i.rows_duplicate
            OR coalesce(r.rejected, 0) <> i.rows_rejected))
        ORDER BY 1
        """
    ).fetchall()
    if wrong:
        numbers = ", ".join(str(row[0]) for row in wrong)
        return bad("rows", f"The rows of import {numbers} do not add up to its receipt.", _RESTORE)
    return fine("rows", "Of every import, rows read = loaded + duplicate + rejected.")


def _one_version_counts(cur: _Cursor) -> Finding:
    named = _counted(
        cur,
        {
            name: (
                f"SELECT count(*) FROM (SELECT row_key FROM {name} WHERE is_current "
                "GROUP BY row_key HAVING count(*) > 1)"
            )
            for name, table in CANONICAL.items()
            if table.parent is None or name == "customer_keys"
        },
    )
    if named:
        return bad("versions", f"Of some rows two versions count at once: {named}.", _RESTORE)
    return fine("versions", "Of every row one version counts.")


def _every_row_has_its_import(cur: _Cursor) -> Finding:
    named = _counted(
        cur,
        {
            name: (
                f"SELECT count(*) FROM {name} WHERE import_id NOT IN "
                "(SELECT import_id FROM imports WHERE undone_at IS NULL)"
            )
            for name in (*CANONICAL, "repeats", "raw_rows")
        },
    )
    if named:
        return bad("lineage", f"Rows without an import that counts: {named}.", _RESTORE)
    return fine("lineage", "Every row leads back to its import.")


def _no_orphans(cur: _Cursor) -> Finding:
    named = _counted(
        cur,
        {
            name: (
                f"SELECT count(*) FROM {name} AS c ANTI JOIN {table.parent} AS p "
                "ON p.row_key = c.row_key AND p.import_id = c.import_id"
            )
            for name, table in CANONICAL.items()
            if table.parent is not None and name != "customer_keys"
        },
    )
    if named:
        return bad("orphans", f"Rows without the answer they belong to: {named}.", _RESTORE)
    return fine("orphans", "Every rating and comment has its answer.")


def _money_as_in_receipts(cur: _Cursor) -> Finding:
    wrong = [
        f"import {one.import_id} ({one.currency}: {one.held:,.2f} instead of {one.due:,.2f})"
        for one in sums(cur)
        if one.held != one.due
    ]
    if wrong:
        return bad("money", f"Money differs from the receipt of {', '.join(wrong)}.", _RESTORE)
    return fine(
        "money", f"Money by currency is what the receipts say, to the last decimal{_less(cur)}."
    )


def _less(cur: _Cursor) -> str:
    """Says so where sums are less, or more, than on a receipt because of what people did since."""
    taken = cur.execute("SELECT count(*) FROM sum_changes").fetchall()[0][0]
    return ", but for what was undone or erased since" if taken else ""


def _days_are_possible(cur: _Cursor) -> Finding:
    columns = {
        "responses": "answered_at",
        "contacts": "contacted_at",
        "orders": "ordered_at",
        "invitations": "sent_at",
    }
    named = _counted(
        cur,
        {
            name: (
                f"SELECT count(*) FROM {name} WHERE is_current AND "
                f"({column} < TIMESTAMP '1970-01-02' "
                f"OR {column} > now()::TIMESTAMP + INTERVAL 2 DAY)"
            )
            for name, column in columns.items()
        },
    )
    if named:
        return hint(
            "days",
            f"Rows dated in the future or before 1970: {named}.",
            "Look at the clock of this machine, and at the dates in the files they came from.",
        )
    return fine("days", "No row is dated in the future or before 1970.")


def _entries_are_whole(cur: _Cursor) -> Finding:
    """Versions of what people entered count from one without gaps, and say what they said."""
    broken = cur.execute(
        "SELECT entry_id FROM register_versions GROUP BY entry_id "
        "HAVING min(version) <> 1 OR max(version) <> count(*) OR count(*) <> "
        "count(DISTINCT version) ORDER BY 1"
    ).fetchall()
    kept = cur.execute(
        "SELECT entry_id, version, entry_kind, fields, digest FROM register_versions "
        "WHERE NOT redacted ORDER BY 1, 2"
    ).fetchall()
    changed = [
        f"{entry} version {version}"
        for entry, version, kind, fields, known in kept
        if digest(kind, fields) != known
    ]
    wrong = [f"{row[0]} has gaps in its versions" for row in broken]
    wrong += [f"{one} is not what was entered" for one in changed]
    if wrong:
        return bad("entries", f"Of what people entered: {'; '.join(wrong)}.", _RESTORE_BACKUP)
    return fine("entries", "What people entered has every version, each as it was entered.")


def _counted(cur: _Cursor, counts: Mapping[str, str]) -> str:
    """The tables of which the SQL counts any rows, with how many; empty if of none."""
    found = {name: int(cur.execute(sql).fetchall()[0][0]) for name, sql in counts.items()}
    return ", ".join(f"{counted(n, 'row', 'rows')} of {name}" for name, n in found.items() if n)
