"""What past promises came to, and what a new one may be cut by."""

import numpy as np
import pytest

from cxdash.stats.promised import FEWEST_PROMISES, haircut, kept_promises


def test_too_few_promises_are_no_record():
    assert kept_promises([0.5] * (FEWEST_PROMISES - 1)) is None


def test_the_range_of_a_new_promise_is_wider_than_that_of_the_mean():
    found = kept_promises([0.4, 0.6, 0.8, 0.7, 0.5])
    assert found.estimate == pytest.approx(0.6)
    assert found.next_low < found.low < found.estimate < found.high < found.next_high
    # By hand: t(4) at 5 % is 2.132, the standard deviation 0.1581.
    assert found.high - found.estimate == pytest.approx(2.132 * 0.1581 / 5**0.5, abs=1e-3)


def test_the_range_of_a_new_promise_holds_it_as_often_as_it_says():
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(2_000):
        found = kept_promises(draw.normal(0.6, 0.2, 7))
        held += found.next_low <= draw.normal(0.6, 0.2) <= found.next_high
    assert 0.88 <= held / 2_000 <= 0.92


def test_a_record_above_what_was_promised_raises_no_new_promise():
    record = kept_promises([1.3, 1.5, 1.2, 1.4])
    assert haircut(record, 1_000).max() <= 1.0
