"""The audit log: what was done is in it, nothing can be changed in it unseen, no data is in it."""

import sqlite3
import threading

import pytest
import streamlit as st

from cxdash.access import Action, Actor, Event, Role, audit, note, operator, verify
from cxdash.access.book import Book, place
from cxdash.errors import Forbidden, StoreError, UsageError
from cxdash.faces.web import deeds, visitor
from cxdash.store.journal.lines import EVENT

ADA = Actor("ada@example.com", frozenset({Role.ADMIN}))
DONE = [
    (Event.SIGNED_IN, ""),
    (Action.IMPORT, "file 1f3a"),
    (Action.EXPORT, "table risks of churn"),
    (Action.UNDO, "import 1"),
    (Action.ERASE, "one customer"),
    (Action.DECIDE, "claim worth.gap"),
    (Event.REFUSED, "page access"),
    (Event.SIGNED_OUT, ""),
]

pytestmark = pytest.mark.promise("P08")


@pytest.fixture
def written(tmp_path):
    """Path of a database whose log holds one entry of each kind."""
    database = tmp_path / "cx.duckdb"
    for action, what in DONE:
        note(database, ADA, action, what)
    return database


def raw(database):
    """The file as somebody with a tool opens it, past our code and its triggers."""
    connection = sqlite3.connect(place(database), isolation_level=None)
    connection.execute("DROP TRIGGER audit_is_not_changed")
    connection.execute("DROP TRIGGER audit_is_not_shortened")
    return connection


def test_P08_what_was_done_stands_in_the_log_in_order_with_who_and_when(written):
    found = audit.entries(written)[::-1]
    assert [(one.action, one.what) for one in found] == [(a.name, w) for a, w in DONE]
    assert {(one.actor, one.role) for one in found} == {("ada@example.com", "admin")}
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert verify(written).whole
    assert all(audit.written(one) for one in found)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 'eve' WHERE entry = 2", "DELETE FROM audit WHERE entry = 8"],
)
def test_P08_the_file_itself_refuses_a_change(written, statement):
    with Book.of(written) as book:
        with pytest.raises(StoreError, match="only ever added to"), book.writing() as cur:
            cur.execute(statement)
        assert verify(book).whole


@pytest.mark.parametrize("column", ["at", "actor", "role", "action", "what", "previous", "digest"])
@pytest.mark.parametrize("entry", [1, 4, 8])
def test_P08_a_changed_cell_is_found_whichever_it_is(written, tell, column, entry):
    connection = raw(written)
    connection.execute(f"UPDATE audit SET {column} = 'x' || {column} WHERE entry = {entry}")
    connection.close()
    verdict = verify(written)
    assert not verdict.whole
    assert verdict.broken_at == entry
    assert f"entry {entry} " in verdict.sentence
    tell("tamperings", 1)


@pytest.mark.parametrize("gone", [[1], [4], [8], [7, 8], [1, 2, 3, 4, 5, 6, 7, 8]])
def test_P08_a_removed_entry_is_found_also_at_the_end(written, tell, gone):
    connection = raw(written)
    connection.executemany("DELETE FROM audit WHERE entry = ?", [(one,) for one in gone])
    connection.close()
    assert verify(written).broken_at == gone[0]
    tell("tamperings", 1)


def test_P08_two_entries_that_change_places_are_found(written, tell):
    connection = raw(written)
    for old, new in ((3, 99), (4, 3), (99, 4)):
        connection.execute("UPDATE audit SET entry = ? WHERE entry = ?", (new, old))
    connection.close()
    assert verify(written).broken_at == 3
    tell("tamperings", 1)


def test_P08_a_whole_new_chain_is_found_by_a_digest_noted_elsewhere(written, tmp_path, tell):
    noted = verify(written).head
    note(written, ADA, Action.EXPORT, "more")
    assert verify(written, noted=noted[:12]).whole
    place(written).unlink()
    for action, what in DONE[:-1]:
        note(written, ADA, action, what)
    assert verify(written).whole
    assert not verify(written, noted=noted[:12]).whole
    with pytest.raises(UsageError, match="at least its first 12"):
        verify(written, noted=noted[:11])
    tell("tamperings", 1)


def test_P08_many_writers_at_once_make_one_chain(tmp_path):
    database = tmp_path / "cx.duckdb"
    Book.of(database).close()

    def work(number):
        for turn in range(10):
            note(database, ADA, Action.EXPORT, f"{number}.{turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify(database)
    assert verdict.whole
    assert verdict.entries == 40


def test_P08_an_entry_cannot_forge_lines_or_grow_without_end(tmp_path):
    database = tmp_path / "cx.duckdb"
    note(database, operator(), Action.IMPORT, "a\n2026 eve signed in\x1b[2J" + "x" * 5_000)
    what = audit.entries(database)[0].what
    assert what.isprintable()
    assert len(what) <= 200


def test_P08_the_log_is_handed_to_admins_alone_whatever_page_is_still_open(tmp_path, monkeypatch):
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "cx.duckdb"))
    for role in (Role.VIEWER, Role.ANALYST):
        monkeypatch.setattr(visitor, "LOCAL", Actor("ann", frozenset({role})))
        with pytest.raises(Forbidden):
            deeds.audit_log()()
    monkeypatch.setattr(visitor, "LOCAL", ADA)
    assert "REFUSED" in str(deeds.audit_log()())
    newest = audit.entries(tmp_path / "cx.duckdb")[0]
    assert (newest.actor, newest.action, newest.what) == (ADA.name, "EXPORT", "the audit log")
    st.cache_resource.clear()


def test_P08_a_refusal_is_one_entry_a_minute_and_one_warning_in_the_log(tmp_path, caplog):
    eve = Actor("eve@example.com", frozenset({Role.VIEWER}), 7)
    for _ in range(3):
        audit.refused(tmp_path / "cx.duckdb", eve, Action.IMPORT, "page import")
    note(tmp_path / "cx.duckdb", eve, Event.SIGNED_OUT)
    note(tmp_path / "cx.duckdb", eve, Action.EXPORT, "table bands of worth")
    told = [(one.action, one.what) for one in reversed(audit.entries(tmp_path / "cx.duckdb"))]
    assert told == [
        ("REFUSED", "import: page import"),
        ("SIGNED_OUT", ""),
        ("EXPORT", "table bands of worth"),
    ]
    lines = [getattr(record, EVENT) for record in caplog.records if hasattr(record, EVENT)]
    assert [(one.name, one.action) for one in lines] == [
        ("access.refused", "IMPORT"),
        ("deed", "EXPORT"),
    ]
    assert len({one.person.mark for one in lines}) == 1
