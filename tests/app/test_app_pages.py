"""The pages through the router: empty, with Answers, with errors; the scope in the address."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import fixtures
import pytest
import streamlit as st
from reading import Open, add_import, words

from cxdash import privacy, questions
from cxdash.access import Action, Actor, Role
from cxdash.errors import StoreLocked
from cxdash.faces.web import navigation, visitor
from cxdash.faces.web.escape import md
from cxdash.facts import Answer, Scope
from cxdash.store import Database
from cxdash.store.journal.lines import EVENT

ASKING = [f"{entry.section.lower()}/{entry.name}" for entry in navigation.PAGES if entry.question]
PAGES = [f"{entry.section.lower()}/{entry.name}" for entry in navigation.PAGES]


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_database_shows_what_to_do_and_no_error(visit: Open, page: str) -> None:
    at = visit(page)
    assert not at.exception
    text = words(at)
    assert "This page could not be drawn" not in text
    assert navigation.info(page.split("/")[1]).asks in text


@pytest.mark.parametrize("page", ["present/brief", "money/worth", "data/catalogue"])
def test_an_empty_state_teaches(visit: Open, page: str) -> None:
    at = visit(page)
    assert "customer number, date, amount, currency" in words(at)
    assert any(button.label == "Go to Import" for button in at.button)


def test_the_button_of_an_empty_state_leads_to_import(visit: Open) -> None:
    at = visit()
    at.button(key="go-import").click().run()
    assert navigation.info("import").asks in words(at)


def test_the_brief_shows_every_claim_with_its_grade_and_a_link(visit: Open, answered: list) -> None:
    at = visit()
    text = words(at)
    for row in fixtures.brief(Scope()).tables["claims"]:
        assert row["sentence"] in text
    assert "Evidence C · Indicated" in text
    assert "54.5% of customers heard" in text
    assert "4 findings held back" in text
    links = [link.label for link in at.get("page_link")]
    assert sum("See the evidence" in label for label in links) == 3


def _answers_with(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(questions, "ask", lambda *_: answer)


def test_good_news_that_cannot_be_told_stands_under_a_neutral_heading(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = fixtures.brief(Scope())
    assert "Good news" in words(visit())
    untold = fixtures.fact("worth.kept", "Good news", None, "points", caveats=("None passes.",))
    _answers_with(monkeypatch, replace(told, headline="Another", facts=(*told.facts, untold)))
    text = words(visit("", horizon="3"))
    assert "What we can tell" in text
    assert "Money at stake" in text


def test_a_brief_without_a_claim_names_the_file_to_import_and_leads_there(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = replace(fixtures.brief(Scope()), tables={}, missing=("Import a survey export.",))
    _answers_with(monkeypatch, lacking)
    at = visit()
    assert "Import a survey export." in words(at)
    assert "passed the test against chance" not in words(at)
    at.button(key="go-import").click().run()
    assert navigation.info("import").asks in words(at)


def test_a_list_without_dates_is_not_said_to_look_ahead(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    risks = [{"customer_id": "k1", "risk": 0.5, "revenue": 10.0, "reasons": "new"}]
    told = replace(fixtures.worth(Scope()), question="churn", charts=(), tables={"risks": risks})
    _answers_with(monkeypatch, told)
    ahead = words(visit("money/churn"))
    assert "next 6 months" in ahead
    assert "Who may leave next" in ahead
    st.cache_data.clear()
    _answers_with(monkeypatch, replace(told, dated=False))
    monkeypatch.setattr(questions, "undated", lambda *_: True)
    text = words(visit("money/churn", horizon="3"))
    assert "a list without dates, nothing looked ahead" in text
    assert "Who looks like those who had left" in text
    for promise in ("next 3 months", "may leave next", "Data up to"):
        assert promise not in text


def test_a_number_with_a_range_can_be_cross_examined_in_the_same_scope(
    visit: Open, answered: list
) -> None:
    at = visit("", horizon="12")
    links = [link for link in at.get("page_link") if "Cross-examine" in link.label]
    claims = fixtures.brief(Scope()).tables["claims"]
    about = [row for row in claims if row["fact_id"] == "worth.at_stake"]
    assert len(links) == len(about) + 1, "each claim that rests on it, and its card"
    assert {link.label for link in links} == {":primary[Cross-examine the claim it rests on]"}
    asked = [parse_qs(link.proto.query_string) for link in links]
    assert asked == [{"claim": ["worth.at_stake"], "horizon": ["12"]}] * len(links)


def test_the_claim_in_the_address_is_examined_and_nothing_else_is(
    visit: Open, answered: list
) -> None:
    visit("trust/examine", claim="worth.gap", horizon="3")
    assert answered[-1] == ("examine", Scope(horizon=3, claim="worth.gap"))
    visit("money/worth", claim="worth.gap")
    assert answered[-1][1].claim is None


def test_the_brief_leads_to_every_other_question_in_the_same_scope(
    visit: Open, answered: list
) -> None:
    at = visit("", horizon="12")
    links = {link.label: link.proto.query_string for link in at.get("page_link")}
    for entry in navigation.PAGES[1:]:
        if entry.question:
            assert links[f":primary[{md(entry.asks)}]"] == "horizon=12"


def test_the_front_page_leads_a_viewer_to_no_page_that_is_not_for_viewers(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to such a page cannot even be drawn."""
    monkeypatch.setattr(visitor, "LOCAL", Actor("vera", frozenset({Role.VIEWER})))
    at = visit("")
    assert "This page could not be drawn" not in words(at)
    labels = {link.label for link in at.get("page_link")}
    for entry in navigation.PAGES[1:]:
        if entry.question:
            is_there = f":primary[{md(entry.asks)}]" in labels
            assert is_there == (entry.needs is Action.VIEW)


