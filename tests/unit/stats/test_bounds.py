"""Bounds hold whatever the silent think; the tipping point is where they would change the sign."""

import numpy as np
import pytest

from cxdash.stats.bounds import mean_bounds, tipping_point


def test_bounds_hold_whatever_the_silent_think():
    rng = np.random.default_rng(1)
    for _ in range(200):
        customers = int(rng.integers(2, 60))
        opinion = rng.integers(-1, 2, customers) * 100
        answered = int(rng.integers(1, customers + 1))
        bounds = mean_bounds(
            opinion[:answered].mean(), answered, customers, lowest=-100, highest=100
        )
        assert bounds.low - 1e-9 <= opinion.mean() <= bounds.high + 1e-9


def test_bounds_are_as_wide_as_the_silent_share_of_the_scale():
    found = mean_bounds(0.7, 40, 100, lowest=0, highest=1)
    assert (found.low, found.high) == pytest.approx((0.28, 0.88))
    assert found.silent_share == pytest.approx(0.6)
    assert found.high - found.low == pytest.approx(found.silent_share)


def test_when_everybody_answered_nothing_is_open():
    found = mean_bounds(12, 50, 50, lowest=-100, highest=100)
    assert (found.low, found.high) == (12, 12)
    tipping = tipping_point(12, 50, 50, line=0, lowest=-100, highest=100)
    assert tipping.silent is None
    assert not tipping.possible


def test_at_the_tipping_point_the_average_of_all_lies_on_the_line():
    found = tipping_point(30, 20, 100, line=10, lowest=-100, highest=100)
    assert found.silent is not None
    assert 0.2 * 30 + 0.8 * found.silent == pytest.approx(10)
    assert found.possible


def test_a_line_that_the_silent_cannot_reach_is_said():
    found = tipping_point(80, 90, 100, line=0, lowest=-100, highest=100)
    assert found.silent == pytest.approx(-720)
    assert not found.possible


@pytest.mark.parametrize(("mean", "answered", "customers"), [(0, 0, 5), (0, 6, 5), (101, 3, 5)])
def test_figures_that_do_not_fit_together_are_refused(mean, answered, customers):
    with pytest.raises(ValueError, match=r"answered|scale"):
        mean_bounds(mean, answered, customers, lowest=-100, highest=100)
