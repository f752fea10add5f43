"""Weights: they meet their margins, say when they cannot, and are cut where asked."""

import doctest

import numpy as np
import pytest

from cxdash.stats import bounds, extremity, weighted, weighting
from cxdash.stats.weighting import (
    Margin,
    NotRakedError,
    inverse_propensity,
    post_stratified,
    raked,
    trimmed,
)


def _margins(rng, n=200):
    first, second = rng.integers(0, 3, n), rng.integers(0, 2, n)
    return [
        Margin("segment", list(first), {0: 500, 1: 300, 2: 200}),
        Margin("region", list(second), {0: 600, 1: 400}),
    ]


def test_raked_weights_meet_every_margin():
    margins = _margins(np.random.default_rng(1))
    found = raked(margins)
    assert found.rounds >= 1
    for margin in margins:
        values = np.array(margin.values)
        for value, customers in margin.population.items():
            assert found.weights[values == value].sum() == pytest.approx(customers, abs=1e-4)


def test_raking_one_margin_is_post_stratification():
    margin = _margins(np.random.default_rng(2))[0]
    assert raked([margin]).weights == pytest.approx(
        post_stratified(margin.values, margin.population).weights
    )


def test_raking_keeps_what_the_margins_leave_open():
    """The odds between cells stay those of the weights it began with."""
    rng = np.random.default_rng(3)
    margins = _margins(rng)
    start = rng.uniform(0.5, 2, 200)
    ratio = raked(margins, start=start).weights / start
    first, second = (np.array(margin.values) for margin in margins)
    cell = {(a, b): ratio[(first == a) & (second == b)] for a in range(3) for b in range(2)}
    assert all(np.ptp(part) < 1e-9 for part in cell.values())
    assert cell[0, 0][0] * cell[1, 1][0] == pytest.approx(cell[0, 1][0] * cell[1, 0][0])


def test_values_nobody_answered_from_are_named():
    with pytest.raises(ValueError, match=r"segment: nobody answered from \['c'\]; merge"):
        raked([Margin("segment", ["a", "b"], {"a": 1, "b": 1, "c": 4})])
    with pytest.raises(ValueError, match=r"answers from \['z'\]"):
        post_stratified(["a", "z"], {"a": 3})


def test_margins_that_add_up_differently_are_refused():
    with pytest.raises(ValueError, match="region to 9"):
        raked([Margin("segment", ["a"], {"a": 8}), Margin("region", ["x"], {"x": 9})])


def test_margins_that_contradict_each_other_do_not_converge_in_silence():
    margins = [
        Margin("segment", ["a", "b"], {"a": 9, "b": 1}),
        Margin("region", ["x", "y"], {"x": 1, "y": 9}),
    ]
    with pytest.raises(NotRakedError, match="still off by"):
        raked(margins)


def test_raking_needs_a_margin_and_usable_weights():
    with pytest.raises(ValueError, match="at least one margin"):
        raked([])
    with pytest.raises(ValueError, match="weight above zero"):
        raked([Margin("segment", ["a", "a"], {"a": 8})], start=[1, 0])


def test_chances_below_the_smallest_are_lifted_and_counted():
    found = inverse_propensity([0.5, 0.25, 0.001], smallest=0.01)
    assert found.weights == pytest.approx([2, 4, 100])
    assert found.trimmed == 1
    for wrong in (0.0, 1.1):
        with pytest.raises(ValueError, match="chance of answering"):
            inverse_propensity([0.5, wrong])


def test_trimming_keeps_the_sum_and_counts_what_it_cut():
    found = trimmed([1, 1, 1, 7], most=2)
    assert found.trimmed == 1
    assert found.weights.sum() == pytest.approx(10)
    assert found.weights[3] / found.weights[0] == pytest.approx(5)
    with pytest.raises(ValueError, match="weights lie above zero"):
        trimmed([1, 2], most=1)


def test_equal_weights_are_worth_all_their_answers():
    found = post_stratified(["a"] * 5, {"a": 20})
    assert (found.effective, found.design_effect) == pytest.approx((5, 1))


@pytest.mark.parametrize("module", [weighting, weighted, bounds, extremity])
def test_the_examples_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
