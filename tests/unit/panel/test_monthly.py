"""The company by month and year against year, cell by cell on a hand-made company."""

from datetime import date

import pytest

from cxdash.panel import month_index, settled, stamp
from cxdash.panel.monthly import customers_by_month, texts_by_month, year_apart, year_served
from cxdash.questions.goals.measures import measured

LAST = month_index(date(2025, 12, 31))


@pytest.fixture(scope="module")
def view(shared_company):
    """Ten customers for two years: two leave in 2025, one pays half as much, one twice."""
    for number in range(10):
        name = f"c{number}"
        end = {0: "2025-03-15", 1: "2025-11-10"}.get(number)
        if number in (2, 3):
            shared_company.contract(name, "2024-01-01", "2025-07-01", amount=100)
            shared_company.contract(name, "2025-07-01", amount=50 if number == 2 else 200)
        else:
            shared_company.contract(name, "2024-01-01", end, amount=100)
        for month in (3, 9):
            shared_company.add(
                "contacts",
                contact_id=f"t{number}-{month}",
                customer_id=name,
                contacted_at=f"2025-{month:02}-05 10:00",
                resolved_first=number < 6,
                cost=12,
                currency="USD",
            )
    shared_company.add("subscriptions", subscription_id="old", customer_id="gone",
        started_on="2024-01-01", ended_on="2025-05-20", reason="Went to Acme", monthly_amount=100,
        currency="USD")  # fmt: skip
    shared_company.pays("c5", "2025-12-31", 1)
    with settled(shared_company.db) as found:
        assert stamp(found).last_month == LAST
        yield found


def test_who_left_is_counted_in_the_month_of_leaving(view):
    rows = customers_by_month(view, LAST - 12, LAST).set_index("month")
    assert rows.loc[month_index(date(2025, 3, 31)), ["customers", "departed"]].tolist() == [11, 1]
    assert rows.loc[month_index(date(2025, 5, 31)), ["customers", "departed"]].tolist() == [10, 1]
    assert rows.loc[month_index(date(2025, 6, 30)), ["customers", "departed"]].tolist() == [9, 0]
    assert rows["departed"].sum() == 3


def test_a_reason_for_leaving_is_a_text_of_its_month(view):
    rows = texts_by_month(view, LAST - 12, LAST)
    assert rows[["month", "who", "kind", "body"]].values.tolist() == [
        [month_index(date(2025, 5, 31)), "gone", "reason", "Went to Acme"]
    ]


def test_a_year_apart_says_what_each_paid_then_and_now(view):
    rows = year_apart(view, LAST - 12, LAST).set_index("customer_id")
    assert len(rows) == 11
    assert rows["gone"].sum() == 3
    assert rows.loc["c2", ["rate_then", "rate_now"]].tolist() == [100, 50]
    assert rows.loc["c0", ["rate_then", "rate_now"]].tolist() == [100, 0]


def test_contacts_of_a_year_belong_to_months_as_a_customer(view):
    rows = year_served(view, LAST - 12, LAST)
    assert rows["contacts"].sum() == 19  # c0 was gone by September
    assert rows["contact_cost"].sum() == 19 * 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customers_lost", 3 / 11),
        ("revenue_kept", 750 / 1100),
        ("revenue_kept_grown", 850 / 1100),
        ("solved_first", 12 / 20),
    ],
)
def test_a_measure_is_what_a_hand_counts(view, name, value):
    found = measured(view, name, "", LAST)
    assert found.value == pytest.approx(value)
    assert found.low < value < found.high


def test_a_measure_the_data_cannot_give_has_no_value_and_says_why(view):
    for name in ("employees_lost", "rating"):
        found = measured(view, name, "nps" if name == "rating" else "", LAST)
        assert found.value is None
        assert found.why