@pytest.mark.parametrize("page", ASKING)
def test_every_page_of_a_question_draws_its_answer_with_chart_limits_and_facts(
    visit: Open, answered: list, page: str
) -> None:
    at = visit(page)
    name = navigation.info(page.split("/")[1]).question
    text = words(at)
    answer = (fixtures.brief if name == "brief" else fixtures.worth)(Scope())
    assert not at.exception
    assert answered[-1][0] == name
    assert "This page could not be drawn" not in text
    for said in (answer.headline.split(":")[0], answer.caveats[0]):
        assert said in text
    # The trial shows the Facts of the metric that is looked at, and this Answer has no metrics.
    assert name == "trial" or answer.facts[0].label in text
    assert len(at.get("vega_lite_chart")) == len(answer.charts)


def test_worth_shows_headline_facts_limits_and_alternative_texts(
    visit: Open, answered: list
) -> None:
    at = visit("money/worth")
    text, answer = words(at), fixtures.worth(Scope())
    finding, _, numbers = answer.headline.partition(": ")
    assert finding in text
    assert numbers in text
    assert "90% range: $1.1–1.8 million" in text
    assert "Cannot tell" in text
    for sentence in (*answer.caveats, *answer.missing):
        assert sentence in text
    drawn = at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")
    assert len(drawn) == len(answer.charts)


def test_no_number_of_a_fact_is_shown_without_its_range_or_its_reason(
    visit: Open, answered: list
) -> None:
    at = visit("money/worth")
    text = words(at)
    for fact in fixtures.worth(Scope()).facts:
        assert fact.label in text
        assert (fact.interval is not None and "90% range" in text) or fact.caveats[0] in text


def test_the_address_holds_the_scope(visit: Open, answered: list) -> None:
    visit("", metric="csat", horizon="12", where_segment="SMB")
    assert answered[-1] == (
        "brief",
        Scope(metric="csat", horizon=12, where=(("segment", "SMB"),)),
    )


