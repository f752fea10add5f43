"""A backup holds one state and is read back; restored, it answers every question alike."""

import json
import sqlite3
import subprocess
import sys
import threading
import zipfile

import pytest
from filled_store import filled, held, load

from cxdash import demo, questions, upkeep
from cxdash.demo.loading import load as load_demo
from cxdash.errors import StoreDamaged, StoreError, StoreForeign, StoreNewer
from cxdash.store import Database, Place, copies
from cxdash.store.ledger import Ledger

GOLDEN = ("worth", "brief", "revenue", "listening")


def answers(db, names):
    """Answers as other programs get them, to ten digits: sums of floats depend on the order in
    which the engine hands out rows, in the digits after those.
    """
    return {
        name: json.loads(
            json.dumps(questions.ask(db, name).to_json(), default=str),
            parse_float=lambda text: f"{float(text):.10g}",
        )
        for name in names
    }


@pytest.mark.promise("S09")
def test_S09_the_restored_database_answers_every_question_the_same(tmp_path, tell, thorough):
    customers, asked = (400, tuple(questions.QUESTIONS)) if thorough else (90, GOLDEN)
    folder = demo.write(tmp_path / "demo", customers=customers, months=18)
    path, elsewhere = tmp_path / "company.duckdb", tmp_path / "new machine" / "company.duckdb"
    with Database(path) as db:
        load_demo(db, folder)
        before, golden = held(db), answers(db, asked)
        made = upkeep.backup(db, tmp_path / "usb")
        load(db, "revenue", 50)
    assert made.file.parent == tmp_path / "usb"
    for target in (path, elsewhere):
        done = upkeep.restore(made.file, target)
        assert done.manifest == made.manifest
        with Database(target) as db:
            assert held(db) == before
            assert not db.loss
            assert upkeep.examined(db).healthy
            load(db, "customers", 3)
    upkeep.restore(made.file, elsewhere)
    with Database(elsewhere) as db:
        assert answers(db, asked) == golden
    tell("questions answered the same after a restore", len(golden))
    tell("tables compared by count and hash", 2 * len(before))


@pytest.mark.promise("S09")
def test_S09_a_backup_made_while_people_write_holds_one_state(tmp_path, tell):
    with filled(tmp_path / "company.duckdb", rows=200) as db:
        stop = threading.Event()

        def write():
            while not stop.is_set():
                load(db, "revenue", 30)

        writer = threading.Thread(target=write)
        writer.start()
        made = [upkeep.backup(db, tmp_path / str(number)) for number in range(3)]
        stop.set()
        writer.join(30)
    for backup in made:
        upkeep.restore(backup.file, tmp_path / "other" / "company.duckdb")
        with Database(tmp_path / "other" / "company.duckdb") as db:
            counts = db.rows(
                "SELECT (SELECT sum(rows_loaded) FROM imports WHERE kind = 'revenue') AS told, "
                "(SELECT count(*) FROM revenue) AS n, (SELECT count(*) FROM raw_rows "
                "WHERE import_id IN (SELECT import_id FROM imports WHERE kind = 'revenue')) AS raw"
            )[0]
            assert counts["told"] == counts["n"] == counts["raw"]
            assert db.data_version == backup.manifest.data_version
    tell("backups under writing", len(made))


@pytest.fixture
def kept(tmp_path):
    """A database with a backup of it: path, content, backup file."""
    path = tmp_path / "company.duckdb"
    with filled(path, rows=150) as db:
        made = upkeep.backup(db)
        content = held(db)
        load(db, "revenue", 20)
    return path, content, made.file


def test_the_present_file_is_set_aside_and_the_ledger_knows_of_the_restore(kept):
    path, content, file = kept
    done = upkeep.restore(file, path)
    with Database(path) as db:
        assert held(db) == content
        assert not db.loss
    with Database(done.set_aside) as old:
        assert len(held(old)) == len(content)
        assert held(old) != content
    kinds = [copy.kind for copy in copies.listed(Place.of(path))]
    assert kinds == ["backup", "set aside"]


