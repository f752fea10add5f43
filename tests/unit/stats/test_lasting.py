"""What a customer with a contract is worth, against worlds whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from cxdash.stats.lasting import Alike, lasting_value, lasting_value_of_all
from cxdash.stats.value import customer_value

MONTHLY = 1.1 ** (1 / 12) - 1


def world(rng, customers=400, chance=0.10, windows=3, *, size=5.0, first=0):
    paid = np.exp(size + 0.6 * rng.standard_normal(customers))
    payer = first + np.arange(customers)
    leaver = np.repeat(payer, windows)
    return Alike(paid, payer, rng.random(len(leaver)) < chance, leaver)


def large_and_small(seed):
    """A hundred large customers of whom few leave, and three hundred small ones of whom many do."""
    rng = np.random.default_rng(seed)
    large = int((rng.random(400) < 0.25).sum())
    return [
        world(rng, large, 0.04, size=8.0),
        world(rng, 400 - large, 0.15, first=large),
    ]


def told(*alike):
    return lasting_value_of_all(alike, months=6, discount=0.10)


def test_the_value_is_the_usual_sum_at_the_rates_seen():
    one = world(np.random.default_rng(1))
    found = lasting_value(one, months=6, discount=0.10)
    stay = (1 - one.left.mean()) ** (1 / 6)
    assert found is not None
    assert found.estimate == pytest.approx(customer_value(one.paid.mean(), stay, MONTHLY))


def test_ranges_hold_the_true_value_in_nine_of_ten_worlds():
    true = customer_value(np.exp(5 + 0.18), 0.9 ** (1 / 6), MONTHLY)
    held = 0
    for seed in range(200):
        found = told(world(np.random.default_rng(seed)))
        assert found is not None
        held += found.low <= true <= found.high
    assert 168 <= held <= 193


def test_the_value_of_all_is_the_groups_values_weighted_by_their_customers():
    groups = large_and_small(1)
    each = [told(one) for one in groups]
    whole = told(*groups)
    weighed = sum(one.paid.size * value.estimate for one, value in zip(groups, each, strict=True))
    assert whole.n == 400
    assert whole.estimate == pytest.approx(weighed / 400)


def test_large_customers_who_stay_are_not_shortened_by_small_ones_who_leave():
    true = 0.25 * customer_value(np.exp(8.18), 0.96 ** (1 / 6), MONTHLY)
    true += 0.75 * customer_value(np.exp(5.18), 0.85 ** (1 / 6), MONTHLY)
    held = pooled = 0
    for seed in range(200):
        groups = large_and_small(seed)
        found = told(*groups)
        held += found.low <= true <= found.high
        both = Alike(*(np.concatenate(part) for part in zip(*map(parts, groups), strict=True)))
        one = told(both)
        pooled += one.low <= true <= one.high
    assert 168 <= held <= 193
    assert pooled < 20


def parts(one):
    return one.paid, one.payer, one.left, one.leaver


def test_without_leavers_or_payers_nothing_is_told():
    one = world(np.random.default_rng(1))
    none, everybody = np.zeros_like(one.left), np.ones_like(one.left)
    assert told(replace(one, left=none)) is None
    assert told(replace(one, left=everybody)) is None
    assert told(replace(one, paid=one.paid * 0)) is None
    assert told(one, replace(one, left=none)) is None
    assert told() is None
