"""Shrinkage: less error than the units' own figures, and ranges that hold the units' truth."""

import numpy as np
import pytest

from cxdash.stats.shrinkage import shrunk_means, shrunk_shares


def _normal(seed, units=14, spread=1.0):
    rng = np.random.default_rng(seed)
    truth = 5 + spread * rng.normal(size=units)
    error = rng.uniform(0.4, 2.5, units)
    return truth, truth + error * rng.normal(size=units), error


def _shares(seed, units=14, strength=12.0):
    rng = np.random.default_rng(seed)
    truth = rng.beta(0.7 * strength, 0.3 * strength, units)
    counts = rng.integers(3, 60, units)
    return truth, rng.binomial(counts, truth), counts


@pytest.mark.parametrize("spread", [0.3, 1.0, 3.0])
def test_ranges_of_means_hold_the_truth_nine_times_in_ten_or_more_where_units_hardly_differ(spread):
    held = []
    for seed in range(150):
        truth, own, error = _normal(seed, spread=spread)
        found = shrunk_means(own, error)
        held.append((found.low <= truth) & (truth <= found.high))
    assert 0.86 <= np.mean(held) <= (0.95 if spread >= 1 else 0.99)


@pytest.mark.parametrize("strength", [4.0, 12.0, 60.0])
def test_ranges_of_shares_hold_the_truth_nine_times_in_ten(strength):
    held = []
    for seed in range(60):
        truth, hits, counts = _shares(seed, strength=strength)
        found = shrunk_shares(hits, counts)
        held.append((found.low <= truth) & (truth <= found.high))
    assert 0.85 <= np.mean(held) <= 0.95


def test_shrinkage_has_the_smaller_error():
    raw, shrunk = 0.0, 0.0
    for seed in range(60):
        truth, own, error = _normal(seed)
        raw += np.square(own - truth).sum()
        shrunk += np.square(shrunk_means(own, error).estimates - truth).sum()
    assert shrunk < 0.75 * raw
    raw, shrunk = 0.0, 0.0
    for seed in range(30):
        truth, hits, counts = _shares(seed)
        raw += np.square(hits / counts - truth).sum()
        shrunk += np.square(shrunk_shares(hits, counts).estimates - truth).sum()
    assert shrunk < 0.9 * raw


def test_units_with_few_answers_are_drawn_in_more():
    found = shrunk_shares([5, 50, 30, 12], [5, 100, 60, 30])
    assert found.own_weight[0] < found.own_weight[1]
    assert 0.5 < found.estimates[0] < 1
    assert found.estimates[1] == pytest.approx(0.5, abs=0.03)


def test_noise_alone_leaves_the_average():
    rng = np.random.default_rng(1)
    found = shrunk_means(3 + 0.01 * rng.normal(size=12), np.full(12, 1.0))
    assert found.spread == 0
    assert np.ptp(found.estimates) < 0.02


def test_a_unit_without_answers_is_the_average():
    found = shrunk_shares([0, 20, 22, 18, 24], [0, 40, 40, 40, 40])
    assert found.own_weight[0] == 0
    assert found.estimates[0] == pytest.approx(found.centre)
    assert found.low[0] < found.low[1] or found.high[0] > found.high[1]


def test_too_few_units_and_wrong_counts_are_refused():
    with pytest.raises(ValueError, match="at least 4"):
        shrunk_means([1, 2, 3], [1, 1, 1])
    with pytest.raises(ValueError, match="4 units"):
        shrunk_shares([1, 2, 3, 0], [4, 4, 4, 0])
    with pytest.raises(ValueError, match="successes out of n"):
        shrunk_shares([5, 2, 3, 0], [4, 4, 4, 9])
    with pytest.raises(ValueError, match="above zero"):
        shrunk_means([1, 2, 3, 4], [1, 1, 1, 0])
