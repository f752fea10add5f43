"""Top answers that the rest of a unit's answers cannot explain."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from cxdash.stats.ladder import ladder

SHARES = np.array([0.05, 0.1, 0.15, 0.3, 0.4])


def expected(level, n=10_000, pushed=0.0):
    cuts = ndtri(np.cumsum(SHARES)[:-1])
    chance = np.diff(np.concatenate([[0], ndtr(cuts - level), [1]]))
    chance = (1 - pushed) * chance
    chance[-1] += pushed
    return n * chance


@pytest.fixture
def steps():
    return ladder([expected(0.0)])


@pytest.mark.parametrize("level", [-0.8, 0.0, 0.6])
def test_a_unit_that_is_simply_good_or_bad_shows_no_bunching(steps, level):
    counts = [expected(level)]
    assert steps.levels(counts)[0] == pytest.approx(level, abs=0.02)
    share, error = steps.bunching(counts)
    assert abs(share[0]) < 2 * error[0]
    assert abs(share[0]) < 0.02


def test_pushed_answers_show_as_bunching_and_grow_with_the_push(steps):
    shares = [steps.bunching([expected(0.2, pushed=pushed)])[0][0] for pushed in (0.1, 0.3, 0.5)]
    assert 0.05 < shares[0] < shares[1] < shares[2]


def test_the_plain_score_behind_pushed_answers_is_recovered(steps):
    weights = [0, 0, 0, 0, 1]
    found = steps.plain(expected(0.1, n=2000, pushed=0.5), weights, centre=0.0, spread=0.2)
    honest = expected(0.1)[-1] / 10_000
    assert found.low < honest < found.high
    assert found.score == pytest.approx(honest, abs=0.04)
    assert 0.5 + 0.5 * honest > found.high  # what was observed is not believed


def test_an_ordinary_unit_keeps_nearly_all_of_its_score(steps):
    found = steps.plain(expected(0.0, n=2000), [0, 0, 0, 0, 1], centre=0.0, spread=0.2)
    assert found.low - 0.06 < 0.4 < found.high + 0.06


def test_a_unit_without_answers_and_a_scale_of_two_steps_say_nothing(steps):
    share, error = steps.bunching([np.zeros(5)])
    assert np.isnan(share[0])
    assert np.isnan(error[0])
    two = ladder([[50, 50]])
    assert np.isnan(two.bunching([[20, 30]])[0]).all()


@pytest.mark.parametrize("counts", [[[5]], [[5, 0, 3]], [1, 2, 3]])
def test_a_scale_without_steps_or_with_empty_ones_is_refused(counts):
    with pytest.raises(ValueError, match="scale"):
        ladder(counts)
