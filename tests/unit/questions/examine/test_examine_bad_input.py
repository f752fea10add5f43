"""Whatever is loaded, ``examine`` says what is missing and what can still be said."""

import numpy as np
import pytest
from test_examine import YEARS, fill

from cxdash.facts import Scope
from cxdash.panel import panel
from cxdash.questions import ask


def _ask(company, **scope):
    answer = ask(company.db, "examine", Scope(**scope))
    assert answer.headline
    assert answer.to_json()
    if answer.status == "cannot_tell":
        assert answer.missing
    for fact in answer.facts:
        assert fact.value is None or np.isfinite(fact.value)
        assert fact.value is not None or fact.caveats
    said = " ".join([answer.headline, *answer.caveats, *answer.missing]).lower()
    assert "nan" not in said.replace("finance", "")
    assert "inf" not in said.split()
    return answer


def test_nothing_at_all_and_no_survey(company):
    panel(company.db)
    assert _ask(company).status == "cannot_tell"
    company.contract("A", "2024-01-01")
    company.pays("A", "2025-12-31", 100)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "no survey answers are loaded" in answer.headline


def test_no_revenue_examines_leaving_and_refuses_spend(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = NULL, currency = NULL")
        cur.execute("DELETE FROM revenue")
    answer = _ask(company, claim="worth.gap_adjusted")
    assert answer.status == "answered"
    price = next(row for row in answer.tables["exhibits"] if row["question"] == "Was it price?")
    assert price["verdict"] == "cannot tell"
    assert _ask(company, claim="revenue.driver.nps").status == "cannot_tell"


def test_no_join_key(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE responses SET customer_id = 'x' || customer_id")
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "find their customer" in answer.headline


def test_one_segment_is_no_obstacle(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'only'")
    answer = _ask(company)
    assert answer.status == "answered"
    assert "segment" not in answer.fact("examine.estimate").method.adjusted_for


def test_an_item_everybody_answers_alike_cannot_be_compared(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute("UPDATE scores SET value = 7")
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "too little to compare" in answer.headline


def test_forty_items_that_say_the_same(company):
    fill(company, customers=160)
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO scores BY NAME SELECT s.* REPLACE ('item' || n AS item) "
            "FROM scores AS s CROSS JOIN range(40) AS t(n)"
        )
    answer = _ask(company, metric="item7")
    assert answer.status == "answered"
    assert answer.fact("examine.specifications").value > 10


@pytest.mark.parametrize("gone", [True, False])
def test_all_churned_or_nobody(company, gone):
    for number in range(80):
        name = f"c{number}"
        end = f"2025-{number % 5 + 2:02}-15" if gone else None
        company.contract(name, "2022-05-01", end)
        for day in YEARS:
            company.answers(name, day, 3 if number % 2 else 10)
    company.pays("c0", "2025-06-30", 1)
    answer = _ask(company)
    assert answer.status == "cannot_tell" or gone


def test_thirty_answers(company):
    fill(company, customers=6)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "at least 10 windows of each kind" in answer.caveats[0]


def test_answers_after_the_goodbye_say_nothing(company):
    for number in range(60):
        company.contract(f"c{number}", "2022-05-01", "2024-12-31" if number % 2 else None)
        company.answers(f"c{number}", "2025-01-15" if number % 2 else "2024-06-10", number % 11)
    company.pays("c0", "2025-06-30", 1)
    assert _ask(company).status == "cannot_tell"


def test_negative_and_refunded_revenue(company):
    fill(company)
    for number in range(0, 200, 3):
        company.pays(f"c{number:04}", "2024-08-15", -500, revenue_kind="refund")
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = -50 WHERE customer_id < 'c0050'")
    for claim in ("worth.gap_adjusted", "revenue.driver.nps"):
        assert _ask(company, claim=claim).headline


def test_duplicate_customers(company):
    fill(company)
    for number in range(50):
        company.add(
            "customers", customer_id=f"c{number:04}", segment="S0", row_key=f"again{number}"
        )
    assert _ask(company).status == "answered"


def test_two_currencies_without_a_rate(company):
    fill(company)
    company.pays("c0002", "2024-08-15", 100, currency="EUR")
    assert _ask(company).status == "answered"
    answer = _ask(company, claim="revenue.driver.nps")
    assert answer.status == "cannot_tell"
    assert "currencies" in answer.headline


def test_a_filter_and_a_short_history_leave_fewer_ways(company):
    fill(company)
    whole = _ask(company).fact("examine.specifications").value
    short = _ask(company, as_of=None, horizon=12)
    assert short.status in ("answered", "cannot_tell")
    part = _ask(company, where=(("segment", "S1"),))
    assert part.fact("examine.specifications").value <= whole
