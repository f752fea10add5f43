"""Means of rows that come in clusters."""

import numpy as np
import pytest

from cxdash.stats.clusters import cluster_codes, error_of_mean, sums_by_cluster


def test_rows_of_their_own_give_the_ordinary_error():
    values = np.random.default_rng(1).normal(size=50)
    ordinary = values.std(ddof=1) / np.sqrt(50)
    assert error_of_mean(values, cluster_codes(None, 50)) == pytest.approx(ordinary)


def test_copied_rows_tell_nothing_new():
    values = np.random.default_rng(1).normal(size=50)
    copied = error_of_mean(np.repeat(values, 3), np.repeat(np.arange(50), 3))
    assert copied == pytest.approx(error_of_mean(values, np.arange(50)))


def test_a_single_cluster_has_no_error_to_see():
    assert np.isnan(error_of_mean(np.array([1.0, 2.0]), np.zeros(2, np.int64)))


def test_names_become_numbers_and_rows_are_summed():
    codes = cluster_codes(["b", "a", "b"], 3)
    assert list(codes) == [1, 0, 1]
    assert sums_by_cluster(np.array([[1.0, 2], [3, 4], [5, 6]]), codes).tolist() == [[3, 4], [6, 8]]
