"""Repeat buying: what customers without a contract will still buy."""

import numpy as np
import pytest

from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.repeat import _peak, fit_buying, fit_spending, value_ahead


def shoppers(rng, customers=1500, age=24.0):
    """Customers drawn from the model itself: (repeats, recency, age, mean spend)."""
    rate = rng.gamma(0.8, 1 / 4.0, customers)
    drop = rng.beta(1.2, 2.5, customers)
    own = 4.0 * 3.0 / np.maximum(rng.gamma(4.0, 1.0, customers), 1e-9) * 10
    repeats, recency, spent = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    for c in range(customers):
        at = 0.0
        while True:
            at += rng.exponential(1 / rate[c])
            if at > age:
                break
            repeats[c] += 1
            recency[c] = at
            spent[c] += own[c] * rng.gamma(3.0, 1 / 3.0)
            if rng.random() < drop[c]:
                break
    mean = np.where(repeats > 0, spent / np.maximum(repeats, 1), 0.0)
    return repeats, recency, np.full(customers, age), mean


def test_the_model_finds_its_own_numbers():
    repeats, recency, age, _ = shoppers(np.random.default_rng(1), customers=6000)
    fit = fit_buying(repeats, recency, age)
    assert [fit.r, fit.alpha] == pytest.approx([0.8, 4.0], rel=0.15)
    assert fit.a / (fit.a + fit.b) == pytest.approx(1.2 / 3.7, rel=0.15)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("nowhere", [np.inf, np.nan, -np.inf])
def test_a_likelihood_without_a_number_anywhere_is_refused_without_a_warning(nowhere):
    with pytest.raises(NoConvergenceError):
        _peak(lambda _: nowhere, np.zeros(4), 100.0)


def test_rows_that_stand_for_many_customers_give_the_same_fit():
    repeats, recency, age, _ = shoppers(np.random.default_rng(2), customers=300)
    recency = np.round(recency)
    again = np.repeat(np.arange(300), 3)
    many = fit_buying(repeats[again], recency[again], age[again])
    counted = fit_buying(repeats, recency, age, counts=np.full(300, 3.0))
    assert list(many.parameters) == pytest.approx(list(counted.parameters), rel=1e-3)


def test_who_bought_lately_is_more_surely_there():
    repeats, recency, age, _ = shoppers(np.random.default_rng(3))
    fit = fit_buying(repeats, recency, age)
    chance = fit.alive(np.array([5.0, 5.0]), np.array([23.0, 5.0]), np.array([24.0, 24.0]))
    assert chance[0] > 0.7
    assert chance[1] < 0.3


def test_value_ahead_has_a_range_and_grows_with_the_months_looked_ahead():
    repeats, recency, age, mean = shoppers(np.random.default_rng(4), customers=600)
    buying = fit_buying(repeats, recency, age)
    again = repeats > 0
    spending = fit_spending(repeats[again], mean[again])
    values = [
        value_ahead(
            buying,
            spending,
            repeats,
            recency,
            age,
            mean,
            periods=months,
            discount=0.008,
            rng=np.random.default_rng(1),
            draws=50,
        )
        for months in (6, 12)
    ]
    assert 0 < values[0].low < values[0].estimate < values[0].high
    assert values[0].estimate < values[1].estimate < 2 * values[0].estimate


def test_too_little_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="at least ten"):
        fit_buying(np.ones(3), np.ones(3), np.full(3, 2.0))
    with pytest.raises(ValueError, match="at least ten"):
        fit_buying(np.zeros(30), np.zeros(30), np.full(30, 2.0))
    with pytest.raises(ValueError, match="between the first one"):
        fit_buying(np.ones(30), np.full(30, 3.0), np.full(30, 2.0))
    with pytest.raises(ValueError, match="repeat purchases"):
        fit_spending(np.zeros(30), np.ones(30))
