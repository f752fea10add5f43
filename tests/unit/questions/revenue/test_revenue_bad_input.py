"""Whatever is loaded, ``revenue`` says what is missing and what can still be said."""

from datetime import date, timedelta

import numpy as np
import pytest
from test_revenue import LAST, STARTS, terms

from cxdash.facts import Scope
from cxdash.panel import panel
from cxdash.questions import ask


def _ask(company, **scope):
    answer = ask(company.db, "revenue", Scope(**scope))
    assert answer.headline
    assert answer.to_json()
    assert {"drivers", "retention"} <= set(answer.tables)
    if answer.status != "answered":
        assert answer.missing
    for fact in answer.facts:
        assert fact.value is not None or fact.caveats
        assert fact.card.model
    said = " ".join([answer.headline, *answer.caveats, *answer.missing]).lower()
    assert "nan" not in said.replace("finance", "")
    return answer


def test_nothing_at_all(company):
    panel(company.db)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "nothing to tell yet" in answer.headline


def test_no_survey_still_tells_what_was_kept(company):
    terms(company, customers=60)
    with company.db.writing() as cur:
        cur.execute("DELETE FROM responses")
        cur.execute("DELETE FROM scores")
    answer = _ask(company)
    assert answer.status == "partly"
    assert answer.fact("revenue.nrr").value is not None
    assert answer.fact("revenue.clv").value is not None
    assert "no survey answers are loaded" in answer.headline
    assert answer.tables["drivers"] == []


def test_no_revenue(company):
    for number in range(40):
        company.add("customers", customer_id=f"c{number}", row_key=f"c{number}")
        company.answers(f"c{number}", "2025-05-28", number % 11)
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert "no revenue is loaded" in answer.headline
    assert answer.fact("revenue.nrr").value is None


def test_contracts_without_amounts_tell_who_left_but_no_money(company):
    terms(company, customers=60)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = NULL, currency = NULL")
        cur.execute("DELETE FROM revenue")
    answer = _ask(company)
    assert answer.status == "partly"
    assert answer.fact("revenue.nrr").value is None
    assert answer.fact("revenue.logo_churn").value is not None
    assert "Revenue kept is withheld" in answer.headline


def test_no_join_key(company):
    terms(company, customers=60)
    with company.db.writing() as cur:
        cur.execute("UPDATE responses SET customer_id = 'x' || customer_id")
    answer = _ask(company)
    assert answer.status == "partly"
    assert "find their customer" in answer.headline
    assert answer.fact("revenue.nrr").value is not None
    assert answer.tables["drivers"] == []


def test_one_segment_and_a_constant_column(company):
    terms(company, customers=80)
    with company.db.writing() as cur:
        cur.execute("UPDATE customers SET segment = 'All', plan = 'One', region = 'Here'")
        cur.execute("UPDATE scores SET value = 3 WHERE item = 'fit'")
    answer = _ask(company)
    assert [row["segment"] for row in answer.tables["clv"]] == ["All customers"]
    fit = answer.fact("revenue.driver.fit")
    assert fit.value is None
    assert "every answer is the same" in fit.caveats[0]
    assert answer.fact("revenue.driver.nps").value is not None


def test_forty_collinear_items(company):
    terms(company, customers=60)
    rng = np.random.default_rng(2)
    for number in range(60):
        for start in STARTS:
            value = float(rng.integers(1, 8))
            day = str(start - timedelta(days=9))
            for item in range(40):
                name = f"item{item:02}"
                company.answers(
                    f"c{number:04}", day, value, item=name, variant="rating.1-7", scale=(1, 7)
                )
    answer = _ask(company)
    copies = [r for r in answer.tables["explained"] if r["driver"].startswith("item")]
    assert len(copies) == 40
    assert max(r["share"] for r in copies) - min(r["share"] for r in copies) < 1e-6
    changes = {r["effect"] for r in answer.tables["drivers"] if r["driver"].startswith("item")}
    assert len(changes) == 2  # one change and one level, forty times


def test_all_churned(company):
    terms(company, customers=60, leaves=1.0)
    company.pays("c0001", str(LAST + timedelta(days=200)), 1)
    answer = _ask(company)
    assert answer.status in {"cannot_tell", "partly"}
    assert answer.fact("revenue.clv").value is None
    then = _ask(company, as_of=date(2023, 6, 30))
    assert then.fact("revenue.logo_churn").value == 1


def test_nobody_churned(company):
    terms(company, customers=60, leaves=0.0)
    answer = _ask(company)
    assert answer.fact("revenue.logo_churn").value == 0
    assert answer.fact("revenue.clv").value is None
    assert "how long customers stay is not known" in answer.fact("revenue.clv").caveats[0]
    assert answer.fact("revenue.nrr").value is not None