def spoiled_inside(file):
    """The same archive with one byte of the database changed and the archive's own check mended."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    parts["cxdash.duckdb"][50_000] ^= 1
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, bytes(part))


def spoiled_manifest(file):
    """One that claims another count, with everything else right."""
    with zipfile.ZipFile(file) as archive:
        database = archive.read("cxdash.duckdb")
        manifest = json.loads(archive.read("manifest.json"))
    manifest["tables"]["revenue"]["rows"] += 1
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("cxdash.duckdb", database)


def newer(file):
    with zipfile.ZipFile(file) as archive:
        database = archive.read("cxdash.duckdb")
        manifest = json.loads(archive.read("manifest.json"))
    manifest["schema"] = 9_999
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("cxdash.duckdb", database)


def cut(file):
    file.write_bytes(file.read_bytes()[:60_000])


def flipped(file):
    content = bytearray(file.read_bytes())
    content[80_000] ^= 4
    file.write_bytes(content)


def other(file):
    file.write_bytes(b"customer,score\n")


@pytest.mark.promise("S09")
@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (spoiled_inside, StoreDamaged),
        (spoiled_manifest, StoreDamaged),
        (flipped, StoreDamaged),
        (cut, StoreForeign),
        (other, StoreForeign),
        (newer, StoreNewer),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_S09_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(kept, spoil, error):
    path, _, file = kept
    spoil(file)
    before, beside = path.read_bytes(), sorted(path.parent.rglob("*"))
    with pytest.raises(error) as refusal:
        upkeep.restore(file, path)
    assert refusal.value.do_next
    assert path.read_bytes() == before
    assert sorted(path.parent.rglob("*")) == beside
    with Database(path) as db:
        assert not db.loss


def test_a_restore_that_fails_late_puts_the_old_file_back(kept, monkeypatch):
    path, _, file = kept
    with Database(path) as db:
        before = held(db)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "restored", fail)
        with pytest.raises(StoreError, match="cannot be written"):
            upkeep.restore(file, path)
    with Database(path) as db:
        assert held(db) == before


def test_people_and_audit_log_come_along_but_never_replace_newer_ones(tmp_path):
    path = tmp_path / "company.duckdb"
    with filled(path, rows=20) as db:
        with sqlite3.connect(db.place.access) as book:
            book.execute("CREATE TABLE people (name TEXT)")
            book.execute("INSERT INTO people VALUES ('Ann')")
        made = upkeep.backup(db, marks={"audit": "abc"})
        place = db.place
    assert made.manifest.marks == {"audit": "abc"}
    with sqlite3.connect(place.access) as book:
        book.execute("DELETE FROM people")
    book.close()
    assert not upkeep.restore(made.file, path).access
    with sqlite3.connect(place.access) as book:
        assert book.execute("SELECT * FROM people").fetchall() == []
    book.close()
    place.access.unlink()
    assert upkeep.restore(made.file, path).access
    with sqlite3.connect(place.access) as book:
        assert book.execute("SELECT * FROM people").fetchall() == [("Ann",)]
    book.close()


def test_backups_are_listed_and_readable_by_nobody_else(kept):
    path, _, file = kept
    [copy] = upkeep.backups(Place.of(path))
    assert copy.file == file
    assert copy.rows > 150
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
    file.unlink()
    assert upkeep.backups(Place.of(path)) == []


STOPPED = """
import importlib, os
from pathlib import Path
restore = importlib.import_module("cxdash.upkeep.restore")
path = Path({path!r})
Path.replace = lambda new, old: os._exit(9) if old == path else os.replace(new, old)
restore.restore(Path({backup!r}), path)
"""


def test_a_restore_that_is_killed_leaves_the_old_file_in_its_place(kept):
    path, _, file = kept
    with Database(path) as db:
        before = held(db)
    code = STOPPED.format(path=str(path), backup=str(file))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with Database(path) as db:
        assert held(db) == before
        assert not db.loss


def test_a_file_that_cannot_be_set_aside_stays_where_it_is(kept):
    path, _, file = kept
    with Database(path) as db:
        before = held(db)
    Place.of(path).copies.write_text("no list", encoding="utf-8")
    with pytest.raises(StoreError, match="list of backups"):
        upkeep.restore(file, path)
    assert not list(Place.of(path).backups.glob("*set-aside*"))
    with Database(path) as db:
        assert held(db) == before
