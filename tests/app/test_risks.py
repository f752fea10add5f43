"""The list of customers at risk: order, search, and that it names nobody."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from cxdash.faces.exports import csv_of
from cxdash.faces.web.risks import allowed, sought

ROWS = [
    {"customer_id": "010001", "risk": 0.5, "revenue": 100.0, "reasons": "price rose; no answer"},
    {"customer_id": "010002", "risk": 0.2, "revenue": 900.0, "reasons": "three complaints"},
    {"customer_id": "=1+1", "risk": 0.1, "revenue": 10.0, "reasons": "price rose"},
]


def numbers(rows: list) -> list[str]:
    return [row["customer_id"] for row in rows]


@pytest.mark.parametrize(
    ("wanted", "by_money", "found"),
    [
        ("", True, ["010002", "010001", "=1+1"]),
        ("", False, ["010001", "010002", "=1+1"]),
        ("0100", False, ["010001", "010002"]),
        ("PRICE answer", True, ["010001"]),
        ("nobody", True, []),
    ],
)
def test_the_list_is_ordered_and_searched(wanted: str, by_money: bool, found: list) -> None:
    assert numbers(sought(ROWS, wanted, by_money=by_money)) == found


def test_without_money_the_chance_orders_the_list() -> None:
    rows = [{**row, "revenue": None} for row in ROWS]
    assert numbers(sought(rows, "", by_money=True)) == ["010001", "010002", "=1+1"]


def test_no_column_that_could_name_a_person_is_shown_or_leaves_the_page() -> None:
    rows = allowed([{**row, "name": "Ann Example", "email": "ann@example.org"} for row in ROWS])
    assert {name for row in rows for name in row} == set(ROWS[0])
    assert "Ann" not in csv_of(rows)


def test_the_file_holds_no_formula() -> None:
    written = list(csv.DictReader(io.StringIO(csv_of(allowed(ROWS)))))
    assert written[-1]["customer_id"] == "'=1+1"
    assert written[0]["customer_id"] == "010001"


def page(count: int) -> None:
    from datetime import date  # noqa: PLC0415 - the body of a page of its own

    from cxdash.faces.web import risks  # noqa: PLC0415
    from cxdash.facts import Answer, Scope  # noqa: PLC0415

    rows = [
        {"customer_id": f"{n:06d}", "risk": n / 100, "revenue": 10.0, "reasons": "price rose"}
        for n in range(count)
    ]
    made = Answer(
        question="churn", title="t", as_of=date(2026, 1, 1), scope=Scope(), headline="h",
        tables={"risks": rows},
    )  # fmt: skip
    risks.risk_list(made)


def test_a_long_list_has_pages_a_search_and_a_download() -> None:
    at = AppTest.from_function(page, args=(45,)).run()
    assert not at.exception
    text = "\n".join(element.value for element in at.markdown)
    assert "45 of 45 customers" in text
    assert "000044" in text
    assert "000010" not in text
    at.text_input(key="risks-find").set_value("000010").run()
    text = "\n".join(element.value for element in at.markdown)
    assert "1 of 45 customers" in text
    assert "000010" in text


def test_an_empty_list_draws_nothing() -> None:
    at = AppTest.from_function(page, args=(0,)).run()
    assert not at.exception
    assert not at.text_input
