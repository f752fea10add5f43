"""Effects with everything measured held equal, and pilots read more sharply."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from cxdash.stats import adjusted, did
from cxdash.stats.cuped import cuped

RNG = np.random.default_rng
MODEL = LinearRegression()


def _confounded(seed: int, effect: float, n: int = 600) -> tuple:
    rng = RNG(seed)
    x = rng.standard_normal((n, 3))
    chance = 1 / (1 + np.exp(-(x[:, 0] - 0.5 * x[:, 1])))
    treated = rng.random(n) < chance
    outcome = effect * treated + 2 * x[:, 0] + x[:, 2] + rng.standard_normal(n)
    return rng, x, treated, outcome


def _doubly_robust(seed: int, effect: float) -> adjusted.AdjustedEffect:
    rng, x, treated, outcome = _confounded(seed, effect)
    folds = adjusted.folds_of(len(x), 5, rng=rng)
    return adjusted.average_effect(
        outcome,
        treated,
        adjusted.cross_fitted(MODEL, x, outcome, folds, among=treated),
        adjusted.cross_fitted(MODEL, x, outcome, folds, among=~treated),
        adjusted.cross_fitted(LogisticRegression(), x, treated, folds),
    )


def _partialled(seed: int, effect: float) -> adjusted.AdjustedEffect:
    rng, x, treated, outcome = _confounded(seed, effect)
    folds = adjusted.folds_of(len(x), 5, rng=rng)
    return adjusted.partialled_out(
        outcome,
        treated,
        adjusted.cross_fitted(MODEL, x, outcome, folds),
        adjusted.cross_fitted(LogisticRegression(), x, treated, folds),
    )


@pytest.mark.parametrize("estimator", [_doubly_robust, _partialled])
def test_intervals_hold_the_effect_as_often_as_they_say_where_a_plain_difference_does_not(
    estimator,
) -> None:
    held, plain = [], []
    for seed in range(100):
        found = estimator(seed, 1.0).effect
        held.append(found.low <= 1.0 <= found.high)
        _, _, treated, outcome = _confounded(seed, 1.0)
        raw = did.welch(outcome[treated], outcome[~treated])
        plain.append(raw.low <= 1.0 <= raw.high)
    assert 0.83 <= np.mean(held) <= 0.97
    assert np.mean(plain) < 0.05


def test_rows_of_a_customer_share_their_fold_and_their_doubt() -> None:
    rng = RNG(0)
    customer = np.repeat(np.arange(50), 4)
    folds = adjusted.folds_of(200, 5, rng=rng, group=customer)
    assert all(len(set(folds[customer == one])) == 1 for one in range(50))
    own = np.repeat(rng.standard_normal(50), 4)
    treatment = np.repeat(rng.standard_normal(50), 4)
    apart = adjusted.partialled_out(own, treatment, np.zeros(200), np.zeros(200))
    together = adjusted.partialled_out(
        own, treatment, np.zeros(200), np.zeros(200), cluster=customer
    )
    assert together.error == pytest.approx(2 * apart.error, rel=0.01)


def test_rows_sure_to_be_treated_are_counted() -> None:
    found = adjusted.average_effect(
        [1, 0, 1, 0], [1, 0, 1, 0], np.ones(4), np.zeros(4), [0.999, 0.5, 0.5, 0.001]
    )
    assert found.clipped == 2
    assert found.effect.estimate == pytest.approx(1.0)


def test_a_treatment_that_everything_measured_explains_leaves_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="wholly"):
        adjusted.partialled_out([1, 2, 3], [1, 0, 1], [1, 1, 1], [1, 0, 1])
    with pytest.raises(ValueError, match="groups"):
        adjusted.folds_of(3, 2, rng=RNG(0), group=[1, 2])


def test_the_time_before_narrows_the_range_and_keeps_the_effect() -> None:
    held, widths = [], []
    for seed in range(200):
        rng = RNG(seed)
        before = rng.gamma(2, 5, 300)
        treated = rng.random(300) < 0.5
        outcome = before + rng.normal(5, 3, 300) + 1.0 * treated
        sharp = cuped(outcome, before, treated)
        plain = did.welch(outcome[treated], outcome[~treated])
        held.append(sharp.difference.low <= 1.0 <= sharp.difference.high)
        widths.append((sharp.difference.high - sharp.difference.low) / (plain.high - plain.low))
        assert sharp.relative is not None
        assert sharp.relative_low is not None
        assert sharp.relative_low < sharp.relative < (sharp.relative_high or 0.0)
    assert 0.85 <= np.mean(held) <= 0.95
    assert np.mean(widths) < 0.5


def test_a_constant_covariate_is_refused_and_a_mean_below_zero_has_no_share() -> None:
    with pytest.raises(ValueError, match="explains nothing"):
        cuped([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0])
    below = cuped([1, 2, -3, -4], [1, 2, 4, 3], [1, 1, 0, 0])
    assert below.relative is below.relative_low is below.relative_high is None
    with pytest.raises(ValueError, match="equal lengths"):
        cuped([1, 2, 3, 4], [1, 2, 3, 4], [1, 0])
    treated = cuped([-1, -2, -4, 3, 4, 8], [1, 2, 3, 2, 1, 3], [1, 1, 1, 0, 0, 0])
    assert treated.relative is None
    assert treated.difference.estimate < 0
