"""Survival curves, the log-rank test and Cox's regression against published numbers."""

import doctest

import numpy as np
import pandas as pd
import pytest
from reference import data, expected
from scipy import stats
from statsmodels.duration.survfunc import survdiff

from cxdash.stats import survival
from cxdash.stats.estimate import z_of_level
from cxdash.stats.survival import cox, kaplan_meier, log_rank

ROSSI, HEART = expected("b1_cox_rossi"), expected("b2_cox_timevarying_heart")


@pytest.fixture(scope="module")
def rossi():
    return pd.read_csv(data("rossi.csv"))


def test_the_example_is_true():
    assert doctest.testmod(survival).failed == 0


def test_cox_gives_the_coefficients_of_r_with_ties_after_efron(rossi):
    record = ROSSI["expected"]
    found = cox(rossi["week"], rossi["arrest"], rossi[record["vars"]])
    np.testing.assert_allclose(found.coefficients, record["efron_coef"], atol=ROSSI["tol"])
    np.testing.assert_allclose(found.errors, record["efron_se"], atol=ROSSI["tol"])
    assert found.log_likelihood == pytest.approx(record["efron_loglik"], abs=ROSSI["tol"])
    assert (found.n, found.events) == (432, 114)


def test_cox_gives_the_coefficients_of_r_with_ties_after_breslow(rossi):
    record = ROSSI["expected"]
    found = cox(rossi["week"], rossi["arrest"], rossi[record["vars"]], ties="breslow")
    np.testing.assert_allclose(found.coefficients, record["breslow_coef"], atol=ROSSI["tol"])


def test_a_predictor_that_changes_gives_the_coefficients_of_r():
    record = HEART["expected"]
    rows = pd.read_csv(data("stanford_heart.csv"))
    found = cox(rows["stop"], rows["event"], rows[record["vars"]], entry=rows["start"])
    np.testing.assert_allclose(found.coefficients, record["coef"], atol=HEART["tol"])
    np.testing.assert_allclose(found.errors, record["se"], atol=HEART["tol"])
    assert found.log_likelihood == pytest.approx(record["loglik"], abs=HEART["tol"])


def test_the_curve_and_its_variance_are_those_of_r(rossi):
    record = ROSSI["expected"]
    kept, low, _ = kaplan_meier(rossi["week"], rossi["arrest"], level=0.95).at(52)
    assert kept == pytest.approx(record["km_52"], abs=1e-8)
    on_log_log = np.log(np.log(low) / np.log(kept)) / z_of_level(0.95)
    assert on_log_log * kept * abs(np.log(kept)) == pytest.approx(record["km_52_se"], abs=1e-6)


def test_the_interval_of_the_curve_is_that_of_scipy(rossi):
    time, event = rossi["week"].to_numpy(float), rossi["arrest"].to_numpy(bool)
    found = kaplan_meier(time, event, level=0.90)
    theirs = stats.ecdf(stats.CensoredData.right_censored(time, ~event)).sf
    band = theirs.confidence_interval(0.90, method="log-log")
    np.testing.assert_allclose(found.low, band.low.evaluate(found.time), atol=1e-9)
    np.testing.assert_allclose(found.high, band.high.evaluate(found.time), atol=1e-9)


def test_the_log_rank_test_is_that_of_r(rossi):
    found = log_rank(rossi["week"], rossi["arrest"], rossi["fin"])
    record = ROSSI["expected"]
    assert found.statistic == pytest.approx(record["logrank_fin_chi2"], abs=5e-6)
    assert found.p_value == pytest.approx(record["logrank_fin_p"], abs=5e-6)
    assert found.df == 1
    assert sum(found.observed) == pytest.approx(sum(found.expected)) == 114


def test_three_groups_are_compared_as_in_statsmodels(rossi):
    group = rossi["prio"].clip(upper=2)
    statistic, p_value = survdiff(rossi["week"], rossi["arrest"], group)
    found = log_rank(rossi["week"], rossi["arrest"], group)
    assert (found.statistic, found.p_value) == pytest.approx((statistic, p_value), rel=1e-6)
    assert found.df == 2


def test_customers_who_were_there_before_the_records_do_not_make_staying_look_safer():
    rng = np.random.default_rng(4)
    stay = rng.exponential(10, 8000)
    born = rng.uniform(0, 20, 8000)  # records begin at 20: who left before is not in them
    seen = born + stay > 20
    entry, time = (20 - born)[seen], stay[seen]
    truth = np.exp(-1.0)
    aware = kaplan_meier(time, np.ones(time.size), entry=entry, level=0.99)
    _, low, high = aware.at(10)
    assert low <= truth <= high
    naive, _, _ = kaplan_meier(time, np.ones(time.size)).at(10)
    assert naive > high


def test_the_curve_covers_the_truth_nine_times_in_ten():
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        stay, look = rng.exponential(12, 120), rng.uniform(0, 24, 120)
        curve = kaplan_meier(np.minimum(stay, look) + 1e-9, stay <= look)
        _, low, high = curve.at(6)
        held += low <= np.exp(-0.5) <= high
    assert 165 <= held <= 194


def test_before_the_first_goodbye_everybody_is_there_and_after_the_last_nobody():
    curve = kaplan_meier([2, 3], [1, 1])
    assert curve.at(1) == (1.0, 1.0, 1.0)
    assert curve.at(3)[0] == 0.0
    assert np.isfinite([curve.low, curve.high]).all()


@pytest.mark.parametrize(
    ("time", "event", "entry", "says"),
    [
        ([1, 2], [0, 0], None, "nobody left"),
        ([1, 2], [1, 0], [1, 0], "not before its time"),
        ([1, 2], [1], None, "same number"),
        ([1, np.nan], [1, 0], None, "missing"),
    ],
)
def test_times_that_cannot_be_are_refused(time, event, entry, says):
    with pytest.raises(ValueError, match=says):
        kaplan_meier(time, event, entry=entry)


def test_one_group_cannot_be_compared():
    with pytest.raises(ValueError, match="two groups"):
        log_rank([1, 2], [1, 1], [0, 0])
