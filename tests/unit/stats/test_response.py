"""The R-indicator: its definition, its correction for estimated chances, its interval."""

import numpy as np
import pytest

from cxdash.stats.response import representativeness, response_model


def _two_groups(customers, seed):
    rng = np.random.default_rng(seed)
    group = np.arange(customers) % 2
    return group[:, None].astype(float), rng.random(customers) < np.where(group == 1, 0.8, 0.4)


def test_two_equal_groups_answering_at_40_and_80_percent_give_six_tenths():
    """The chances spread by 0.2, so R = 1 − 2 × 0.2."""
    found = representativeness(response_model(*_two_groups(200_000, 1)))
    assert found.estimate == pytest.approx(0.6, abs=0.005)


def test_its_range_holds_the_truth_nine_times_in_ten():
    held = 0
    for seed in range(200):
        found = representativeness(response_model(*_two_groups(400, seed)))
        held += found.low <= 0.6 <= found.high
    assert 0.85 <= held / 200 <= 0.95


def test_chance_alone_does_not_pass_for_unlike_answerers():
    """Twelve columns of noise: uncorrected the indicator would say 0.87 on average."""
    raw, corrected = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        noise, answered = rng.normal(size=(400, 12)), rng.random(400) < 0.4
        model = response_model(noise, answered)
        raw.append(1 - 2 * model.chance.std())
        corrected.append(representativeness(model).estimate)
    assert np.mean(raw) < 0.90
    assert np.mean(corrected) > 0.92


def test_it_is_one_at_most():
    rng = np.random.default_rng(4)
    found = representativeness(response_model(rng.normal(size=(300, 1)), rng.random(300) < 0.5))
    assert found.low <= found.estimate <= found.high <= 1
