"""Lots drawn again over units of assignment."""

import math

import numpy as np
import pytest

from cxdash.stats.permutation import assignments, permuted

RNG = np.random.default_rng


def test_all_assignments_are_tried_when_they_are_few() -> None:
    flags, exact = assignments(6, 3, rng=RNG(0))
    assert exact
    assert flags.shape == (20, 6)
    assert len({tuple(row) for row in flags}) == 20
    assert (flags.sum(axis=1) == 3).all()


def test_many_units_are_drawn_at_random_with_the_right_number_treated() -> None:
    flags, exact = assignments(60, 20, rng=RNG(0), most=500)
    assert not exact
    assert flags.shape == (500, 60)
    assert (flags.sum(axis=1) == 20).all()


def test_six_regions_tell_at_best_one_in_ten() -> None:
    found = permuted([5, 6, 7, 0, 1, 2], [1, 1, 1, 0, 0, 0], rng=RNG(0))
    assert found.exact
    assert found.estimate == pytest.approx(5.0)
    assert found.p_value == found.smallest_p == pytest.approx(0.1)
    assert math.isfinite(found.low)
    assert 0 < found.low < 5 < found.high
    wide = permuted([5, 6, 7, 0, 1, 2], [1, 1, 1, 0, 0, 0], rng=RNG(0), level=0.95)
    assert (wide.low, wide.high) == (-math.inf, math.inf)


def test_the_interval_and_the_p_value_never_disagree() -> None:
    for seed in range(40):
        rng = RNG(seed)
        values, treated = rng.standard_normal(9), np.arange(9) < 4
        found = permuted(values + treated * rng.normal(), treated, rng=rng)
        assert found.low <= found.estimate <= found.high
        assert (found.low <= 0 <= found.high) == (found.p_value > 0.10 + 1e-9)


def test_an_interval_holds_the_effect_as_often_as_it_says() -> None:
    held = 0
    for seed in range(300):
        rng = RNG(seed)
        treated = rng.permutation(10) < 5
        values = rng.standard_t(3, 10) + 2.0 * treated
        found = permuted(values, treated, rng=rng)
        held += found.low <= 2.0 <= found.high
    assert held / 300 > 0.87


def test_the_same_seed_gives_the_same_p_value() -> None:
    values, treated = RNG(1).standard_normal(40), np.arange(40) % 2 == 0
    first = permuted(values, treated, rng=RNG(5), most=300)
    assert first == permuted(values, treated, rng=RNG(5), most=300)
    assert not first.exact
    assert first.smallest_p == pytest.approx(1 / 301)


def test_a_comparison_needs_both_kinds_of_units() -> None:
    with pytest.raises(ValueError, match="treated and untreated"):
        permuted([1, 2, 3], [1, 1, 1], rng=RNG(0))
    with pytest.raises(ValueError, match="assignments"):
        permuted([1, 2, 3], [1, 0], rng=RNG(0))