@pytest.mark.parametrize("answering", [1, 29, 30])
def test_few_answers(company, answering):
    terms(company, customers=60, leaves=0.0)
    with company.db.writing() as cur:
        cur.execute("DELETE FROM responses WHERE customer_id >= ?", [f"c{answering:04}"])
        cur.execute("DELETE FROM scores WHERE row_key NOT IN (SELECT row_key FROM responses)")
    answer = _ask(company)
    driver = answer.fact("revenue.driver.nps")
    assert (driver.value is not None) == (answering >= 30)
    if answering < 30:
        assert "have an answer with a whole window after it" in driver.caveats[0]
        assert answer.status == "partly"


def test_answers_after_the_goodbye_are_named_and_left_out(company):
    terms(company, customers=80, leaves=0.2)
    before = _ask(company)
    gone = company.db.rows(
        "SELECT customer_id, left_on FROM panel_spells WHERE left_on IS NOT NULL"
    )
    for row in gone:
        company.answers(row["customer_id"], str(row["left_on"] + timedelta(days=1)), 0)
    after = _ask(company)
    assert after.tables["drivers"] == before.tables["drivers"]
    assert any(
        line.startswith(f"{len(gone)} answers were given on or after") for line in after.caveats
    )


def _shop(company, customers=200, seed=4, refunds=0.1):
    """Payments alone: a third buys again each month; some of it is paid back."""
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"s{number:03}"
        habit = 0.3 + 0.3 * rng.random()
        for month in range(24):
            day = date(2023 + (month + 6) // 12, (month + 6) % 12 + 1, int(rng.integers(1, 28)))
            if month == number % 6 or rng.random() < habit:
                amount = round(float(np.exp(3 + 0.4 * rng.standard_normal())), 2)
                company.pays(name, str(day), amount, revenue_kind="one-off")
                if rng.random() < refunds:
                    later = str(day + timedelta(days=8))
                    company.pays(name, later, -amount, revenue_kind="refund")
            if month % 6 == 5:
                company.answers(name, str(day), float(rng.integers(0, 11)))
        if number < 5:  # a purchase of before the last half year comes back in it
            company.pays(name, "2025-03-05", -400, revenue_kind="refund")
    company.pays("s000", "2025-06-30", 20, revenue_kind="one-off")


def test_negative_and_refunded_revenue_is_taken_off_and_said(company):
    _shop(company)
    answer = _ask(company)
    assert any("was paid back in the newest period. It is taken off" in c for c in answer.caveats)
    assert any(row["revenue_refunded"] < 0 for row in answer.tables["movements"])
    assert any("more was paid back than paid" in line for line in answer.caveats)
    clv = answer.fact("revenue.clv")
    assert clv.value is not None
    assert clv.definition == "clv.buying"
    assert any("There are no contracts" in line for line in answer.caveats)


def test_all_revenue_negative(company):
    terms(company, customers=60)
    with company.db.writing() as cur:
        cur.execute("UPDATE subscriptions SET monthly_amount = -50")
    answer = _ask(company)
    assert answer.fact("revenue.nrr").value is None
    assert answer.fact("revenue.clv").value is None
    assert "paid nothing" in answer.headline


def test_duplicate_customers_count_once(company):
    terms(company, customers=60)
    before = _ask(company)
    for number in range(60):
        company.add(
            "customers",
            customer_id=f"c{number:04}",
            segment=f"S{number % 2}",
            acquired_by="earned" if number % 3 else "bought",
            row_key=f"again{number}",
        )
    after = _ask(company)
    assert after.tables == before.tables


def test_two_currencies_without_a_rate(company):
    terms(company, customers=60)
    company.pays("c0003", "2025-06-29", 1000, currency="JPY")
    answer = _ask(company)
    assert answer.status == "partly"
    assert answer.fact("revenue.nrr").value is None
    assert answer.fact("revenue.logo_churn").value is not None
    assert all(row["nrr"] is None for row in answer.tables["retention"])
    assert answer.tables["drivers"] == []
    assert any("exchange rate" in line for line in answer.caveats)


def test_a_shop_where_hardly_anybody_returns_is_not_told_as_leaving(company):
    for number in range(200):
        name, month = f"p{number:03}", 1 + number % 6
        company.pays(name, f"2025-{month:02}-10", 10 + number, revenue_kind="one-off")
        company.answers(name, f"2025-{month:02}-20", float(number % 11))
    company.pays("p000", "2025-06-30", 20, revenue_kind="one-off")
    answer = _ask(company)
    assert answer.status == "cannot_tell"
    assert answer.fact("revenue.logo_churn").value is None
    assert "bought on a second day" in answer.headline
    assert any("not a sample of orders" in line for line in answer.missing)
