"""An import taken back: what counted before it counts again."""

import json

import duckdb

from cxdash.errors import UsageError
from cxdash.intake.loading import versions
from cxdash.intake.loading.account import now
from cxdash.intake.loading.receipt import Receipt
from cxdash.store import Database
from cxdash.store.sums import changing

__all__ = ["undo"]


def undo(db: Database, *import_ids: int) -> Receipt:
    """Take imports back, all or none; what counted before them counts again.

    The newest is taken back first. Returns the receipt of the one given last.

    Raises
    ------
    UsageError
        If there is no such import, or it has been undone already.
    """
    undone: dict[int, Receipt] = {}
    with db.writing() as cur, changing(cur):
        for import_id in sorted(set(import_ids), reverse=True):
            undone[import_id] = _undo(cur, import_id)
    return undone[import_ids[-1]]


def _undo(cur: duckdb.DuckDBPyConnection, import_id: int) -> Receipt:
    found = cur.execute(
        "SELECT receipt, undone_at FROM imports WHERE import_id = $id", {"id": import_id}
    ).fetchall()
    if not found:
        raise UsageError(
            f"There is no import {import_id}.",
            state="Nothing was changed.",
            do_next="List the imports to see their numbers.",
        )
    if found[0][1] is not None:
        raise UsageError(f"Import {import_id} was undone already.", state="Nothing was changed.")
    receipt = Receipt.from_json(found[0][0])
    counts = {"removed": 0, "restored": 0, "handed_over": 0}
    for entity in versions.entities(receipt.kind):
        for name, count in versions.forget(cur, entity, import_id).items():
            counts[name] += count if entity.name == receipt.kind else 0
    cur.execute("DELETE FROM raw_rows WHERE import_id = $id", {"id": import_id})
    undone = receipt.as_undone(counts)
    cur.execute(
        "UPDATE imports SET undone_at = $at, receipt = $receipt WHERE import_id = $id",
        {"at": now(), "receipt": json.dumps(undone.to_json()), "id": import_id},
    )
    return undone
