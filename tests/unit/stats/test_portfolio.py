"""What fits into a budget, and what rate a stream of money returns."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdash.stats import net_present_value
from cxdash.stats.portfolio import best_portfolio
from cxdash.stats.value import internal_rate_of_return

ITEMS = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 40)), min_size=1, max_size=9)


@settings(deadline=None, max_examples=40)
@given(ITEMS, st.integers(0, 120))
def test_the_choice_is_the_best_of_all(items: list[tuple[int, int]], budget: int) -> None:
    values, costs = zip(*items, strict=True)
    best = best_portfolio(values, costs, budget)
    every = [
        sum(v for v, take in zip(values, taken, strict=True) if take)
        for taken in product([0, 1], repeat=len(items))
        if sum(c for c, take in zip(costs, taken, strict=True) if take) <= budget
    ]
    assert best.value == max(every)
    assert best.cost <= budget


@given(st.lists(st.floats(1, 1e4), min_size=1, max_size=12), st.floats(1, 1e5))
def test_at_its_rate_of_return_a_stream_is_worth_nothing(back: list[float], paid: float) -> None:
    flows = [-paid, *back]
    rate = internal_rate_of_return(flows)
    assert rate is not None
    assert rate > -1
    assert abs(net_present_value(flows, rate)) <= 1e-6 * np.abs(flows).max() * len(flows)


def test_streams_without_a_rate_of_their_own() -> None:
    assert internal_rate_of_return([1, 2, 3]) is None
    with pytest.raises(ValueError, match="more than once"):
        internal_rate_of_return([-1, 5, -5])


def test_negative_costs_and_uneven_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        best_portfolio([1], [-1], 5)
    with pytest.raises(ValueError, match="costs"):
        best_portfolio([1, 2], [1], 5)
