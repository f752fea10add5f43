from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxdash.demo import simulate
from cxdash.demo.company import Parameters
from cxdash.errors import UsageError


def test_the_same_seed_gives_the_same_company():
    first, second = (simulate(customers=200, months=14, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.relationship, second.relationship)
    pd.testing.assert_frame_equal(first.invoices, second.invoices)
    pd.testing.assert_frame_equal(first.support.tickets, second.support.tickets)
    assert np.array_equal(first.customers.hazard, second.customers.hazard)


def test_another_seed_gives_another_company():
    first, second = (simulate(customers=200, months=14, seed=seed) for seed in (3, 4))
    assert not np.array_equal(first.customers.hazard, second.customers.hazard)
    assert len(first.invoices) != len(second.invoices)


def test_customers_leave_at_a_realistic_pace_that_does_not_depend_on_the_calendar(large):
    who, months = large.customers, large.calendar.months
    rates = []
    for month in range(1, months):
        there = who.active_at_end_of(month - 1)
        rates.append((who.left_month[there] == month).mean())
    assert 0.012 < np.mean(rates) < 0.025
    third = months // 3
    assert np.mean(rates[-third:]) == pytest.approx(np.mean(rates[:third]), rel=0.25)


def test_the_risk_is_drawn_for_all_months_also_after_leaving_and_ahead(large):
    who, calendar = large.customers, large.calendar
    assert who.hazard.shape[1] == calendar.months + 12
    gone = who.left_month < 5
    assert gone.any()
    assert (who.hazard[gone, -1] > 0).all()


def test_leaving_is_a_draw_from_the_risk_and_nothing_else(large):
    """Expected and real leavers agree in every tenth of the risk, month by month."""
    who = large.customers
    month = np.arange(who.hazard.shape[1])[None, :]
    at_risk = (who.hazard > 0) & (month <= who.left_month[:, None])
    left = (month == who.left_month[:, None])[at_risk]
    risk = who.hazard[at_risk]
    tenth = np.digitize(risk, np.quantile(risk, np.linspace(0.1, 0.9, 9)))
    for part in range(10):
        chosen = tenth == part
        spread = np.sqrt((risk[chosen] * (1 - risk[chosen])).sum())
        assert abs(left[chosen].sum() - risk[chosen].sum()) < 4 * spread


def test_a_customer_who_left_in_a_month_is_gone_at_its_end(large):
    who, calendar = large.customers, large.calendar
    gone = ~np.isnat(who.left_on)
    assert np.array_equal(calendar.month_of(who.left_on[gone]), who.left_month[gone])
    assert (who.left_on[gone] > who.started_on[gone]).all()
    assert (who.cancelled_on[gone] <= who.left_on[gone]).all()
    assert (who.cancelled_on[gone] >= who.started_on[gone]).all()
    early = (who.cancelled_on < who.left_on)[gone].mean()
    assert 0.3 < early < 0.5
    at_month_end = who.left_on == calendar.month_end(np.where(gone, who.left_month, 0))
    assert 0.45 < at_month_end[gone].mean() < 0.6


def test_nothing_is_dated_after_the_last_exported_day(large):
    after = np.datetime64(large.calendar.end, "D") + 1
    for frame, column in (
        (large.invoices, "dated"),
        (large.relationship, "answered_at"),
        (large.exits, "answered_at"),
        (large.invitations, "sent_at"),
        (large.support.tickets, "contacted_at"),
        (large.support.answers, "answered_at"),
        (large.subscriptions, "started_on"),
        (large.subscriptions, "cancelled_on"),
    ):
        assert (frame[column].dropna() < after).all(), column


def test_only_an_announced_end_may_lie_ahead(large):
    terms = large.subscriptions
    ahead = terms[terms["ended_on"] > np.datetime64(large.calendar.end, "D")]
    assert len(ahead) > 0
    assert ahead["cancelled_on"].notna().all()


def test_the_terms_of_a_customer_follow_each_other_without_a_gap(large):
    terms = large.subscriptions.sort_values(["customer_id", "started_on"])
    same = terms["customer_id"].to_numpy()[1:] == terms["customer_id"].to_numpy()[:-1]
    ends, starts = terms["ended_on"].to_numpy()[:-1], terms["started_on"].to_numpy()[1:]
    assert (ends[same] == starts[same]).all()
    assert terms[np.append(same, False)]["cancelled_on"].isna().all()


@pytest.mark.parametrize("month", [0, 11, 29])
def test_the_term_in_force_at_a_month_end_carries_the_true_amount(large, month):
    who, day = large.customers, large.calendar.month_end(month)
    terms = large.subscriptions
    running = terms[(terms["started_on"] <= day) & ~(terms["ended_on"] <= day)]
    there = who.active_at_end_of(month)
    assert running["customer_id"].tolist() == who.ids[there].tolist()
    assert np.array_equal(running["cents"].to_numpy(), who.cents[there, month])


def test_a_full_month_is_billed_once_at_the_amount_in_force(large):
    who, month = large.customers, 20
    invoices = large.invoices[large.invoices["kind"] == "recurring"]
    billed = large.calendar.month_of(invoices["dated"].to_numpy(dtype="datetime64[D]")) == month
    paid = invoices[billed].groupby("customer_id")["cents"].agg(["sum", "count"])
    full = who.active_at_end_of(month) & (who.start_month < month)
    rows = paid.loc[who.ids[full]]
    assert (rows["count"] == 1).all()
    assert np.array_equal(rows["sum"].to_numpy(), who.cents[full, month])


def test_a_few_accounts_carry_much_of_the_revenue(company):
    there = company.customers.active_at_end_of(company.calendar.months - 1)
    cents = np.sort(company.customers.cents[there, company.calendar.months - 1])[::-1]
    assert cents[: len(cents) // 10].sum() > 0.4 * cents.sum()


@pytest.mark.parametrize(("customers", "months"), [(10, 30), (500, 3)])
def test_a_company_too_small_to_show_anything_is_refused(customers, months):
    with pytest.raises(UsageError, match="at least"):
        simulate(customers=customers, months=months)


def test_the_export_must_end_with_a_month():
    with pytest.raises(UsageError, match="end a month"):
        simulate(customers=100, end=date(2026, 6, 29))


def test_a_world_without_any_effect_of_experience_can_be_asked_for():
    flat = simulate(
        customers=3000,
        months=12,
        parameters=Parameters(leave_by_experience=0.0, silent_by_experience=0.0),
    )
    who = flat.customers
    inside = (who.hazard[:, 6] > 0) & (who.segment == 1) & (who.bad_tickets[:, 6] == 0)
    assert abs(np.corrcoef(who.experience_mean[inside], who.hazard[inside, 6])[0, 1]) < 0.1
