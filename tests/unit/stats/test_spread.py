"""Beyond the ordinary spread of units."""

import doctest

import numpy as np
import pytest
from scipy.special import ndtr

from cxdash.stats import spread
from cxdash.stats.spread import beyond_ordinary


def test_the_example_is_true():
    assert doctest.testmod(spread) == doctest.TestResults(0, 3)


def test_honest_units_are_unusual_as_seldom_as_the_scores_say():
    rng = np.random.default_rng(1)
    scores = []
    for _ in range(400):
        error = rng.uniform(0.1, 0.4, 40)
        scores.append(
            beyond_ordinary(
                0.3 * rng.standard_normal(40) + error * rng.standard_normal(40), error
            ).scores
        )
    tail = ndtr(-np.concatenate(scores))
    for p in (0.1, 0.01):
        assert (tail <= p).mean() == pytest.approx(p, rel=0.35)
    assert (tail <= 0.001).mean() <= 0.003


def test_a_fifth_of_units_far_above_does_not_hide_itself_by_widening_the_spread():
    rng = np.random.default_rng(2)
    figures = 0.2 * rng.standard_normal(50)
    figures[:10] += 1.5
    found = beyond_ordinary(figures, np.full(50, 0.05))
    assert found.spread < 0.35
    assert (found.scores[:10] > 2).all()
    assert (found.scores[10:] < 2.5).all()


def test_where_noise_explains_all_no_spread_is_claimed():
    figures = np.linspace(-1, 1, 21)
    assert beyond_ordinary(figures, np.full(21, 5.0)).spread == 0


def test_unknown_figures_stay_unknown_and_few_units_are_no_company():
    figures = np.append(np.linspace(-1, 1, 9), np.nan)
    found = beyond_ordinary(figures, np.ones(10))
    assert np.isnan(found.scores[-1])
    assert found.units == 9
    assert np.isnan(beyond_ordinary(figures[-8:], np.ones(8)).scores).all()


@pytest.mark.parametrize(("figures", "errors"), [([1, 2], [1]), ([1, 2], [1, 0])])
def test_errors_that_cannot_be_are_refused(figures, errors):
    with pytest.raises(ValueError, match="figure"):
        beyond_ordinary(figures, errors)
