"""What an import did, counted from its rows before they are put away: sums, matches, findings."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import duckdb

from cxdash.intake.loading import findings
from cxdash.intake.loading.findings.case import MONEY
from cxdash.intake.loading.matching import unmatched
from cxdash.intake.loading.receipt import (
    NO_CURRENCY,
    SHOWN_REJECTS,
    Money,
    Receipt,
    Reject,
    ScoreCounts,
)
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.table import Table
from cxdash.intake.recognition.remembered import fingerprint
from cxdash.store.tables import DAY

__all__ = ["Run", "account", "now"]


@dataclass(frozen=True, slots=True)
class Run:
    """One import: its number, the lines of a file brought into another shape (else 0), its day."""

    import_id: int
    lines: int
    today: date
    is_demo: bool


def now() -> datetime:
    """The time of an import, in UTC without fractions of a second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def account(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping, run: Run) -> Receipt:
    """The receipt of the import whose rows stand in ``keyed`` and have just been stored."""
    counts = dict(cur.execute("SELECT standing, count(*) FROM keyed GROUP BY standing").fetchall())
    loaded = counts.get("new", 0) + counts.get("superseding", 0) + counts.get("added", 0)
    twin = cur.execute(
        "SELECT min(import_id) FROM imports WHERE sha256 = $sha AND undone_at IS NULL",
        {"sha": table.scan.sha256},
    ).fetchall()[0][0]
    first, last = _days(cur, mapping)
    match = unmatched(cur, mapping.kind, run.import_id)
    receipt = Receipt(
        import_id=run.import_id,
        kind=mapping.kind,
        file_name=table.scan.name,
        sheet=table.file.sheet,
        sha256=table.scan.sha256,
        bytes=table.scan.bytes,
        rows_read=sum(counts.values()),
        rows_loaded=loaded,
        rows_superseding=counts.get("superseding", 0),
        rows_duplicate=counts.get("extra", 0) + counts.get("repeat", 0),
        rows_rejected=counts.get("rejected", 0),
        rejects=_rejects(cur, len(mapping.cells), run.import_id),
        reasons=_reasons(cur),
        mapping=mapping.to_toml(),
        imported_at=now(),
        money=_money(cur, mapping),
        scores=_scores(cur, mapping),
        matched=match.share if match else None,
        first_day=first,
        last_day=last,
        same_file_as=twin,
        unused_columns=tuple(name for name in table.header if name not in mapping.sources),
        completeness=mapping.completeness,
        is_demo=run.is_demo,
        lines_read=run.lines,
    )
    case = findings.Case(cur, mapping, receipt, fingerprint(table.header), run.today)
    receipt = replace(receipt, restated=findings.restated(case))
    found = findings.find(replace(case, receipt=receipt))
    return replace(receipt, findings=found, warnings=findings.warnings(found))


def _rejects(cur: duckdb.DuckDBPyConnection, width: int, import_id: int) -> tuple[Reject, ...]:
    rows = cur.execute(
        "SELECT line_no, reason, cells FROM raw_rows WHERE import_id = $id "
        f"AND status = 'rejected' ORDER BY line_no LIMIT {SHOWN_REJECTS}",
        {"id": import_id},
    ).fetchall()
    # A row that does not line up with the header stands whole behind ``width`` empty cells.
    return tuple(
        Reject(line, reason, tuple(raw[width:] or (cell or "" for cell in raw)))
        for line, reason, raw in rows
    )


def _reasons(cur: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """What rows were rejected for, cell contents and line numbers left out, commonest first."""
    rows = cur.execute(
        "SELECT regexp_replace(regexp_replace(refusal, ': ''.*?'' ', ': ', 'gs'), "
        "'lines \\d+ and \\d+', 'several lines'), count(*) FROM keyed "
        "WHERE standing = 'rejected' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50"
    ).fetchall()
    return tuple((what, count) for what, count in rows)


def _days(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[str, str]:
    role = DAY[mapping.kind]
    first, last = cur.execute(
        f"SELECT CAST(min({role}) AS DATE), CAST(max({role}) AS DATE) FROM keyed "
        "WHERE standing <> 'rejected'"
    ).fetchall()[0]
    return (first.isoformat() if first else "", last.isoformat() if last else "")


def _money(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[Money, ...]:
    role = MONEY.get(mapping.kind)
    if role is None or role not in (*mapping.columns, *mapping.constants):
        return ()
    # A count among control totals has no currency and is no money.
    is_money = "currency IS NOT NULL" if mapping.kind == "control_totals" else "true"
    rows = cur.execute(
        f"""
        WITH before AS (
          SELECT coalesce(currency, $none) AS currency, sum({role}) AS amount FROM earlier
          WHERE {is_money} GROUP BY 1
        ), mine AS (
          SELECT coalesce(currency, $none) AS currency, coalesce(sum({role}), 0) AS total,
            coalesce(sum({role}) FILTER (standing IN ('new', 'superseding', 'added')), 0) AS loaded,
            coalesce(sum({role}) FILTER (standing IN ('extra', 'repeat')), 0) AS twice,
            coalesce(sum({role}) FILTER (standing = 'rejected'), 0) AS rejected
          FROM keyed WHERE {role} IS NOT NULL AND {is_money} GROUP BY 1
        )
        SELECT currency, coalesce(total, 0), coalesce(loaded, 0), coalesce(amount, 0),
          coalesce(twice, 0), coalesce(rejected, 0)
        FROM mine FULL JOIN before USING (currency) ORDER BY currency = $none, currency
        """,
        {"none": NO_CURRENCY},
    ).fetchall()
    return tuple(Money(*row) for row in rows)


def _scores(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[ScoreCounts, ...]:
    found = []
    for at, score in enumerate(mapping.scores):
        rows = cur.execute(
            f"SELECT s{at}, count(*) FROM keyed WHERE standing IN ('new', 'superseding') "
            f"AND s{at} IS NOT NULL GROUP BY 1 ORDER BY 1"
        ).fetchall()
        found.append(ScoreCounts(score.item, score.variant, tuple(rows)))
    return tuple(found)
