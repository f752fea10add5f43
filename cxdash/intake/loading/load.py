"""A file and a mapping in, canonical rows and a receipt out: whole, or not at all."""

import contextlib
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from cxdash.errors import FileRefused, MappingIncomplete, UsageError
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading import versions
from cxdash.intake.loading.account import account, now
from cxdash.intake.loading.receipt import Receipt, to_csv
from cxdash.intake.loading.typed import TYPED, key_columns, type_rows
from cxdash.intake.loading.zones import refuse_mixed_zones
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import STAGED, Progress, stage
from cxdash.intake.reading.table import Table, open_table
from cxdash.intake.recognition.remembered import fingerprint
from cxdash.store import Database

__all__ = ["imports", "load", "rejected_rows", "undo"]

_RESERVE: Final = 200 << 20


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
    _refuse_full_disk(db, path)
    tell(0.01, "Looking at the file")
    table = open_table(path, file_name=file_name, spec=mapping.file)
    _refuse_incomplete(table, mapping)
    with db.writing() as cur:
        tell(0.05, "Reading")
        read = stage(cur, table, mapping.sources, lambda _, text: tell(0.1, text))
        tell(0.4, f"Checking {read:,} rows")
        refuse_mixed_zones(cur, table, mapping)
        type_rows(cur, table, mapping, today or datetime.now(UTC).date())
        _refuse_undecided_repeats(cur, table, mapping)
        tell(0.6, "Comparing with what is loaded")
        import_id = int(cur.execute("SELECT nextval('import_ids')").fetchall()[0][0])
        _standing(cur, mapping)
        tell(0.75, "Storing")
        _store(cur, mapping, import_id)
        receipt = account(cur, table, mapping, import_id, is_demo=is_demo)
        _write_down(cur, table, mapping, receipt)
        _sweep(cur)
        tell(0.95, "Writing to disk")
    tell(1.0, "Done")
    return receipt


def undo(db: Database, *import_ids: int) -> Receipt:
    """Take imports back, all or none; what counted before them counts again.

    The newest is taken back first. Returns the receipt of the one given last.

    Raises
    ------
    UsageError
        If there is no such import, or it has been undone already.
    """
    undone: dict[int, Receipt] = {}
    with db.writing() as cur:
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


def _silent(_share: float, _text: str) -> None:
    """Nobody listens to the progress."""


def _refuse_full_disk(db: Database, path: Path) -> None:
    """A transaction that runs out of disk leaves the database file as big as the disk."""
    with contextlib.suppress(FileNotFoundError):
        need = 3 * path.stat().st_size + _RESERVE
        free = shutil.disk_usage(db.path.resolve().parent).free
        if free < need:
            raise FileRefused(
                f"The disk has {free / 1e6:,.0f} MB left; importing this file safely takes "
                f"{need / 1e6:,.0f} MB.",
                file=path.name,
                do_next="Free some space and import the file again.",
            )


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


