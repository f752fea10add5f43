"""The page Keeping: is what we hold safe, and whom may we still hold?"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reading import Open, words
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from filled_store import filled

from cxdash import upkeep
from cxdash.access import Actor, Event, Role, audit
from cxdash.errors import Forbidden
from cxdash.faces.web import deeds, keeping_told, state, visitor
from cxdash.store import CANONICAL, Database
from cxdash.upkeep import Policy

PAGE = "data/keeping"
CUSTOMER = "C-7"
ROLES = {
    "viewer": Actor("vera", frozenset({Role.VIEWER})),
    "analyst": Actor("ann", frozenset({Role.ANALYST})),
}
DEEDS: dict[str, Callable[[], object]] = {
    "backup": deeds.start_backup,
    "compact": deeds.start_compacting,
    "look": lambda: deeds.would_erase(CUSTOMER, forget_money=False),
    "erase": lambda: deeds.start_erasing(CUSTOMER, forget_money=False, backups=False),
    "foresee": lambda: deeds.would_remove(Policy(raw_days=1)),
    "set": lambda: deeds.set_limits(Policy(raw_days=1)),
    "remove": deeds.start_removing,
}


@pytest.fixture
def company(database: Path) -> Path:
    database.parent.chmod(0o700)
    with filled(database, rows=120):
        pass
    return database


@pytest.fixture(params=ROLES)
def stranger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Somebody who may not look after the database."""
    who = ROLES[request.param]
    monkeypatch.setattr(visitor, "_local", lambda: who)
    return who


def finished(at: AppTest) -> AppTest:
    """The page after the work begun on it has ended."""
    for kind in ("backup", "erase", "retention", "compact"):
        key = f"upkeep-{kind}"
        if key in at.session_state:
            assert at.session_state[key].wait(60)
    return at.run()


def look_at(at: AppTest, customer: str, *, money: bool = False, backups: bool = False) -> AppTest:
    at.text_input[0].set_value(customer)
    for box, ticked in zip(at.checkbox, (money, backups), strict=True):
        box.set_value(ticked)
    return at.button(key=button(at, "erase-look")).click().run()


def button(at: AppTest, begins: str) -> str:
    return next(one.key for one in at.button if one.key and one.key.startswith(begins))


def erase(at: AppTest, typed: str) -> AppTest:
    at.button(key="erase-go").click().run()
    at.text_input(key="erase-typed").set_value(typed)
    return at.button(key="erase-now").click().run()


def remembered(at: AppTest) -> str:
    """All that the session still holds, of widgets too."""
    held = at.session_state._state._state
    return repr((held._old_state, held._new_session_state, held._new_widget_state.states))


def newest(path: Path, action: str) -> str:
    return next(one.what for one in audit.entries(path) if one.action == action)


def test_an_empty_database_is_sound_and_is_told_what_a_backup_is(visit: Open) -> None:
    at = visit(PAGE)
    assert "What we hold is sound, and one thing is worth doing" in words(at)
    assert "There is no backup yet. A backup is one file" in words(at)
    assert "No customer was erased so far" in words(at)
    assert "next to nothing to win" in words(at)
    assert not at.exception


def test_a_problem_stands_first_with_what_to_do(visit: Open, company: Path) -> None:
    with Database(company) as db, db.writing() as cur:
        cur.execute("DELETE FROM raw_rows WHERE import_id = 2 AND line_no = 9")
    at = visit(PAGE)
    assert at.title[0].value.startswith("1 problem with what we hold")
    assert ":red-badge[Problem]" in words(at)
    assert "Restore" in words(at)


def test_a_backup_is_made_in_the_background_and_listed(visit: Open, company: Path) -> None:
    at = visit(PAGE)
    at = finished(at.button(key="make-backup").click().run())
    assert at.title[0].value == "What we hold is sound and backed up"
    made = upkeep.backups(state.database().place)[0]
    assert made.file.exists()
    assert "read back and equal" in words(at)
    assert made.file.name in words(at)
    assert f"restore {made.path} --db {company}" in at.get("code")[0].value
    assert newest(company, "MAINTAIN") == "a backup"


def test_what_would_be_erased_is_shown_and_nothing_is_changed(visit: Open, company: Path) -> None:
    at = look_at(visit(PAGE), CUSTOMER)
    shown = words(at)
    assert "Nothing is erased yet" in shown
    assert "| Comments in them |" in shown
    assert "stay under a random name that leads nowhere" in shown
    assert "No backup or copy that cxdash knows of holds the customer" in shown
    assert "Nobody took a file out of cxdash so far" in shown
    held = state.database().rows("SELECT 1 FROM customers WHERE customer_id = ?", [CUSTOMER])
    assert held


def test_what_was_typed_is_nowhere_after_looking(visit: Open, company: Path) -> None:
    at = look_at(visit(PAGE), CUSTOMER)
    assert CUSTOMER not in remembered(at)
    at.button(key="erase-leave").click().run()
    assert at.text_input[0].value == ""
    assert CUSTOMER not in remembered(at)


def test_the_option_deletes_amounts_as_well(visit: Open, company: Path) -> None:
    shown = words(look_at(visit(PAGE), CUSTOMER, money=True))
    assert "random name" not in shown
    assert "would become nobody" not in shown


def test_an_unknown_customer_is_said_without_repeating_the_name(visit: Open, company: Path) -> None:
    at = look_at(visit(PAGE), "Nobody-99")
    assert "No row names that customer" in words(at)
    assert "Nobody-99" not in words(at) + remembered(at)
    assert at.text_input[0].value == ""


