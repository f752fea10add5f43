"""Coefficients keep their values; their spread is that of whole clusters."""

import numpy as np
import pytest

from cxdash.stats.clustered import by_cluster
from cxdash.stats.logistic import fit_logistic


@pytest.fixture(scope="module")
def rows():
    draw = np.random.default_rng(3)
    cluster = draw.integers(0, 300, 2000)
    x = np.column_stack([draw.standard_normal(300)[cluster], draw.standard_normal(2000)])
    mood = draw.standard_normal(300)[cluster]
    chance = 1 / (1 + np.exp(-(-1 + 0.5 * x[:, 0] + 0.3 * x[:, 1] + mood)))
    return x, draw.random(2000) < chance, cluster


def test_the_spread_is_that_of_another_program(rows):
    """statsmodels 0.15, Logit with cov_type="cluster", variance times G / (G − 1)."""
    x, outcome, cluster = rows
    fit = fit_logistic(x, outcome, prior_sd=1000.0)
    found = np.sqrt(np.diag(by_cluster(fit, x, outcome, cluster).covariance))[1:] / fit.scale
    assert found == pytest.approx([0.07522608, 0.049469], rel=1e-4)


def test_coefficients_stay(rows):
    x, outcome, cluster = rows
    fit = fit_logistic(x, outcome)
    assert (by_cluster(fit, x, outcome, cluster).coefficients == fit.coefficients).all()


def test_what_differs_between_clusters_only_is_less_sure(rows):
    x, outcome, cluster = rows
    fit = fit_logistic(x, outcome)
    wider = np.sqrt(np.diag(by_cluster(fit, x, outcome, cluster).covariance / fit.covariance))
    assert wider[1] > 1.2
    assert wider[2] == pytest.approx(1, abs=0.1)


def test_few_clusters_and_many_predictors_still_have_a_spread():
    draw = np.random.default_rng(1)
    x, outcome = draw.standard_normal((40, 12)), draw.random(40) < 0.4
    fit = fit_logistic(x, outcome)
    kept = by_cluster(fit, x, outcome, np.arange(40) % 5)
    assert np.isfinite(kept.covariance).all()
    assert (np.diag(kept.covariance) > 0).all()


def test_one_cluster_has_no_spread(rows):
    x, outcome, _ = rows
    fit = fit_logistic(x, outcome)
    with pytest.raises(ValueError, match="two clusters"):
        by_cluster(fit, x, outcome, np.zeros(2000, dtype=int))
