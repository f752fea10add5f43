"""The model of who leaves, against scikit-learn and against what it must do at the edges."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from cxdash.stats import logistic
from cxdash.stats.logistic import NoConvergenceError, fit_logistic


def _world(rng, n=4000, beta=(-1.5, 0.8, -0.5)):
    predictors = np.column_stack([rng.normal(3, 2, n), rng.integers(0, 2, n).astype(float)])
    logits = beta[0] + predictors @ np.array(beta[1:]) - 3 * beta[1]
    return predictors, rng.random(n) < 1 / (1 + np.exp(-logits))


def test_with_a_flat_prior_it_is_the_maximum_likelihood_fit_of_scikit_learn():
    predictors, left = _world(np.random.default_rng(1))
    ours = fit_logistic(predictors, left, prior_sd=1e4)
    theirs = LogisticRegression(C=np.inf, solver="lbfgs", tol=1e-10, max_iter=1000)
    theirs.fit(predictors, left)
    np.testing.assert_allclose(
        ours.probabilities(predictors), theirs.predict_proba(predictors)[:, 1], atol=1e-5
    )


def test_the_mode_is_where_gradient_and_prior_balance():
    predictors, left = _world(np.random.default_rng(7), n=300)
    deviation = np.array([0.3, 1.5])
    fit = fit_logistic(predictors, left, prior_sd=deviation)
    standard = (predictors - fit.centre) / fit.scale
    pull = standard.T @ (left - fit.probabilities(predictors))
    np.testing.assert_allclose(pull, fit.coefficients[1:] / deviation**2, atol=1e-4)


def test_a_tight_prior_holds_a_coefficient_near_zero():
    predictors, left = _world(np.random.default_rng(8))
    fit = fit_logistic(predictors, left, prior_sd=np.array([1e-3, 2.5]))
    assert abs(fit.coefficients[1]) < 0.01 < abs(fit.coefficients[2])


def test_the_mean_probability_equals_the_observed_share_when_the_prior_is_flat():
    predictors, left = _world(np.random.default_rng(2))
    fit = fit_logistic(predictors, left, prior_sd=1e4)
    assert fit.probabilities(predictors).mean() == pytest.approx(left.mean(), abs=1e-8)


def test_draws_have_the_posterior_mean_and_covariance():
    predictors, left = _world(np.random.default_rng(3), n=500)
    fit = fit_logistic(predictors, left)
    draws = fit.draw(40_000, np.random.default_rng(4))
    np.testing.assert_allclose(draws.mean(axis=0), fit.coefficients, atol=0.01)
    np.testing.assert_allclose(np.cov(draws.T), fit.covariance, atol=0.002, rtol=0.05)


def test_the_delta_method_agrees_with_draws():
    rng = np.random.default_rng(9)
    predictors, left = _world(rng, n=3000)
    fit = fit_logistic(predictors, left)
    weight = rng.lognormal(5, 1, len(left))
    value, gradient = fit.gradient(predictors, weight)
    draws = fit.probabilities_under(fit.draw(4000, rng), predictors) @ weight
    assert value == pytest.approx(fit.probabilities(predictors) @ weight)
    assert value == pytest.approx(draws.mean(), rel=0.01)
    assert fit.deviation(gradient) == pytest.approx(draws.std(), rel=0.05)


def test_intervals_of_a_coefficient_cover_it_as_often_as_they_say():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(300):
        predictors, left = _world(rng, n=800)
        fit = fit_logistic(predictors, left)
        slope, deviation = fit.coefficients[1], np.sqrt(fit.covariance[1, 1])
        held += abs(slope - 0.8 * fit.scale[0]) < 1.645 * deviation
    assert 0.85 <= held / 300 <= 0.95


def test_a_band_nobody_left_from_gets_a_finite_small_probability():
    predictors = np.repeat([[0.0], [1.0]], 50, axis=0)
    left = np.array([True] * 20 + [False] * 80)
    fit = fit_logistic(predictors, left)
    low = fit.probabilities(np.array([[1.0]]))[0]
    assert 0 < low < 0.05
    assert np.isfinite(fit.coefficients).all()


def test_a_constant_predictor_changes_nothing():
    predictors, left = _world(np.random.default_rng(6))
    plain = fit_logistic(predictors, left)
    padded = fit_logistic(np.column_stack([predictors, np.full(len(left), 7.0)]), left)
    np.testing.assert_allclose(padded.coefficients[:3], plain.coefficients, atol=1e-7)


@pytest.mark.parametrize(
    ("predictors", "left"),
    [
        (np.zeros((0, 2)), np.zeros(0, bool)),
        (np.zeros((3, 2)), np.zeros(2, bool)),
        (np.array([[np.nan], [1.0]]), np.array([True, False])),
        (np.array([[0.0], [1.0]]), np.array([True, True])),
    ],
)
def test_bad_input_is_refused(predictors, left):
    with pytest.raises(ValueError, match=r"rows|missing"):
        fit_logistic(predictors, left)


def test_without_predictors_everybody_has_the_share_that_left():
    left = np.arange(40) < 3
    fit = fit_logistic(np.empty((40, 0)), left)
    np.testing.assert_allclose(fit.probabilities(np.empty((2, 0))), [3 / 40, 3 / 40])


def test_a_step_that_goes_too_far_is_halved():
    """Few rows with values far out and next to no prior: whole steps would end nowhere."""
    rng = np.random.default_rng(20)
    rows = int(rng.integers(4, 60))
    predictors = rng.standard_cauchy((rows, 2)) * 10
    left = rng.random(rows) < rng.choice([0.05, 0.5])
    fit = fit_logistic(predictors, left, prior_sd=1e3)
    standard = (predictors - fit.centre) / fit.scale
    pull = standard.T @ (left - fit.probabilities(predictors))
    np.testing.assert_allclose(pull, fit.coefficients[1:] / 1e6, atol=1e-6)


def test_a_fit_that_does_not_settle_is_told(monkeypatch):
    predictors, left = _world(np.random.default_rng(1))
    monkeypatch.setattr(logistic, "_MOST_STEPS", 2)
    with pytest.raises(NoConvergenceError, match="did not settle in 2 steps"):
        fit_logistic(predictors, left)


def test_rows_that_tell_nothing_apart_are_told():
    with pytest.raises(NoConvergenceError, match="do not tell"):
        fit_logistic(np.arange(4.0)[:, None], np.arange(4) < 2, weight=np.array([1, 1, 0, 0]))
