"""What a customer with a contract is worth, against worlds whose truth is known."""

import numpy as np
import pytest

from cxdash.stats.lasting import lasting_value
from cxdash.stats.value import customer_value

MONTHLY = 1.1 ** (1 / 12) - 1


def world(rng, customers=400, chance=0.10, windows=3):
    paid = np.exp(5 + 0.6 * rng.standard_normal(customers))
    leaver = np.repeat(np.arange(customers), windows)
    return paid, np.arange(customers), rng.random(len(leaver)) < chance, leaver


def test_the_value_is_the_usual_sum_at_the_rates_seen():
    paid, payer, left, leaver = world(np.random.default_rng(1))
    found = lasting_value(paid, payer, left, leaver, months=6, discount=0.10)
    stay = (1 - left.mean()) ** (1 / 6)
    assert found is not None
    assert found.estimate == pytest.approx(customer_value(paid.mean(), stay, MONTHLY))


def test_ranges_hold_the_true_value_in_nine_of_ten_worlds():
    true = customer_value(np.exp(5 + 0.18), 0.9 ** (1 / 6), MONTHLY)
    held = 0
    for seed in range(200):
        found = lasting_value(*world(np.random.default_rng(seed)), months=6, discount=0.10)
        assert found is not None
        held += found.low <= true <= found.high
    assert 168 <= held <= 193


def test_without_leavers_or_payers_nothing_is_told():
    paid, payer, left, leaver = world(np.random.default_rng(1))
    none, everybody = np.zeros_like(left), np.ones_like(left)
    assert lasting_value(paid, payer, none, leaver, months=6, discount=0.1) is None
    assert lasting_value(paid, payer, everybody, leaver, months=6, discount=0.1) is None
    assert lasting_value(paid * 0, payer, left, leaver, months=6, discount=0.1) is None
