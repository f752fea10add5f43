"""Plans valued against a published table, by hand, and over many draws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.stats.cashflow import CashLine, returned, swings, waited
from cxdash.stats.simulated import DRAWS, drawn, simulated
from cxdash.stats.value import payback


def line(amount, years, *, low=None, high=None, is_cost=False, source=""):
    return CashLine(
        amount=amount,
        low=amount if low is None else low,
        high=amount if high is None else high,
        years=years,
        is_cost=is_cost,
        source=source,
    )


def year(number, amount, *, is_cost=False):
    return line(amount, tuple(float(at == number) for at in range(4)), is_cost=is_cost)


# A published Total Economic Impact study: benefits and costs a year, discounted at 10 %.
BENEFITS = (0.0, 1_606_511.0, 3_061_331.0, 4_229_760.0)
COSTS = (53_150.0, 666_715.0, 636_772.0, 647_783.0)
STUDY = [
    *(year(at, amount) for at, amount in enumerate(BENEFITS)),
    *(year(at, amount, is_cost=True) for at, amount in enumerate(COSTS)),
]


def test_the_published_table_comes_out_exactly():
    found = returned(STUDY, 0.10)
    assert round(found.present_benefits) == 7_168_371
    assert round(found.present_costs) == 1_672_201
    assert round(found.npv) == 5_496_170
    assert round(100 * found.roi, 1) == 328.7
    assert found.payback * 12 == pytest.approx(0.68, abs=5e-3)


def test_a_table_without_ranges_comes_out_the_same_in_every_draw():
    found = simulated(STUDY, 0.10)
    assert found.npv.min() == pytest.approx(found.npv.max())
    assert round(found.npv[0]) == 5_496_170
    assert found.npv.shape == (DRAWS,)


def test_a_discounted_payback_is_never_shorter():
    plan = [line(100.0, (1.0, 0, 0), is_cost=True), line(60.5, (0, 1.0, 1.0))]
    assert returned(plan, 0.1).payback == pytest.approx(1 + 39.5 / 60.5)
    assert returned(plan, 0.1, discounted=True).payback == pytest.approx(1.9)


def test_money_that_never_comes_back_has_no_payback():
    plan = [line(100.0, (1.0, 0, 0), is_cost=True), line(10.0, (0, 1.0, 1.0))]
    assert returned(plan, 0.1).payback is None
    assert np.isinf(simulated(plan, 0.1).payback).all()


def test_break_even_is_the_part_of_the_benefits_that_loses_nothing():
    found = returned(STUDY, 0.10)
    lowered = [
        one if one.is_cost else line(one.amount * found.break_even, one.years) for one in STUDY
    ]
    assert returned(lowered, 0.10).npv == pytest.approx(0.0, abs=1e-6)


def test_half_the_draws_lie_on_either_side_and_one_in_twenty_beyond_either_end():
    plan = [line(100.0, (0, 1.0), low=90.0, high=160.0)]
    amounts = drawn(plan, draws=200_000)[:, 0]
    assert np.mean(amounts < 100) == pytest.approx(0.5, abs=0.005)
    assert np.mean(amounts < 90) == pytest.approx(0.05, abs=0.003)
    assert np.mean(amounts > 160) == pytest.approx(0.05, abs=0.003)


def test_lines_of_one_source_move_together_and_others_do_not():
    plan = [
        line(100.0, (0, 1.0), low=50.0, high=150.0, source="pilot"),
        line(10.0, (0, 1.0), low=5.0, high=15.0, source="pilot"),
        line(100.0, (0, 1.0), low=50.0, high=150.0),
    ]
    amounts = drawn(plan)
    assert np.corrcoef(amounts[:, 0], amounts[:, 1])[0, 1] == pytest.approx(1.0)
    assert abs(np.corrcoef(amounts[:, 0], amounts[:, 2])[0, 1]) < 0.05


@given(st.permutations(range(4)))
def test_the_order_in_which_lines_were_written_changes_nothing(order):
    plan = [
        line(40.0, (1.0, 0, 0), is_cost=True),
        line(30.0, (0, 1.0, 1.0), low=10.0, high=60.0),
        line(30.0, (0, 1.0, 1.0), low=20.0, high=40.0),
        line(5.0, (0, 0, 1.0), low=0.0, high=9.0, source="a"),
    ]
    other = simulated([plan[at] for at in order], 0.08)
    np.testing.assert_allclose(np.sort(other.npv), np.sort(simulated(plan, 0.08).npv))


def test_the_paybacks_of_draws_are_those_of_single_plans():
    plan = [
        line(50.0, (1.0, 0, 0, 0), is_cost=True, low=40.0, high=70.0),
        line(30.0, (0, 1.0, 1.0, 1.0), low=5.0, high=60.0),
    ]
    later = [
        line(20.0, (0, 1.0, 1.0, 1.0), is_cost=True, low=10.0, high=30.0),
        line(22.0, (0, 1.0, 1.0, 1.0), low=5.0, high=60.0),
        line(9.0, (0, 0, 1.0, 0), low=-40.0, high=60.0),
    ]
    found = [simulated(lines, 0.1, draws=300) for lines in (plan, later)]
    nets = np.concatenate([one.net for one in found])
    for net, quick in zip(nets, np.concatenate([one.payback for one in found]), strict=True):
        slow = payback(net)
        assert (math.inf if slow is None else slow) == pytest.approx(quick)


def test_the_widest_line_of_a_tornado_comes_first_and_ends_where_that_line_ends():
    plan = [
        line(100.0, (1.0, 0), is_cost=True, low=90.0, high=120.0),
        line(300.0, (0, 1.0), low=100.0, high=400.0),
    ]
    first, second = swings(plan, 0.0)
    assert (first.line, first.at_low, first.at_high) == (1, 0.0, 300.0)
    assert (second.line, second.at_low, second.at_high) == (0, 210.0, 180.0)


def test_waiting_a_month_costs_the_month_that_is_lost_and_saves_the_interest_on_what_is_put_in():
    assert waited(np.array([0.0, 120.0]), 0.0)[0] == pytest.approx(10.0)
    # By hand: an outlay of 100 a month later is worth 100 / 1.1^(1/12); year one loses a twelfth.
    by_hand = -(100 - 100 / 1.1 ** (1 / 12)) + (240 / 12) / 1.1
    assert waited(np.array([-100.0, 240.0]), 0.1)[0] == pytest.approx(by_hand)


def test_waiting_with_a_plan_that_loses_money_costs_nothing():
    assert waited(np.array([-100.0, -10.0, -10.0]), 0.05)[0] < 0


def test_money_that_goes_out_later_has_not_come_back_before_it_went():
    assert payback([0.0, -10.0, 20.0]) == pytest.approx(1.5)
    assert payback([0.0, 0.0, -10.0, 10.0]) == pytest.approx(3.0)
    assert payback([0.0, 5.0, -20.0]) == 0.0
    assert payback([0.0, -10.0, 5.0]) is None


def test_a_haircut_lowers_benefits_and_leaves_costs():
    plan = [line(10.0, (1.0, 0), is_cost=True), line(100.0, (0, 1.0))]
    cut = simulated(plan, 0.0, haircut=np.full(DRAWS, 0.6))
    assert cut.npv[0] == pytest.approx(50.0)
    assert cut.present_costs[0] == pytest.approx(10.0)


def test_an_amount_outside_its_own_range_is_refused():
    with pytest.raises(ValueError, match="outside its range"):
        line(10.0, (1.0,), low=11.0, high=12.0)
