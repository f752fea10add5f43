"""How much of a file belongs to customers or orders that are known."""

from plain_layouts import SURVEY

from .conftest import CUSTOMERS

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


def matched(load, text, mapping):
    return load(text, mapping, "new.csv").matched


def test_other_names_count_as_known_and_numbers_are_text(load):
    load(PEOPLE, CUSTOMERS)
    # 007 (twice) and b@x.example are known; 7 is not 007, 999 is nobody, an empty cell no name.
    assert matched(load, ANSWERS, SURVEY) == 0.5


def test_a_file_without_customers_is_matched_by_its_orders(load):
    load("order,customer,at\nA,007,2026-01-01\nB,008,2026-01-02", ORDERS)
    assert matched(load, "order,part,amount\nA,1,5.00\nA,2,5.00\nC,1,7.00", BY_ORDER) == 2 / 3


def test_without_any_customer_nothing_can_be_matched(load):
    assert matched(load, ANSWERS, SURVEY) is None


def test_a_list_of_customers_has_nothing_to_match(load):
    load(PEOPLE, CUSTOMERS)
    assert matched(load, PEOPLE, CUSTOMERS) is None


def test_rows_loaded_before_count_in_the_share_of_a_file(load):
    load(PEOPLE, CUSTOMERS)
    load(ANSWERS, SURVEY)
    assert matched(load, ANSWERS, SURVEY) == 0.5
