"""Comparing customers with themselves finds what a comparison between customers cannot."""

import time
import warnings

import numpy as np
import pandas as pd
import pytest
from statsmodels.discrete.conditional_models import ConditionalPoisson

from cxdash.stats.within import demeaned, fit_within, fit_within_poisson


def panel(rng, customers=300, periods=4, effect=5.0):
    """Richer customers score higher; within a customer a point is worth ``effect``."""
    who = np.repeat(np.arange(customers), periods)
    period = np.tile(np.arange(periods), customers)
    wealth = rng.standard_normal(customers)
    score = 7 + 1.5 * wealth[who] + rng.standard_normal(len(who))
    spend = 100 + 20 * wealth[who] + effect * score + 3 * period + 4 * rng.standard_normal(len(who))
    return who, period, score, spend


def test_a_comparison_within_customers_finds_the_effect_that_one_between_them_overstates():
    who, period, score, spend = panel(np.random.default_rng(1))
    between = np.polyfit(score, spend, 1)[0]
    fit = fit_within(spend, score[:, None], who, period=period)
    assert between > 10
    assert fit.estimate(0).low < 5.0 < fit.estimate(0).high
    assert abs(fit.coefficients[0] - 5.0) < 0.5


def test_ninety_percent_intervals_hold_the_effect_in_nine_of_ten_worlds():
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        who, period, score, spend = panel(rng, customers=60)
        each = fit_within(spend, score[:, None], who, period=period).estimate(0)
        held += each.low <= 5.0 <= each.high
    assert 168 <= held <= 192


def test_unbalanced_two_way_effects_equal_a_regression_with_a_column_for_each():
    rng = np.random.default_rng(2)
    who, period, score, spend = panel(rng, customers=25, periods=5)
    keep = rng.random(len(who)) < 0.7
    who, period, score, spend = who[keep], period[keep], score[keep], spend[keep]
    dummies = pd.get_dummies(pd.DataFrame({"w": who, "p": period}), columns=["w", "p"]).to_numpy(
        float
    )
    full = np.linalg.lstsq(np.column_stack([score, dummies]), spend, rcond=None)[0]
    fit = fit_within(spend, score[:, None], who, period=period)
    assert fit.coefficients[0] == pytest.approx(full[0], abs=1e-7)


def test_pull_tells_what_happens_without_a_customer():
    who, _, score, spend = panel(np.random.default_rng(3), customers=80)
    fit = fit_within(spend, score[:, None], who)
    without = fit_within(spend[who != 5], score[who != 5][:, None], who[who != 5])
    moved = fit.coefficients[0] - without.coefficients[0]
    assert moved == pytest.approx(fit.pull[5, 0], rel=0.1)


def test_a_column_that_never_moves_within_a_customer_is_left_out_by_number():
    who, _, score, spend = panel(np.random.default_rng(4), customers=40)
    x = np.column_stack([score, who % 3, np.ones(len(who)), 2 * score])
    fit = fit_within(spend, x, who)
    assert fit.left_out == (1, 2, 3)
    assert not fit.tells(1)
    assert fit.p_value(1) == 1
    assert np.isfinite(fit.estimate(0).low)


def test_conditional_poisson_equals_statsmodels():
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(40), 4)
    x = rng.standard_normal((160, 2))
    y = rng.poisson(np.exp(rng.standard_normal(40)[who] + 0.3 * x[:, 0])).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it leaves out customers who paid nothing
        want = ConditionalPoisson(y, x, groups=who).fit(disp=False)
    fit = fit_within_poisson(y, x, who)
    assert list(fit.coefficients) == pytest.approx(list(want.params), abs=1e-5)


def test_conditional_poisson_finds_a_relative_effect_of_money_that_is_not_a_count():
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(100):
        who, period, score, _ = panel(rng, customers=100)
        base = np.exp(4 + 0.8 * rng.standard_normal(100))[who]
        spend = base * np.exp(0.1 * score) * rng.gamma(2.0, 0.5, len(who))
        spend[rng.random(len(who)) < 0.2] = 0.0
        columns = np.column_stack([score, period == 1, period == 2, period == 3]).astype(float)
        each = fit_within_poisson(spend, columns, who).estimate(0)
        held += each.low <= 0.1 <= each.high
    assert 82 <= held <= 97


def test_customers_who_say_nothing_about_change_are_left_out_of_the_count():
    y = np.array([1.0, 2.0, 0.0, 0.0, 3.0, 4.0, 2.0])
    who = np.array([0, 0, 1, 1, 2, 3, 3])
    fit = fit_within_poisson(y, np.array([[0.0], [1], [0], [1], [0], [0], [1]]), who)
    assert (fit.n, fit.customers) == (4, 2)
    assert fit.coefficients[0] == pytest.approx(np.log(4 / 5), abs=1e-9)
    assert len(fit.pull) == 4


def test_a_hundred_thousand_customers_take_seconds():
    rng = np.random.default_rng(7)
    customers, periods = 100_000, 8
    who = np.repeat(np.arange(customers), periods)
    period = np.tile(np.arange(periods), customers)
    x = rng.standard_normal((len(who), 3))
    y = rng.gamma(1.0, 100.0, len(who))
    began = time.process_time()
    fit_within(y, x, who, period=period)
    fit_within_poisson(y, x, who)
    assert time.process_time() - began < 15


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        fit_within_poisson([1.0, -1.0], np.ones((2, 1)), [0, 1])
    with pytest.raises(ValueError, match="more than one period"):
        fit_within_poisson([1.0, 1.0], np.ones((2, 1)), [0, 1])
    with pytest.raises(ValueError, match="one customer alone"):
        fit_within([1.0, 2.0], np.ones((2, 1)), [0, 0])
    with pytest.raises(ValueError, match="missing or infinite"):
        fit_within([1.0, 2.0], np.array([[1.0], [np.nan]]), [0, 1])


def test_taking_out_one_set_of_means_leaves_every_group_at_zero():
    rng = np.random.default_rng(8)
    codes = rng.integers(0, 7, 50)
    left = demeaned(rng.standard_normal((50, 2)), [codes])
    assert np.bincount(codes, weights=left[:, 0]) == pytest.approx(np.zeros(7), abs=1e-12)
