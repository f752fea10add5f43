"""A full disk ends in a sentence, never in other numbers; the file is made small again."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filled_store import filled, held, load

from cxdash import upkeep
from cxdash.errors import StoreFull
from cxdash.store import Place, rebuild, space

PROGRAM = Path(__file__).with_name("full_disk.py")


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own, or one in which files may not grow: whatever is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60m", "cxdash", str(folder)]
    mounted = (
        os.geteuid() == 0
        and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    )
    yield folder, "disk" if mounted else "limit"
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.promise("S02")
def test_S02_a_disk_that_fills_up_changes_no_number_and_the_next_import_works(small_disk, tell):
    folder, kind = small_disk
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), kind],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    found = json.loads(run.stdout)
    assert all(found["told"].values()), found["told"]
    assert set(found["told"]) >= {"import", "model fit"}
    assert found["swollen"] > 3 * found["small"]
    assert found["after"] < 1.2 * found["small"]
    tell(f"works stopped by a full {kind}", len(found["told"]))
    tell("wrong numbers", 0)


@pytest.fixture
def db(tmp_path):
    with filled(tmp_path / "company.duckdb", rows=200) as database:
        yield database


def test_work_is_refused_before_it_begins_when_there_is_no_room(db, monkeypatch):
    monkeypatch.setattr(space, "free", lambda _folder: 50 << 20)
    with pytest.raises(StoreFull, match=r"Importing x.csv safely takes 524 MB; .* has 52 MB left"):
        space.require(db.place.file.parent, 300 << 20, "Importing x.csv")
    space.require(db.place.file.parent, 10 << 20, "Importing x.csv", margin=0)
    with pytest.raises(StoreFull, match="A backup safely takes"):
        upkeep.backup(db)
    monkeypatch.setattr(space, "free", lambda _folder: 1 << 20)
    with pytest.raises(StoreFull, match="Compacting safely takes"):
        upkeep.compact(db)
    assert not db.place.work.exists()


def test_disk_space_is_held_back_once_something_is_loaded(tmp_path, monkeypatch):
    with filled(tmp_path / "company.duckdb", rows=10) as db:
        place = db.place
        assert place.reserve.stat().st_size == 8 << 20
        assert space.release_reserve(place) == 8 << 20
        assert space.release_reserve(place) == 0
        monkeypatch.setattr(space, "free", lambda _folder: 100 << 20)
        space.hold_reserve(place)
        assert not place.reserve.exists()


def test_compacting_gives_the_space_back_and_changes_nothing(db):
    load(db, "revenue", 200_000)
    with db.writing() as cur:
        cur.execute("DELETE FROM revenue WHERE import_id = 4")
        cur.execute("DELETE FROM raw_rows WHERE import_id = 4")
    before = held(db)
    done = upkeep.compact(db)
    assert done.won > 5_000_000
    assert done.after == space.size(db.place)
    assert held(db) == before
    assert not db.place.work.exists()


def test_readers_go_on_while_the_file_is_swapped_under_them(db):
    before, stop, wrong = held(db), threading.Event(), []

    def read():
        while not stop.is_set():
            with db.snapshot() as view:
                first = view.rows("SELECT sum(amount) AS s FROM revenue")
                if first != view.rows("SELECT sum(amount) AS s FROM revenue"):
                    wrong.append(first)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for _ in range(4):
        upkeep.compact(db)
        load(db, "customers", 1)
    stop.set()
    for reader in readers:
        reader.join(20)
    assert wrong == []
    assert held(db)["revenue"] == before["revenue"]


def test_a_fresh_file_that_differs_is_thrown_away(db, monkeypatch):
    before = held(db)
    monkeypatch.setattr(rebuild, "differing", lambda *_: ["revenue"])
    with pytest.raises(Exception, match="differs from it in revenue"):
        upkeep.compact(db)
    assert held(db) == before
    assert not Place.of(db.path).work.exists()
