"""The commands that keep the database, as a person types them."""

import json
import sys
from pathlib import Path

import pytest

from cxdash.access import audit
from cxdash.faces.cli.main import main
from cxdash.store import Database

sys.path.insert(0, str(Path(__file__).parents[2] / "faults"))


@pytest.fixture
def path(tmp_path):
    from filled_store import filled  # noqa: PLC0415 - after the path is known

    filled(tmp_path / "company.duckdb", rows=60).close()
    return tmp_path / "company.duckdb"


@pytest.fixture
def run(path, capsys):
    def command(*words, code=0):
        assert main([*words, "--db", str(path)]) == code
        return capsys.readouterr()

    return command


def test_backup_restore_and_list(run, path, tmp_path):
    made = json.loads(run("backup", "--to", str(tmp_path / "usb"), "--json").out)
    assert Path(made["file"]).parent == tmp_path / "usb"
    assert "0 days old" in run("backup", "--list").out
    assert "read back and is equal" in run("backup").out
    told = run("restore", made["file"]).out
    assert "read back and equal" in told
    assert "The file that stood there before is" in told
    done = json.loads(run("restore", made["file"], "--json").out)
    assert done["rows"] == made["rows"]
    actions = [(entry.action, entry.what) for entry in audit.entries(path)]
    assert ("MAINTAIN", "made a backup") in actions
    assert sum("restored the backup" in what for _, what in actions) == 2


def test_compact(run):
    assert "were compared and are the same" in run("compact").out


def test_erase_says_what_goes_what_stays_and_names_nobody_in_the_audit_log(run, path):
    run("backup")
    foreseen = json.loads(run("erase", "C-7", "--dry-run", "--json").out)
    told = run("erase", "C-7").out
    assert not foreseen["done"]
    assert told.startswith("Erased: customers 1")
    assert "leads nowhere" in told
    assert "These copies still hold the customer" in told
    assert [e.what for e in audit.entries(path) if e.action == "ERASE"] == [
        "erased a customer (erasure 1)"
    ]
    assert "No row names that customer" in run("erase", "C-1234", code=2).err


def test_retention_shows_sets_and_applies(run, path):
    assert "kept for good" in run("retention").out
    told = run("retention", "--comment-months", "1").out
    assert "What customers wrote is kept for 1 month." in told
    assert "Would be removed: 20 lines of loaded files, 20 comments." in told
    assert "Removed: 20 lines" in run("retention", "--apply").out
    assert not json.loads(run("retention", "--json").out)["raw_rows"]
    with Database(path) as db:
        assert db.rows("SELECT count(*) AS n FROM comments") == [{"n": 0}]


def test_the_doctor_tells_by_its_exit_code(run, path):
    assert "The database is well" in run("doctor").out
    assert json.loads(run("doctor", "--json").out)["healthy"]
    old = path.read_bytes()
    with Database(path) as db:
        from filled_store import load  # noqa: PLC0415 - after the path is known

        load(db, "revenue", 30)
    path.write_bytes(old)
    told = run("doctor", code=1).out
    assert "BAD" in told
    assert "import 4 (revenue, 30 rows" in " ".join(told.split())
    assert "The database is well" in run("doctor", "--accept").out


def test_a_database_that_is_not_there_is_not_made(tmp_path, capsys):
    for command in (["doctor"], ["compact"], ["backup"], ["erase", "C-7"]):
        assert main([*command, "--db", str(tmp_path / "none")]) == 1
        assert "There is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
