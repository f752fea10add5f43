"""Discrete-time survival: counted months equal copied months, the risk is that of all months."""

import numpy as np
import pytest
from scipy.special import expit

from cxdash.stats.hazard import fit_hazard
from cxdash.stats.logistic import fit_logistic


def company(n=3_000, seed=1, horizon=6):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    chance = expit(-3.2 + x @ np.array([-0.6, 0.3]))
    month = rng.geometric(chance)
    return x, month <= horizon, np.minimum(month, horizon).astype(float), chance


def test_counted_months_give_the_fit_of_copied_months():
    x, left, months, _ = company(n=400)
    counted = fit_hazard(x, left, months, horizon=6)
    rows = np.repeat(np.arange(len(x)), months.astype(int))
    last = np.r_[np.diff(rows) > 0, True]
    copied = fit_logistic(x[rows], last & left[rows])
    # The two are standardised alike, because a window's months all count.
    np.testing.assert_allclose(counted.coefficients, copied.coefficients, atol=1e-6)
    np.testing.assert_allclose(counted.covariance, copied.covariance, rtol=1e-5)
    assert counted.log_likelihood == pytest.approx(copied.log_likelihood)
    assert (counted.n, counted.events) == (400, int(left.sum()))


def test_the_known_effects_are_found():
    x, left, months, _ = company(n=20_000)
    fit = fit_hazard(x, left, months, horizon=6)
    slopes = fit.coefficients[1:] / fit.scale
    np.testing.assert_allclose(slopes, [-0.6, 0.3], atol=0.06)


def test_the_risk_is_that_of_leaving_in_any_month_of_the_horizon():
    x, left, months, chance = company(n=20_000)
    fit = fit_hazard(x, left, months, horizon=6)
    truth = 1 - (1 - chance) ** 6
    assert fit.probabilities(x).mean() == pytest.approx(truth.mean(), abs=0.01)
    assert np.abs(fit.probabilities(x) - truth).max() < 0.06


def test_the_gradient_is_that_of_the_sum():
    x, left, months, _ = company(n=300)
    fit = fit_hazard(x, left, months, horizon=12)
    weight = np.linspace(0, 1, len(x))
    value, gradient = fit.gradient(x, weight)
    step = 1e-6
    for place in range(3):
        moved = fit.coefficients.copy()
        moved[place] += step
        again = float(fit.probabilities_under(moved[None, :], x)[0] @ weight)
        assert (again - value) / step == pytest.approx(gradient[place], rel=1e-3)


def test_a_window_without_a_month_is_refused():
    with pytest.raises(ValueError, match="at least one month"):
        fit_hazard(np.zeros((2, 1)), np.array([True, False]), np.array([0.0, 1.0]), horizon=3)
