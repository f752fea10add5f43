"""Models of skewed spend give the mean right where a logarithm of spend does not."""

import numpy as np
import pytest
import statsmodels.api as sm

from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.quantile import fit_quantile
from cxdash.stats.spend import binomial, fit_mean, moved_mean, moved_two_part, power

SLOPE = 0.1


def spenders(rng, n=1500, zeros=0.6):
    """Most pay nothing, some pay a lot; a point of score goes with 10 % more."""
    score = rng.normal(7, 1.5, n)
    pays = rng.random(n) > zeros
    spend = np.exp(3 + SLOPE * score + 0.9 * rng.standard_normal(n)) * pays
    true = np.exp(3 + SLOPE * score + 0.9**2 / 2) * (1 - zeros)
    return score, spend, float(true.mean() * np.expm1(SLOPE))


def design(score):
    return np.column_stack([np.ones(len(score)), score])


@pytest.mark.parametrize(
    ("family", "theirs"),
    [
        (power(1.0), sm.families.Poisson()),
        (power(1.5), sm.families.Tweedie(var_power=1.5)),
        (power(2.0), sm.families.Gamma(sm.families.links.Log())),
        (binomial(), sm.families.Binomial()),
    ],
)
def test_every_family_equals_statsmodels_with_rows_as_customers(family, theirs):
    rng = np.random.default_rng(1)
    score, spend, _ = spenders(rng, n=300, zeros=0.0)
    y = (spend > 50).astype(float) if family.link == "logit" else spend
    want = sm.GLM(y, design(score), theirs).fit(cov_type="HC0", tol=1e-12, maxiter=200)
    fit = fit_mean(y, design(score), family, customer=np.arange(300))
    assert list(fit.coefficients) == pytest.approx(list(want.params), rel=1e-5)
    errors = np.array([fit.error(0), fit.error(1)]) / np.sqrt(300 / 299)
    # They take the observed curvature where we take the expected one: the same for Poisson and
    # yes or no, a little apart for the others.
    same = family.link == "logit" or family.variance(np.array([2.0]))[0] == 2.0
    assert list(errors) == pytest.approx(list(want.bse), rel=1e-4 if same else 0.03)


def test_a_straight_line_is_least_squares():
    rng = np.random.default_rng(2)
    score, spend, _ = spenders(rng)
    fit = fit_mean(spend, design(score), power(0.0, "identity"), customer=np.arange(len(spend)))
    assert fit.coefficients[1] == pytest.approx(np.polyfit(score, spend, 1)[0])


def test_intervals_of_the_move_hold_the_truth_in_nine_of_ten_worlds():
    held = dict.fromkeys(("poisson", "tweedie", "two parts"), 0)
    worlds = 100
    for seed in range(worlds):
        score, spend, true = spenders(np.random.default_rng(seed))
        x, own = design(score), np.arange(len(spend))
        found = {
            "poisson": moved_mean(fit_mean(spend, x, power(1.0), customer=own), x, 1, 1.0),
            "tweedie": moved_mean(fit_mean(spend, x, power(1.5), customer=own), x, 1, 1.0),
            "two parts": moved_two_part(spend, x, 1, 1.0, own),
        }
        for name, each in found.items():
            held[name] += each.low <= true <= each.high
    assert all(82 <= count <= 98 for count in held.values()), held


def test_a_logarithm_of_spend_misses_what_these_models_find():
    score, spend, true = spenders(np.random.default_rng(3), n=20_000)
    x = design(score)
    naive = np.expm1(np.polyfit(score, np.log1p(spend), 1)[0]) * np.median(spend)
    fit = fit_mean(spend, x, power(1.0), customer=np.arange(len(spend)))
    assert naive < 0.3 * true
    assert moved_mean(fit, x, 1, 1.0).estimate == pytest.approx(true, rel=0.35)


def test_rows_of_one_customer_are_no_news():
    score, spend, _ = spenders(np.random.default_rng(4), n=400)
    again = np.repeat(np.arange(400), 5)
    alone = fit_mean(spend, design(score), power(1.0), customer=np.arange(400))
    many = fit_mean(spend[again], design(score[again]), power(1.0), customer=again)
    assert many.error(1) == pytest.approx(alone.error(1), rel=1e-6)
    assert many.customers == 400


def test_copies_and_constants_are_left_out_by_number():
    score, spend, _ = spenders(np.random.default_rng(5), n=200)
    x = np.column_stack([np.ones(200), score, score * 2, np.zeros(200)])
    fit = fit_mean(spend, x, power(1.0), customer=np.arange(200))
    assert fit.left_out == (2, 3)
    assert np.isfinite(moved_mean(fit, x, 1, 1.0).high)


def test_no_spend_at_all_is_said():
    with pytest.raises(NoConvergenceError, match="no spend"):
        fit_mean(np.zeros(20), np.ones((20, 1)), power(1.0))
    with pytest.raises(ValueError, match="two parts"):
        moved_two_part(np.ones(20), np.ones((20, 2)), 1, 1.0, np.arange(20))
    with pytest.raises(ValueError, match="exponent"):
        power(0.5)


def test_one_huge_account_moves_the_mean_and_not_the_median():
    score, spend, _ = spenders(np.random.default_rng(6), n=500, zeros=0.0)
    x, own = design(score), np.arange(500)
    before = fit_quantile(spend, x, 0.5, customer=own).coefficients[1]
    spend[np.argmax(score)] = spend.sum()
    after = fit_quantile(spend, x, 0.5, customer=own).coefficients[1]
    line = fit_mean(spend, x, power(0.0, "identity"), customer=own).coefficients[1]
    assert after == pytest.approx(before, rel=0.25)
    assert line > 5 * after


def test_median_intervals_hold_the_truth_in_nine_of_ten_worlds():
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        score = rng.normal(7, 1.5, 400)
        who = np.repeat(np.arange(100), 4)
        y = 2 * score + rng.standard_normal(100)[who] + rng.standard_normal(400)
        each = fit_quantile(y, design(score), 0.5, customer=who).estimate(1)
        held += each.low <= 2 <= each.high
    assert 82 <= held <= 97
