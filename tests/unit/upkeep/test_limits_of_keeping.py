"""Limits of keeping: nothing goes unless a limit was set, and then exactly what is past it."""

import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cxdash import upkeep
from cxdash.errors import UsageError
from cxdash.store import copies
from cxdash.upkeep import Policy


def count(db, sql):
    return db.rows(f"SELECT count(*) AS n FROM {sql}")[0]["n"]


def test_everything_is_kept_unless_a_limit_was_set(db):
    assert upkeep.policy(db) == Policy()
    *kept, logs = upkeep.policy(db).sentences
    assert all(sentence.endswith("for good.") for sentence in kept)
    assert logs == "Logs are kept for 90 days at most."
    done = upkeep.retain(db)
    assert not done.anything
    assert done.sentence == "Nothing is older than its limit."


def test_limits_are_remembered_told_and_taken_away(db):
    limits = upkeep.set_policy(db, raw_days=30, comment_months=1, backup_count=3, backup_days=90)
    assert limits == Policy(raw_days=30, comment_months=1, backup_count=3, backup_days=90)
    assert limits.sentences == (
        "Cells of loaded files are kept for 30 days.",
        "What customers wrote is kept for 1 month.",
        "Backups and copies are kept for 90 days, the newest 3 of them at most.",
        "Logs are kept for 90 days at most.",
    )
    assert upkeep.set_policy(db, raw_days=0, comment_months=None).raw_days is None
    with pytest.raises(UsageError):
        upkeep.set_policy(db, raw_days=-1)
    with pytest.raises(UsageError):
        upkeep.set_policy(db, sessions=4)


def test_cells_of_old_files_are_emptied_and_their_rows_still_count(db):
    with db.writing() as cur:
        cur.execute("UPDATE imports SET imported_at = TIMESTAMP '2020-01-01' WHERE import_id = 3")
        cur.execute(
            "UPDATE raw_rows SET status = 'rejected', reason = 'nps: ''11'' is odd' "
            "WHERE import_id = 3 AND line_no = 5"
        )
        cur.execute(
            "UPDATE imports SET rows_loaded = 119, rows_rejected = 1, receipt = "
            '\'{"rejects": [{"line": 5, "reason": "nps: 11", "raw": ["C-7"]}]}\' '
            "WHERE import_id = 3"
        )
    limits = Policy(raw_days=30)
    foreseen = upkeep.retain(db, limits, dry_run=True)
    assert (foreseen.raw_rows, foreseen.comments, foreseen.done) == (120, 0, False)
    assert foreseen.sentence == "Would be removed: 120 lines of loaded files."
    assert count(db, "raw_rows WHERE len(cells) = 0") == 0
    assert upkeep.retain(db, limits).raw_rows == 120
    assert count(db, "raw_rows WHERE len(cells) = 0") == 120
    assert count(db, "raw_rows WHERE reason LIKE '%11%'") == 0
    assert "C-7" not in db.rows("SELECT receipt FROM imports WHERE import_id = 3")[0]["receipt"]
    assert count(db, "responses") == 120
    assert upkeep.examined(db).healthy
    assert not upkeep.retain(db, limits).anything


def test_old_comments_go_and_their_ratings_stay(db):
    before = count(db, "scores")
    done = upkeep.retain(db, Policy(comment_months=1))
    assert done.comments == 40
    assert done.raw_rows == 40
    assert count(db, "comments") == 0
    assert count(db, "scores") == before


def test_backups_past_a_limit_go_but_never_the_newest(db):
    made = [upkeep.backup(db, db.place.file.parent / str(number)) for number in range(3)]
    past = (datetime.now(UTC) - timedelta(days=100)).isoformat()
    listed = [
        replace(copy, made_at=past if at < 2 else copy.made_at)
        for at, copy in enumerate(copies.listed(db.place))
    ]
    copies.replace_list(db.place, listed)
    assert upkeep.retain(db, Policy(backup_days=200)).copies == ()
    done = upkeep.retain(db, Policy(backup_days=30))
    assert set(done.copies) == {made[0].file, made[1].file}
    assert [copy.file for copy in upkeep.backups(db.place)] == [made[2].file]
    copies.replace_list(db.place, [replace(copy, made_at=past) for copy in copies.listed(db.place)])
    assert upkeep.retain(db, Policy(backup_days=30, backup_count=1)).copies == ()
    assert made[2].file.exists()


def test_copies_set_aside_push_no_backup_out(db):
    made = [upkeep.backup(db, db.place.file.parent / str(number)) for number in range(2)]
    aside = db.place.file.parent / "aside.duckdb"
    aside.write_bytes(b"x")
    known = copies.listed(db.place)
    copies.replace_list(db.place, [*known, replace(known[-1], path=str(aside), kind="set aside")])
    assert upkeep.retain(db, Policy(backup_count=2)).copies == ()
    assert set(upkeep.retain(db, Policy(backup_count=1)).copies) == {made[0].file}
    assert aside.exists()


def test_old_logs_go(db):
    db.place.logs.mkdir()
    old, new = db.place.logs / "old.log", db.place.logs / "new.log"
    for file in (old, new):
        file.write_text("x")
    os.utime(old, (time.time() - 40 * 86_400,) * 2)
    assert upkeep.retain(db, Policy(log_days=30)).logs == (old,)
    assert not old.exists()
    assert new.exists()


def test_logs_go_after_ninety_days_although_no_limit_was_set(db):
    db.place.logs.mkdir()
    old, new = db.place.logs / "old.log", db.place.logs / "new.log"
    for file, days in ((old, 91), (new, 89)):
        file.write_text("x")
        os.utime(file, (time.time() - days * 86_400,) * 2)
    upkeep.begin(db).join(20)
    assert not old.exists()
    assert new.exists()


def test_logs_cannot_be_kept_longer_than_the_log_keeps_them(db):
    with pytest.raises(UsageError, match="Logs are kept for 90 days at most"):
        upkeep.set_policy(db, raw_days=5, log_days=91)
    assert upkeep.policy(db) == Policy()
    with db.writing() as cur:  # as an earlier cxdash would have set it
        cur.execute("INSERT INTO settings VALUES ('keep_log_days', '365')")
    assert upkeep.policy(db).sentences[-1] == "Logs are kept for 90 days at most."


def test_the_audit_log_says_of_each_limit_what_is_true():
    assert Policy(raw_days=30).told == (
        "raw_days 30, comment_months for good, backup_count for good, backup_days for good, "
        "log_days 90 at most"
    )


def test_limits_are_applied_when_the_app_starts_and_trouble_stops_nobody(db, monkeypatch):
    upkeep.begin(db).join(20)
    assert count(db, "comments") == 40
    upkeep.set_policy(db, comment_months=1)
    upkeep.begin(db).join(20)
    assert count(db, "comments") == 0

    def fail(_db):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys.modules["cxdash.upkeep.notices"], "retain", fail)
    upkeep.begin(db).join(20)
    assert list(db.place.logs.glob("*.log"))
