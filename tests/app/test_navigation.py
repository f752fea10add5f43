"""The menu in the order in which a meeting needs it, and the page behind every Fact."""

from pathlib import Path

import pytest

from cxdash.faces.web import navigation
from cxdash.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
ORDER = ("Present", "Money", "Trust", "Voices", "Act", "Data")


def test_sections_stand_in_the_order_of_a_meeting_and_together() -> None:
    sections = [entry.section for entry in navigation.PAGES]
    assert sections == sorted(sections, key=ORDER.index)
    assert navigation.PAGES[0].name == "brief"


def test_every_page_lies_where_the_register_says_and_every_script_is_registered() -> None:
    registered = {entry.file for entry in navigation.PAGES}
    found = {str(path) for path in (ROOT / "pages").rglob("*.py")}
    assert registered == found


def test_every_question_has_a_page_that_asks_it_in_its_own_words() -> None:
    asked = {entry.question: entry.asks for entry in navigation.PAGES if entry.question}
    assert asked == {name: info.asks for name, info in QUESTIONS.items()}


def test_no_two_pages_share_an_address() -> None:
    names = [entry.name for entry in navigation.PAGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("fact_id", "page"),
    [
        ("worth.gap_adjusted", "worth"),
        ("worth.at_stake.unhappy", "worth"),
        ("worth.adjusted", "worth"),
        ("score.driver.late_delivery", "churn"),
        ("brief.held_back", None),
        ("nothing.known", None),
        ("nonsense", None),
    ],
)
def test_a_fact_leads_to_the_page_that_proves_it(fact_id: str, page: str | None) -> None:
    found = navigation.page_of_fact(fact_id)
    assert (found.name if found else None) == page


@pytest.mark.parametrize(
    "fact_id", ["coverage.customers", "nps.heard", "csat_delivery.adjusted", "nps.bounds"]
)
def test_whom_we_hear_is_proved_on_the_page_about_listening(
    fact_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = navigation.PageInfo("Trust", "listening", "Listening", "Whom?", "listening")
    others = [page for page in navigation.PAGES if page.name != "listening"]
    monkeypatch.setattr(navigation, "PAGES", (*others, listening))
    assert navigation.page_of_fact(fact_id) == listening
