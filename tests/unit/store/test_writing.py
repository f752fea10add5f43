"""Reading and writing: one transaction at a time, a cursor a use, whole or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from cxdash.errors import StoreError
from cxdash.store import CANONICAL, LINEAGE, Database


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "company.duckdb") as database:
        yield database


def add(cur, name, value):
    cur.execute("INSERT INTO settings VALUES (?, ?)", [name, value])


def test_a_committed_write_is_kept_and_grows_the_data_version(db):
    before = db.data_version
    with db.writing() as cur:
        add(cur, "reporting_currency", "USD")
    assert db.setting("reporting_currency") == "USD"
    assert db.data_version == before + 1


def write_half(db, stop):
    with db.writing() as cur:
        add(cur, "half", "done")
        raise stop


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_whatever_stops_a_write_leaves_nothing_of_it(db, stop):
    before = db.data_version
    with pytest.raises(stop):
        write_half(db, stop)
    assert db.setting("half") is None
    assert db.data_version == before
    with db.writing() as cur:
        add(cur, "next", "works")
    assert db.setting("next") == "works"


def write_inside_a_write(db):
    with db.writing() as outer:
        add(outer, "outer", "1")
        with db.writing() as inner:
            add(inner, "inner", "1")


def test_a_write_inside_a_write_is_refused_and_neither_is_kept(db):
    with pytest.raises(RuntimeError, match="already"):
        write_inside_a_write(db)
    assert db.setting("outer") is None
    assert db.setting("inner") is None


def test_a_reader_sees_the_state_before_or_after_a_write_never_between(db):
    with db.writing() as cur:
        add(cur, "first", "1")
        add(cur, "second", "1")
        assert db.rows("SELECT * FROM settings") == []
    assert len(db.rows("SELECT * FROM settings")) == 2


def test_every_thread_gets_its_own_result(db):
    def ask(number):
        return db.rows("SELECT ? AS mine, count(*) AS n FROM range(20000)", [number])[0]["mine"]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(800))) == list(range(800))


def test_writers_take_turns_and_no_write_is_lost(db):
    def write(number):
        with db.writing() as cur:
            add(cur, f"setting {number}", "1")

    before = db.data_version
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    assert db.rows("SELECT count(DISTINCT name) AS n FROM settings") == [{"n": 60}]
    assert db.data_version == before + 60


def test_a_setting_replaces_the_one_before(db):
    db.set_setting("reporting_currency", "USD")
    db.set_setting("reporting_currency", "EUR")
    assert db.rows("SELECT value FROM settings") == [{"value": "EUR"}]
    assert db.setting("never set") is None


@pytest.mark.parametrize("name", CANONICAL)
def test_the_schema_holds_the_columns_the_catalogue_of_tables_promises(db, name):
    found = {
        row["column_name"]: (row["data_type"], row["is_nullable"] == "NO")
        for row in db.rows(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_name = ?",
            [name],
        )
    }
    table = CANONICAL[name]
    content = {column: (kind, column in table.required) for column, kind in table.types.items()}
    lineage = set(found) - set(content)
    assert {column: found[column] for column in content} == content
    hashless = {"row_hash"} if table.parent in ("responses", "snapshots") else set()
    assert lineage == set(LINEAGE) - hashless
    assert all(found[column][1] for column in lineage)


def test_keys_are_text_and_money_is_exact(db):
    with db.writing() as cur:
        cur.execute(
            "INSERT INTO revenue (customer_id, amount, currency, revenue_kind, row_key, row_hash, "
            "import_id, line_no, is_current) VALUES "
            "('010001', 0.1, 'USD', 'recurring', 'a', 'a', 1, 2, true), "
            "('010001', 0.2, 'USD', 'recurring', 'b', 'b', 1, 3, true)"
        )
    found = db.rows("SELECT customer_id, sum(amount) AS total FROM revenue GROUP BY customer_id")
    assert found == [{"customer_id": "010001", "total": Decimal("0.3000")}]


def test_closing_waits_for_the_writer_and_keeps_what_it_wrote(tmp_path):
    path = tmp_path / "company.duckdb"
    db = Database(path)
    inside, go_on = threading.Event(), threading.Event()

    def write():
        with db.writing() as cur:
            inside.set()
            assert go_on.wait(20)
            add(cur, "late", "kept")

    with ThreadPoolExecutor(2) as pool:
        writer = pool.submit(write)
        assert inside.wait(20)
        closing = pool.submit(db.close)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.3)
        go_on.set()
        writer.result(timeout=20)
        closing.result(timeout=20)
    with Database(path) as again:
        assert again.setting("late") == "kept"


def test_a_closed_database_says_so_and_can_be_closed_again(tmp_path):
    db = Database(tmp_path / "company.duckdb")
    db.close()
    db.close()
    with pytest.raises(StoreError, match="has been closed"):
        db.setting("any")


def test_a_writer_cannot_close_under_itself(db):
    with db.writing() as cur:
        add(cur, "one", "1")
        with pytest.raises(RuntimeError, match="still writing"):
            db.close()
    assert db.setting("one") == "1"


def test_closing_while_others_read_ends_each_of_them_with_an_answer_or_a_sentence(tmp_path):
    db = Database(tmp_path / "company.duckdb")
    started = threading.Barrier(5)

    def read():
        started.wait(20)
        for count in range(200):
            try:
                assert db.data_version == 1
            except StoreError:
                return count
        return 200

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        started.wait(20)
        db.close()
        assert all(0 <= reader.result(timeout=30) <= 200 for reader in readers)
    Database(db.path).close()


def test_a_file_read_all_the_time_is_not_swapped_and_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("cxdash.store.connection._PATIENCE", 0.01)
    monkeypatch.setattr("cxdash.store.connection._TRIES", 2)
    inside, go = threading.Event(), threading.Event()
    with Database(tmp_path / "company.duckdb") as db:

        def read():
            with db.cursor():
                inside.set()
                go.wait(60)

        reader = threading.Thread(target=read)
        reader.start()
        assert inside.wait(10)
        with pytest.raises(StoreError, match="was read all the time") as told:
            db.replace_file(lambda: tmp_path / "never used")
        assert told.value.state == ("The file was not swapped, and every row is as it was.")
        db.set_setting("reporting_currency", "BRL")
        go.set()
        reader.join(10)
        assert db.setting("reporting_currency") == "BRL"
