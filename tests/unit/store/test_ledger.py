"""The ledger beside the database: what was committed, what is missing, and whether it is whole."""

import json

import pytest

from cxdash.store.ledger import Ledger
from cxdash.store.place import Place
from cxdash.store.state import Held, State

ONE = Held(1, "customers", "a" * 64, 10, "2026-01-01 10:00:00", False)
TWO = Held(2, "revenue", "b" * 64, 20, "2026-01-02 10:00:00", False)
OTHER_TWO = Held(2, "revenue", "c" * 64, 5, "2026-01-03 10:00:00", False)
UNDONE = Held(2, "revenue", "b" * 64, 20, "2026-01-02 10:00:00", True)


def state(version, *imports, store="mine"):
    return State(store, version, imports)


@pytest.fixture
def place(tmp_path):
    return Place.of(tmp_path / "company.duckdb")


def opened(place, found):
    ledger = Ledger(place)
    ledger.open(found)
    return ledger


def lines(place):
    return [json.loads(line) for line in place.ledger.read_text().splitlines()]


@pytest.fixture
def known(place):
    """A ledger that knows of two imports."""
    ledger = opened(place, state(1))
    ledger.note(state(2, ONE))
    ledger.note(state(3, ONE, TWO))
    return ledger


def test_a_line_is_written_for_every_commit_and_seals_the_one_before(place, known):
    written = lines(place)
    assert [line["what"] for line in written] == ["begun", "written", "written"]
    assert [line["n"] for line in written] == [1, 2, 3]
    assert [len(line["imports"]) for line in written] == [0, 1, 1]
    assert len({line["before"] for line in written}) == 3
    assert place.ledger.stat().st_mode & 0o077 == 0
    assert opened(place, state(3, ONE, TWO)).loss == opened(place, state(3, ONE, TWO)).loss
    assert not opened(place, state(3, ONE, TWO)).loss


@pytest.mark.parametrize(
    ("found", "imports", "undoings", "changes"),
    [
        (state(2, ONE), (TWO,), (), 0),
        (state(1), (ONE, TWO), (), 0),
        (state(2, ONE, TWO), (), (), 1),
        (state(3, ONE, OTHER_TWO), (TWO,), (), 0),
    ],
)
def test_what_the_database_lacks_is_named_until_it_is_accepted(
    place, known, found, imports, undoings, changes
):
    for _ in range(3):
        loss = opened(place, found).loss
        assert loss
        assert (loss.imports, loss.undoings, loss.changes) == (imports, undoings, changes)
    ledger = opened(place, found)
    ledger.note(state(found.data_version + 1, *found.imports))
    assert ledger.loss.imports == imports
    ledger.accept(state(found.data_version + 1, *found.imports))
    assert not ledger.loss
    assert not opened(place, state(found.data_version + 1, *found.imports)).loss


def test_an_undoing_that_got_lost_is_named(place, known):
    known.note(state(4, ONE, UNDONE))
    assert opened(place, state(3, ONE, TWO)).loss.undoings == (UNDONE,)
    assert not opened(place, state(4, ONE, UNDONE)).loss


def test_what_was_missing_and_is_back_is_no_loss(place, known):
    assert opened(place, state(2, ONE)).loss
    assert not opened(place, state(3, ONE, TWO)).loss
    assert lines(place)[-1]["what"] == "found again"


def test_two_losses_add_up(place, known):
    assert opened(place, state(2, ONE)).loss.imports == (TWO,)
    assert set(opened(place, state(1)).loss.imports) == {ONE, TWO}


def test_a_commit_without_its_line_is_caught_up(place, known):
    assert not opened(place, state(4, ONE, TWO, OTHER_TWO)).loss
    assert lines(place)[-1]["what"] == "caught up"
    assert opened(place, state(3, ONE, TWO)).loss.imports == (OTHER_TWO,)


def test_a_line_cut_by_a_sudden_end_is_written_anew(place, known):
    text = place.ledger.read_bytes()
    place.ledger.write_bytes(text[:-40])
    assert not opened(place, state(3, ONE, TWO)).loss
    assert [line["what"] for line in lines(place)] == ["begun", "written", "caught up"]


@pytest.mark.parametrize("change", ["edit", "remove", "scramble"])
def test_a_ledger_changed_by_hand_says_so(place, known, change):
    known.note(state(4, ONE, TWO, OTHER_TWO))
    written = place.ledger.read_text().splitlines(keepends=True)
    if change == "edit":
        written[1] = written[1].replace('"customers",', '"responses",')
    elif change == "remove":
        del written[1]
    else:
        written[1] = "nothing that can be read\n"
    place.ledger.write_text("".join(written))
    ledger = opened(place, state(4, ONE, TWO, OTHER_TWO))
    assert ledger.loss.altered
    ledger.accept(state(4, ONE, TWO, OTHER_TWO))
    assert not opened(place, state(4, ONE, TWO, OTHER_TWO)).loss


def test_another_database_in_its_place_is_noticed(place, known):
    loss = opened(place, state(9, store="other")).loss
    assert loss.other_store
    assert loss.imports == (ONE, TWO)


def test_a_database_replaced_on_purpose_is_no_loss(place, known):
    Ledger(place).restored(state(2, ONE))
    assert not opened(place, state(2, ONE)).loss
    assert opened(place, state(1)).loss.imports == (ONE,)


def test_a_line_that_could_not_be_written_comes_with_the_next_one(place, known, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("cxdash.store.ledger.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            known.note(state(4, ONE, TWO, OTHER_TWO))
    assert len(lines(place)) == 3
    known.note(state(5, ONE, TWO, OTHER_TWO))
    assert [line["data_version"] for line in lines(place)] == [1, 2, 3, 4, 5]
    assert not opened(place, state(5, ONE, TWO, OTHER_TWO)).loss


def test_a_line_is_written_once_though_the_key_that_stops_comes_while_it_is(
    place, known, monkeypatch
):
    def pressed(_descriptor):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cxdash.store.ledger.os.fsync", pressed)
        with pytest.raises(KeyboardInterrupt):
            known.note(state(4, ONE, TWO, OTHER_TWO))
    known.closed("first")
    assert [line["n"] for line in lines(place)] == [1, 2, 3, 4, 5]
    assert not opened(place, state(4, ONE, TWO, OTHER_TWO)).loss


def test_a_file_is_known_by_its_hash_only_after_it_was_closed_in_order(place, known):
    assert known.expects("anything")
    known.closed("first")
    assert known.is_closed
    assert known.expects("first")
    assert not known.expects("second")
    ledger = opened(place, state(3, ONE, TWO))
    assert not ledger.is_closed
    assert ledger.expects("second")
    ledger.closed("second")
    assert Ledger(place).expects("first")  # an older copy, whole: what it lacks is named instead
    assert not Ledger(place).expects("third")
    Ledger(place).trust()
    assert Ledger(place).expects("third")
