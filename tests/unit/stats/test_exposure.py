"""Change of the exposed beyond the change of the others."""

import numpy as np
import pytest

from cxdash.stats.exposure import exposure_change

BEFORE = [1.0, 2, 3, 2, 2, 1, 2, 3, 4, 5]
AFTER = [4.0, 5, 6, 5, 5, 1, 3, 3, 5, 5]
EXPOSED = [True] * 5 + [False] * 5


def _windows() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([*BEFORE, *AFTER]),
        np.array([*EXPOSED, *EXPOSED]),
        np.repeat([False, True], 10),
        np.tile(np.arange(10), 2),
    )


def test_the_change_is_that_of_the_four_means() -> None:
    found = exposure_change(*_windows())
    assert (found.exposed_before, found.exposed_after) == (2, 5)
    assert (found.others_before, found.others_after) == pytest.approx((3, 3.4))
    assert found.change.estimate == pytest.approx(2.6)


def test_with_the_same_customers_in_both_windows_it_is_the_paired_comparison() -> None:
    gained = np.array(AFTER) - np.array(BEFORE)
    parts = [gained[:5], gained[5:]]
    error = np.sqrt(sum(((one - one.mean()) ** 2).sum() / 25 for one in parts) * 5 / 4)
    found = exposure_change(*_windows()).change
    assert found.high - found.estimate == pytest.approx(2.1318468 * error, rel=1e-6)


def test_a_count_is_told_for_what_it_was_counted_over() -> None:
    outcome, exposed, after, customer = _windows()
    found = exposure_change(outcome, exposed, after, customer, over=np.full(20, 2.0))
    assert found.exposed_after == pytest.approx(2.5)
    assert found.change.estimate == pytest.approx(1.3)


def test_fewer_than_five_customers_in_a_group_are_not_compared() -> None:
    outcome, exposed, after, customer = (one[1:] for one in _windows())
    with pytest.raises(ValueError, match="five customers"):
        exposure_change(outcome, exposed, after, customer)


@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_the_interval_holds_a_change_of_zero_as_often_as_it_says(shared: float) -> None:
    rng = np.random.default_rng(12)
    held, runs, people = 0, 400, 60
    exposed = np.arange(people) < 20
    for _ in range(runs):
        own = rng.normal(0, 1, people) * shared
        values = np.concatenate([own + rng.normal(0, 1, people) + exposed for _ in range(2)])
        found = exposure_change(
            values,
            np.tile(exposed, 2),
            np.repeat([False, True], people),
            np.tile(np.arange(people), 2),
        )
        held += found.change.holds_zero
    assert 0.86 <= held / runs <= 0.94
