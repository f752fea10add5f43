"""Paired differences against scipy's paired t test."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from cxdash.stats.paired import paired_mean_difference


def test_interval_and_p_value_are_those_of_the_paired_t_test():
    rng = np.random.default_rng(1)
    before = rng.integers(0, 11, 60).astype(float)
    after = np.clip(before + rng.integers(-2, 4, 60), 0, 10)
    ours = paired_mean_difference(after, before, level=0.95)
    theirs = ttest_rel(after, before)
    held = theirs.confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((held.low, held.high))
    assert ours.p_value == pytest.approx(theirs.pvalue)
    assert ours.paired
    assert ours.n_first == 60


@pytest.mark.parametrize(
    ("first", "second"), [([1.0], [2.0]), ([1, 2], [1, 2, 3]), ([2, 3, 4], [1, 2, 3])]
)
def test_what_cannot_be_compared_is_refused(first, second):
    with pytest.raises(ValueError, match=r"pairs|second|first|spread"):
        paired_mean_difference(first, second)
