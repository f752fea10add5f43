"""The file of people and sign-ins: private, of its own, and never taken for something else."""

import sqlite3
import stat
import threading

import pytest

from cxdash.access.book import Book, place
from cxdash.errors import StoreError, StoreForeign, StoreNewer


def test_it_lies_beside_the_database_and_only_its_owner_reads_it(tmp_path):
    database = tmp_path / "company.duckdb"
    Book.of(database).close()
    path = place(database)
    assert path == tmp_path / "company.access.sqlite"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failed_transaction_leaves_nothing(tmp_path):
    with Book(tmp_path / "b.sqlite") as book:
        with pytest.raises(StoreError, match="UNIQUE"), book.writing() as cur:
            cur.executemany(
                "INSERT INTO people (issuer, subject, name, given_by, created) "
                "VALUES ('i', 'the same', ?, 'person', 1)",
                [("ada",), ("eve",)],
            )
        assert book.rows("SELECT * FROM people") == []


def test_what_the_engine_refuses_is_told_in_the_words_of_the_house(tmp_path):
    with Book(tmp_path / "b.sqlite") as book, pytest.raises(StoreError, match="cannot be used"):
        book.rows("SELECT * FROM nothing_of_that_name")


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "b.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    with pytest.raises(StoreForeign):
        Book(path)
    left = sqlite3.connect(path)
    assert left.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    left.close()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "b.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    with pytest.raises(StoreForeign):
        Book(path)


def test_a_newer_file_is_refused(tmp_path):
    path = tmp_path / "b.sqlite"
    with Book(path) as book, book.writing() as cur:
        cur.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreNewer):
        Book(path)


@pytest.mark.parametrize("time_", range(10))
def test_many_threads_open_a_new_book_at_once_and_all_can_use_it(tmp_path, time_):
    failed = []

    def use():
        try:
            with Book(tmp_path / "b.sqlite") as book:
                book.rows("SELECT * FROM people")
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
