"""Opening a file: cxdash makes, migrates or refuses, and a refused file stays as it was."""

import hashlib
import subprocess
import sys

import duckdb
import pytest

from cxdash.errors import StoreDamaged, StoreError, StoreForeign, StoreLocked, StoreNewer
from cxdash.store import Database, default_path
from cxdash.store.schema import migrations

HOLD = (
    "import sys; from cxdash.store import Database; db = Database(sys.argv[1]);"
    "print('open', flush=True); sys.stdin.read()"
)


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def foreign(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE invoices (amount DECIMAL(18,2))")


def foreign_with_info(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE store_info (name VARCHAR, value VARCHAR)")
        connection.execute("INSERT INTO store_info VALUES ('application', 'another program')")


def foreign_in_a_schema(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA finance")
        connection.execute("CREATE TABLE finance.invoices (amount DECIMAL(18,2))")


def foreign_view(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE VIEW one AS SELECT 1 AS n")


def foreign_sequence(path):
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SEQUENCE numbers")


def newer(path):
    Database(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store_info SET value = '9999' WHERE name = 'schema_version'")


def text(path):
    path.write_text("customer_id,score\nC-1,9\n" * 40, encoding="utf-8")


def very_short(path):
    path.write_bytes(b"DU")


def cut_short(path):
    Database(path).close()
    path.write_bytes(path.read_bytes()[:5000])


def scrambled(path):
    Database(path).close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = bytes(255 - byte for byte in content[4096:12288])
    path.write_bytes(content)


def no_version(path):
    Database(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM store_info WHERE name = 'schema_version'")


def odd_version(path):
    Database(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store_info SET value = 'two' WHERE name = 'schema_version'")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (foreign, StoreForeign),
        (foreign_with_info, StoreForeign),
        (foreign_in_a_schema, StoreForeign),
        (foreign_view, StoreForeign),
        (foreign_sequence, StoreForeign),
        (newer, StoreNewer),
        (text, StoreForeign),
        (very_short, StoreForeign),
        (cut_short, StoreDamaged),
        (scrambled, StoreDamaged),
        (no_version, StoreForeign),
        (odd_version, StoreForeign),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_file_that_is_not_ours_to_change_is_refused_and_stays_as_it_was(tmp_path, make, error):
    path = tmp_path / "company.duckdb"
    make(path)
    before, beside = fingerprint(path), sorted(tmp_path.iterdir())
    with pytest.raises(error) as refusal:
        Database(path)
    assert fingerprint(path) == before
    assert sorted(tmp_path.iterdir()) == beside
    assert str(path) in refusal.value.what
    assert refusal.value.state
    assert refusal.value.do_next


def test_a_folder_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(StoreError, match="folder"):
        Database(tmp_path)


def test_a_place_that_cannot_be_written_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StoreError) as refusal:
        Database(tmp_path / "file" / "company.duckdb")
    assert "cannot be made" in refusal.value.what


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Could not set lock on file: Conflicting lock is held by PID 17", StoreLocked),
        ("Trying to read a database file with version number 999, but", StoreNewer),
        ("Cannot open file: Permission denied", StoreError),
        ("Corrupt database file: checksum does not match in block 7", StoreDamaged),
    ],
)
def test_what_the_engine_says_becomes_the_right_error(tmp_path, monkeypatch, message, error):
    def refuse(_path, *, read_only):
        raise duckdb.IOException(message)

    monkeypatch.setattr(duckdb, "connect", refuse)
    with pytest.raises(StoreError) as refusal:
        Database(tmp_path / "company.duckdb")
    assert type(refusal.value) is error


def test_a_new_file_and_an_empty_one_become_a_database(tmp_path):
    (tmp_path / "empty.duckdb").touch()
    for name in ("empty.duckdb", "folder/new.duckdb"):
        with Database(tmp_path / name) as db:
            assert db.schema_version == migrations()[-1][0]
            assert db.rows("SELECT count(*) AS n FROM imports") == [{"n": 0}]


def test_a_file_left_bare_by_a_sudden_end_becomes_a_database(tmp_path):
    path = tmp_path / "company.duckdb"
    sudden = "import duckdb, os, sys; duckdb.connect(sys.argv[1]); os._exit(9)"
    subprocess.run([sys.executable, "-c", sudden, str(path)], check=False)
    assert path.stat().st_size > 0
    with Database(path) as db:
        assert db.schema_version == migrations()[-1][0]


def test_opening_again_changes_no_version(tmp_path):
    path = tmp_path / "company.duckdb"
    with Database(path) as db:
        before = (db.data_version, db.schema_version)
    with Database(path) as db:
        assert (db.data_version, db.schema_version) == before


def test_migrations_are_numbered_without_a_gap():
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_an_older_file_is_taken_to_the_newest_schema_with_its_rows(tmp_path, monkeypatch):
    path = tmp_path / "company.duckdb"
    with Database(path) as db:
        db.set_setting("reporting_currency", "BRL")
        before = db.data_version
    known = migrations()
    later = (known[-1][0] + 1, "CREATE TABLE added_later (a INTEGER)")
    monkeypatch.setattr("cxdash.store.schema.migrations", lambda: [*known, later])
    with Database(path) as db:
        assert db.schema_version == later[0]
        assert db.setting("reporting_currency") == "BRL"
        assert db.rows("SELECT count(*) AS n FROM added_later") == [{"n": 0}]
        assert db.data_version == before


def test_a_migration_that_fails_leaves_the_old_schema_whole(tmp_path, monkeypatch):
    path = tmp_path / "company.duckdb"
    Database(path).close()
    known = migrations()
    broken = (known[-1][0] + 1, "CREATE TABLE half (a INTEGER); INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr("cxdash.store.schema.migrations", lambda: [*known, broken])
    with pytest.raises(duckdb.Error):
        Database(path)
    monkeypatch.setattr("cxdash.store.schema.migrations", lambda: known)
    with Database(path) as db:
        assert db.schema_version == known[-1][0]
        assert db.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'half'") == []


def test_a_first_migration_that_fails_leaves_no_file(tmp_path, monkeypatch):
    path = tmp_path / "company.duckdb"
    monkeypatch.setattr("cxdash.store.schema.migrations", lambda: [(1, "SELECT 1 FROM nowhere")])
    with pytest.raises(duckdb.Error):
        Database(path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_is_told_who_holds_the_file(tmp_path):
    path = tmp_path / "company.duckdb"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StoreLocked, match=f"process {holder.pid}"):
            Database(path)
    finally:
        holder.communicate(b"")
    with Database(path) as db:
        assert db.data_version == 1


def test_the_default_place_can_be_set_by_the_environment(monkeypatch):
    monkeypatch.delenv("CXDASH_DB", raising=False)
    assert default_path().as_posix() == "data/cxdash.duckdb"
    monkeypatch.setenv("CXDASH_DB", "/srv/company.duckdb")
    assert default_path().as_posix() == "/srv/company.duckdb"
