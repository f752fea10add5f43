"""Money at stake: the mean is the sum of p times revenue, the range holds what is really lost."""

import numpy as np
import pytest

from cxdash.stats import ratio, stake
from cxdash.stats.logistic import fit_logistic
from cxdash.stats.ratio import ratio_of_sums
from cxdash.stats.stake import revenue_at_stake


def _company(rng, n):
    score = rng.normal(size=(n, 1))
    chance = 1 / (1 + np.exp(-(-1.6 - 0.9 * score[:, 0])))
    revenue = rng.lognormal(6, 1.0, n)
    return score, chance, revenue


def test_the_estimate_is_the_sum_of_probability_times_revenue():
    rng = np.random.default_rng(1)
    score, chance, revenue = _company(rng, 3000)
    fit = fit_logistic(score, rng.random(3000) < chance)
    everyone = np.ones(3000, bool)
    found = revenue_at_stake(fit, score, revenue, {"all": everyone}, rng=rng, draws=4000)["all"]
    assert found.estimate == pytest.approx(fit.probabilities(score) @ revenue, rel=0.01)
    assert found.low < found.estimate < found.high


def test_groups_that_split_the_customers_add_up_to_the_whole():
    rng = np.random.default_rng(2)
    score, chance, revenue = _company(rng, 1000)
    fit = fit_logistic(score, rng.random(1000) < chance)
    low = score[:, 0] < 0
    groups = {"low": low, "rest": ~low, "all": np.ones(1000, bool)}
    found = revenue_at_stake(fit, score, revenue, groups, rng=rng, draws=500)
    assert found["low"].estimate + found["rest"].estimate == pytest.approx(found["all"].estimate)
    assert found["low"].customers + found["rest"].customers == 1000


def test_the_range_holds_the_real_loss_as_often_as_it_says():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        score, chance, _ = _company(rng, 600)
        fit = fit_logistic(score, rng.random(600) < chance)
        later, chance, revenue = _company(rng, 400)
        everyone = {"all": np.ones(400, bool)}
        found = revenue_at_stake(fit, later, revenue, everyone, rng=rng, draws=500)["all"]
        lost = revenue[rng.random(400) < chance].sum()
        held += found.low <= lost <= found.high
    assert 0.85 <= held / 200 <= 0.95


def test_one_huge_account_widens_the_range():
    rng = np.random.default_rng(4)
    score, chance, _ = _company(rng, 500)
    fit = fit_logistic(score, rng.random(500) < chance)
    even = np.full(500, 100.0)
    uneven = np.full(500, 50.0)
    uneven[0] += 25_000.0
    everyone = {"all": np.ones(500, bool)}
    plain = revenue_at_stake(fit, score, even, everyone, rng=rng)["all"]
    lumpy = revenue_at_stake(fit, score, uneven, everyone, rng=rng)["all"]
    assert even.sum() == uneven.sum()
    assert lumpy.high - lumpy.low > 2 * (plain.high - plain.low)


def test_a_ratio_resamples_customers_not_rows():
    rng = np.random.default_rng(5)
    customers = np.arange(400)
    kept = rng.uniform(0, 2, 400)
    once = ratio_of_sums(kept, np.ones(400), customers, rng=np.random.default_rng(6))
    fourfold = ratio_of_sums(
        np.tile(kept, 4), np.ones(1600), np.tile(customers, 4), rng=np.random.default_rng(6)
    )
    assert once is not None
    assert fourfold is not None
    assert once.estimate == pytest.approx(kept.mean())
    assert fourfold.n == 400
    assert fourfold.high - fourfold.low == pytest.approx(once.high - once.low)


def test_a_ratio_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(300):
        size = rng.lognormal(4, 0.8, 300)
        kept = size * np.where(rng.random(300) < 0.15, 0.0, rng.normal(1.0, 0.2, 300))
        found = ratio_of_sums(kept, size, np.arange(300), rng=rng, draws=400)
        assert found is not None
        held += found.low <= 0.85 <= found.high
    assert 0.85 <= held / 300 <= 0.95


def test_a_ratio_without_a_base_is_no_number():
    rng = np.random.default_rng(8)
    assert ratio_of_sums(np.ones(5), np.zeros(5), np.arange(5), rng=rng) is None
    assert ratio_of_sums(np.ones(1), np.ones(1), np.arange(1), rng=rng) is None


def test_many_small_accounts_summed_in_bulk_give_the_same_range(monkeypatch):
    rng = np.random.default_rng(9)
    score, chance, revenue = _company(rng, 4000)
    fit = fit_logistic(score, rng.random(4000) < chance)
    low = score[:, 0] < 0
    groups = {"low": low, "all": np.ones(4000, bool)}
    exact = revenue_at_stake(fit, score, revenue, groups, rng=np.random.default_rng(10), draws=4000)
    monkeypatch.setattr(stake, "MOST_TOSSED", 300)
    bulk = revenue_at_stake(fit, score, revenue, groups, rng=np.random.default_rng(11), draws=4000)
    for name in groups:
        assert bulk[name].estimate == pytest.approx(exact[name].estimate, rel=0.01)
        assert bulk[name].low == pytest.approx(exact[name].low, rel=0.02)
        assert bulk[name].high == pytest.approx(exact[name].high, rel=0.02)
        assert bulk[name].leavers_low == pytest.approx(exact[name].leavers_low, rel=0.03)


def test_beyond_many_customers_a_ratio_takes_the_bootstraps_limit(monkeypatch):
    rng = np.random.default_rng(12)
    size = rng.lognormal(4, 0.8, 3000)
    kept = size * rng.normal(0.95, 0.3, 3000)
    resampled = ratio_of_sums(kept, size, np.arange(3000), rng=rng, draws=4000)
    monkeypatch.setattr(ratio, "MOST_RESAMPLED", 100)
    linear = ratio_of_sums(kept, size, np.arange(3000), rng=rng)
    assert resampled is not None
    assert linear is not None
    assert linear.estimate == resampled.estimate
    width = resampled.high - resampled.low
    assert linear.low == pytest.approx(resampled.low, abs=0.08 * width)
    assert linear.high == pytest.approx(resampled.high, abs=0.08 * width)
