"""A step in a monthly figure: where it begins, how sure it is, and what is only season or noise."""

import numpy as np
import pytest

from cxdash.stats.shifts import shift


def rng():
    return np.random.default_rng(1)


def shares(months, share, *, step=0.0, last=6, size=600, seed=3):
    """Counts of a share a month, with a step in the last months; the share and its error."""
    chance = np.full(months, share)
    chance[months - last :] += step
    counted = np.random.default_rng(seed).binomial(size, chance) / size
    return counted, np.sqrt(counted.mean() * (1 - counted.mean()) / size) * np.ones(months)


def test_a_planted_step_is_found_with_its_month_and_its_size():
    figures, errors = shares(30, 0.02, step=0.03)
    found = shift(figures, errors, rng=rng())
    assert found.start == 24
    assert found.p_value <= 0.001
    assert found.low <= 0.03 <= found.high
    assert found.low > 0
    assert found.beyond_limits
    assert found.like_last_year is False


def test_a_step_for_the_better_is_no_step_for_the_worse():
    figures, errors = shares(30, 0.06, step=-0.04)
    assert shift(figures, errors, rng=rng()).p_value > 0.2
    assert shift(figures, errors, rng=rng(), high_is_bad=False).p_value <= 0.001


def test_a_single_month_is_an_incident_and_not_a_new_level():
    figures = np.array([2.0, 2.1, 1.9, 2.0, 2.2, 1.8] * 4)
    figures[-1] = 2.6
    assert shift(figures, rng=rng()).after_points >= 2


def test_the_same_months_of_a_year_earlier_give_a_season_away():
    season = np.tile([2.0] * 9 + [4.0] * 3, 3) + np.random.default_rng(2).normal(0, 0.1, 36)
    found = shift(season, rng=rng())
    assert found.start == 33
    assert found.like_last_year is True


def test_without_the_same_months_of_a_year_earlier_the_season_is_not_judged():
    figures, errors = shares(14, 0.02, step=0.05, last=4)
    assert shift(figures, errors, rng=rng()).like_last_year is None


def test_months_that_take_over_from_each_other_make_a_step_less_sure():
    noise = np.random.default_rng(5)
    level = np.zeros(36)
    for month in range(1, 36):
        level[month] = 0.7 * level[month - 1] + noise.normal()
    carried = shift(level, rng=rng())
    alone = shift(np.random.default_rng(7).normal(size=36), rng=rng())
    assert carried.carried_over > 0.3 > alone.carried_over


@pytest.mark.parametrize("figures", [[1.0] * 24, [1.0, 2.0] * 5])
def test_figures_that_never_differ_or_are_too_few_tell_nothing(figures):
    assert shift(figures, rng=rng()) is None


def test_an_error_of_zero_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        shift([1.0] * 12, [0.0] * 12, rng=rng())