def test_the_scope_line_names_the_rating_that_is_used(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (fixtures.item("product_quality"), fixtures.item("nps"))
    monkeypatch.setattr(questions, "metrics", lambda _: made)
    at = visit()
    assert "rating product quality, next 6 months, all customers" in words(at)
    assert "main rating" not in words(at)
    box = at.selectbox(key="metric")
    assert box.options == ["The main one: product quality", "product quality", "NPS"]
    box.set_value("product_quality").run()
    assert answered[-1][1].metric == "product_quality", "only people read it with a blank"


def test_a_question_about_the_past_says_so_in_its_scope(visit: Open, answered: list) -> None:
    at = visit("trust/change")
    assert "last 6 months against the 6 before" in words(at)
    assert answered[-1][0] == "change"


def test_a_question_about_every_metric_names_none_in_its_scope(visit: Open, answered: list) -> None:
    at = visit("trust/trial")
    assert "every metric, next 6 months" in words(at)
    assert answered[-1][0] == "trial"


def test_an_impossible_scope_in_the_address_falls_back(visit: Open, answered: list) -> None:
    at = visit("", metric="bogus", horizon="7")
    assert answered[-1] == ("brief", Scope())
    assert (
        "Not known in this data: rating “bogus” and months looked ahead “7”. Shown instead: "
        "rating NPS, next 6 months, all customers." in words(at)
    )
    at.selectbox(key="horizon").set_value("12").run()
    assert "Not known in this data" not in words(at), "another scope was chosen"


@pytest.mark.parametrize("name", ["segment", "where_segment", "where_colour"])
def test_what_a_link_asks_for_in_vain_is_said_and_taken_out_of_the_address(
    visit: Open, answered: list, name: str
) -> None:
    at = visit("", **{name: "Nope"})
    spoken = name.removeprefix("where_")
    assert f"Not known in this data: {spoken} “Nope”. Shown instead: rating NPS" in words(at)
    assert name not in at.query_params
    at.run()
    assert "Not known in this data" in words(at), "a page drawn again still says it"
    at.switch_page(navigation.path_of("worth")).run()
    assert "Not known in this data" not in words(at)


def test_a_link_whose_parts_are_all_known_is_not_remarked_upon(visit: Open, answered: list) -> None:
    at = visit("", metric="csat", horizon="12", where_segment="SMB")
    assert "Not known in this data" not in words(at)


def test_an_answer_is_worked_out_once_for_a_state_of_the_data(visit: Open, answered: list) -> None:
    at = visit()
    at.run()
    assert len(answered) == 1


def test_names_of_segments_are_never_markup(visit: Open, answered: list) -> None:
    at = visit("", where_segment="**Big** ![x](u)")
    assert answered[-1][1].where == (("segment", "**Big** ![x](u)"),)
    shown = [element.value for element in at.markdown if "Big" in element.value]
    assert shown
    assert all(md("**Big** ![x](u)") in value for value in shown)


def test_a_cannot_tell_answer_is_drawn_as_one(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "ask", lambda _db, _name, scope: fixtures.cannot_tell(scope))
    at = visit("money/worth")
    text = words(at)
    assert "Cannot tell what the score is worth" in text
    assert "What this cannot tell you" in text
    assert "an unknown share of revenue heard" in text
    assert not at.exception


def test_an_error_of_ours_says_what_state_and_next(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> Answer:
        raise StoreLocked("The file is in use.", state="Nothing was changed.", do_next="Stop it.")

    monkeypatch.setattr(questions, "ask", locked)
    at = visit()
    text = words(at)
    for part in ("The file is in use.", "Nothing was changed.", "Stop it."):
        assert part in text


def test_any_other_error_shows_a_reference_and_no_detail(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cell = "secret cell of a customer"

    def broken(*_: object) -> Answer:
        raise ValueError(cell)

    monkeypatch.setattr(questions, "ask", broken)
    at = visit()
    assert not at.exception
    text = words(at)
    assert "This page could not be drawn" in text
    assert "reference" in text
    assert "secret" not in text
    assert "secret" not in caplog.text
    told = [getattr(record, EVENT) for record in caplog.records if hasattr(record, EVENT)]
    assert [one.kind for one in told] == ["ValueError"]


def test_a_file_that_is_no_database_is_said_in_words(visit: Open, database: Path) -> None:
    database.write_bytes(b"this is a text file, not a database" * 4)
    at = visit()
    assert "is not a database file" in words(at)
    assert not at.exception


@pytest.mark.parametrize("page", PAGES)
def test_the_demo_company_is_named_on_every_page(
    visit: Open, database: Path, answered: list, page: str
) -> None:
    with Database(database) as db, db.writing() as cur:
        cur.execute("UPDATE imports SET is_demo = true")
    at = visit(page)
    assert "Demo company." in words(at)
    assert any(button.label == "Replace by my own data" for button in at.button)


def test_without_the_demo_company_no_page_claims_it(visit: Open, answered: list) -> None:
    assert "Demo company." not in words(visit())


def test_only_ledger_rows_that_still_count_count(visit: Open, database: Path) -> None:
    add_import(database, is_demo=True)
    with Database(database) as db, db.writing() as cur:
        cur.execute("UPDATE imports SET undone_at = TIMESTAMP '2026-11-02'")
    assert "Demo company." not in words(visit())


def test_a_viewer_is_not_sent_to_a_page_that_is_not_for_viewers(
    visit: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera = Actor("vera", frozenset({Role.VIEWER}))
    monkeypatch.setattr(visitor, "asker", lambda: lambda: vera)
    at = visit()
    assert not at.exception
    assert [one.label for one in at.button] == []
    assert "Files are loaded by an analyst or an admin." in words(at)


def test_a_viewer_is_offered_no_group_that_is_too_small_and_told_so_when_a_link_names_one(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    vera = Actor("vera", frozenset({Role.VIEWER}))
    monkeypatch.setattr(privacy, "open_filters", lambda *_: {"segment": ("SMB",)})
    monkeypatch.setattr(privacy, "answered", lambda _, scope, ask, **__: ask(scope))
    link = {"where_segment": "**Big** ![x](u)"}
    assert "Big" in visit(**link).selectbox(key="where_segment").value
    monkeypatch.setattr(visitor, "asker", lambda: lambda: vera)
    at = visit(**link)
    assert at.selectbox(key="where_segment").options == ["All", "SMB"]
    assert "Not known in this data or not shown to your role: segment" in words(at)


def test_an_answer_kept_for_one_role_is_not_shown_to_another(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_: Database, scope: Scope, ask: Callable, *, sees_people: bool) -> Answer:
        return replace(ask(scope), headline="All of it" if sees_people else "Less of it")

    monkeypatch.setattr(privacy, "answered", told)
    monkeypatch.setattr(privacy, "open_filters", lambda *_: {})
    roles = [Role.ADMIN, Role.VIEWER, Role.ANALYST, Role.VIEWER]
    for role in roles:
        actor = Actor("somebody", frozenset({role}))
        monkeypatch.setattr(visitor, "asker", lambda actor=actor: lambda: actor)
        shown = words(visit())
        assert ("All of it" in shown, "Less of it" in shown) == (
            role is not Role.VIEWER,
            role is Role.VIEWER,
        )
    assert len(answered) == 2, "each is worked out once"
