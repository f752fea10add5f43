"""Whatever text reaches a statement, the engine reads no other file and keeps its limits."""

import duckdb
import pyarrow as pa
import pytest

from cxdash.store import Database

OUTSIDE = [
    "ATTACH '{beside}/other.duckdb'",
    "ATTACH '{work}/../other.duckdb'",
    "COPY settings TO '{beside}/settings.csv'",
    "COPY settings TO '{work}/../settings.csv'",
    "EXPORT DATABASE '{beside}/everything'",
    "IMPORT DATABASE '{beside}'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_text('{beside}/link')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL spatial FROM community",
    "SET memory_limit = '90GB'",
    "SET threads = 64",
    "SET temp_directory = '/tmp'",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET lock_configuration = false",
    "SET python_enable_replacements = true",
    "SET GLOBAL autoinstall_known_extensions = true",
    "RESET enable_external_access",
    "PRAGMA memory_limit = '90GB'",
]


@pytest.fixture
def db(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    with Database(tmp_path / "company.duckdb") as database:
        yield database


def seen(db):
    """Tables, settings of the engine, and files, as a statement must leave them."""
    tables = db.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
    settings = db.rows("SELECT name, value FROM duckdb_settings() ORDER BY 1")
    return tables, settings, sorted(db.place.file.parent.rglob("*"))


@pytest.mark.promise("X09")
def test_X09_no_statement_leaves_the_database_or_loosens_the_engine(db, tmp_path, tell):
    before = seen(db)
    for template in OUTSIDE:
        statement = template.format(beside=tmp_path, work=db.place.work)
        with db.cursor() as cur, pytest.raises(duckdb.Error):
            cur.execute(statement).fetchall()
        with db.writing() as cur:
            assert cur.execute("SELECT 1").fetchall() == [(1,)]
    assert seen(db) == before
    tell("statements refused by the engine", len(OUTSIDE))


def test_the_engine_has_limits(db):
    settings = {row["name"]: row["value"] for row in db.rows("SELECT * FROM duckdb_settings()")}
    assert settings["memory_limit"] == "953.6 MiB"
    assert int(settings["threads"]) <= 4
    assert settings["temp_directory"] == str(db.place.spill)
    assert settings["max_temp_directory_size"] not in ("", "90% of available disk space")
    assert settings["lock_configuration"] == "true"
    assert settings["TimeZone"].endswith("UTC")


def test_tables_of_arrow_still_arrive_and_large_sorts_still_spill(tmp_path):
    with Database(tmp_path / "company.duckdb", memory_limit="60MB") as db, db.cursor() as cur:
        cur.register("waiting", pa.table({"n": pa.array(range(1_000))}))
        assert cur.execute("SELECT sum(n) FROM waiting").fetchall() == [(499_500,)]
        sorted_rows = cur.execute(
            "SELECT count(*) FROM (SELECT md5(CAST(n AS VARCHAR)) AS h, n FROM range(1500000) "
            "AS r(n) ORDER BY h LIMIT 1400000)"
        ).fetchall()
        assert sorted_rows == [(1_400_000,)]


def test_a_frame_of_the_calling_code_is_no_table(db):
    frame = pa.table({"n": [1]})
    with db.cursor() as cur, pytest.raises(duckdb.CatalogException):
        cur.execute("SELECT * FROM frame")
    assert frame.num_rows == 1
