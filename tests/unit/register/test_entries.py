"""Entries: every version stays, the newest counts, and nobody overwrites what they did not see."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pytest

from cxdash import register
from cxdash.errors import Conflict, EntryRefused, UsageError
from cxdash.register import references
from cxdash.register.fields import amount, choice, day, many, reference, share, words, yes_no
from cxdash.register.records import Record, digest, filters, plain, restored
from cxdash.store import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim(Record):
    """An aim of the tests."""

    KIND: ClassVar[str] = "aim"
    NAMED: ClassVar[str] = "aim"
    name: str = words("Name")
    line: str = choice("Line", {"revenue": "Revenue", "cost": "Cost"})
    worth: Decimal | None = amount("Worth", required=False)
    part: float | None = share("Part", required=False)
    by: date | None = day("By when", required=False)
    words_of_it: tuple[str, ...] = many("Words")
    is_public: bool = yes_no("Public")

    def problems(self):
        if self.worth and not self.by:
            yield "Money needs a day by which it comes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed(Record):
    """Something done for an aim."""

    KIND: ClassVar[str] = "deed"
    NAMED: ClassVar[str] = "deed"
    name: str = words("Name")
    aim: str = reference("Its aim", "aim")


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(references, "KINDS", {"aim": Aim, "deed": Deed})


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "x.duckdb") as opened:
        yield opened


def aim(**given):
    return Aim(**{"name": "Keep them", "line": "revenue"} | given)


FULL = aim(
    worth=Decimal("1234.50"),
    part=0.125,
    by=date(2026, 12, 31),
    words_of_it=("late", "broken"),
    is_public=True,
)


def test_an_entry_comes_back_as_it_was_entered(db):
    kept = register.put(db, FULL, by="Ann")
    (found,) = register.current(db, Aim)
    assert found == kept
    assert found.record == FULL
    assert (found.id, found.version, found.what, found.by) == ("aim-1", 1, "entered", "Ann")


@pytest.mark.promise("E01")
def test_every_version_stays_and_the_newest_counts(db):
    register.put(db, aim(), by="Ann")
    register.put(db, aim(name="Keep more"), by="Ben", entry="aim-1", expects=1)
    assert [one.record.name for one in register.current(db, Aim)] == ["Keep more"]
    told = [(one.version, one.by, one.record.name) for one in register.history(db, Aim, "aim-1")]
    assert told == [(1, "Ann", "Keep them"), (2, "Ben", "Keep more")]


def test_saving_what_counts_already_adds_no_version(db):
    register.put(db, aim(), by="Ann")
    assert register.put(db, aim(), by="Ben", entry="aim-1", expects=1).version == 1


@pytest.mark.promise("E01")
def test_nobody_overwrites_a_version_they_did_not_see(db):
    register.put(db, aim(), by="Ann")
    register.put(db, aim(name="Ben's"), by="Ben", entry="aim-1", expects=1)
    with pytest.raises(
        Conflict, match=r"Ben has changed aim-1 .* version 1, now there is version 2"
    ):
        register.put(db, aim(name="Ann's"), by="Ann", entry="aim-1", expects=1)
    assert [one.record.name for one in register.current(db, Aim)] == ["Ben's"]


def test_a_removed_entry_leaves_the_list_and_keeps_its_history_and_its_number(db):
    register.put(db, aim(), by="Ann")
    register.remove(db, Aim, "aim-1", by="Ann", expects=1)
    assert register.current(db, Aim) == ()
    assert register.find(db, Aim, "aim-1") is None
    assert [one.what for one in register.history(db, Aim, "aim-1")] == ["entered", "removed"]
    assert register.put(db, aim(), by="Ann").id == "aim-2"
    with pytest.raises(UsageError, match="no aim aim-1"):
        register.put(db, aim(), by="Ann", entry="aim-1")
    with pytest.raises(Conflict, match="removed"):
        register.put(db, aim(), by="Ann", entry="aim-1", expects=1)


def test_what_others_refer_to_cannot_be_removed(db):
    register.put(db, aim(), by="Ann")
    register.put(db, Deed(name="Call", aim="aim-1"), by="Ann")
    with pytest.raises(EntryRefused, match="deed-1 refers to it"):
        register.remove(db, Aim, "aim-1", by="Ann")
    register.remove(db, Deed, "deed-1", by="Ann")
    register.remove(db, Aim, "aim-1", by="Ann")


def test_an_entry_that_refers_to_nothing_is_not_saved(db):
    with pytest.raises(EntryRefused, match="Its aim: there is no aim-7"):
        register.put(db, Deed(name="Call", aim="aim-7"), by="Ann")
    assert register.current(db, Deed) == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "Name: this has to be filled in."),
        ({"line": "weather"}, "Line: 'weather' is none of revenue, cost."),
        ({"worth": Decimal(-1), "by": date(2026, 1, 1)}, "Worth: at least 0."),
        ({"worth": Decimal("NaN"), "by": date(2026, 1, 1)}, "Worth: this is no number."),
        ({"part": 1.2}, "Part: at most 100 %."),
        ({"name": "a\x00b"}, "Name: there is a control character in it."),
        ({"words_of_it": ("a;b",)}, "Words: a semicolon"),
        ({"name": "a" * 301}, "Name: 301 characters are more than the 300"),
        ({"worth": Decimal(1)}, "Money needs a day by which it comes."),
    ],
)
def test_what_breaks_a_rule_is_not_saved_and_told_in_words(db, given, told):
    with pytest.raises(EntryRefused) as refused:
        register.put(db, aim(**given), by="Ann")
    assert any(one.startswith(told) for one in refused.value.problems)
    assert register.current(db, Aim) == ()


def test_what_comes_back_is_the_version_that_was_saved_and_not_the_next_of_somebody_else(
    db, monkeypatch
):
    """Whoever saves again from it would else overwrite what they never saw."""
    saved = register.put(db, aim(), by="Ann")
    writing = db.writing

    @contextmanager
    def and_then_ben(**given):
        with writing(**given) as cur:
            yield cur
        monkeypatch.setattr(db, "writing", writing)
        register.put(db, aim(name="Ben's"), by="Ben", entry=saved.id)

    monkeypatch.setattr(db, "writing", and_then_ben)
    mine = register.put(db, aim(name="Ann's"), by="Ann", entry=saved.id)
    assert (mine.version, mine.by, mine.record.name) == (2, "Ann", "Ann's")
    with pytest.raises(Conflict):
        register.put(db, aim(name="Ann again"), by="Ann", entry=saved.id, expects=mine.version)


@pytest.mark.parametrize(
    ("one", "other"), [("250000.0", "250000"), ("-0.0", "0"), ("1234.50", "1234.5")]
)
def test_money_that_is_written_otherwise_is_no_change(db, one, other):
    by = date(2026, 12, 31)
    saved = register.put(db, aim(worth=Decimal(one), by=by), by="Ann")
    again = register.put(db, aim(worth=Decimal(other), by=by), by="Ben", entry=saved.id)
    assert (again.version, again.digest) == (1, saved.digest)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"by": date(1, 1, 1)}, "0001-01-01 is not between 1950-01-01 and 2199-12-31"),
        ({"by": date(9999, 12, 31)}, "9999-12-31 is not between 1950-01-01 and 2199-12-31"),
        ({"worth": Decimal(10) ** 400, "by": date(2026, 1, 1)}, "more than 1,000,000,000,000,000"),
    ],
)
def test_a_slip_of_the_keyboard_that_no_form_and_no_sum_could_hold_is_refused(db, given, told):
    with pytest.raises(EntryRefused, match=told):
        register.put(db, aim(**given), by="Ann")
    assert register.current(db, Aim) == ()


@pytest.mark.promise("E01")
def test_what_is_frozen_keeps_its_digest_and_later_changes_show(db):
    register.put(db, aim(), by="Ann")
    kept = register.freeze(db, Aim, "aim-1", by="Ann", expects=1)
    assert kept.frozen
    assert not kept.changed_since_frozen
    assert register.freeze(db, Aim, "aim-1", by="Ben").version == kept.version
    later = register.put(db, aim(name="Other"), by="Ben", entry="aim-1")
    assert later.frozen
    assert later.changed_since_frozen
    assert register.frozen(db, Aim, "aim-1").digest == kept.digest
    back = register.put(db, aim(), by="Ben", entry="aim-1")
    assert not back.changed_since_frozen


@pytest.mark.promise("E01")
def test_what_was_frozen_stays_known_after_it_was_removed(db):
    register.put(db, aim(), by="Ann")
    register.freeze(db, Aim, "aim-1", by="Ann")
    register.put(db, aim(name="Never frozen"), by="Ann")
    register.put(db, aim(name="Later"), by="Ann", entry="aim-1")
    register.freeze(db, Aim, "aim-1", by="Ann")
    register.remove(db, Aim, "aim-1", by="Ann")
    assert [one.record.name for one in register.every_frozen(db, Aim)] == ["Keep them"]


def test_the_digest_of_an_entry_is_that_of_what_it_says(db):
    one = register.put(db, FULL, by="Ann")
    other = register.put(db, FULL, by="Ben")
    assert one.digest == other.digest == digest("aim", plain(FULL))
    assert register.put(db, aim(), by="Ann").digest != one.digest


def test_an_entry_moves_the_data_version_and_leaves_what_is_loaded_as_it_was(db):
    before = db.data_version, db.loaded_version
    register.put(db, aim(), by="Ann")
    assert (db.data_version, db.loaded_version) == (before[0] + 1, before[1])
    db.set_setting("x", "1")
    assert db.loaded_version == db.data_version


def test_a_field_that_an_older_version_did_not_know_is_empty():
    assert restored(Aim, '{"name":"Old","line":"cost","gone":1}') == aim(name="Old", line="cost")


def test_customer_filters_are_read_as_pairs():
    assert filters(" segment = Large ;region=North;") == (("segment", "Large"), ("region", "North"))
