"""What people entered outlives imports, undoing and copies; an erased customer leaves it."""

from datetime import date

import pytest

from cxdash import intake, register, upkeep
from cxdash.errors import UsageError
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.room import Alert
from cxdash.register.redacting import redact
from cxdash.store import Database

CALLS = """
kind = "contacts"
source = "desk"
[columns]
contact_id = "contact"
customer_id = "customer"
contacted_at = "at"
"""


def blank(kind, **given):
    return kind(**{name: spec.empty for name, spec in register.specs(kind).items()} | given)


def goal(**given):
    return blank(Goal, **{"statement": "Keep them", "line": "revenue"} | given)


def alert(customer):
    return blank(
        Alert,
        customer=customer,
        reason="Silent",
        owner="Ben",
        due=date(2026, 12, 1),
        status=next(iter(register.specs(Alert)["status"].choices)),
    )


def fields(db, kind):
    return [one.record for one in register.current(db, kind)]


@pytest.fixture
def customer(db):
    return db.rows("SELECT min(customer_id) AS c FROM customers")[0]["c"]


def finding(db):
    return next(one for one in upkeep.examined(db).findings if one.code == "entries")


def test_loading_again_and_undoing_leave_what_was_entered(tmp_path):
    file = tmp_path / "calls.csv"
    file.write_text("contact,customer,at\nk1,c-1,2025-03-01\n", encoding="utf-8")
    mapping = intake.Mapping.from_toml(CALLS)
    with Database(tmp_path / "x.duckdb") as db:
        first = intake.load(db, file, mapping, today=date(2026, 1, 1))
        register.put(db, goal(), by="Ann")
        before = register.history(db, Goal, "goal-1")
        intake.undo(db, first.import_id)
        intake.load(db, file, mapping, today=date(2026, 1, 1))
        assert register.history(db, Goal, "goal-1") == before


def test_backup_restore_and_compacting_carry_what_was_entered(db, tmp_path):
    register.put(db, goal(), by="Ann")
    register.freeze(db, Goal, "goal-1", by="Ann")
    before = register.history(db, Goal, "goal-1")
    made = upkeep.backup(db, tmp_path / "elsewhere")
    upkeep.compact(db)
    assert register.history(db, Goal, "goal-1") == before
    upkeep.restore(made.file, tmp_path / "other" / "y.duckdb")
    with Database(tmp_path / "other" / "y.duckdb") as other:
        assert register.history(other, Goal, "goal-1") == before


def test_an_erased_customer_leaves_every_version_and_the_digest_stays(db, customer):
    said = f"Call {customer}, not {customer}9 or x{customer}."
    first = register.put(db, goal(note=said), by="Ann")
    register.put(db, goal(note=f"{customer} is back"), by="Ann", entry="goal-1")
    register.put(db, alert(customer), by="Ann")
    register.put(db, goal(note="Others"), by="Ann")
    done = upkeep.erase(db, customer)
    assert done.forgotten.entries == 2
    older, newer = register.history(db, Goal, "goal-1")
    assert older.record.note == f"Call [erased], not {customer}9 or x{customer}."
    assert newer.record.note == "[erased] is back"
    assert (older.digest, older.redacted) == (first.digest, True)
    assert fields(db, Alert)[0].customer == "[erased]"
    assert not register.find(db, Goal, "goal-2").redacted
    assert finding(db).severity == "fine"


def test_what_people_call_an_erased_customer_goes_too_in_every_way_it_is_written(db, customer):
    with db.writing() as cur:
        cur.execute("UPDATE customers SET name = 'Acme Corp' WHERE customer_id = ?", [customer])
    said = "ACME CORP and Acme\u00a0 Corp, not Acme Corporation"
    register.put(db, goal(note=said), by="Ann")
    assert upkeep.erase(db, customer).forgotten.entries == 1
    assert fields(db, Goal)[0].note == "[erased] and [erased], not Acme Corporation"


