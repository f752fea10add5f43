"""One test for several coefficients."""

import numpy as np
import pytest
from scipy.stats import chi2

from cxdash.stats.wald import wald


def test_independent_coefficients_add_their_squares():
    found = wald(np.array([1.0, 2.0]), np.diag([1.0, 4.0]))
    assert found == pytest.approx(chi2.sf(2.0, 2))


def test_it_does_not_depend_on_which_level_is_the_reference():
    rng = np.random.default_rng(2)
    value, root = rng.normal(size=3), rng.normal(size=(3, 3))
    turn = np.array([[-1.0, 0, 0], [-1, 1, 0], [-1, 0, 1]])
    covariance = root @ root.T
    again = wald(turn @ value, turn @ covariance @ turn.T)
    assert again == pytest.approx(wald(value, covariance))


def test_noise_is_found_as_often_as_the_level_says():
    rng = np.random.default_rng(3)
    found = sum(wald(rng.normal(size=14), np.eye(14)) < 0.05 for _ in range(2000))
    assert 70 <= found <= 135
