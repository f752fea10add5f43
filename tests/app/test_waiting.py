"""While an answer is worked out its progress is shown; afterwards nothing of it is left."""

import pytest
from fixtures import worth
from reading import Open, words
from streamlit.delta_generator import DeltaGenerator

from cxdash import questions
from cxdash.facts import Answer, Scope
from cxdash.questions.progress import tell
from cxdash.store import Database


@pytest.fixture
def told(answered: list, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str]]:
    """A question that tells how far it is; returns what reached the browser."""
    heard: list[tuple[float, str]] = []

    def slow(_db: Database, _name: str, scope: Scope) -> Answer:
        tell("Counting windows", 0.2)
        for _ in range(500):
            tell("Fitting the model", 0.6)
        tell("A question within the question", 0.1)
        return worth(scope)

    def progress(_slot: object, value: float, text: str) -> None:
        heard.append((value, text.replace("\\", "")))

    monkeypatch.setattr(questions, "ask", slow)
    monkeypatch.setattr(DeltaGenerator, "progress", progress)
    return heard


def test_every_step_is_told_and_none_floods_the_browser(visit: Open, told: list) -> None:
    visit("money/worth")
    sentences = [text for _, text in told]
    assert sentences[0] == "Counting windows …"
    assert "Fitting the model …" in sentences
    assert len(told) < 20


def test_the_bar_never_goes_back(visit: Open, told: list) -> None:
    visit()
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 0.6


def test_a_known_answer_shows_no_progress_and_nothing_stays(visit: Open, told: list) -> None:
    at = visit("money/worth")
    assert "Counting windows" not in words(at)
    before = len(told)
    at.run()
    assert len(told) == before
    assert worth(Scope()).headline.split(":")[0] in words(at)


def test_the_page_of_an_answer_that_failed_keeps_no_bar(
    visit: Open, answered: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Answer:
        tell("Counting windows", 0.2)
        raise ValueError

    monkeypatch.setattr(questions, "ask", broken)
    at = visit("money/worth")
    assert "This page could not be drawn" in words(at)
    assert not at.get("progress")
