"""Whatever is loaded, ``listening`` says what is missing and what can still be said."""

from datetime import date, timedelta

import numpy as np
import pytest
from test_listening import FORBIDDEN, town

from cxdash.facts import Scope
from cxdash.panel import panel
from cxdash.questions import ask


def _ask(company, **scope):
    answer = ask(company.db, "listening", Scope(**scope))
    assert answer.headline
    assert answer.to_json()
    if answer.status != "answered":
        assert answer.missing
    for fact in answer.facts:
        assert fact.value is not None or fact.caveats
    said = " ".join([answer.headline, *answer.caveats, *answer.missing]).lower()
    assert not [word for word in FORBIDDEN if word in said]
    assert "nan" not in said.replace("finance", "")
    return answer


def test_no_survey(company):
    company.contract("A", "2024-01-01")
    company.pays("A", "2025-12-31", 100)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "no survey answers are loaded" in answer.headline
    assert any("survey export" in line for line in answer.missing)


def test_nothing_at_all(company):
    panel(company.db)
    assert _ask(company).status == "cannot_tell"


def test_no_revenue_and_no_contract_leaves_the_score_alone(company):
    for number in range(40):
        company.add("customers", customer_id=f"c{number}", row_key=f"c{number}")
        company.answers(f"c{number}", "2025-11-28", number % 11)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "nothing says who is a customer" in answer.headline
    assert answer.fact("nps.heard").n == 40
    assert answer.fact("nps.bounds").value is None
    assert answer.fact("nps.bounds").interval is None
    assert answer.fact("coverage.customers").value is None
    assert any("they say who is a customer" in line for line in answer.missing)


def test_contracts_without_amounts_tell_customers_but_no_revenue(company):
    town(company, customers=120)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = NULL, currency = NULL")
        cur.execute("DELETE FROM revenue")
    answer = _ask(company)
    assert answer.fact("coverage.customers").value is not None
    assert answer.fact("coverage.revenue").value is None
    assert answer.status == "partly"


def test_no_join_key(company):
    town(company, customers=90)
    with company.db.writing() as cur:
        cur.execute("UPDATE responses SET customer_id = 'x' || customer_id")
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "find their customer" in answer.headline
    heard = answer.fact("nps.heard")
    assert f"among the {heard.n} answers given in twelve months" in answer.headline
    assert "customers who answered" not in answer.headline
    assert "the answers given" in heard.label
    assert heard.value is not None
    assert answer.fact("nps.adjusted").value is None
    assert "groups" not in answer.tables
    assert "response_rate" not in answer.tables
    assert "find a customer" in answer.fact("listening.response_rate").caveats[0]
    assert "exit surveys cannot be told apart" in answer.fact("nps.heard").caveats[0]
    assert any("map the column that names the customer" in line for line in answer.missing)


def test_one_segment_and_a_constant_column(company):
    town(company, customers=240)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'All', plan = 'One', region = 'Here'")
    answer = _ask(company)
    assert not [row for row in answer.tables["groups"] if row["group"].startswith("Segment")]
    assert answer.fact("nps.adjusted").value is not None
    assert "segment" not in answer.fact("nps.adjusted").method.adjusted_for


def test_nothing_known_that_differs(company):
    """Every customer alike: there is nothing to weight by, and that is said."""
    rng = np.random.default_rng(1)
    for number in range(120):
        company.contract(f"c{number}", "2022-05-01")
        if rng.random() < 0.5:
            company.answers(f"c{number}", "2025-11-10", float(rng.integers(0, 11)))
    company.pays("c1", "2025-12-31", 0)
    answer = _ask(company)
    assert answer.fact("nps.adjusted").value is None
    assert "Nothing is known that differs" in answer.fact("nps.adjusted").caveats[0]
    assert answer.fact("nps.bounds").interval is not None


def test_forty_collinear_items(company):
    town(company, customers=120)
    rng = np.random.default_rng(2)
    for number in range(120):
        value = float(rng.integers(1, 8))
        for item in range(40):
            name, scale = f"item{item:02}", (1, 7)
            company.answers(
                f"c{number:04}", "2025-12-01", value, item=name, variant="rating.1-7", scale=scale
            )
    for name in ("nps", "item07"):
        answer = _ask(company, metric=name)
        assert answer.fact(f"{name}.heard").value is not None
        assert answer.fact(f"{name}.bounds").interval is not None


def test_all_churned(company):
    town(company, customers=120, silent_leave=1.0, answered_leave=1.0)
    company.pays("c0001", "2026-03-31", 0.01, revenue_kind="one-off")
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "nothing says who is a customer" in answer.headline
    then = _ask(company, as_of=date(2025, 1, 31))
    assert then.fact("coverage.customers").value is not None


def test_nobody_churned(company):
    town(company, customers=120, silent_leave=0.0, answered_leave=0.0)
    answer = _ask(company)
    assert answer.fact("listening.left.silent").value == 0
    assert answer.fact("listening.gap").interval.holds(0)
    assert "left" not in answer.headline


