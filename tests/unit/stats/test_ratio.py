"""The bootstrap of ratios: counts drawn as they should be, ranges as wide as they should."""

import numpy as np
import pytest
from scipy.stats import poisson

from cxdash.stats import ratio
from cxdash.stats.ratio import ratio_of_sums


def test_counts_are_drawn_from_a_poisson_of_mean_one():
    steps = np.arange(2**16, dtype=np.uint16)
    counts = ratio._COUNTS[steps]
    assert counts.mean() == 1
    assert counts.var() == pytest.approx(1, abs=1e-4)
    for many in range(7):
        assert (counts == many).mean() == pytest.approx(poisson.pmf(many, 1), abs=2**-16)


def test_with_many_customers_drawing_gives_the_range_of_the_normal_limit(monkeypatch):
    rng = np.random.default_rng(5)
    before = rng.lognormal(4, 0.5, 4000)
    after = before * rng.choice([0.0, 1.0, 1.2], 4000, p=[0.1, 0.7, 0.2])
    customer = np.arange(4000)
    drawn = ratio_of_sums(after, before, customer, rng=rng, draws=4000)
    monkeypatch.setattr(ratio, "MOST_RESAMPLED", 10)
    limit = ratio_of_sums(after, before, customer, rng=rng)
    assert drawn.estimate == limit.estimate
    assert drawn.high - drawn.low == pytest.approx(limit.high - limit.low, rel=0.05)
    assert drawn.low == pytest.approx(limit.low, abs=0.002)


def test_the_same_seed_gives_the_same_range():
    before, after = np.arange(1.0, 60), np.arange(1.0, 60)[::-1].copy()
    told = [
        ratio_of_sums(after, before, np.arange(59), rng=np.random.default_rng(3)) for _ in range(2)
    ]
    assert told[0] == told[1]


def test_rows_of_a_customer_are_drawn_together():
    """Twice the same rows under the same customers tell nothing new; as others they would."""
    rng = np.random.default_rng(6)
    before, after = rng.lognormal(4, 0.5, 200), rng.lognormal(4, 0.5, 200)
    twice = [np.tile(each, 2) for each in (after, before)]
    one, same, others = (
        ratio_of_sums(*rows, customer, rng=np.random.default_rng(7), draws=3000)
        for rows, customer in (
            ((after, before), np.arange(200)),
            (twice, np.tile(np.arange(200), 2)),
            (twice, np.arange(400)),
        )
    )
    assert (same.low, same.high) == pytest.approx((one.low, one.high))
    assert others.high - others.low < 0.8 * (one.high - one.low)
