"""What was worked out on a state of the data is made once, and anew when the data moved."""

import threading

import pytest

from cxdash.store import Database
from cxdash.store.memo import Memo


def test_a_result_is_made_once_for_a_state_of_the_data(tmp_path):
    made = []
    with Database(tmp_path / "x.duckdb") as db:
        for _ in range(2):
            db.kept("sum", "key", lambda: made.append(1), room=2)
        assert len(made) == 1
        db.set_setting("reporting_currency", "USD")
        db.kept("sum", "key", lambda: made.append(1), room=2)
        with db.snapshot() as view:
            view.kept("sum", "key", lambda: made.append(1), room=2)
    assert len(made) == 2


def test_the_least_lately_used_goes_first():
    memo, made = Memo(), []

    def make(name):
        return memo.get("kind", name, lambda: made.append(name), room=2)

    for name in ("a", "b", "a", "c", "a", "b"):
        make(name)
    assert made == ["a", "b", "c", "b"]


def test_what_raised_is_tried_again():
    memo = Memo()

    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        memo.get("kind", 1, fails, room=1)
    assert memo.get("kind", 1, lambda: "made", room=1) == "made"


def test_two_threads_wait_for_one_making():
    memo, made, found = Memo(), [], []
    begun, go = threading.Event(), threading.Event()

    def slow():
        begun.set()
        go.wait(5)
        made.append(1)
        return "made"

    def ask():
        found.append(memo.get("kind", 1, slow, room=1))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    threads[0].start()
    begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(5)
    assert (made, found) == ([1], ["made"] * 3)


def test_nothing_is_left_of_a_making_however_often_its_result_is_asked_for():
    """A process that runs for months asks under a new key with every state of the data."""
    memo = Memo()
    for key in range(50):
        for _ in range(3):
            memo.get("kind", key, lambda: "made", room=2)
    assert len(memo._making) == 0
