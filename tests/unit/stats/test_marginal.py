"""The next point: every shape is recognised, or said to be unknown."""

import math

import numpy as np
import pytest

from cxdash.stats.marginal import FEWEST, next_point
from cxdash.stats.shapes import design, fitted

REPEATS = 120


def made(shape, n=4_000, seed=1):
    draw = np.random.default_rng(seed)
    level = np.clip(np.round(draw.normal(6.5, 2.4, n)), 0, 10)
    chance = shape(level / 10)
    return level, (draw.random(n) < chance).astype(float)


def look(level, outcome, **more):
    return next_point(
        level,
        outcome,
        np.arange(level.size),
        rng=np.random.default_rng(2),
        repeats=REPEATS,
        **more,
    )


def slowing(share):
    return 0.55 + 0.35 * (1 - np.exp(-share / 0.3))


def test_the_stop_point_of_a_curve_that_flattens_lies_in_its_range():
    cost = 0.02
    best = 10 * 0.3 * math.log(0.35 / (0.3 * 10 * cost))
    found = look(*made(slowing), cost=cost)
    assert found.verdict == "slowing"
    assert found.best.low <= best <= found.best.high
    assert found.best.high - found.best.low < 6


def test_a_curve_that_quickens_has_no_stop_point():
    found = look(*made(lambda share: 0.5 + 0.4 * np.expm1(share / 0.3) / 28), cost=0.01)
    assert found.verdict == "quickening"
    assert found.best is None


def test_a_straight_line_is_not_taken_for_a_curve():
    found = look(*made(lambda share: 0.6 + 0.3 * share), cost=0.02)
    assert found.verdict == "not_identifiable"
    assert found.best is None
    assert found.slope.low <= 0.03 <= found.slope.high


def test_where_experience_makes_no_difference_nothing_is_claimed():
    found = look(*made(lambda share: 0.8 + 0 * share), cost=0.01)
    assert (found.verdict, found.is_readable, found.best) == ("flat", False, None)


def test_too_few_observations_or_levels_are_refused():
    level, outcome = made(slowing, n=FEWEST - 1)
    assert look(level, outcome).verdict == "too_few"
    level, outcome = made(slowing)
    assert look(np.minimum(level, 2), outcome).verdict == "too_few"


def test_what_is_held_equal_takes_a_borrowed_slope_away():
    draw = np.random.default_rng(5)
    large = draw.random(4_000) < 0.5
    level = np.clip(np.round(draw.normal(5.5, 2.0, 4_000) + 2 * large), 0, 10)
    outcome = (draw.random(4_000) < np.where(large, 0.95, 0.7)).astype(float)
    found = look(level, outcome, known=large[:, None].astype(float))
    assert found.raw_slope.low > 0
    assert found.verdict == "flat"


def test_weights_of_the_shapes_add_up_and_the_true_one_fits_best_without_noise():
    share = np.linspace(0, 1, 400)
    fit = fitted(design(10 * share, slowing(share), None).products(None))
    assert sum(shape.weight for shape in fit.shapes) == pytest.approx(1.0)
    assert max(fit.shapes, key=lambda shape: shape.weight).name == "slowing"
    middle = 0.35 / 3 * math.exp(-0.5 / 0.3)
    assert fit.marginal(5.0) == pytest.approx(middle, rel=0.15)
    assert fit.curve(np.array([0.0]))[0] == pytest.approx(0.0)


def test_an_array_of_another_length_is_refused():
    with pytest.raises(ValueError, match="levels"):
        next_point(np.zeros(3), np.zeros(2), np.zeros(3, int), rng=np.random.default_rng(0))
