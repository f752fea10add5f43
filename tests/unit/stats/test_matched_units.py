"""Matching takes out what was known, says when it could not, and holds the truth."""

import numpy as np
import pytest

from cxdash.stats.matching import LARGEST_GAP, matched


def _chosen(seed: int, effect: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers of whom the larger are more often chosen, and leave a mark on the outcome."""
    rng = np.random.default_rng(seed)
    known = rng.standard_normal((600, 3))
    treated = rng.random(600) < 1 / (1 + np.exp(-(known[:, 0] - 1.2)))
    outcome = known @ [1.0, 0.5, 0.0] + rng.standard_normal(600) + effect * treated
    return outcome, known, treated


def test_what_was_known_before_is_taken_out() -> None:
    outcome, known, treated = _chosen(3)
    raw = outcome[treated].mean() - outcome[~treated].mean()
    found = matched(outcome, known, treated)
    assert raw > 0.5
    assert found.difference.low <= 0 <= found.difference.high
    assert abs(found.before[0]) > 0.5
    assert abs(found.after[0]) < LARGEST_GAP


def test_the_interval_holds_the_effect_about_as_often_as_it_says() -> None:
    held = []
    for seed in range(200):
        found = matched(*_chosen(seed, 0.4)).difference
        held.append(found.low <= 0.4 <= found.high)
    assert np.mean(held) >= 0.92


def test_a_group_nobody_is_like_is_said_to_be_unbalanced() -> None:
    outcome, known, treated = _chosen(5)
    known[treated, 1] += 6.0
    assert not matched(outcome, known, treated).balanced


def test_too_few_are_refused() -> None:
    outcome, known, treated = _chosen(5)
    treated[:] = False
    treated[:10] = True
    with pytest.raises(ValueError, match="20 treated"):
        matched(outcome, known, treated)
