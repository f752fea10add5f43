"""What a metric added to a forecast, against what then happened."""

import numpy as np
import pytest

from cxdash.stats.fitted import Fitted
from cxdash.stats.foreseen import foreseen, jointly, steadiness, surprise_saved
from cxdash.stats.spend import fit_mean, power


def rows(rng, slope, n=600):
    added = rng.standard_normal(n)
    return added, slope * added + rng.standard_normal(n), np.arange(n) % 3, np.arange(n) // 2


def test_a_metric_without_information_is_confirmed_as_seldom_as_it_says():
    p = [foreseen(*rows(np.random.default_rng([seed, 1]), 0.0)).p_value for seed in range(1000)]
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.02)


def test_what_was_added_rightly_is_confirmed_and_the_opposite_never():
    rng = np.random.default_rng(2)
    assert foreseen(*rows(rng, 0.3)).p_value < 0.001
    assert foreseen(*rows(rng, -0.3)).p_value > 0.999


def test_a_level_that_was_off_in_a_whole_window_is_nobodys_merit():
    rng = np.random.default_rng(3)
    added, surprise, window, customer = rows(rng, 0.0)
    shifted = foreseen(added + 5 * window, surprise + 5 * window, window, customer)
    assert shifted.p_value == pytest.approx(foreseen(added, surprise, window, customer).p_value)


def test_rows_of_one_customer_are_one_draw():
    rng = np.random.default_rng(4)
    added, surprise, window, _ = rows(rng, 0.2)
    once = foreseen(added, surprise, window, np.arange(600))
    copied = foreseen(*(np.repeat(part, 4) for part in (added, surprise, window, np.arange(600))))
    assert copied.p_value == pytest.approx(once.p_value)


def test_nothing_added_or_hardly_any_customer_says_nothing():
    rng = np.random.default_rng(5)
    _, surprise, window, customer = rows(rng, 0.2)
    assert foreseen(np.ones(600), surprise, np.zeros(600), customer) is None
    assert foreseen(surprise[:30], surprise[:30], window[:30], np.arange(30) // 2) is None


def test_saved_surprise_is_the_share_of_the_loss_taken_away():
    found = surprise_saved([1, 1, 1, 1], [2, 2, 2, 2], [4, 4, 4, 4], range(4), level=0.9)
    assert (found.estimate, found.low, found.high) == (0.25, 0.25, 0.25)
    with pytest.raises(ValueError, match="loss"):
        surprise_saved([0], [0], [0], [0], level=0.9)


def test_steadiness_is_cochrans_q():
    assert steadiness([1.0, 3.0], [1.0, 1.0]) == pytest.approx(0.1573, abs=1e-4)
    assert steadiness([1.0, 1.0, 1.0], [0.1, 0.2, 0.3]) == 1.0
    assert steadiness([1.0], [0.1]) is None


def fitted(slopes, n=400, seed=0) -> Fitted:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.standard_normal((n, 3))])
    y = x @ np.array([0.0, *slopes]) + rng.standard_normal(n)
    return fit_mean(y, x, power(0, "identity"), customer=np.arange(n))


def test_columns_are_tested_together():
    assert jointly(fitted([0.3, 0.0, 0.0]), [1, 2]) < 0.001
    none = [jointly(fitted([0.3, 0.0, 0.0], seed=seed), [2, 3]) for seed in range(300)]
    assert np.mean(np.array(none) < 0.05) == pytest.approx(0.05, abs=0.03)


def test_a_column_that_was_left_out_does_not_count():
    x = np.column_stack([np.ones(50), np.arange(50.0), np.arange(50.0)])
    fit = fit_mean(np.sin(np.arange(50.0)), x, power(0, "identity"), customer=np.arange(50))
    assert jointly(fit, [2]) == 1.0
