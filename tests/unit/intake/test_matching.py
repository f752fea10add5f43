"""How much of a file is known is told before it is loaded, as its receipt will tell it."""

import pytest

from cxdash import intake
from cxdash.intake import Mapping, Match

from .conftest import CUSTOMERS, REVENUE, SURVEY

PEOPLE = "customer,mail,segment\n007,a@x.example,S\n008,b@x.example,S\n009,c@x.example,L"
ANSWERS = (
    "id,customer,at,nps,comment\n"
    "1,007,2026-01-05,9,\n2,007,2026-02-05,8,\n3, b@x.example ,2026-02-06,3,\n"
    "4,7,2026-02-07,5,\n5,,2026-02-08,5,\n6,999,2026-02-08,5,"
)
ORDERS = """
kind = "orders"
[columns]
order_id = "order"
customer_id = "customer"
ordered_at = "at"
"""
BY_ORDER = """
kind = "revenue"
key = ["order", "part"]
[columns]
order_id = "order"
amount = "amount"
[constants]
currency = "BRL"
revenue_kind = "one-off"
"""


@pytest.fixture
def foresee(db, tmp_path):
    def run(text: str, mapping: str) -> Match | None:
        path = tmp_path / "new.csv"
        path.write_text(text + "\n", encoding="utf-8")
        return intake.foresee_match(db, path, Mapping.from_toml(mapping))

    return run


def test_each_customer_counts_once_and_other_names_count_as_known(load, foresee):
    load(PEOPLE, CUSTOMERS)
    found = foresee(ANSWERS, SURVEY)
    # 007 and b@x.example are known; 7 is not 007, 999 is nobody, an empty cell is no name.
    assert found == Match("customers", total=4, known=2, comparable=True)
    assert found.share == 0.5
    assert found.is_low


def test_a_file_without_customers_is_matched_by_its_orders(load, foresee):
    load("order,customer,at\nA,007,2026-01-01\nB,008,2026-01-02", ORDERS)
    found = foresee("order,part,amount\nA,1,5.00\nA,2,5.00\nB,1,7.00", BY_ORDER)
    assert found == Match("orders", total=2, known=2, comparable=True)
    assert not found.is_low


def test_customers_without_orders_are_nothing_to_match_orders_with(load, foresee):
    load(PEOPLE, CUSTOMERS)
    assert not foresee("order,part,amount\nA,1,5.00", BY_ORDER).comparable


def test_without_any_customer_nothing_can_be_matched(foresee):
    found = foresee(ANSWERS, SURVEY)
    assert (found.total, found.known, found.comparable, found.is_low) == (4, 0, False, False)


@pytest.mark.parametrize(("text", "mapping"), [(PEOPLE, CUSTOMERS), ("id,at\n1,2026-01-05", None)])
def test_a_list_of_customers_and_a_file_without_names_have_nothing_to_match(
    load, foresee, text, mapping
):
    load(PEOPLE, CUSTOMERS)
    nameless = 'kind = "responses"\n[columns]\nresponse_id = "id"\nanswered_at = "at"'
    assert foresee(text, mapping or nameless) is None


def test_looking_ahead_changes_nothing(db, load, foresee):
    load(PEOPLE, CUSTOMERS)
    version = db.data_version
    foresee(ANSWERS, SURVEY)
    assert db.data_version == version
    assert db.rows("SELECT count(*) AS n FROM raw_rows")[0]["n"] == 3


def test_what_is_foreseen_is_what_the_receipt_says(load, foresee):
    load(PEOPLE, CUSTOMERS)
    text = "invoice,customer,at,amount,currency\n1,007,2026-01-05,5,USD\n2,404,2026-01-05,5,USD"
    foreseen = foresee(text, REVENUE)
    assert foreseen.share == load(text, REVENUE).matched == 0.5
