"""How long things are kept, as a person set it; nothing is removed unless a limit was set."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from cxdash.errors import UsageError
from cxdash.facts.format import counted
from cxdash.store import Database, Reader, copies, engine
from cxdash.store.background import Progress, unheard
from cxdash.store.journal.keeping import KEPT_DAYS
from cxdash.upkeep.compact import compact

__all__ = ["Policy", "Retained", "policy", "retain", "set_policy", "told"]

PASSED: Final = "the cells were removed after the time they are kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits; None keeps for good.

    Parameters
    ----------
    raw_days
        Days after which the cells of loaded files are emptied; their rows still count.
    comment_months
        Months after which what customers wrote is deleted; their ratings stay.
    backup_count, backup_days
        How many backups are kept, and for how many days; the newest is always kept.
    log_days
        Days records of errors and logs are kept; never more than the log itself keeps.
    """

    raw_days: int | None = None
    comment_months: int | None = None
    backup_count: int | None = None
    backup_days: int | None = None
    log_days: int | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The limits in words."""
        return (
            _limit("Cells of loaded files are", self.raw_days, "day"),
            _limit("What customers wrote is", self.comment_months, "month"),
            _limit("Backups and copies are", self.backup_days, "day", also=self.backup_count),
            f"Logs are kept for {counted(_log_days(self.log_days), 'day', 'days')} at most.",
        )

    @property
    def told(self) -> str:
        """The limits by their names, as the audit log quotes them."""
        return told(asdict(self))


@dataclass(frozen=True, slots=True)
class Retained:
    """What was removed, or would be: lines emptied, comments, copies and logs removed."""

    done: bool
    raw_rows: int
    comments: int
    copies: tuple[Path, ...]
    logs: tuple[Path, ...]

    @property
    def anything(self) -> bool:
        return bool(self.raw_rows or self.comments or self.copies or self.logs)

    @property
    def sentence(self) -> str:
        """What was removed, in words."""
        if not self.anything:
            return "Nothing is older than its limit."
        parts = (
            (self.raw_rows, "line of a loaded file", "lines of loaded files"),
            (self.comments, "comment", "comments"),
            (len(self.copies), "copy of the database", "copies of the database"),
            (len(self.logs), "log", "logs"),
        )
        told = ", ".join(counted(n, one, many) for n, one, many in parts if n)
        return f"{'Removed' if self.done else 'Would be removed'}: {told}."


def policy(db: Reader) -> Policy:
    """The limits set in this database."""
    rows = db.rows("SELECT name, value FROM settings WHERE starts_with(name, 'keep_')")
    found = {row["name"].removeprefix("keep_"): int(row["value"]) for row in rows}
    return Policy(**{name: found.get(name) for name in _names()})


def set_policy(db: Database, **limits: int | None) -> Policy:
    """Set limits by their name in `Policy`; None or 0 takes a limit away.

    Raises
    ------
    UsageError
        A limit is unknown, below zero, or longer than the log keeps anything.
    """
    if (limits.get("log_days") or 0) > KEPT_DAYS:
        raise UsageError(
            f"Logs are kept for {KEPT_DAYS} days at most.",
            state="Nothing was set.",
            do_next=f"Give up to {KEPT_DAYS} days, or copy the folder of logs elsewhere in time.",
        )
    for name, limit in limits.items():
        if name not in _names() or (limit is not None and limit < 0):
            raise UsageError(f"{name} = {limit} is no limit of keeping.", state="Nothing was set.")
    with db.writing() as cur:
        for name, limit in limits.items():
            cur.execute("DELETE FROM settings WHERE name = ?", [f"keep_{name}"])
            if limit:
                cur.execute("INSERT INTO settings VALUES (?, ?)", [f"keep_{name}", str(limit)])
    return policy(db)


def retain(
    db: Database,
    limits: Policy | None = None,
    *,
    dry_run: bool = False,
    tell: Progress = unheard,
) -> Retained:
    """Apply the limits: those set in the database unless given.

    When rows were removed the file is rebuilt, so that their bytes are gone as well.

    Raises
    ------
    StoreError
        The database cannot be written, or the file not be rebuilt.
    """
    limits = limits or policy(db)
    now = datetime.now(UTC).replace(tzinfo=None)
    raw = comments = 0
    if limits.raw_days or limits.comment_months:
        with db.trying() as cur:
            raw, comments = _rows(cur, limits, now)
    if (raw or comments) and not dry_run:
        tell(0.1, "Taking old rows out")
        with db.writing() as cur:
            _rows(cur, limits, now)
        compact(db, tell=tell)
    old_copies = _copies(db, limits)
    logs = _logs(db, limits, now)
    if not dry_run:
        for copy in old_copies:
            engine.remove(copy)
        for log in logs:
            log.unlink(missing_ok=True)
        if old_copies:
            copies.replace_list(db.place, copies.listed(db.place))
    return Retained(not dry_run, raw, comments, tuple(old_copies), tuple(logs))


def told(limits: Mapping[str, int | None]) -> str:
    """Limits in the words of the audit log, such as ``raw_days 30, comment_months for good``."""
    unlimited = {"log_days": f"{KEPT_DAYS} at most"}
    return ", ".join(
        f"{name} {limit or unlimited.get(name, 'for good')}" for name, limit in limits.items()
    )


def _log_days(limit: int | None) -> int:
    return min(limit or KEPT_DAYS, KEPT_DAYS)


def _names() -> list[str]:
    return [field.name for field in fields(Policy)]


def _limit(what: str, limit: int | None, unit: str, *, also: int | None = None) -> str:
    kept = f"for {counted(limit, unit, f'{unit}s')}" if limit else "for good"
    most = f", the newest {also} of them at most" if also else ""
    return f"{what} kept {kept}{most}."


def _rows(cur: duckdb.DuckDBPyConnection, limits: Policy, now: datetime) -> tuple[int, int]:
    """Lines emptied and comments deleted."""
    cur.execute("CREATE OR REPLACE TEMP TABLE old_lines (import_id INTEGER, line_no BIGINT)")
    comments = 0
    if limits.comment_months:
        cur.execute(
            "CREATE OR REPLACE TEMP TABLE old_answers AS SELECT row_key, import_id, line_no "
            "FROM responses WHERE answered_at < $now - to_months($months)",
            {"now": now, "months": limits.comment_months},
        )
        cur.execute(
            "INSERT INTO old_lines SELECT c.import_id, c.line_no FROM comments AS c "
            "SEMI JOIN old_answers AS a ON a.row_key = c.row_key AND a.import_id = c.import_id"
        )
        comments = _count(
            cur,
            "DELETE FROM comments WHERE (row_key, import_id) IN "
            "(SELECT (row_key, import_id) FROM old_answers)",
        )
    if limits.raw_days:
        cur.execute(
            "INSERT INTO old_lines SELECT import_id, line_no FROM raw_rows WHERE import_id IN "
            "(SELECT import_id FROM imports WHERE imported_at < $before)",
            {"before": now - timedelta(days=limits.raw_days)},
        )
        _empty_receipts(cur, now - timedelta(days=limits.raw_days))
    raw = _count(
        cur,
        "UPDATE raw_rows SET cells = [], reason = CASE WHEN status = 'rejected' THEN $reason END "
        "WHERE len(cells) > 0 AND (import_id, line_no) IN "
        "(SELECT (import_id, line_no) FROM old_lines)",
        {"reason": PASSED},
    )
    cur.execute("DROP TABLE IF EXISTS old_answers")
    cur.execute("DROP TABLE old_lines")
    return raw, comments


def _empty_receipts(cur: duckdb.DuckDBPyConnection, before: datetime) -> None:
    """Receipts quote rejected rows."""
    for number, text in cur.execute(
        "SELECT import_id, receipt FROM imports WHERE imported_at < $before", {"before": before}
    ).fetchall():
        document = json.loads(text)
        for reject in document.get("rejects", ()):
            reject |= {"raw": [], "reason": PASSED}
        cur.execute(
            "UPDATE imports SET receipt = $receipt WHERE import_id = $id",
            {"receipt": json.dumps(document), "id": number},
        )


def _count(cur: duckdb.DuckDBPyConnection, sql: str, given: dict[str, Any] | None = None) -> int:
    return int(cur.execute(sql, given or {}).fetchall()[0][0])


def _copies(db: Database, limits: Policy) -> list[Path]:
    """Copies past a limit, the newest backup excepted."""
    known = list(reversed(copies.listed(db.place)))
    # Only backups fill the number of backups: copies set aside must not push them out.
    backups = [copy for copy in known if copy.kind == "backup"]
    newest = backups[0] if backups else None
    most = limits.backup_count
    surplus = backups[most:] if most is not None else []
    return [
        copy.file
        for copy in known
        if copy != newest
        and (copy in surplus or (limits.backup_days is not None and copy.days > limits.backup_days))
    ]


def _logs(db: Database, limits: Policy, now: datetime) -> list[Path]:
    before = (now.replace(tzinfo=UTC) - timedelta(days=_log_days(limits.log_days))).timestamp()
    return [
        file
        for file in sorted(db.place.logs.glob("*"))
        if file.is_file() and file.stat().st_mtime < before
    ]
