"""One process has a file open once: opening it again would give away the engine's lock."""

import subprocess
import sys
import threading

import pytest

from cxdash import upkeep
from cxdash.errors import StoreError, StoreLocked
from cxdash.store import Database, engine, opening

ELSEWHERE = "import sys; from cxdash.store import Database; Database(sys.argv[1]).close()"


def opened_elsewhere(path) -> bool:
    command = [sys.executable, "-c", ELSEWHERE, str(path)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_second_opening_is_refused_and_other_processes_stay_out(tmp_path):
    path = tmp_path / "company.duckdb"
    with Database(path):
        with pytest.raises(StoreLocked, match="open in this process already"):
            Database(path)
        assert not opened_elsewhere(path)
    assert opened_elsewhere(path)
    Database(path).close()


def test_a_file_that_is_still_read_after_closing_is_not_opened_again(tmp_path):
    path = tmp_path / "company.duckdb"
    db = Database(path)
    with db.cursor() as cur:
        db.close()
        with pytest.raises(StoreLocked):
            Database(path)
        assert cur.execute("SELECT count(*) FROM settings").fetchall() == [(0,)]
        assert not opened_elsewhere(path)
    Database(path).close()


def test_closing_while_a_long_query_runs_breaks_nothing_and_closes_once_it_has_ended(tmp_path):
    path = tmp_path / "company.duckdb"
    db, under_way, found = Database(path), threading.Event(), []

    def read():
        with db.cursor() as cur:
            under_way.set()
            found.extend(
                cur.execute(
                    "SELECT sum(a.i * b.i) FROM range(30000) a(i), range(20000) b(i)"
                ).fetchall()
            )

    reader = threading.Thread(target=read)
    reader.start()
    under_way.wait()
    db.close()
    reader.join()
    assert len(found) == 1
    with pytest.raises(StoreError, match="has been closed"):
        db.setting("a")
    assert opened_elsewhere(path)


def test_a_file_that_was_refused_can_be_tried_again(tmp_path):
    path = tmp_path / "company.duckdb"
    path.write_text("no database at all, but long enough to be looked at", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(StoreError, match="is not a database file"):
            Database(path)


def test_nothing_is_restored_over_a_file_that_this_process_has_open(tmp_path):
    with Database(tmp_path / "company.duckdb") as db:
        made = upkeep.backup(db)
        with pytest.raises(StoreLocked):
            upkeep.restore(made.file, db.path)
        db.set_setting("a", "b")


def test_a_swap_after_which_nothing_opens_is_mended_by_whoever_comes_next(tmp_path, monkeypatch):
    def fails(*_):
        raise StoreError("No.")

    with Database(tmp_path / "company.duckdb") as db:
        db.set_setting("a", "b")
        with monkeypatch.context() as patch:
            patch.setattr(opening, "swap", fails)
            patch.setattr(engine, "connect", fails)
            with pytest.raises(StoreError):
                upkeep.compact(db)
        assert db.setting("a") == "b"
