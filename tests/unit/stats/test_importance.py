"""What relative importance must hold whatever the data."""

import time
from itertools import permutations

import numpy as np
import pytest

from cxdash.stats.importance import MOST_EXACT, relative_importance, shapley, subset_r2


def company(rng, n=600, items=4, effects=(0.6, 0.3, 0.0, 0.0), overlap=0.6):
    """Items that overlap, of which the later ones have no part of their own."""
    common = rng.standard_normal((n, 1))
    x = np.sqrt(overlap) * common + np.sqrt(1 - overlap) * rng.standard_normal((n, items))
    return x, x @ np.array(effects) + rng.standard_normal(n)


def test_shares_are_the_average_over_all_orders_of_entering():
    rng = np.random.default_rng(3)
    x, y = company(rng)
    matrix = np.corrcoef(np.column_stack([x, y]), rowvar=False)

    def r2(items):
        if not items:
            return 0.0
        own = matrix[np.ix_(items, items)]
        return float(matrix[items, -1] @ np.linalg.solve(own, matrix[items, -1]))

    want = np.zeros(4)
    for order in permutations(range(4)):
        for place, item in enumerate(order):
            want[item] += r2(sorted(order[: place + 1])) - r2(sorted(order[:place]))
    assert list(shapley(matrix)) == pytest.approx(list(want / 24))
    assert subset_r2(matrix[None])[0, 0b0110] == pytest.approx(r2([1, 2]))


def test_an_item_without_a_part_of_its_own_stays_within_its_placebo():
    rng = np.random.default_rng(4)
    x, y = company(rng)
    found = relative_importance(x, y, draws=200, rng=rng)
    assert found.parts[2].share > 0.02  # overlap alone gives it a share
    assert [part.beyond_placebo for part in found.parts] == [True, True, False, False]
    assert found.parts[0].rank == 1


def test_the_placebo_is_rarely_exceeded_when_there_is_nothing():
    beyond = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x, y = company(rng, n=200)
        beyond += relative_importance(x, y, draws=2, rng=rng).parts[3].beyond_placebo
    assert beyond <= 200 * 0.16  # two-sided 90 %: about one time in ten


def test_customers_are_resampled_whole():
    rng = np.random.default_rng(5)
    x, y = company(rng, n=100)
    alone = relative_importance(x, y, draws=400, rng=np.random.default_rng(1))
    again = np.repeat(np.arange(100), 9)
    many = relative_importance(
        x[again], y[again], groups=again, draws=400, rng=np.random.default_rng(1)
    )
    # Nine copies of each customer are no more to know than one.
    assert many.units == 100
    for one, copy in zip(alone.parts, many.parts, strict=True):
        assert copy.share == pytest.approx(one.share)
        assert copy.high - copy.low == pytest.approx(one.high - one.low, rel=0.2)
        assert copy.placebo == pytest.approx(one.placebo, rel=0.05)


def test_weights_count_as_copies_do():
    rng = np.random.default_rng(6)
    x, y = company(rng, n=60)
    weights = rng.integers(1, 4, 60)
    again = np.repeat(np.arange(60), weights)
    heavy = relative_importance(x, y, weights=weights, draws=2, rng=rng)
    copied = relative_importance(x[again], y[again], draws=2, rng=rng)
    assert [p.share for p in heavy.parts] == pytest.approx([p.share for p in copied.parts])


def test_a_constant_column_is_left_out_by_name_and_the_rest_is_told():
    rng = np.random.default_rng(7)
    x, y = company(rng)
    x[:, 1] = 5.0
    found = relative_importance(x, y, draws=20, rng=rng)
    assert found.parts[1].left_out == "it is the same in every row"
    assert found.parts[1].rank == 4
    assert found.parts[0].share > 0.2


def test_forty_items_that_say_nearly_or_exactly_the_same_share_alike():
    rng = np.random.default_rng(8)
    n = 300
    mood = rng.standard_normal(n)
    x = np.repeat(mood[:, None], 40, axis=1)
    x[:, 20:] += 1e-6 * rng.standard_normal((n, 20))
    found = relative_importance(x, mood + rng.standard_normal(n), draws=50, rng=rng)
    shares = [part.share for part in found.parts]
    assert not found.exact
    assert sum(shares) == pytest.approx(found.r2)
    assert max(shares) - min(shares) < 0.01
    assert np.isfinite([[p.low, p.high, p.placebo, p.unique] for p in found.parts]).all()


def test_two_copies_of_an_item_share_what_it_explains():
    rng = np.random.default_rng(9)
    x, y = company(rng)
    found = relative_importance(np.column_stack([x, x[:, 0]]), y, draws=50, rng=rng)
    assert found.exact
    assert found.parts[0].share == pytest.approx(found.parts[4].share)
    assert found.parts[0].unique == found.parts[4].unique == 0


def test_an_outcome_that_is_the_same_for_everybody_explains_nothing():
    x, _ = company(np.random.default_rng(1), n=30)
    found = relative_importance(x, np.ones(30), draws=5, rng=np.random.default_rng(1))
    assert found.r2 == 0
    assert "same for everybody" in found.parts[0].left_out


def test_the_true_first_driver_is_within_its_rank_interval():
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x, y = company(rng, n=300)
        part = relative_importance(x, y, draws=100, rng=rng).parts[0]
        held += part.rank_low <= 1 <= part.rank_high
    assert held >= 54


def test_a_thousand_draws_with_twelve_items_take_seconds():
    rng = np.random.default_rng(11)
    items = 12
    x, y = company(rng, n=20_000, items=items, effects=np.linspace(0.5, 0, items))
    began = time.process_time()
    found = relative_importance(x, y, draws=1000, rng=rng)
    assert time.process_time() - began < 20
    assert items <= MOST_EXACT
    assert found.units == 20_000
    assert 0 < found.error_added < 0.03


def test_wrong_shapes_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match="at least 3 finite rows"):
        relative_importance([[1.0], [2.0]], [1.0, 2.0], rng=rng)
    with pytest.raises(ValueError, match="at least 3 finite rows"):
        relative_importance([[1.0], [np.nan], [2.0]], [1.0, 2.0, 3.0], rng=rng)