def test_another_name_in_the_second_step_erases_nobody(visit: Open, company: Path) -> None:
    at = erase(look_at(visit(PAGE), CUSTOMER), "C-8")
    assert "That is not what you typed before" in words(at)
    assert "upkeep-erase" not in at.session_state
    assert upkeep.erasures(state.database()) == 0


def test_the_same_name_again_erases_and_says_what_is_left_to_do(visit: Open, company: Path) -> None:
    upkeep.backup(state.database())
    at = look_at(visit(PAGE), CUSTOMER)
    assert "1 backup or copy holds the customer and would go on doing so" in words(at)
    at = finished(erase(at, f" {CUSTOMER} "))
    shown = words(at)
    assert "The customer is erased: " in shown
    assert "The audit log calls it erasure 1" in shown
    assert "1 copy still holds the customer" in shown
    assert "1 customer was erased; 1 older copy still holds that customer" in shown
    assert "erase the same customer once more with the box for backups ticked" in shown
    assert "one thing is worth doing" in shown
    assert newest(company, "ERASE") == "erased a customer (erasure 1)"
    assert not state.database().rows("SELECT 1 FROM customers WHERE customer_id = ?", [CUSTOMER])
    assert CUSTOMER not in remembered(at)
    assert not [one for one in audit.entries(company) if CUSTOMER in one.what]


def test_backups_are_cleaned_as_well_when_that_is_ticked(visit: Open, company: Path) -> None:
    upkeep.backup(state.database())
    at = look_at(visit(PAGE), CUSTOMER, backups=True)
    assert "backups are written anew without the customer" in words(at)
    shown = words(finished(erase(at, CUSTOMER)))
    assert "1 backup was written anew without the customer" in shown
    assert "No backup or copy that cxdash knows of holds the customer" in shown


def test_a_customer_erased_before_is_taken_out_of_older_backups_when_asked_again(
    visit: Open, company: Path
) -> None:
    upkeep.backup(state.database())
    upkeep.erase(state.database(), CUSTOMER)
    at = look_at(visit(PAGE), CUSTOMER, backups=True)
    shown = words(at)
    assert "No row names this customer any more; what is left are copies and files" in shown
    assert "1 backup or copy holds the customer: backups are written anew" in shown
    shown = words(finished(erase(at, CUSTOMER)))
    assert "No row named the customer any more." in shown
    assert "1 backup was written anew without the customer" in shown
    assert "The file was written anew" not in shown
    assert "1 customer was erased, and no copy we know of holds one" in shown


def test_every_table_that_can_name_a_customer_has_its_word() -> None:
    holders = {name for name, table in CANONICAL.items() if "customer_id" in table.types}
    children = {name for name, table in CANONICAL.items() if table.parent in holders}
    assert holders | children == set(keeping_told.TABLES)


def test_limits_are_tried_before_they_are_set(visit: Open, company: Path) -> None:
    at = visit(PAGE)
    at.number_input(key="limit-comment_months").set_value(1)
    at = at.button(key="try-limits").click().run()
    assert "Would be removed: " in words(at)
    assert upkeep.policy(state.database()) == Policy()
    at.button(key="set-limits").click().run()
    assert upkeep.policy(state.database()) == Policy(comment_months=1)
    assert state.database().rows("SELECT 1 FROM comments LIMIT 1")
    assert "comment_months 1" in newest(company, "MAINTAIN")


def test_limits_are_applied_at_once_when_that_is_wanted(visit: Open, company: Path) -> None:
    at = visit(PAGE)
    at.number_input(key="limit-comment_months").set_value(1)
    at.button(key="try-limits").click().run()
    at = finished(at.button(key="apply-limits").click().run())
    assert "Removed: " in words(at)
    assert "What customers wrote is kept for 1 month" in words(at)
    old = datetime.now(UTC).year - 1
    left = state.database().rows(
        "SELECT 1 FROM comments AS c JOIN responses AS r USING (row_key, import_id) "
        "WHERE year(r.answered_at) < ?",
        [old],
    )
    assert left == []


def test_the_file_is_made_small_again(visit: Open, company: Path) -> None:
    at = visit(PAGE)
    at = finished(at.button(key="compact").click().run())
    assert "compared and found the same" in words(at)
    assert newest(company, "MAINTAIN") == "compacting the database"


def test_no_deed_is_done_for_who_may_not(company: Path, stranger: Actor) -> None:
    for name, deed in DEEDS.items():
        with pytest.raises(Forbidden):
            deed()
        refused = audit.entries(company, newest=1)[0]
        assert (refused.actor, refused.action) == (stranger.name, Event.REFUSED.name), name
        assert CUSTOMER not in refused.what
    assert len(audit.entries(company)) == len(DEEDS)
    assert upkeep.under_way() == []
    assert upkeep.erasures(state.database()) == 0
    assert upkeep.policy(state.database()) == Policy()


def test_the_page_is_refused_also_when_its_script_is_named(company: Path, stranger: Actor) -> None:
    alone = AppTest.from_file(str(Path(__file__).parents[2] / "pages" / f"{PAGE}.py")).run()
    assert [one.value for one in alone.exception]
    assert not alone.title
    assert not alone.button
    assert audit.entries(company, newest=1)[0].what == "maintain: page keeping"
