"""Leaving a theme out of a score: as counted, and within groups of like customers."""

import numpy as np
import pytest

from cxdash.stats import theme_impact
from cxdash.stats.left_out import left_out


def alone(values, mentions, groups=None, customer=None, **more):
    n = len(values)
    return left_out(
        values,
        mentions,
        np.zeros(n) if groups is None else groups,
        np.arange(n) if customer is None else customer,
        **more,
    )


def test_the_raw_figure_is_the_one_of_the_vendors():
    rng = np.random.default_rng(1)
    score = rng.integers(0, 11, 400).astype(float)
    has = rng.random(400) < 0.3
    net = 100.0 * ((score >= 9).astype(float) - (score <= 6))
    assert alone(net, has).raw.estimate == pytest.approx(theme_impact(score, has))


def test_within_one_group_both_figures_agree():
    rng = np.random.default_rng(2)
    values, has = rng.standard_normal(300), rng.random(300) < 0.4
    told = alone(values, has)
    assert told.within == told.raw


def test_what_the_mix_of_groups_made_is_gone_within_them():
    rng = np.random.default_rng(3)
    group = rng.integers(0, 2, 4000)
    has = rng.random(4000) < np.where(group, 0.6, 0.1)
    values = rng.standard_normal(4000) - 3 * group
    told = alone(values, has, group)
    assert told.raw.high < -0.3
    assert told.within.low < 0 < told.within.high
    assert told.p_value > 0.05


def test_a_theme_that_moves_the_score_in_every_group_is_found():
    rng = np.random.default_rng(4)
    group = rng.integers(0, 3, 2000)
    has = rng.random(2000) < 0.3
    told = alone(rng.standard_normal(2000) - has, has, group)
    assert told.within.estimate == pytest.approx(-0.3, abs=0.06)
    assert told.p_value < 1e-6


def test_answers_of_one_customer_are_no_further_evidence():
    rng = np.random.default_rng(5)
    values, has = rng.standard_normal(200), rng.random(200) < 0.4
    once = alone(values, has)
    thrice = alone(np.tile(values, 3), np.tile(has, 3), customer=np.tile(np.arange(200), 3))
    assert thrice.raw.high - thrice.raw.low == pytest.approx(once.raw.high - once.raw.low)


def test_too_few_of_either_kind_say_nothing():
    values = np.arange(50.0)
    assert alone(values, values < 4) is None
    assert alone(values, values >= 4) is None
    assert alone(values, values < 5) is not None


def test_groups_without_both_kinds_are_not_compared():
    has = np.array([True] * 20 + [False] * 20)
    told = alone(np.arange(40.0), has, groups=has)
    assert told.within is None
    assert told.p_value == 1.0


def talkers(seed, customers):
    """An unhappy segment that mentions the theme more often; the theme itself does nothing."""
    rng = np.random.default_rng([seed, 5])
    unhappy = rng.random(customers) < 0.4
    score = np.clip(
        np.round(np.where(unhappy, 6.6, 8.4) + 1.8 * rng.standard_normal(customers)), 0, 10
    )
    has = rng.random(customers) < np.where(unhappy, 0.38, 0.1)
    return unhappy, 100.0 * ((score >= 9).astype(float) - (score <= 6)), has


def test_a_theme_of_the_unhappy_segment_costs_six_points_as_counted_and_nothing_within():
    unhappy, net, has = talkers(1, 100_000)
    told = alone(net, has, unhappy)
    assert told.raw.estimate == pytest.approx(-5.9, abs=0.4)
    assert abs(told.within.estimate) < 0.4
    assert told.within.low < 0 < told.within.high


def test_within_the_segments_such_a_theme_is_found_as_seldom_as_chance_allows():
    found, covered, misled = [], [], []
    for seed in range(300):
        unhappy, net, has = talkers(seed, 1_000)
        told = alone(net, has, unhappy)
        found.append(told.p_value < 0.05)
        covered.append(told.within.low < 0 < told.within.high)
        misled.append(told.raw.high < 0)
    assert np.mean(found) < 0.08
    assert 0.85 < np.mean(covered) < 0.95
    assert np.mean(misled) > 0.95, "as counted it seems to cost something"
