"""The grammar of a business case never says more than a range carries."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.facts import Fact, Interval, Method
from cxdash.facts import wording_case as grammar
from cxdash.facts.words import cause_words

ENDS = st.floats(-1e7, 1e7)
NPV = Fact(
    id="npv",
    label="Net present value",
    value=2.0e6,
    unit="USD",
    interval=Interval(1.0e6, 3.0e6),
    method=Method(description="", randomised=True),
    n=400,
    population="customers",
    period="three years",
    definition="npv",
)


def with_range(low, high):
    ends = sorted((low, high))
    return replace(NPV, value=sum(ends) / 2, interval=Interval(*ends))


@given(ENDS, ENDS)
def test_a_plan_brings_more_than_it_costs_only_where_its_whole_range_says_so(low, high):
    npv = with_range(low, high)
    said = grammar.returns("Calls", npv, years=3)
    assert said.startswith("Cannot tell") == npv.interval.holds(0)
    if not npv.interval.holds(0):
        assert ("more than it costs" in said) == (npv.interval.low > 0)
    assert not cause_words(said)


@given(ENDS, ENDS)
def test_waiting_costs_something_only_where_its_whole_range_says_so(low, high):
    cost = with_range(low, high)
    said = grammar.waiting(cost)
    assert said.startswith("Starting a month later costs $") == (cost.interval.low > 0)


@given(ENDS, ENDS, st.floats(0, 1e7))
def test_a_point_is_worth_its_cost_only_where_its_whole_range_says_so(low, high, price):
    gain = with_range(low, high)
    said = grammar.from_next_point("nps", gain, price, "not_identifiable")
    assert (", more than the" in said) == (gain.interval.low > price)
    assert (", less than the" in said) == (gain.interval.high < price)
    assert "not identifiable" in said


def test_each_shape_is_told_and_none_but_the_quickening_one_says_to_go_on():
    said = {
        verdict: grammar.from_next_point("nps", NPV, 5e5, verdict)
        for verdict in ("slowing", "quickening", "not_identifiable")
    }
    assert "each further point with less" in said["slowing"]
    assert "nothing seen here says where to stop" in said["quickening"]
    assert "not identifiable" in said["not_identifiable"]


def test_a_stop_point_that_may_lie_anywhere_is_not_told():
    stop = replace(NPV, value=5.0, unit="score", interval=Interval(0.0, 10.0))
    assert grammar.stops("nps", stop, 0.0, 10.0).startswith("Cannot tell")
    known = replace(stop, interval=Interval(4.0, 6.0))
    assert "stops paying at 5" in grammar.stops("nps", known, 0.0, 10.0)


@pytest.mark.parametrize("alone", [True, False])
def test_claims_are_called_claims(alone):
    assert grammar.claimed(NPV, alone=alone).endswith("That is claimed, not measured.")
    bare = grammar.claimed(replace(NPV, interval=None), alone=alone)
    assert "nobody gave a range" in bare
