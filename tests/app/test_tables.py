"""Tables on a page: verdicts and grades are badges, text stays text, wide tables are cut."""

import pytest
from streamlit.testing.v1 import AppTest

from cxdash.faces.columns import MOST


def drawn(*rows: dict) -> str:
    def page(rows: list[dict]) -> None:
        from datetime import date  # noqa: PLC0415 - the body of a page of its own

        from cxdash.faces.web import tables  # noqa: PLC0415
        from cxdash.facts import Answer, Scope  # noqa: PLC0415

        made = Answer(
            question="trial", title="t", as_of=date(2026, 1, 1), scope=Scope(), headline="h",
            tables={"metrics": rows},
        )  # fmt: skip
        tables.every(made)

    at = AppTest.from_function(page, args=(list(rows),)).run()
    assert not at.exception
    return "\n".join(element.value for element in at.markdown)


@pytest.mark.parametrize(
    ("column", "value", "badge"),
    [
        ("verdict", "working", ":green-badge[working]"),
        ("verdict", "vanity", ":red-badge[vanity]"),
        ("verdict", "something new", ":blue-badge[something new]"),
        ("grade", "C", ":blue-badge[C · Indicated]"),
        ("flagged", True, ":orange-badge[yes]"),
        ("flagged", False, "| no |"),
    ],
)
def test_verdicts_and_grades_are_badges_with_words(column: str, value: object, badge: str) -> None:
    assert badge in drawn({"name": "a", column: value})


def test_a_verdict_from_outside_is_never_markup() -> None:
    text = drawn({"name": "a", "verdict": "![x](http://e.example) :red[b]"})
    assert "![x](" not in text
    assert ":red[b]" not in text


def test_a_table_too_wide_says_what_is_missing_and_where_it_is() -> None:
    text = drawn({f"figure_{n}": float(n) for n in range(MOST + 2)})
    assert "Figure 11" in text
    assert "| Figure 12" not in text
    assert "figure 12, figure 13" in text.replace("\\", "")
    assert "`python -m cxdash answer trial --table metrics`" in text


def test_what_every_row_repeats_is_said_once_above_the_table() -> None:
    held = "price, tenure, segment, product and number of contacts"
    text = drawn(*({"name": name, "adjusted_for": held} for name in "ab")).replace("\\", "")
    assert text.count(held) == 1
    assert f"**Held equal:** {held}" in text
