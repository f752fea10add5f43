"""What fits into a budget, and what rate a stream of money returns."""

import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdash.stats import net_present_value, portfolio
from cxdash.stats.portfolio import Limit, Shared, best_choice, best_portfolio, chosen_shares
from cxdash.stats.value import internal_rate_of_return
from tests.thorough import THOROUGH

ITEMS = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 40)), min_size=1, max_size=9)
PLANS = st.lists(
    st.tuples(st.integers(-20, 90), st.integers(0, 40), st.integers(0, 30)), min_size=2, max_size=7
)


@pytest.mark.promise("O01")
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


@pytest.mark.promise("O01")
@settings(deadline=None, max_examples=300 if THOROUGH else 40)
@given(
    PLANS,
    st.integers(0, 100),
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 30)), max_size=4),
)
def test_the_choice_under_budget_capacity_and_shared_value_is_the_best_of_all(
    plans: list[tuple[int, int, int]],
    budget: int,
    capacity: int,
    pairs: list[tuple[int, int, int]],
) -> None:
    values, costs, days = (np.array(one, dtype=float) for one in zip(*plans, strict=True))
    shared = {
        (first, second): Shared(first=first, second=second, amount=amount)
        for first, second, amount in pairs
        if first < second < len(plans)
    }
    limits = [Limit(uses=costs, most=budget), Limit(uses=days, most=capacity)]
    best = best_choice(values, limits, shared=[*shared.values()])
    every = []
    for taken in product([False, True], repeat=len(plans)):
        chosen = np.array(taken)
        if costs[chosen].sum() <= budget and days[chosen].sum() <= capacity:
            twice = sum(p.amount for p in shared.values() if taken[p.first] and taken[p.second])
            every.append(values[chosen].sum() - twice)
    assert best.value == pytest.approx(max(every))
    assert costs[list(best.chosen)].sum() <= budget
    assert days[list(best.chosen)].sum() <= capacity


def test_rows_that_must_be_chosen_are_and_those_left_out_never() -> None:
    limit = Limit(uses=[3, 3, 3], most=6)
    assert best_choice([5, 4, -1], [limit], must=[2]).chosen == (0, 2)
    assert best_choice([5, 4, -1], [limit], never=[0]).chosen == (1,)
    with pytest.raises(ValueError, match="do not fit"):
        best_choice([5, 4, 1], [limit], must=[0, 1, 2])


def test_without_limits_everything_of_value_is_chosen() -> None:
    assert best_choice([5, -4, 1]).chosen == (0, 2)


def test_the_share_of_draws_says_how_sure_a_choice_is() -> None:
    rng = np.random.default_rng(3)
    draws = np.column_stack([rng.normal(5, 1, 300), rng.normal(5, 1, 300), np.full(300, 1.0)])
    first, second, third = chosen_shares(draws, [Limit(uses=[1, 1, 1], most=1)])
    assert third < 0.02
    assert first == pytest.approx(0.5, abs=0.1)
    assert first + second + third == pytest.approx(1)


@pytest.mark.promise("O01")
def test_looking_at_every_choice_and_solving_for_the_best_hold_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(8)
    draws = rng.normal(3, 4, (60, 8))
    limits = [Limit(uses=rng.uniform(1, 5, 8), most=9.0), Limit(uses=np.ones(8), most=4)]
    shared = [Shared(first=0, second=1, amount=2.0), Shared(first=2, second=5, amount=1.0)]
    tried = chosen_shares(draws, limits, shared=shared)
    monkeypatch.setattr(portfolio, "_ALL_TRIED", 0)
    assert chosen_shares(draws, limits, shared=shared) == pytest.approx(tried)


def test_what_the_solver_says_never_stands_in_the_output_of_a_program() -> None:
    program = (
        "import os\n"
        "from cxdash.stats import portfolio\n"
        "solve = portfolio.milp\n"
        "def loud(*args, **wishes):\n"
        "    os.write(1, b'noise')\n"
        "    return solve(*args, **wishes)\n"
        "portfolio.milp = loud\n"
        "print(portfolio.best_portfolio([1], [1], 2).value)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1.0\n"
    assert "noise" in ran.stderr


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
    with pytest.raises(ValueError, match="not negative"):
        best_choice([1, 2], shared=[Shared(first=0, second=1, amount=-1)])
