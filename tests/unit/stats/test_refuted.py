"""Gone, or merely no longer to be told?"""

from cxdash.stats.estimate import Estimate
from cxdash.stats.refuted import refutes


def _link(low, high):
    return Estimate(estimate=(low + high) / 2, low=low, high=high, n=100, level=0.9)


def test_a_narrow_range_around_zero_refutes_a_clear_link():
    assert refutes(_link(-0.01, 0.01), _link(-0.06, -0.02))


def test_a_wide_range_that_happens_to_hold_zero_refutes_nothing():
    assert not refutes(_link(-0.08, 0.06), _link(-0.06, -0.02))


def test_what_was_never_clear_or_still_is_cannot_be_refuted():
    assert not refutes(_link(-0.01, 0.01), _link(-0.06, 0.02))
    assert not refutes(_link(-0.03, -0.01), _link(-0.06, -0.04))
    assert not refutes(_link(-0.01, 0.01), None)
