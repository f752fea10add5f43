"""Ranks from draws, and places that are shared where the order cannot be told."""

import numpy as np
import pytest

from cxdash.stats.ranking import joint_draws, ranked


def _drawn(means: list[float], errors: list[float], sources: list[str]) -> np.ndarray:
    return joint_draws(means, errors, sources, draws=4000, rng=np.random.default_rng(4))


def test_what_is_clearly_ahead_stands_alone_and_what_is_not_shares_its_places() -> None:
    placed = ranked(_drawn([1, 10, 5, 5.2], [0.5, 0.5, 1, 1], list("abcd")), 2)
    assert [(one.row, one.place_low, one.place_high) for one in placed] == [
        (1, 1, 1),
        (3, 2, 3),
        (2, 2, 3),
        (0, 4, 4),
    ]


def test_the_shares_of_the_first_k_add_up_to_k() -> None:
    placed = ranked(_drawn([3, 2, 1, 0], [2, 2, 2, 2], list("abcd")), 3)
    assert sum(one.top_share for one in placed) == pytest.approx(3)
    assert [one.row for one in placed] == [0, 1, 2, 3]


def test_rows_on_the_same_source_are_off_together_so_their_order_is_known() -> None:
    apart = ranked(_drawn([10, 9], [3, 2.7], ["a", "b"]), 1)
    together = ranked(_drawn([10, 9], [3, 2.7], ["a", "a"]), 1)
    assert apart[0].place_high == 2
    assert together[0].place_high == 1


def test_a_long_row_of_near_ties_does_not_tie_its_ends() -> None:
    means = [float(value) for value in range(8, 0, -1)]
    placed = ranked(_drawn(means, [0.8] * 8, list("abcdefgh")), 3)
    assert placed[0].place_high < 4
    assert placed[-1].place_low > 5


def test_missing_draws_and_a_k_outside_are_refused() -> None:
    with pytest.raises(ValueError, match="k from 1"):
        ranked(np.ones((3, 2)), 3)
    with pytest.raises(ValueError, match="whole draws"):
        ranked(np.array([[1.0, np.nan]]), 1)
