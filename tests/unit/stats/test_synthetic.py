"""Twins made of untreated units."""

import numpy as np
import pytest

from cxdash.stats.synthetic import (
    predictor_weights,
    simplex_weights,
    synthetic_control,
    synthetic_did,
)

RNG = np.random.default_rng


def _panel(seed: int, effect: float, units: int = 20) -> np.ndarray:
    rng = RNG(seed)
    shared = rng.standard_normal((2, 24)).cumsum(axis=1)
    own = rng.dirichlet([1, 1], units)
    panel = 10 + own @ shared + 0.2 * rng.standard_normal((units, 24))
    panel[0, 16:] += effect
    return panel


def test_weights_find_the_mixture_a_target_was_made_of() -> None:
    donors = RNG(0).standard_normal((30, 6))
    made = np.array([0.5, 0.0, 0.2, 0.0, 0.3, 0.0])
    assert simplex_weights(donors @ made, donors) == pytest.approx(made, abs=1e-6)
    lifted = simplex_weights(donors @ made + 5.0, donors, intercept=True)
    assert lifted == pytest.approx(made, abs=1e-6)


def test_weights_are_a_mixture_and_a_strong_ridge_makes_them_even() -> None:
    donors, target = RNG(1).standard_normal((30, 6)), RNG(2).standard_normal(30)
    weights = simplex_weights(target, donors)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1.0)
    even = simplex_weights(target, donors, ridge=1e9)
    assert even == pytest.approx(np.full(6, 1 / 6), abs=1e-4)


def test_an_effect_stands_out_from_its_twin_and_its_absence_does_not() -> None:
    found = synthetic_control(_panel(3, 3.0), 0, 16)
    assert found.effect == pytest.approx(3.0, abs=0.4)
    assert found.p_value == pytest.approx(1 / 20)
    alarms = [synthetic_control(_panel(seed, 0.0), 0, 16).p_value <= 0.10 for seed in range(60)]
    assert np.mean(alarms) <= 0.2


def test_the_range_of_synthetic_differences_holds_the_effect() -> None:
    treated = np.arange(20) == 0
    held = []
    for seed in range(40):
        found = synthetic_did(_panel(seed, 1.0), treated, 16)
        held.append(found.low <= 1.0 <= found.high)
    assert np.mean(held) >= 0.8
    few = synthetic_did(_panel(0, 1.0, units=6), np.arange(6) == 0, 16)
    assert few.low is None


def test_the_search_for_importance_finds_the_predictor_that_matters() -> None:
    rng = RNG(4)
    panel = _panel(4, 0.0)
    noise = rng.standard_normal((20, 3))
    importance = predictor_weights(
        np.column_stack([panel[:, :3], noise]), panel[:, :16], 0, rng=rng
    )
    assert importance.sum() == pytest.approx(1.0)
    assert importance[:3].sum() > 0.5


def test_a_history_of_one_period_or_a_gap_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="start"):
        synthetic_control(np.zeros((5, 6)), 0, 1)
    with pytest.raises(ValueError, match="none missing"):
        synthetic_control(np.full((5, 6), np.nan), 0, 3)
    with pytest.raises(ValueError, match="untreated"):
        synthetic_did(np.zeros((5, 6)), np.ones(5, dtype=bool), 3)
    with pytest.raises(ValueError, match="same rows"):
        simplex_weights(np.zeros(3), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="missing"):
        simplex_weights(np.array([np.nan, 1]), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="predictors"):
        synthetic_control(np.zeros((5, 6)), 0, 3, predictors=np.ones((4, 2)))
