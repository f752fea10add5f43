"""Without contracts, how long nothing may be bought follows from how customers buy."""

from datetime import date, timedelta

import pytest

from cxdash.panel import panel


def _buys(company, *, every, customers=40, times=6, last=date(2025, 12, 31)):
    for number in range(customers):
        for back in range(times):
            day = last - timedelta(days=number % 5 + back * every)
            company.pays(f"s{number:02}", day.isoformat(), 20)


@pytest.mark.parametrize(
    ("every", "months"), [(7, 1), (28, 1), (30, 2), (45, 2), (200, 8), (400, 12)]
)
def test_a_customer_is_one_for_the_usual_wait(company, every, months):
    _buys(company, every=every)
    built = panel(company.db)
    assert (built.usual_gap_days, built.idle_months) == (every, months)


def test_who_buys_often_counts_no_more_than_who_buys_seldom(company):
    _buys(company, every=90, customers=30)
    for back in range(600):  # one customer with more waits than all others together
        day = date(2025, 12, 31) - timedelta(days=back)
        company.pays("often", day.isoformat(), 3)
    assert panel(company.db).usual_gap_days == 90


def test_with_few_second_purchases_the_rule_of_thumb_stays(company):
    _buys(company, every=7, customers=29)
    built = panel(company.db)
    assert (built.usual_gap_days, built.idle_months) == (None, 6)


def test_a_wait_that_was_set_is_kept(company):
    _buys(company, every=7)
    with company.db.writing() as cur:
        cur.execute("INSERT INTO settings VALUES ('idle_months', '4')")
    assert panel(company.db).idle_months == 4


def test_with_contracts_no_wait_is_looked_for(company):
    _buys(company, every=7)
    company.contract("s01", "2024-01-01")
    built = panel(company.db)
    assert built.contractual
    assert built.usual_gap_days is None
