"""A file and a mapping in, canonical rows and a receipt out: whole, or not at all."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from cxdash.errors import MappingIncomplete
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.account import Run, account
from cxdash.intake.loading.namesakes import refuse_namesakes
from cxdash.intake.loading.noted import noted
from cxdash.intake.loading.receipt import Receipt
from cxdash.intake.loading.room import require_room
from cxdash.intake.loading.standing import stand, sweep
from cxdash.intake.loading.storing import store
from cxdash.intake.loading.typed import TYPED, key_columns, type_rows
from cxdash.intake.loading.zones import refuse_mixed_zones
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import STAGED, Progress, stage
from cxdash.intake.reading.table import Table, open_table
from cxdash.intake.recognition.remembered import fingerprint
from cxdash.intake.shaping import reshape
from cxdash.store import Database

__all__ = ["load"]


def load(
    db: Database,
    path: Path | str,
    mapping: Mapping,
    *,
    file_name: str | None = None,
    is_demo: bool = False,
    progress: Progress | None = None,
    today: date | None = None,
) -> Receipt:
    """Load a file in one transaction.

    Parameters
    ----------
    file_name
        What the person calls the file, when it lies under another name.
    progress
        Called with a share from 0 to 1 and a sentence.
    today
        The day of the import; rows dated later are rejected.

    Raises
    ------
    FileRefused, MappingIncomplete
        Nothing was loaded.
    """
    tell = progress or _silent
    path = Path(path)
    day = today or datetime.now(UTC).date()
    name = file_name or path.name
    with noted(path, name, mapping.kind) as done:
        receipt = _loaded(db, path, mapping, _Wish(name, file_name, is_demo, day), tell)
        done(receipt)
    tell(1.0, "Done")
    return receipt


@dataclass(frozen=True, slots=True)
class _Wish:
    """How the file is called, by what name it was given, whether it is demo data, and the day."""

    name: str
    file_name: str | None
    is_demo: bool
    day: date


def _loaded(db: Database, path: Path, mapping: Mapping, wish: _Wish, tell: Progress) -> Receipt:
    require_room(db, path, wish.name)
    tell(0.01, "Looking at the file")
    table = open_table(path, file_name=wish.file_name, spec=mapping.file)
    _refuse_incomplete(table, mapping)
    with db.writing() as cur:
        tell(0.05, "Reading")
        lines = stage(cur, table, mapping.sources, lambda _, text: tell(0.1, text))
        tell(0.4, f"Checking {lines:,} rows")
        shaped = reshape(cur, table, mapping)
        refuse_mixed_zones(cur, shaped, mapping)
        type_rows(cur, shaped, mapping, wish.day)
        _refuse_undecided_repeats(cur, table, mapping)
        tell(0.6, "Comparing with what is loaded")
        import_id = int(cur.execute("SELECT nextval('import_ids')").fetchall()[0][0])
        stand(cur, mapping)
        refuse_namesakes(cur, table, mapping)
        tell(0.75, "Storing")
        store(cur, shaped, mapping, import_id)
        spread = lines if shaped is not table else 0
        receipt = account(cur, table, mapping, Run(import_id, spread, wish.day, wish.is_demo))
        _write_down(cur, table, mapping, receipt)
        sweep(cur)
        for name in (TYPED, STAGED):
            cur.execute(f"DROP TABLE {name}")
        tell(0.95, "Writing to disk")
    return receipt


def _silent(_share: float, _text: str) -> None:
    """Nobody listens to the progress."""


def _refuse_incomplete(table: Table, mapping: Mapping) -> None:
    absent = [name for name in mapping.sources if name not in table.header]
    if absent:
        raise MappingIncomplete(
            f"{table.scan.name} has no column {absent[0]!r}, which the mapping reads. "
            f"It has: {', '.join(table.header[:40])}.",
            questions=[f"Which column takes the place of {name!r}?" for name in absent],
            do_next="The layout changed: map the columns again, or choose the right mapping.",
        )
    questions = [doubt.text for doubt in table.doubts]
    questions += [
        f"Which column holds {role}, or what is its fixed value?" for role in mapping.missing()
    ]
    if questions:
        raise MappingIncomplete(
            f"{table.scan.name} cannot be loaded as {KINDS[mapping.kind].title} yet.",
            questions=questions,
            do_next="Answer the questions on the Import page, or complete the mapping file.",
        )


def _refuse_undecided_repeats(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping
) -> None:
    if key_columns(mapping) or mapping.repeats:
        return
    found = cur.execute(
        f"SELECT min(line_no), max(line_no), count(*) FROM {TYPED} WHERE refusal IS NULL "
        "GROUP BY content HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchall()
    if found:
        first, last, _ = found[0]
        raise MappingIncomplete(
            f"{table.scan.name} has equal rows, for example on lines {first} and {last}, and no "
            "column that names a row.",
            questions=["Are equal rows separate events, or one event written twice?"],
            do_next='Set repeats = "keep" or repeats = "drop" in the mapping, or name a key.',
        )


def _write_down(
    cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, receipt: Receipt
) -> None:
    row: dict[str, Any] = {
        "import_id": receipt.import_id,
        "kind": receipt.kind,
        "file_name": receipt.file_name,
        "sheet": receipt.sheet or None,
        "sha256": receipt.sha256,
        "bytes": receipt.bytes,
        "layout": fingerprint(table.header),
        "mapping": receipt.mapping,
        "columns": list(mapping.cells),
        "completeness": mapping.completeness,
        "is_demo": receipt.is_demo,
        "rows_read": receipt.rows_read,
        "rows_loaded": receipt.rows_loaded,
        "rows_superseding": receipt.rows_superseding,
        "rows_duplicate": receipt.rows_duplicate,
        "rows_rejected": receipt.rows_rejected,
        "receipt": json.dumps(receipt.to_json()),
        "imported_at": receipt.imported_at,
    }
    names = ", ".join(row)
    places = ", ".join(f"${name}" for name in row)
    cur.execute(f"INSERT INTO imports ({names}) VALUES ({places})", row)
