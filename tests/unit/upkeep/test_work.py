"""Upkeep in the background is done one after the other and tells how it ended."""

import threading

import pytest

from cxdash import upkeep
from cxdash.errors import UsageError
from cxdash.store import rebuild


def test_the_result_and_the_last_word_can_be_read_when_it_has_ended(db):
    job = upkeep.start(db, "A backup", lambda tell: upkeep.backup(db, tell=tell))
    assert job.wait(30)
    assert (job.state, job.fraction, job.message) == ("done", 1.0, "Done")
    assert job.result.file.exists()
    assert upkeep.under_way() == []


def test_what_is_queued_waits_and_is_listed(db):
    going, let_go = threading.Event(), threading.Event()

    def first(tell):
        tell(0.5, "Half")
        going.set()
        return let_go.wait(30)

    one = upkeep.start(db, "One", first)
    two = upkeep.start(db, "Two", lambda _tell: "second")
    assert going.wait(30)
    assert [(job.title, job.state) for job in upkeep.under_way()] == [
        ("One", "running"),
        ("Two", "waiting"),
    ]
    assert (one.fraction, one.message) == (0.5, "Half")
    let_go.set()
    assert two.wait(30)
    assert (one.result, two.result) == (True, "second")


def test_an_error_of_the_tree_is_kept_for_the_page(db):
    job = upkeep.start(db, "Erasing", lambda tell: upkeep.erase(db, "nobody", tell=tell))
    assert job.wait(30)
    assert job.state == "failed"
    assert isinstance(job.error, UsageError)
    assert "nobody" not in str(job.error)
    assert job.error.__traceback__ is None


def test_an_error_of_ours_is_recorded_without_its_message(db):
    def broken(_tell):
        raise ValueError("Person 7")

    job = upkeep.start(db, "Erasing", broken)
    assert job.wait(30)
    assert job.error.what.startswith("Erasing stopped on an error of ours (ValueError, reference ")
    records = [file.read_text() for file in db.place.logs.glob("*.log")]
    assert records
    assert not [text for text in records if "Person 7" in text]


def test_two_that_rebuild_at_once_take_turns(db):
    inside, seen = threading.Event(), []

    def second():
        with rebuild.workspace(db.place):
            seen.append("second")

    with rebuild.workspace(db.place) as work:
        (work / "half").write_text("x")
        thread = threading.Thread(target=lambda: (inside.set(), second()))
        thread.start()
        assert inside.wait(30)
        thread.join(0.2)
        assert seen == []
        assert (work / "half").exists()
    thread.join(30)
    assert seen == ["second"]


def test_what_compacting_would_win_is_known_before(db):
    with db.writing() as cur:
        cur.execute(
            "CREATE TABLE big AS SELECT md5(CAST(n AS VARCHAR)) AS h FROM range(1000000) AS r(n)"
        )
    with db.writing() as cur:
        cur.execute("DROP TABLE big")
    foreseen = upkeep.room(db).spare
    done = upkeep.compact(db)
    assert foreseen > 8 << 20
    assert done.won == pytest.approx(foreseen, rel=0.1)
