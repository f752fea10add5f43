"""The spread of true coefficients is found from noisy estimates of them."""

import doctest

import numpy as np
import pytest

from cxdash.stats import prior
from cxdash.stats.prior import spreads


def test_the_example_is_true():
    assert doctest.testmod(prior).failed == 0


@pytest.mark.parametrize("truth", [0.1, 0.4, 1.2])
def test_the_spread_that_drew_the_coefficients_is_found_to_within_a_third(truth):
    rng = np.random.default_rng(3)
    error = np.diag(rng.uniform(0.02, 0.15, 120) ** 2)
    seen = rng.normal(0, truth, 120) + rng.multivariate_normal(np.zeros(120), error)
    (found,) = spreads(seen, error, [range(120)])
    assert 0.67 * truth <= found <= 1.5 * truth


def test_pure_noise_is_given_hardly_any_spread():
    rng = np.random.default_rng(5)
    seen = rng.normal(0, 0.3, 60)
    (found,) = spreads(seen, 0.09 * np.eye(60), [range(60)])
    assert found <= 0.1


def test_groups_are_told_apart():
    rng = np.random.default_rng(9)
    error = 0.05**2 * np.eye(60)
    seen = np.concatenate([rng.normal(0, 1.0, 30), np.zeros(30)]) + rng.normal(0, 0.05, 60)
    wide, narrow = spreads(seen, error, [range(30), range(30, 60)])
    assert wide > 0.6
    assert narrow < 0.1


def test_columns_of_no_group_do_not_count_and_an_empty_group_is_refused():
    seen = np.array([50.0, 0.1, -0.1])
    assert spreads(seen, 0.01 * np.eye(3), [[1, 2]])[0] < 0.3
    assert spreads(seen, np.eye(3), []) == ()
    with pytest.raises(ValueError, match="at least one"):
        spreads(seen, np.eye(3), [[]])