@pytest.mark.parametrize("answers", [1, 2, 29, 30])
def test_few_answers(company, answers):
    rng = np.random.default_rng(3)
    for number in range(150):
        name = f"c{number:03}"
        company.add("customers", customer_id=name, segment=f"S{number % 2}", row_key=name)
        company.contract(name, "2022-05-01", amount=100 + number)
        if number < answers:
            company.answers(name, "2025-11-10", float(rng.integers(0, 11)))
    company.pays("c001", "2025-12-31", 1)
    answer = _ask(company)
    weighted = answer.fact("nps.adjusted")
    assert (weighted.value is not None) == (answers >= 30)
    if answers < 30:
        assert "weights need 30" in weighted.caveats[0]
    bounds = answer.fact("nps.bounds").interval
    assert bounds.high - bounds.low == pytest.approx(200 * (1 - answers / 150))


def test_everybody_answered(company):
    for number in range(60):
        company.contract(f"c{number}", "2022-05-01", amount=100 + number)
        company.answers(f"c{number}", "2025-11-10", number % 11)
    company.pays("c1", "2025-12-31", 1)
    answer = _ask(company)
    assert answer.fact("coverage.customers").value == 1
    bounds = answer.fact("nps.bounds").interval
    assert bounds.low == bounds.high == pytest.approx(answer.fact("nps.heard").value)
    assert "nobody is silent" in answer.fact("listening.tipping_point").caveats[0]


def test_all_answers_alike(company):
    town(company, customers=240)
    with company.db.writing() as cur:
        cur.execute("UPDATE scores SET value = 10")
    answer = _ask(company)
    adjusted = answer.fact("nps.adjusted")
    assert adjusted.value == pytest.approx(100)
    assert adjusted.interval.low < 100 == adjusted.interval.high


def test_answers_after_the_goodbye_are_named_and_left_out(company):
    town(company, customers=150)
    before = _ask(company)
    gone = company.db.rows(
        "SELECT customer_id, left_on FROM panel_spells WHERE left_on IS NOT NULL"
    )
    for row in gone:
        day = row["left_on"] + timedelta(days=1)
        company.answers(row["customer_id"], day.isoformat(), 0, survey="exit")
    after = _ask(company)
    assert after.fact("nps.heard") == before.fact("nps.heard")
    assert after.tables["groups"] == before.tables["groups"]
    assert any(
        line.startswith(f"{len(gone)} answers to NPS were given on or after")
        for line in after.caveats
    )


def test_negative_and_refunded_revenue(company):
    town(company, customers=120)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = -50 WHERE customer_id < 'c0040'")
    for number in range(30):
        company.pays(f"c{number:04}", "2025-12-20", -500, revenue_kind="refund")
    answer = _ask(company)
    assert 0 <= answer.fact("coverage.revenue").value <= 1
    assert all(row["revenue"] >= 0 for row in answer.tables["groups"])


def test_all_revenue_negative(company):
    town(company, customers=120)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = -50")
    answer = _ask(company)
    assert answer.fact("coverage.revenue").value is None
    assert answer.fact("coverage.customers").value is not None


def test_duplicate_customers_count_once(company):
    town(company, customers=120)
    before = _ask(company)
    for number in range(120):
        name = f"c{number:04}"
        segment = "S1" if number % 3 == 0 else "S0"
        company.add("customers", customer_id=name, segment=segment, row_key=f"{name}-again")
    after = _ask(company)
    assert after.tables["groups"] == before.tables["groups"]


def test_two_currencies_without_a_rate(company):
    town(company, customers=120)
    company.pays("c0003", "2025-12-30", 1000, currency="JPY")
    answer = _ask(company)
    assert answer.status == "partly"
    assert answer.fact("coverage.revenue").value is None
    assert all(row["revenue"] is None for row in answer.tables["groups"])
    assert answer.fact("coverage.customers").value is not None
    assert any("exchange rate" in line for line in answer.caveats)


def test_a_business_without_repeat_customers_is_heard_but_nobody_leaves(company):
    rng = np.random.default_rng(5)
    for number in range(200):
        name, month = f"p{number:03}", 7 + number % 6
        company.pays(name, f"2025-{month:02}-10", 10 + number, revenue_kind="one-off")
        if rng.random() < 0.4:
            company.answers(name, f"2025-{month:02}-20", float(rng.integers(0, 11)))
    company.pays("p000", "2025-12-30", 20, revenue_kind="one-off")
    answer = _ask(company)
    assert answer.fact("coverage.customers").value is not None
    assert "listening.gap" not in {fact.id for fact in answer.facts}
    assert all(row["churn_rate"] is None for row in answer.tables["groups"])
    assert answer.status == "partly"


def test_names_that_claim_something_are_put_in_quotes(company):
    town(company, customers=150)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'Growth beats “all”' WHERE segment = 'S1'")
    title = _ask(company).charts[0].title
    assert "“Growth beats 'all'”" in title