def test_a_customer_called_like_a_word_of_the_language_takes_no_word_out(db, customer):
    with db.writing() as cur:
        cur.execute("UPDATE customers SET name = 'Target' WHERE customer_id = ?", [customer])
    register.put(db, goal(note="Target left us, and the target was missed"), by="Ann")
    upkeep.erase(db, customer)
    assert fields(db, Goal)[0].note == "[erased] left us, and the target was missed"


def test_a_name_goes_out_of_lists_and_filters_and_in_whatever_letters_it_stands(db):
    register.put(db, goal(note="elsewhere-x7", metrics=("nps", "ELSEWHERE-X7")), by="Ann")
    theirs = blank(Initiative, name="A", aim="keep", status="wish", customers="owner=Elsewhere-X7")
    register.put(db, theirs, by="Ann")
    assert upkeep.erase(db, "Elsewhere-X7").forgotten.entries == 2
    said = fields(db, Goal)[0]
    assert (said.note, said.metrics) == ("[erased]", ("nps", "[erased]"))
    assert fields(db, Initiative)[0].customers == "owner=[erased]"


def test_what_others_are_called_too_stays(db, customer):
    with db.writing() as cur:
        cur.execute("UPDATE customers SET name = 'Acme Corp'")
    register.put(db, goal(note="Acme Corp called"), by="Ann")
    erased = upkeep.erase(db, customer)
    assert erased.forgotten.entries == 0
    assert fields(db, Goal)[0].note == "Acme Corp called"


def test_a_dry_run_says_how_many_entries_and_changes_none(db, customer):
    register.put(db, alert(customer), by="Ann")
    assert upkeep.erase(db, customer, dry_run=True).forgotten.entries == 1
    assert fields(db, Alert)[0].customer == customer


def test_a_customer_who_stands_only_in_an_entry_can_be_erased(db):
    register.put(db, alert("Elsewhere-77"), by="Ann")
    assert upkeep.erase(db, "Elsewhere-77").forgotten.entries == 1
    with pytest.raises(UsageError):
        upkeep.erase(db, "Elsewhere-77")


def test_a_backup_that_is_restored_does_not_bring_the_name_back(db, customer, tmp_path):
    register.put(db, alert(customer), by="Ann")
    register.put(db, alert("Elsewhere-77"), by="Ann")
    made = upkeep.backup(db, tmp_path / "elsewhere")
    upkeep.erase(db, customer)
    upkeep.erase(db, "Elsewhere-77")
    path = db.path
    db.close()
    upkeep.restore(made.file, path)
    with Database(path) as again:
        assert [one.customer for one in fields(again, Alert)] == ["[erased]", "[erased]"]


def test_a_short_name_is_taken_out_only_where_it_is_all_a_field_says(db):
    register.put(db, goal(note="17 calls"), by="Ann")
    register.put(db, alert("17"), by="Ann")
    with db.writing() as cur:
        assert redact(cur, ["17"]) == 1
    assert fields(db, Goal)[0].note == "17 calls"
    assert fields(db, Alert)[0].customer == "[erased]"


def test_choices_ids_and_numbers_are_left_where_a_customer_is_called_like_one(db):
    register.put(db, goal(baseline=2026.0), by="Ann")
    with db.writing() as cur:
        assert redact(cur, ["revenue", "2026.0", "goal-1"]) == 0


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE register_versions SET fields = fields || ' ' WHERE version = 2",
            "goal-1 version 2 is not what was entered",
        ),
        ("DELETE FROM register_versions WHERE version = 1", "goal-1 has gaps in its versions"),
        (
            "INSERT INTO register_versions SELECT * FROM register_versions WHERE version = 2",
            "goal-1 has gaps in its versions",
        ),
    ],
)
def test_the_doctor_finds_entries_that_were_changed_or_lost(db, sql, told):
    register.put(db, goal(), by="Ann")
    register.put(db, goal(statement="Keep more"), by="Ann", entry="goal-1")
    assert finding(db).severity == "fine"
    with db.writing() as cur:
        cur.execute(sql)
    assert finding(db).severity == "bad"
    assert told in finding(db).sentence
