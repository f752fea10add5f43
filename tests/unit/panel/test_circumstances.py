"""What had happened to a customer by the moment of an answer, checked cell by cell."""

from datetime import date

import pytest

from cxdash.panel import circumstances, items, panel


def _order(company, order, customer, ordered, promised=None, delivered=None, paid=None):
    company.add(
        "orders",
        order_id=order,
        customer_id=customer,
        ordered_at=f"{ordered} 10:00",
        promised_at=promised and f"{promised} 00:00",
        delivered_at=delivered and f"{delivered} 15:00",
    )
    if paid is not None:
        company.pays(None, None, paid, order_id=order, revenue_kind="one-off")


def _known(company, as_of=date(2025, 12, 31)):
    built = panel(company.db)
    (item,) = items(company.db)
    return circumstances(company.db, built, item, as_of).set_index("customer_id")


def test_lateness_is_counted_by_the_day_of_the_answer(company):
    _order(company, "1", "late", "2025-03-01", "2025-03-10", "2025-03-14")
    _order(company, "2", "punctual", "2025-03-01", "2025-03-10", "2025-03-10")
    _order(company, "3", "still-waiting", "2025-03-01", "2025-03-10", "2025-04-30")
    _order(company, "4", "not-due-yet", "2025-03-01", "2025-04-10", "2025-04-30")
    _order(company, "5", "never-came", "2025-03-01", "2025-03-10")
    _order(company, "6", "no-promise", "2025-03-01", delivered="2025-03-10")
    for number, customer in enumerate(
        ("late", "punctual", "still-waiting", "not-due-yet", "never-came", "no-promise"), 1
    ):
        company.answers(customer, "2025-03-20", 5, order_id=str(number))
    found = _known(company)
    assert found["days_late"].astype(float).to_dict() == pytest.approx(
        {
            "late": 4,
            "punctual": 0,
            "still-waiting": 10,
            "not-due-yet": 0,
            "never-came": 10,
            "no-promise": float("nan"),
        },
        nan_ok=True,
    )
    assert found["days_waited"].to_dict() == {
        "late": 13,
        "punctual": 9,
        "still-waiting": 19,
        "not-due-yet": 19,
        "never-came": 19,
        "no-promise": 9,
    }
    assert found["delivered_on"].isna().sum() == 3  # a delivery after the answer is not known yet


def test_an_answer_that_names_no_order_is_about_the_last_one_of_the_last_months(company):
    _order(company, "1", "A", "2025-01-10", "2025-01-20", "2025-01-30", paid=10)
    _order(company, "2", "A", "2025-03-01", "2025-03-10", "2025-03-12", paid=40)
    _order(company, "3", "A", "2025-03-25", "2025-03-30", "2025-05-01", paid=90)
    _order(company, "4", "B", "2024-10-01", "2024-10-10", "2024-10-20", paid=5)
    company.answers("A", "2025-03-20", 5)
    company.answers("B", "2025-03-20", 5)
    found = _known(company)
    assert found.loc["A", ["days_late", "order_value"]].tolist() == [2, 40]
    assert found.loc["B", ["days_late", "order_value"]].isna().all()


def test_payments_of_an_order_are_summed_once_whatever_else_it_has(company):
    _order(company, "1", "A", "2025-03-01", "2025-03-10", "2025-03-12", paid=40)
    company.pays(None, None, 9.5, order_id="1", revenue_kind="one-off")
    company.answers("A", "2025-03-20", 5, order_id="1")
    assert _known(company)["order_value"].tolist() == [49.5]


def test_an_order_placed_after_the_answer_is_not_what_the_answer_is_about(company):
    _order(company, "1", "A", "2025-04-01", "2025-03-10", "2025-04-12", paid=40)
    _order(company, "2", "B", "2025-01-01", "2025-01-10", "2025-01-12", paid=40)
    company.answers("A", "2025-03-20", 5, order_id="1")
    found = _known(company)
    assert found.loc["A", ["days_late", "order_value"]].isna().all()


def test_contacts_count_before_the_answer_only_and_by_any_name(company):
    company.contract("A", "2024-01-01")
    company.add("customer_keys", alias="a@x", customer_id="A")
    for who, at, solved, minutes in (
        ("A", "2025-03-20 11:59", False, 10),
        ("a@x", "2025-02-01 08:00", True, 30),
        ("A", "2025-03-20 12:01", False, 500),  # after the answer
        ("A", "2024-12-01 08:00", False, 500),  # too long before
    ):
        company.add(
            "contacts", customer_id=who, contacted_at=at, resolved_first=solved, minutes=minutes,
            contact_id=at,
        )  # fmt: skip
    company.answers("A", "2025-03-20", 5)
    company.pays("A", "2025-12-31", 1)
    found = _known(company)
    assert found[["contacts_before", "unresolved_before", "minutes"]].to_numpy().tolist() == [
        [2, 1, 20]
    ]


def test_what_was_paid_is_that_of_the_month_before_and_of_three_months_earlier(company):
    company.contract("A", "2024-01-01", "2025-02-01", amount=100)
    company.contract("A", "2025-02-01", "2025-03-10", amount=150)
    company.contract("A", "2025-03-10", amount=900)
    company.answers("A", "2025-03-20", 5)
    company.pays("A", "2025-12-31", 1)
    found = _known(company)
    assert found[["rate", "rate_earlier", "tenure_months"]].to_numpy().tolist() == [[150, 100, 13]]


def test_without_contracts_no_earlier_price_is_known(company):
    for month in range(1, 4):
        company.pays("A", f"2025-{month:02}-05", 10 * month)
    company.answers("A", "2025-03-20", 5)
    found = _known(company)
    assert found["rate"].gt(0).all()
    assert found["rate_earlier"].isna().all()


def test_answers_after_the_day_or_with_a_goodbye_are_left_out(company):
    company.contract("A", "2024-01-01", "2025-06-01", notice="2025-05-01")
    company.contract("B", "2024-01-01")
    company.answers("A", "2025-05-02", 0)
    company.answers("B", "2025-05-02", 5)
    company.answers("B", "2025-11-02", 5)
    company.pays("B", "2025-12-31", 1)
    assert _known(company, date(2025, 10, 31)).index.tolist() == ["B"]
