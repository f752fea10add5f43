"""Killed in a migration, made by a newer program, held by another: old or new, never mixed."""

import hashlib
import random
import signal
import subprocess
import sys
import time

import duckdb
import pytest
from filled_store import filled, held, load

from cxdash import upkeep
from cxdash.errors import StoreLocked, StoreNewer
from cxdash.store import Database, Place, copies, schema

MIGRATE = """
import sys
from cxdash.store import Database, schema
known = schema.migrations()
number = known[-1][0]
later = [
    (number + 1, "ALTER TABLE revenue ADD COLUMN tax DECIMAL(18,4); UPDATE revenue SET tax = 1; "
     "CREATE TABLE added AS SELECT range AS n, md5(CAST(range AS VARCHAR)) AS h FROM range(60000)"),
    (number + 2, "UPDATE customers SET name = name || '!'; "
     "CREATE TABLE added_too AS SELECT n, h || 'x' AS h FROM added"),
]
schema.migrations = lambda: [*known, *later]
print("begin", flush=True)
Database(sys.argv[1]).close()
print("end", flush=True)
"""
HOLD = (
    "import sys; from cxdash.store import Database; db = Database(sys.argv[1]);"
    "print('open', flush=True); sys.stdin.read()"
)


def digest(*paths):
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


@pytest.mark.promise("S06")
def test_S06_killed_in_a_migration_the_file_is_old_or_new(tmp_path, monkeypatch, tell, thorough):
    kills = 100 if thorough else 6
    old_schema = schema.newest()
    seconds = None
    ends = {"old": 0, "new": 0}
    for seed in range(-1, kills):  # the first one is not killed: it says how long it takes
        path = tmp_path / str(seed) / "company.duckdb"
        with filled(path, rows=1_500) as db:
            before = held(db)
        process = subprocess.Popen(
            [sys.executable, "-c", MIGRATE, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "begin\n"
        started = time.monotonic()
        if seed < 0:
            assert process.communicate(timeout=60)[0] == "end\n"
            seconds = time.monotonic() - started
            continue
        time.sleep(random.Random(seed).uniform(0, seconds * 1.1))  # noqa: S311
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        found = schema_of(path)
        if found == old_schema:
            ends["old"] += 1
            with Database(path) as db:
                assert held(db) == before
        else:
            assert found == old_schema + 2
            ends["new"] += 1
            with duckdb.connect(str(path)) as connection:
                counts = "SELECT count(*) FILTER (tax = 1), count(*) FROM revenue"
                assert connection.execute(counts).fetchall() == [(1_500, 1_500)]
                assert connection.execute("SELECT count(*) FROM added_too").fetchall() == [
                    (60_000,)
                ]
                names = "SELECT count(*) FROM customers WHERE ends_with(name, '!')"
                assert connection.execute(names).fetchall() == [(40,)]
            [copy] = copies.listed(Place.of(path))
            assert copy.kind == "before a new schema"
            with Database(copy.file) as db:
                assert held(db) == before
    tell("kills in a migration", kills)
    for name, count in ends.items():
        tell(f"{name} schema afterwards", count)
    tell("mixed", 0)


def schema_of(path):
    with duckdb.connect(str(path)) as connection:
        return int(
            connection.execute(
                "SELECT value FROM store_info WHERE name = 'schema_version'"
            ).fetchall()[0][0]
        )


@pytest.mark.promise("S06")
def test_S06_a_migration_that_fails_leaves_file_and_copy(tmp_path, monkeypatch):
    path = tmp_path / "company.duckdb"
    with filled(path, rows=100) as db:
        before = held(db)
    known = schema.migrations()
    broken = (known[-1][0] + 1, "DELETE FROM revenue; SELECT 1 FROM nowhere")
    monkeypatch.setattr(schema, "migrations", lambda: [*known, broken])
    with pytest.raises(duckdb.Error):
        Database(path)
    monkeypatch.setattr(schema, "migrations", lambda: known)
    for file in (path, copies.listed(Place.of(path))[0].file):
        with Database(file) as db:
            assert held(db) == before


@pytest.mark.promise("S07")
def test_S07_a_newer_schema_is_refused_and_not_a_byte_is_changed(tmp_path, tell):
    """Also where the newer program was killed, so that its log waits to be written back."""
    path = tmp_path / "company.duckdb"
    filled(path, rows=100).close()
    newer = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"UPDATE store_info SET value = '9999' WHERE name = 'schema_version'\"); "
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", newer, str(path)], check=False, timeout=60)
    place = Place.of(path)
    before = digest(place.file, place.log, place.ledger)
    for _ in range(3):
        with pytest.raises(StoreNewer) as refusal:
            Database(path)
        assert "schema 9999" in refusal.value.what
        assert "newer cxdash" in refusal.value.do_next
    assert digest(place.file, place.log, place.ledger) == before
    tell("openings refused", 3)


@pytest.mark.promise("S07")
def test_S07_a_newer_engine_is_refused_and_not_a_byte_is_changed(tmp_path):
    path = tmp_path / "company.duckdb"
    filled(path, rows=100).close()
    content = bytearray(path.read_bytes())
    content[12:20] = (9_999).to_bytes(8, "little")
    content[:8] = engine_checksum(content[8:4096]).to_bytes(8, "little")
    path.write_bytes(content)
    before = digest(path)
    with pytest.raises(StoreNewer) as refusal:
        Database(path)
    assert "newer" in refusal.value.what
    assert digest(path) == before


def engine_checksum(block):
    """The check the engine keeps before each block, so that a made-up header is believed."""
    total = 5_381
    for at in range(0, len(block), 8):
        word = int.from_bytes(block[at : at + 8], "little")
        total ^= word * 0xBF58476D1CE4E5B9 % 2**64
    return total


@pytest.mark.promise("C08")
def test_C08_a_second_process_is_refused_with_the_number_of_the_first(tmp_path, capsys, tell):
    from cxdash.faces.cli.main import main  # noqa: PLC0415 - the command line takes a while

    path = tmp_path / "company.duckdb"
    with filled(path, rows=100) as db:
        made = upkeep.backup(db)
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    commands = [
        ["imports"],
        ["undo", "1"],
        ["compact"],
        ["backup"],
        ["doctor"],
        ["erase", "C-7"],
        ["restore", str(made.file)],
    ]
    try:
        assert owner.stdout.readline() == "open\n"
        before = digest(path)
        with pytest.raises(StoreLocked, match=f"process {owner.pid}"):
            Database(path)
        for command in commands:
            assert main([*command, "--db", str(path)]) == 1
            told = capsys.readouterr()
            assert "in use by another cxdash" in " ".join((told.out + told.err).split())
        assert digest(path) == before
        tell("commands refused while another process holds the file", len(commands))
    finally:
        owner.communicate("", timeout=60)
    with Database(path) as db:
        load(db, "revenue", 10)
