"""What would fool the model is found, named and kept out: leaks, stale money, silence."""

from datetime import date, timedelta

import numpy as np
import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.questions import ask


def _ends(company):
    return company.db.rows("SELECT customer_id, ended_on FROM subscriptions ORDER BY customer_id")


def test_a_segment_written_on_leaving_is_named_and_left_out(company):
    fill(company)
    gone = [row["customer_id"] for row in _ends(company) if row["ended_on"]]
    with company.db.writing() as cur:
        cur.execute(
            "UPDATE customers SET segment = 'Closed' WHERE list_contains(?, customer_id)", [gone]
        )
    answer = ask(company.db, "worth")
    assert any("“Closed” knows the outcome" in line for line in answer.caveats)
    clean = answer.fact("worth.gap_adjusted")
    assert clean.value is not None
    assert clean.value > 0.1
    assert "segment" not in clean.method.adjusted_for


def test_answers_after_the_last_invoice_do_not_make_non_payers(company):
    fill(company)
    company.answers("c0001", "2026-03-15", 9)
    answer = ask(company.db, "worth")
    assert answer.as_of == date(2025, 12, 31)
    assert any("stops where the money stops" in line for line in answer.caveats)


def test_without_days_of_cancelling_the_doubt_is_said(company):
    fill(company)
    answer = ask(company.db, "worth")
    assert any("name no day of cancelling" in line for line in answer.caveats)
    company.contract("z", "2024-01-01", "2025-12-01", notice="2025-11-01")
    again = ask(company.db, "worth")
    assert not any("name no day of cancelling" in line for line in again.caveats)


def _shop(company, *, win_back, seed=1, customers=400, longest=1400):
    """Customers who buy about monthly until they stop; scores are random, so they tell nothing.

    With ``win_back`` the shop also asks 30 days after the last purchase, and the silent ones say 2.
    """
    rng = np.random.default_rng(seed)
    first, last = date(2024, 1, 5), date(2025, 12, 31)
    for number in range(customers):
        name = f"s{number:04}"
        stops = first + timedelta(days=int(rng.integers(200, longest)))
        day = first + timedelta(days=int(rng.integers(0, 40)))
        bought = day
        while day <= min(stops, last):
            company.pays(name, day.isoformat(), 30, revenue_kind="one-off")
            bought, day = day, day + timedelta(days=int(rng.integers(15, 50)))
        for at in (date(2024, 6, 1), date(2024, 12, 1), date(2025, 6, 1), date(2025, 12, 1)):
            if at <= bought:
                company.answers(name, at.isoformat(), float(rng.integers(0, 11)))
        asked = bought + timedelta(days=30)
        if win_back and asked <= last:
            company.answers(name, asked.isoformat(), 2.0)
    company.pays("always", last.isoformat(), 30, revenue_kind="one-off")


def test_a_shop_without_contracts_gets_rates_and_its_rule(company):
    _shop(company, win_back=False)
    answer = ask(company.db, "worth", Scope(horizon=6))
    assert answer.status == "answered"
    assert any("no longer is one 6 months later counts as gone" in line for line in answer.caveats)
    gap = answer.fact("worth.gap_adjusted")
    assert gap.interval is not None
    assert gap.interval.holds(0)


def test_a_survey_sent_because_somebody_stopped_buying_is_no_proof(company):
    """Time since the last purchase is held equal: the survey tells nothing that it does not."""
    _shop(company, win_back=True, seed=3, customers=600, longest=800)
    answer = ask(company.db, "worth", Scope(horizon=6))
    counted, held = answer.fact("worth.gap"), answer.fact("worth.gap_adjusted")
    assert counted.value is not None
    assert held.value is not None
    assert counted.value > 0.05
    assert held.value < 0.7 * counted.value
    assert held.interval is not None
    assert held.interval.holds(0)
    assert "time since the last purchase" in held.method.adjusted_for


def test_leaving_never_lies_before_the_window(company):
    """Whoever bought in the window stayed, whatever happened before it."""
    _shop(company, win_back=False, customers=60)
    ask(company.db, "worth")
    wrong = company.db.rows(
        "SELECT count(*) AS n FROM panel_bought WHERE bought_on IS NULL OR customer_id IS NULL"
    )
    assert wrong == [{"n": 0}]


def test_who_answered_another_survey_was_heard(company):
    fill(company, customers=120)
    for number in range(0, 120, 2):
        company.answers(
            f"c{number:04}", "2025-11-01", 4, item="csat", variant="csat.1-5.top2", scale=(1, 5)
        )
    by_nps = ask(company.db, "worth", Scope(metric="nps"))
    by_csat = ask(company.db, "worth", Scope(metric="csat"))
    assert by_nps.fact("coverage.customers").value == by_csat.fact("coverage.customers").value


def test_cash_missing_inside_the_window_is_a_part_of_what_is_at_stake(company):
    fill(company)
    answer = ask(company.db, "worth")
    cash, stake = answer.fact("worth.at_stake_cash"), answer.fact("worth.at_stake")
    assert cash.value is not None
    assert stake.value is not None
    assert cash.interval is not None
    assert 0 < cash.interval.low < cash.value < stake.value
    rows = company.db.rows(
        "SELECT avg((DATE '2025-12-31' - left_on) / 184.0) AS share FROM panel_spells "
        "WHERE left_on > DATE '2025-06-30' AND left_on <= DATE '2025-12-31'"
    )
    assert cash.value / stake.value == pytest.approx(rows[0]["share"], abs=0.12)


def test_a_gap_that_noise_made_is_not_confirmed(company):
    fill(company, gap=0.0, seed=6)
    answer = ask(company.db, "worth")
    assert answer.fact("worth.gap_adjusted").grade.name == "D"
    assert any("did not rank those who left" in line for line in answer.caveats)


def test_a_real_gap_is_confirmed_on_later_windows(company):
    fill(company, customers=600)
    answer = ask(company.db, "worth")
    assert answer.fact("worth.gap_adjusted").grade.name == "C"


def test_money_stays_observed_where_the_chances_of_single_customers_were_off(company):
    """Nobody left in 2024, so the first windows teach chances that are too much alike."""
    fill(company, customers=600)
    answer = ask(company.db, "worth")
    assert answer.fact("worth.excess").grade.name == "D"
    assert any("its high chances were too low" in line for line in answer.caveats)


def test_without_contracts_a_change_of_the_mean_paid_is_no_price_and_predicts_nothing(company):
    """It would mostly say how lately something was bought, which those who stopped did not."""
    _shop(company, win_back=False)
    answer = ask(company.db, "churn", Scope(horizon=6))
    assert not any(row["driver"] == "price_change" for row in answer.tables["drivers"])
    assert "change of price or spend" not in str(answer.tables["drivers"])
