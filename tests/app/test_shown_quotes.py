"""Quotes on the page: plain text whatever customers wrote, and one a day."""

import pytest
from streamlit.testing.v1 import AppTest

from cxdash.faces.web import quotes
from cxdash.faces.web.quotes import of_this_day

WRITTEN = "<b>late</b> ![x](http://e.example/x.png) :tada: $x^2$ [link](http://e.example)"


def page(written: str) -> None:
    from datetime import date  # noqa: PLC0415 - the body of a page of its own

    from cxdash.faces.web import quotes  # noqa: PLC0415
    from cxdash.facts import Answer, Scope  # noqa: PLC0415

    row = {
        "theme": "en.late",
        "label": "late, <i>parcel</i>",
        "order": 1,
        "lot": "1 of 9, drawn by lot",
        "quote": written,
        "tone": None,
        "language": "English",
        "month": "2025-06",
    }
    answer = Answer(
        question="voices",
        title="What do customers say?",
        as_of=date(2025, 12, 31),
        scope=Scope(),
        headline="Cannot tell.",
        tables={"themes": [row], "quotes": [row], "quote_of_the_day": [row]},
    )
    quotes.of_the_day(answer)
    quotes.by_theme(answer)


def shown(monkeypatch: pytest.MonkeyPatch, *, sees_people: bool) -> str:
    monkeypatch.setattr(quotes, "may", lambda _: sees_people)
    at = AppTest.from_function(page, args=(WRITTEN,)).run()
    assert not at.exception
    return "\n".join([*(one.value for one in at.markdown), *(one.label for one in at.expander)])


def test_nothing_a_customer_wrote_is_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, sees_people=True)
    for alive in ("<b>", "![x]", ":tada:", "$x^2$", "[link]", "<i>"):
        assert alive not in text
    assert text.count("late") >= 2
    assert "1 of 9, drawn by lot" in text.replace("\\", "")


def test_who_may_not_see_single_customers_sees_no_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, sees_people=False)
    assert "late" not in text
    assert "Quotes are shown to those who may see single customers" in text


def test_every_day_has_its_turn() -> None:
    rows = [{"order": number} for number in range(5)]
    days = [of_this_day(rows, day)["order"] for day in range(10)]
    assert days == [0, 1, 2, 3, 4] * 2
