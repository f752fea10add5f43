"""Customers and periods of the hand-made company, cell by cell."""

from datetime import date

import pytest

from cxdash.panel import settled, stamp
from cxdash.panel.relations import month_index
from cxdash.panel.spending import purchase_history, spending

JUNE = month_index(date(2024, 6, 30))
DECEMBER = month_index(date(2024, 12, 31))


def rows_of(company, months=6, as_of=DECEMBER):
    with settled(company.db) as view:
        built = stamp(view)
        found = spending(view, built, as_of_month=as_of, months=months)
    return found, {(row["opens"], row["customer_id"]): row for row in found.rows.to_dict("records")}


@pytest.fixture
def contracts(company):
    """Five customers: grows by a second contract, shrinks, leaves, comes, and comes back."""
    company.contract("grows", "2024-01-01", amount=100)
    company.contract("grows", "2024-09-01", amount=50)
    company.contract("shrinks", "2024-01-01", "2024-10-01", amount=200)
    company.contract("shrinks", "2024-10-01", amount=150)
    company.contract("leaves", "2024-01-01", "2024-08-15", notice="2024-08-01", amount=80)
    company.contract("comes", "2024-07-10", amount=70)
    company.contract("returns", "2024-01-01", "2024-03-10", amount=60)
    company.contract("returns", "2024-11-01", amount=60)
    company.pays("grows", "2024-12-30", 150)
    company.pays("shrinks", "2024-08-05", -20, revenue_kind="refund")
    return company


def test_contracts_say_what_moved_in_a_period(contracts):
    found, row = rows_of(contracts)
    assert found.by_contract
    assert found.opens == (JUNE,)
    grows, shrinks = row[JUNE, "grows"], row[JUNE, "shrinks"]
    assert (grows["before"], grows["after"]) == (100, 150)
    assert grows["during"] == pytest.approx((100 + 100 + 4 * 150) / 6)
    assert (grows["added"], shrinks["added"]) == (1, 0)
    assert (shrinks["before"], shrinks["after"], shrinks["refunded"]) == (200, 150, 20)


def test_who_leaves_comes_or_comes_back_is_told_apart(contracts):
    _, row = rows_of(contracts)
    flags = {
        name: tuple(int(row[JUNE, name][key]) for key in ("there", "stays", "came"))
        for name in ("leaves", "comes", "returns", "grows")
    }
    assert flags == {
        "leaves": (1, 0, 0),
        "comes": (0, 1, 1),
        "returns": (0, 1, 0),
        "grows": (1, 1, 0),
    }
    assert row[JUNE, "leaves"]["after"] == 0
    assert row[JUNE, "leaves"]["months_there"] == 1
    assert row[JUNE, "comes"]["before"] == 0


def test_yearly_invoices_do_not_make_contract_money_jump(company):
    company.contract("yearly", "2023-01-01", amount=100)
    company.pays("yearly", "2024-01-05", 1200)
    company.pays("yearly", "2024-12-30", 1200)
    _, row = rows_of(company)
    assert (row[JUNE, "yearly"]["before"], row[JUNE, "yearly"]["after"]) == (100, 100)


def test_without_amounts_in_contracts_payments_count_per_month_as_a_customer(company):
    company.contract("pays", "2024-01-01", amount=None)
    company.contract("new", "2024-05-01", amount=None)
    for month in range(1, 13):
        company.pays("pays", f"2024-{month:02d}-28", 10)
        if month >= 5:
            company.pays("new", f"2024-{month:02d}-28", 30)
    found, row = rows_of(company)
    assert not found.by_contract
    assert (row[JUNE, "new"]["before"], row[JUNE, "new"]["after"]) == (30, 30)
    assert (row[JUNE, "pays"]["before"], row[JUNE, "pays"]["during"]) == (10, 10)


def test_without_contracts_customers_are_those_who_buy_and_had_bought_before(company):
    """Who first bought amid the months before paid for a part of them, which is no growth."""
    for name in ("again", "once"):
        company.pays(name, "2023-10-05", 50)
    company.pays("joined", "2024-05-10", 20)
    company.pays("joined", "2024-11-10", 90)
    company.pays("again", "2024-03-01", 60)
    company.pays("again", "2024-09-01", 90)
    company.pays("again", "2024-09-05", -30, revenue_kind="refund")
    company.pays("once", "2024-02-01", 120)
    company.pays("first", "2024-10-01", 30)
    company.pays("back", "2023-11-01", 30)
    company.pays("back", "2024-12-30", 30)
    _, row = rows_of(company)
    flags = {
        name: tuple(int(row[JUNE, name][key]) for key in ("there", "stays", "came"))
        for name in ("again", "once", "joined", "first", "back")
    }
    assert flags == {
        "again": (1, 1, 0),
        "once": (1, 0, 0),
        "joined": (0, 1, 1),
        "first": (0, 1, 1),
        "back": (0, 1, 0),
    }
    assert (row[JUNE, "joined"]["before"], row[JUNE, "joined"]["after"]) == (0, 15)
    again = row[JUNE, "again"]
    assert (again["before"], again["after"], again["refunded"]) == (10, 10, 30)


def test_costs_and_contacts_of_the_period_are_those_while_a_customer(contracts):
    for day, cost in (("2024-06-15", 5), ("2024-07-15", 7), ("2024-12-01", 9)):
        contracts.add(
            "contacts",
            contact_id=day,
            customer_id="grows",
            contacted_at=f"{day} 10:00",
            cost=cost,
            currency="USD",
        )
    _, row = rows_of(contracts)
    assert (row[JUNE, "grows"]["contacts"], row[JUNE, "grows"]["contact_cost"]) == (2, 16)
    assert row[JUNE, "grows"]["months_there"] == 6


def test_periods_lie_one_length_apart_and_start_where_the_data_does(contracts):
    found, _ = rows_of(contracts, months=3)
    assert found.opens == (DECEMBER - 9, DECEMBER - 6, DECEMBER - 3)
    assert found.days(DECEMBER - 3) == "2024-09-30 to 2024-12-31"


def test_periods_before_the_first_payment_or_goodbye_are_not_told(company):
    """An export that lists only those who stayed until payments began shows nobody leaving."""
    company.contract("old", "2022-01-01", amount=10)
    company.contract("older", "2021-01-01", "2024-09-10", amount=10)
    company.pays("old", "2024-01-05", 10)
    company.pays("old", "2024-12-30", 10)
    found, _ = rows_of(company, months=3)
    assert found.opens == (DECEMBER - 9, DECEMBER - 6, DECEMBER - 3)


def test_history_counts_days_with_a_purchase_after_the_first(company):
    company.pays("a", "2024-01-01", 10)
    company.pays("a", "2024-02-01", 20)
    company.pays("a", "2024-02-01", 10)
    company.pays("a", "2024-03-02", 50)
    company.pays("b", "2024-03-01", 5)
    with settled(company.db) as view:
        found = purchase_history(view, as_of=date(2024, 4, 1)).set_index("customer_id")
    assert list(found.loc["a", ["repeats", "recency_days", "age_days", "mean_spend"]]) == [
        2,
        61,
        91,
        40,
    ]
    assert list(found.loc["b", ["repeats", "recency_days", "mean_spend"]]) == [0, 0, 0]
