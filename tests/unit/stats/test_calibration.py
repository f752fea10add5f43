"""Calibration: against statsmodels, against what is known of the probabilities, at the edges."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

from cxdash.stats.calibration import calibration, log_loss, log_losses, reliability
from cxdash.stats.estimate import z_of_level


def _world(seed=5, n=5000, slope=1.0, shift=0.0):
    rng = np.random.default_rng(seed)
    odds = rng.normal(-2, 1, n)
    return rng.random(n) < expit(shift + slope * odds), expit(odds)


def test_slope_and_intercept_are_those_of_a_logistic_regression():
    event, chance = _world(slope=0.7, shift=0.2)
    odds = logit(chance)
    found = calibration(event, chance)
    z = z_of_level(0.90)
    slope = sm.GLM(event, sm.add_constant(odds), family=sm.families.Binomial()).fit()
    assert found.slope == pytest.approx(slope.params[1], abs=1e-6)
    assert found.slope_high - found.slope == pytest.approx(z * slope.bse[1], abs=1e-6)
    level = sm.GLM(event, np.ones(event.size), family=sm.families.Binomial(), offset=odds).fit()
    assert found.intercept == pytest.approx(level.params[0], abs=1e-6)
    assert found.intercept - found.intercept_low == pytest.approx(z * level.bse[0], abs=1e-6)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.6, 0.0), (1.5, 0.4)])
def test_the_slope_that_made_the_outcomes_lies_within_its_interval(slope, shift):
    found = calibration(*_world(seed=8, n=20_000, slope=slope, shift=shift), level=0.99)
    assert found.slope_low <= slope <= found.slope_high


def test_right_probabilities_have_slope_one_and_intercept_zero_nine_times_in_ten():
    held = np.zeros(2)
    for seed in range(200):
        found = calibration(*_world(seed=seed, n=600))
        held += [
            found.slope_low <= 1 <= found.slope_high,
            found.intercept_low <= 0 <= found.intercept_high,
        ]
    assert np.all((held >= 165) & (held <= 194))


def test_expected_events_are_the_sum_of_the_probabilities():
    event, chance = _world()
    found = calibration(event, chance)
    assert found.expected == pytest.approx(chance.sum())
    assert (found.n, found.events) == (event.size, event.sum())


def test_brier_is_the_mean_squared_error_and_zero_skill_scales_to_zero():
    event, chance = _world()
    average = np.full(event.size, event.mean())
    assert calibration(event, chance).brier.estimate == pytest.approx(
        np.mean((event - chance) ** 2)
    )
    assert calibration(event, average).scaled_brier == pytest.approx(0.0, abs=1e-12)
    assert calibration(event, average).slope is None


def test_outcomes_that_are_foreseen_completely_have_no_slope():
    event = np.array([0, 0, 1, 1])
    assert calibration(event, [0.1, 0.2, 0.8, 0.9]).slope is None


def test_certain_probabilities_do_not_break_it():
    event = np.array([0, 1, 0, 1, 1, 0])
    found = calibration(event, [0.0, 1.0, 1.0, 0.0, 0.6, 0.4])
    assert np.isfinite([found.intercept, found.brier.estimate]).all()


def test_reliability_groups_hold_every_row_once():
    event, chance = _world(n=1003)
    groups = reliability(event, chance)
    assert len(groups) == 10
    assert sum(group.n for group in groups) == 1003
    assert sum(group.events for group in groups) == event.sum()
    assert [g.predicted for g in groups] == sorted(g.predicted for g in groups)
    assert all(g.low <= g.observed <= g.high for g in groups)


def test_equal_probabilities_stay_in_one_group():
    groups = reliability([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3])
    assert [(g.n, g.observed) for g in groups] == [(4, 0.5)]


def test_log_loss_is_the_mean_surprise():
    assert log_losses([1, 0], [0.5, 0.25]) == pytest.approx([np.log(2), -np.log(0.75)])
    found = log_loss([1, 0], [0.5, 0.25])
    assert found.low < found.estimate == pytest.approx((np.log(2) - np.log(0.75)) / 2)


@pytest.mark.parametrize(
    ("outcome", "probability"),
    [([1, 1], [0.5, 0.5]), ([0, 1], [0.5, 1.5]), ([0, 1], [0.5]), ([0, 1], [np.nan, 0.5])],
)
def test_what_cannot_be_judged_is_refused(outcome, probability):
    with pytest.raises(ValueError, match=r"outcomes|probabilities"):
        calibration(outcome, probability)


def _ends(found):
    return [
        found.slope_low,
        found.slope_high,
        found.intercept_low,
        found.intercept_high,
        found.brier.low,
        found.brier.high,
    ]


def test_rows_that_are_copied_tell_nothing_new_of_calibration():
    event, chance = _world(n=800)
    own = np.arange(event.size)
    alone = calibration(event, chance, clusters=own)
    copied = calibration(np.repeat(event, 4), np.repeat(chance, 4), clusters=np.repeat(own, 4))
    assert _ends(copied) == pytest.approx(_ends(alone), abs=1e-6)
    by_row = calibration(event, chance)
    assert (alone.brier.low, alone.brier.high) == pytest.approx(
        (by_row.brier.low, by_row.brier.high)
    )


def test_errors_by_cluster_are_those_of_statsmodels():
    event, chance = _world(n=600, slope=0.8)
    who = np.random.default_rng(3).integers(0, 80, event.size)
    odds = logit(chance)
    found = calibration(event, chance, clusters=who)
    kept = {"groups": who, "use_correction": False}
    slope = sm.GLM(event, sm.add_constant(odds), family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds=kept
    )
    factor = np.sqrt(80 / 79)
    half = z_of_level(0.90) * factor * slope.bse[1]
    assert found.slope_high - found.slope == pytest.approx(half, abs=1e-6)
    level = sm.GLM(event, np.ones(event.size), family=sm.families.Binomial(), offset=odds).fit(
        cov_type="cluster", cov_kwds=kept
    )
    half = z_of_level(0.90) * factor * level.bse[0]
    assert found.intercept - found.intercept_low == pytest.approx(half, abs=1e-6)
