"""A database file is hashed when it is opened, and again when it is closed if it was written."""

import os

import duckdb
import pytest

from cxdash.errors import StoreDamaged
from cxdash.store import Database, seal


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "company.duckdb"
    with Database(place) as db:
        db.set_setting("reporting_currency", "BRL")
    return place


@pytest.fixture
def hashed(monkeypatch):
    """How often a file was read whole; any two writes bear different times."""
    taken = []
    whole = seal._hash
    monkeypatch.setattr(seal, "_hash", lambda source: taken.append(1) or whole(source))
    monkeypatch.setattr(seal, "_SAME_TIME", 0)
    return taken


def closed(path):
    return path.with_name("company.duckdb.ledger").read_text().count('"what":"closed"')


def test_a_file_that_is_only_read_is_hashed_once(path, hashed):
    before = closed(path)
    for times in (1, 2, 3):
        with Database(path) as db:
            assert db.setting("reporting_currency") == "BRL"
        assert len(hashed) == times
        assert closed(path) == before + times


def test_a_file_that_was_written_is_hashed_again_and_opens(path, hashed):
    with Database(path) as db:
        db.set_setting("reporting_currency", "EUR")
    assert len(hashed) == 2
    with Database(path) as db:
        assert db.setting("reporting_currency") == "EUR"


def test_what_derives_only_is_a_write_too(path, hashed):
    with Database(path) as db, db.deriving() as cur:
        cur.execute("CREATE TABLE panel_x AS SELECT 1 AS n")
    assert len(hashed) == 2
    Database(path).close()


def test_a_write_just_before_the_opening_could_bear_the_same_time_so_all_is_read_again(
    path, hashed, monkeypatch
):
    monkeypatch.setattr(seal, "_SAME_TIME", 3_600)
    Database(path).close()
    assert len(hashed) == 2


@pytest.mark.parametrize("keep_times", [False, True])
def test_what_the_engine_does_not_see_is_found_when_the_file_is_opened(path, hashed, keep_times):
    Database(path).close()
    seen = path.stat()
    with path.open("ab") as file:
        file.write(b"more")
    if keep_times:
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    with duckdb.connect(str(path), read_only=True) as blind:
        assert blind.execute("SELECT count(*) FROM settings").fetchall() == [(1,)]
    with pytest.raises(StoreDamaged, match="not as cxdash left it"):
        Database(path)


def test_a_file_another_program_wrote_while_it_was_open_is_read_again(path, hashed):
    """Its hash is then the one of what lies there, whatever that is, as it was before."""
    with Database(path), path.open("r+b") as file:
        file.seek(path.stat().st_size)
        file.write(b"more")
    assert len(hashed) == 2