def _standing(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Fill ``keyed``: every row with its key, hash, reason and standing against what is loaded."""
    row_key = "own_key"
    if not key_columns(mapping):
        prefix = "$source || ':' || " if mapping.source else ""
        row_key = (
            f"{prefix}content || '#' || row_number() OVER "
            "(PARTITION BY refusal IS NULL, content ORDER BY line_no)"
        )
    if mapping.repeats == "drop" and not key_columns(mapping):
        row_key = f"{'$source || chr(58) || ' if mapping.source else ''}content || '#1'"
    given = {"source": mapping.source} if "$source" in row_key else {}
    for name in ("keyed", "twice", "fresh"):
        cur.execute(f"DROP TABLE IF EXISTS {name}")
    cur.execute(
        f"CREATE TEMP TABLE named_rows AS SELECT *, {row_key} AS row_key FROM {TYPED}", given
    )
    cur.execute(
        "CREATE TEMP TABLE twice AS SELECT row_key, min(line_no) AS first_line, "
        "max(line_no) AS last_line, min(content) <> max(content) AS differ "
        "FROM named_rows WHERE refusal IS NULL GROUP BY row_key HAVING count(*) > 1"
    )
    conflict = "t.differ" if mapping.conflicts == "reject" else "false"
    extra = (
        "n.line_no <> t.first_line" if mapping.conflicts == "reject" else "n.line_no <> t.last_line"
    )
    cur.execute(
        f"""
        CREATE TEMP TABLE keyed AS
        SELECT n.* EXCLUDE (refusal), n.content AS row_hash,
          CASE WHEN n.refusal IS NOT NULL THEN n.refusal
               WHEN {conflict} THEN 'the same ' || $what || ' appears on lines ' || t.first_line
                 || ' and ' || t.last_line || ' with different content' END AS refusal,
          CASE WHEN n.refusal IS NOT NULL OR coalesce({conflict}, false) THEN 'rejected'
               WHEN coalesce({extra}, false) THEN 'extra'
               WHEN old.row_key IS NULL THEN 'new'
               WHEN old.row_hash = n.content THEN 'repeat'
               ELSE 'superseding' END AS standing
        FROM named_rows AS n
        LEFT JOIN twice AS t ON t.row_key = n.row_key AND n.refusal IS NULL
        LEFT JOIN {mapping.kind} AS old
          ON old.row_key = n.row_key AND old.is_current AND n.refusal IS NULL
        """,
        {"what": " and ".join(mapping.key or KINDS[mapping.kind].key) or "row"},
    )
    cur.execute("DROP TABLE named_rows")
    if KINDS[mapping.kind].own_id and KINDS[mapping.kind].own_id not in mapping.columns:
        cur.execute(f"UPDATE keyed SET {KINDS[mapping.kind].own_id} = row_key")
    _aliases(cur, mapping)


def _aliases(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> None:
    """Fill ``alias_rows``: every other name of a customer in the file, with its standing.

    A row is one name of one customer, so that a second owner, in this file or a later one, stands
    beside the first. Who joins by names gives a name of two customers to neither.
    """
    cur.execute("DROP TABLE IF EXISTS alias_rows")
    named = [
        f"SELECT a{at} AS alias, customer_id, line_no FROM keyed WHERE standing <> 'rejected'"
        for at in range(len(mapping.aliases))
    ]
    union = " UNION ALL ".join(named) or "SELECT NULL::VARCHAR, NULL::VARCHAR, 0 WHERE false"
    # A bar inside a part is doubled, so that no two pairs can look the same.
    cur.execute(
        f"""
        CREATE TEMP TABLE alias_rows AS
        WITH found(alias, customer_id, line_no) AS ({union}),
        pairs AS (
          SELECT alias, customer_id, min(line_no) AS line_no,
            replace(alias, '|', '||') || '|' || replace(customer_id, '|', '||') AS row_key
          FROM found WHERE alias IS NOT NULL AND alias <> customer_id GROUP BY ALL
        )
        SELECT p.*, md5(p.row_key) AS row_hash,
          CASE WHEN old.row_key IS NULL THEN 'new' ELSE 'repeat' END AS standing
        FROM pairs AS p LEFT JOIN customer_keys AS old
          ON old.row_key = p.row_key AND old.is_current
        """
    )
    # A line that only adds another name of a known customer has been loaded, not repeated.
    cur.execute(
        "UPDATE keyed SET standing = 'added' WHERE standing IN ('extra', 'repeat') AND line_no IN "
        "(SELECT line_no FROM alias_rows WHERE standing = 'new')"
    )


def _store(cur: duckdb.DuckDBPyConnection, mapping: Mapping, import_id: int) -> None:
    cur.execute(
        "INSERT INTO raw_rows SELECT $id, line_no, raw, CASE WHEN standing = 'rejected' "
        "THEN 'rejected' WHEN standing IN ('extra', 'repeat') THEN 'duplicate' ELSE 'loaded' END, "
        "refusal FROM keyed",
        {"id": import_id},
    )
    main, *others = versions.entities(mapping.kind)
    # A line that only added a name still repeats the customer it belongs to.
    cur.execute(
        "CREATE TEMP TABLE fresh AS SELECT * REPLACE "
        f"(CASE WHEN standing = 'added' AND row_key IN (SELECT row_key FROM {main.name} "
        "WHERE is_current) AND row_key NOT IN (SELECT row_key FROM twice) "
        "THEN 'repeat' ELSE standing END AS standing) FROM keyed"
    )
    versions.add(cur, main, "fresh", import_id)
    for entity in others:
        versions.add(cur, entity, "alias_rows", import_id)
    if mapping.kind == "responses":
        _store_items(cur, mapping, import_id)
    for at, trait in enumerate(mapping.traits):
        cur.execute(
            f"INSERT INTO traits SELECT $trait, t{at}, row_key, $id, line_no, true FROM fresh "
            f"WHERE standing IN ('new', 'superseding') AND t{at} IS NOT NULL",
            {"trait": trait, "id": import_id},
        )


def _store_items(cur: duckdb.DuckDBPyConnection, mapping: Mapping, import_id: int) -> None:
    good = "FROM fresh WHERE standing IN ('new', 'superseding')"
    for at, score in enumerate(mapping.scores):
        cur.execute(
            "INSERT INTO scores SELECT $item, $variant, "
            f"s{at}, $low, $high, true, row_key, $id, line_no, true {good} AND s{at} IS NOT NULL",
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
            f"INSERT INTO comments SELECT $item, k{at}, row_key, $id, line_no, true {good} "
            f"AND k{at} IS NOT NULL",
            {"item": comment.item, "id": import_id},
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
        "columns": list(mapping.sources),
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


def _sweep(cur: duckdb.DuckDBPyConnection) -> None:
    for name in (STAGED, TYPED, "keyed", "twice", "fresh", "alias_rows"):
        cur.execute(f"DROP TABLE IF EXISTS {name}")
