"""Revenue kept, with ranges that hold the truth."""

import numpy as np
import pytest

from cxdash.stats.kept import kept, movements
from cxdash.stats.retention import gross_revenue_retention, net_revenue_retention

BEFORE = np.array([100.0, 100.0, 200.0, 50.0, 0.0, 0.0])
AFTER = np.array([0.0, 150.0, 180.0, 50.0, 70.0, 30.0])
THERE = np.array([True, True, True, True, False, False])
STAYS = np.array([False, True, True, True, False, False])
CAME = np.array([False, False, False, False, True, False])


def test_movements_tie_from_start_to_end():
    move = movements(BEFORE, AFTER, there=THERE, stays=STAYS, came=CAME)
    assert (move.start, move.end) == (450, 480)
    assert (move.expansion, move.contraction, move.churned) == (50, 20, 100)
    assert (move.new, move.returned) == (70, 30)
    total = move.start + move.expansion - move.contraction - move.churned + move.new + move.returned
    assert total == move.end


def test_retention_equals_the_definitions_of_the_catalogue():
    found = kept(BEFORE, AFTER, there=THERE, stays=STAYS, earned=CAME, rng=np.random.default_rng(1))
    assert found is not None
    assert found.nrr.estimate == pytest.approx(net_revenue_retention(450, 50, 20, 100))
    assert found.grr.estimate == pytest.approx(gross_revenue_retention(450, 20, 100))
    assert found.logo_churn.estimate == 0.25
    assert found.earned_growth is not None
    assert found.earned_growth.estimate == pytest.approx(380 / 450 + 70 / 450 - 1)
    assert found.n == 4


def test_ninety_percent_intervals_hold_the_true_retention_in_nine_of_ten_worlds():
    held = {"nrr": 0, "grr": 0}
    worlds = 200
    grown = np.exp(0.02 + 0.15**2 / 2) * 0.9  # one in ten leaves, the others move
    big = np.random.default_rng(0).standard_normal(400_000) * 0.15 + 0.02
    gross = float(np.minimum(np.exp(big), 1).mean() * 0.9)
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        before = np.exp(5 + 0.7 * rng.standard_normal(300))
        stays = rng.random(300) > 0.1
        after = before * np.exp(0.02 + 0.15 * rng.standard_normal(300)) * stays
        found = kept(before, after, there=np.ones(300, bool), stays=stays, earned=None, rng=rng)
        assert found is not None
        held["nrr"] += found.nrr.low <= grown <= found.nrr.high
        held["grr"] += found.grr.low <= gross <= found.grr.high
    assert all(166 <= count <= 194 for count in held.values()), held


def test_refunds_beyond_what_was_paid_lower_net_but_never_credit_gross():
    before, after = np.array([100.0, 100.0]), np.array([-50.0, 100.0])
    both = np.ones(2, bool)
    found = kept(before, after, there=both, stays=both, earned=None, rng=np.random.default_rng(1))
    assert found is not None
    assert found.nrr.estimate == 0.25
    assert found.grr.estimate == 0.5
    assert found.earned_growth is None


def test_nothing_to_keep_says_none():
    nobody = np.zeros(3, bool)
    rng = np.random.default_rng(1)
    nothing = np.zeros(3)
    assert kept(nothing, nothing, there=nobody, stays=nobody, earned=None, rng=rng) is None
    all_free = np.ones(3, bool)
    assert kept(nothing, nothing, there=all_free, stays=all_free, earned=None, rng=rng) is None
