"""What people enter: forms, lists, history, tables, and what a viewer sees of it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from reading import Open, add_import
from streamlit.testing.v1 import AppTest

from cxdash import register
from cxdash.access import Actor, Role, audit
from cxdash.errors import Forbidden
from cxdash.faces.web import deeds, state, visitor
from cxdash.register import Record
from cxdash.register.kinds.cases import Case
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.room import Alert, Executive

PAGES = Path(__file__).parents[2] / "pages"
PAGE = "data/register"
LISTING = sorted(
    str(file.relative_to(PAGES).with_suffix(""))
    for file in PAGES.glob("*/*.py")
    if "entries.listed(" in file.read_text(encoding="utf-8")
)
VERA = Actor("vera", frozenset({Role.VIEWER}))


def blank(kind: type[Record], **given: object) -> Any:
    return kind(**{name: spec.empty for name, spec in register.specs(kind).items()} | given)


def goal(statement: str = "Keep them", **given: object) -> Goal:
    return blank(Goal, **{"statement": statement, "line": "revenue"} | given)


@pytest.fixture
def held(database: Path) -> Path:
    """A database with a goal, entered by Ann."""
    register.put(state.database(), goal("Keep *them* [x](http://e.example)"), by="Ann")
    return database


def goals() -> list[tuple[int, str, str]]:
    found = register.current(state.database(), Goal)
    return [(one.version, one.by, one.record.statement) for one in found]


def words(at: AppTest) -> str:
    told = [*at.markdown, *at.title, *at.header, *at.subheader]
    return "\n".join(str(one.value) for one in told).replace("\\", "")


def labelled(at: AppTest, label: str) -> Any:
    every = [*at.text_input, *at.text_area, *at.selectbox, *at.number_input, *at.multiselect]
    return next(one for one in every if one.label == label)


@pytest.mark.parametrize("kind", register.KINDS.values(), ids=lambda kind: kind.KIND)
def test_the_form_of_every_kind_is_drawn_with_its_words(visit: Open, kind: type[Record]) -> None:
    at = visit(PAGE, entry=kind.KIND)
    assert not at.exception
    closed = blank(kind).closed()
    asked = [*at.text_input, *at.text_area, *at.selectbox, *at.number_input, *at.multiselect]
    labels = [one.label for one in [*asked, *at.date_input, *at.checkbox]]
    for name, spec in register.specs(kind).items():
        shown = any(label.startswith(spec.label) for label in labels)
        assert shown == (name not in closed), name
        assert not set(spec.label) & set("*_`[]<>#$\\"), "a label is not escaped"


def test_what_was_typed_stays_when_it_is_refused_and_is_saved_when_it_is_mended(
    visit: Open, database: Path
) -> None:
    at = visit(PAGE, entry="goal")
    labelled(at, "What the company wants *").input("Keep the large ones")
    at.button(key="new-goal-save").click().run()
    assert "Line of the accounts: this has to be filled in." in words(at)
    assert labelled(at, "What the company wants *").value == "Keep the large ones"
    labelled(at, "Line of the accounts *").select("cost")
    at.button(key="new-goal-save").click().run()
    assert "Keep the large ones is saved as goal-1." in words(at)
    assert goals() == [(1, "local", "Keep the large ones")]
    assert "entry" not in at.query_params


def test_text_of_an_entry_is_never_markup(visit: Open, held: Path) -> None:
    at = visit(PAGE)
    shown = at.button(key="open-goal-1").label
    assert "\\*them\\*" in shown
    assert "](http" not in shown


def test_an_entry_opens_from_its_line_and_its_link_and_shows_who_changed_what(
    visit: Open, held: Path
) -> None:
    db = state.database()
    register.put(db, goal("Keep more"), by="Ben", entry="goal-1")
    at = visit(PAGE)
    at.button(key="open-goal-1").click().run()
    assert "goal-1" in at.query_params["entry"]
    for opened in (at, visit(PAGE, entry="goal-1")):
        told = words(opened)
        assert "Version 2, changed by Ben" in told.replace("*", "")
        assert "Keep more" in told
        assert "Version 1, entered by Ann" in told.replace("*", "")


def test_somebody_elses_change_is_shown_beside_ones_own_and_only_saving_again_replaces_it(
    visit: Open, held: Path
) -> None:
    at = visit(PAGE, entry="goal-1")
    labelled(at, "What the company wants *").input("Mine")
    db = state.database()
    register.put(db, goal("Theirs"), by="Ben", entry="goal-1")
    at.button(key="edit-goal-1-save").click().run()
    told = words(at)
    assert "Ben has changed goal-1 since you opened it" in told
    assert "Theirs" in told
    assert labelled(at, "What the company wants *").value == "Mine"
    assert goals() == [(2, "Ben", "Theirs")]
    at.button(key="edit-goal-1-save").click().run()
    assert goals() == [(3, "local", "Mine")]


def test_a_frozen_entry_says_its_digest_and_what_was_changed_since(visit: Open, held: Path) -> None:
    db = state.database()
    frozen = register.freeze(db, Goal, "goal-1", by="Ann")
    register.put(db, goal("Other"), by="Ben", entry="goal-1")
    told = words(visit(PAGE, entry="goal-1"))
    assert frozen.digest in told
    assert "Changed after it was frozen" in told


def test_removing_asks_first_and_an_opened_link_says_that_it_is_gone(
    visit: Open, held: Path
) -> None:
    at = visit(PAGE, entry="goal-1")
    at.button(key="remove-edit-goal-1").click().run()
    assert len(goals()) == 1
    at.button(key="remove-now-edit-goal-1").click().run()
    assert goals() == []
    assert "was removed by local" in words(visit(PAGE, entry="goal-1"))
    assert "There is no goal goal-9." in words(visit(PAGE, entry="goal-9"))


def test_a_link_brings_values_for_a_new_entry_and_leaves_out_what_cannot_be(visit: Open) -> None:
    at = visit(PAGE, entry="goal", statement="Keep them", line="weather", baseline="x")
    assert labelled(at, "What the company wants *").value == "Keep them"
    assert labelled(at, "Line of the accounts *").value is None


def test_fields_that_are_closed_are_not_asked_and_the_reason_is_told_once(visit: Open) -> None:
    reasons = set(blank(Initiative).closed().values())
    told = words(visit(PAGE, entry="initiative"))
    assert reasons
    assert all(told.count(reason) == 1 for reason in reasons)


def _as_viewer() -> None:
    from cxdash.faces.web import entries  # noqa: PLC0415 - the function runs as a script
    from cxdash.register.kinds.goals import Goal, Strategy  # noqa: PLC0415
    from cxdash.register.kinds.initiatives import Initiative  # noqa: PLC0415
    from cxdash.register.kinds.room import Executive  # noqa: PLC0415

    entries.listed(Goal, shown=("note",))
    entries.listed(Strategy, teaches=("A promise.",))
    entries.listed(Executive)
    entries.listed(Initiative, shown=("customers",))


def test_a_viewer_sees_the_list_without_buttons_and_without_contact_details(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = state.database()
    register.put(db, goal("Ask ann@corp.example", note="Call +49 30 1234567"), by="Ann")
    register.put(db, blank(Executive, name="Doubter", function="cfo", stance="hostile"), by="Ann")
    chat = {"name": "Chat", "aim": "keep", "status": "wish", "customers": "segment=Tiny group"}
    register.put(db, blank(Initiative, **chat), by="Ann")
    monkeypatch.setattr(visitor, "LOCAL", VERA)
    at = AppTest.from_function(_as_viewer, default_timeout=30)
    at.query_params["entry"] = "goal-1"
    at.run()
    assert not at.exception
    told = words(at)
    assert "Ask [e-mail]" in told
    assert "[phone number]" in told
    assert "A promise." in told
    assert "Doubter" not in told
    assert "This list is for those who write decisions down." in told
    assert "Tiny group" not in told
    assert "some customers" in told
    assert "entered by an analyst or an admin" in told
    assert len(at.button) == 0
    assert len(at.text_input) == 0


@pytest.mark.parametrize(
    "deed",
    [
        lambda: deeds.enter(goal()),
        lambda: deeds.freeze(Goal, "goal-1"),
        lambda: deeds.take_out(Goal, "goal-1"),
        lambda: deeds.bring_in({}),
    ],
)
def test_who_may_not_decide_can_neither_enter_nor_take_out(
    held: Path, monkeypatch: pytest.MonkeyPatch, deed: Any
) -> None:
    monkeypatch.setattr(visitor, "LOCAL", VERA)
    with pytest.raises(Forbidden):
        deed()
    with pytest.raises(Forbidden):
        deeds.entries_as_table(Goal, history=False)()
    assert len(goals()) == 1


def test_the_audit_log_says_which_entry_and_no_word_of_it(visit: Open, held: Path) -> None:
    at = visit(PAGE, entry="goal-1")
    labelled(at, "What the company wants *").input("Secret")
    at.button(key="edit-goal-1-save").click().run()
    (newest,) = audit.entries(held, newest=1)
    assert (newest.action, newest.what) == ("DECIDE", "goal goal-1 version 2")


def test_the_page_shows_the_newest_changes_and_brings_a_table_in_whole_or_not_at_all(
    visit: Open, held: Path
) -> None:
    at = visit(PAGE)
    assert "1 entry of 1 kind" in words(at)
    assert "goal-1, version 1" in words(at)
    at.file_uploader[0].upload("goal.csv", b"statement,line\nNew,cost\nBad,weather\n", "text/csv")
    at.button(key="bring-in").click().run()
    told = words(at)
    assert "1 new, 0 changed, 0 unchanged, 1 refused. Nothing was saved." in told
    assert "'weather' is none of" in told
    assert len(goals()) == 1
    at.file_uploader[0].upload("goal.csv", b"statement,line\nNew,cost\n", "text/csv")
    at.button(key="bring-in").click().run()
    assert "All of it is saved." in words(at)
    assert goals()[1] == (1, "local", "New")


def test_an_open_entry_is_closed_without_saving_and_opens_again_as_it_counts(
    visit: Open, held: Path
) -> None:
    at = visit(PAGE, entry="goal-1")
    labelled(at, "What the company wants *").input("Not saved")
    at.button(key="close-edit-goal-1").click().run()
    assert "entry" not in at.query_params
    at.button(key="open-goal-1").click().run()
    assert labelled(at, "What the company wants *").value.startswith("Keep")
    assert len(goals()) == 1


def test_an_alert_and_an_executive_can_be_entered_one_after_the_other(visit: Open) -> None:
    """The kind that a link names is the one that is shown."""
    at = visit(PAGE, entry=Executive.KIND)
    assert at.selectbox(key="entered-kind").value == Executive.KIND
    at.button(key=f"close-new-{Executive.KIND}").click().run()
    at.selectbox(key="entered-kind").select(Alert.KIND).run()
    assert at.selectbox(key="entered-kind").value == Alert.KIND


@pytest.mark.parametrize("page", LISTING)
def test_links_below_the_headline_lead_to_every_list_of_the_page(
    visit: Open, database: Path, page: str
) -> None:
    add_import(database, is_demo=False)
    at = visit(page)
    assert not at.exception
    anchors = {one.proto.anchor for one in at.header}
    linked = set(re.findall(r"\]\(#(entries-[a-z_]+)\)", words(at)))
    assert linked == {one for one in anchors if one.startswith("entries-")} != set()


def test_a_viewer_gets_no_links_to_forms(
    visit: Open, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "LOCAL", VERA)
    assert "Enter or change" not in words(visit("act/goals"))


def test_a_bare_figure_in_a_list_says_what_it_is_of(visit: Open, database: Path) -> None:
    case = blank(Case, name="Calls", starts=date(2026, 1, 1), years=3, discount_rate=0.1)
    register.put(state.database(), case, by="Ann")
    assert "1 January 2026 · Years looked ahead: 3 · Discount a year: 10 %" in words(
        visit("act/case")
    )


@pytest.mark.parametrize("loaded", [False, True])
def test_a_day_up_to_which_data_reaches_is_named_only_where_something_is_loaded(
    visit: Open, database: Path, *, loaded: bool
) -> None:
    if loaded:
        add_import(database, is_demo=False)
    assert ("Data up to" in words(visit("act/goals"))) == loaded


def test_what_became_of_an_entry_is_said_where_the_visitor_looks_too(
    visit: Open, held: Path
) -> None:
    at = visit("act/goals", entry="goal-1")
    labelled(at, "What the company wants *").input("Keep more")
    at.button(key="edit-goal-1-save").click().run()
    assert "Keep more is saved, version 2." in [one.value.replace("\\", "") for one in at.toast]
    gone = visit("act/goals", entry="goal-9")
    assert "There is no goal goal-9." in [one.value.replace("\\", "") for one in gone.toast]
