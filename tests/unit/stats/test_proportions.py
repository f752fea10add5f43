"""Shares against published intervals, sample sizes and corrections."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from cxdash import stats


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_equal_newcombe_1998(
    successes: int, n: int, low: float, high: float
) -> None:
    found = stats.share(successes, n, level=0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_the_difference_of_shares_equals_newcombe_1998() -> None:
    apart = stats.share_difference(56, 70, 48, 80, level=0.95)
    assert (apart.low, apart.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert apart.estimate == pytest.approx(0.2)


GROUPS = st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(GROUPS, GROUPS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_gate_and_interval_never_disagree(
    one: tuple[int, int], other: tuple[int, int], level: float
) -> None:
    apart = stats.share_difference(*one, *other, level=level)
    assert apart.low <= apart.estimate <= apart.high
    assert 0 <= apart.p_value <= 1
    if abs(apart.p_value - (1 - level)) > 1e-6:
        assert apart.holds_zero == (apart.p_value > 1 - level)


@given(GROUPS)
def test_a_wilson_interval_stays_in_range_and_is_open_in_the_middle(group: tuple[int, int]) -> None:
    found = stats.share(*group)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize(("true", "n"), [(0.02, 100), (0.08, 60), (0.3, 40), (0.5, 25)])
def test_a_wilson_interval_covers_as_it_says(true: float, n: int) -> None:
    held = sum(
        float(binom.pmf(k, n, true))
        for k in range(n + 1)
        if stats.share(k, n).low <= true <= stats.share(k, n).high
    )
    assert 0.86 <= held <= 0.97


@pytest.mark.parametrize(
    ("first", "second", "n"),
    [
        (0.10, 0.08, 3_213),
        (0.10, 0.09, 13_495),
        (0.15, 0.12, 2_036),
        (0.20, 0.15, 906),
        (0.05, 0.04, 6_745),
    ],
)
def test_trap_g_how_many_customers_a_pilot_needs(first: float, second: float, n: int) -> None:
    assert stats.customers_needed(first, second, level=0.95) == pytest.approx(n, abs=1)


def test_trap_g_what_five_hundred_customers_can_show() -> None:
    found = stats.detectable_share_difference(0.10, 500, level=0.95)
    assert found == pytest.approx(0.047, abs=5e-4)
    assert stats.customers_needed(0.10, 0.10 - found, level=0.95) == pytest.approx(500, abs=1)
    assert stats.detectable_share_difference(0.10, 20) == 0.10


def test_corrected_p_values_equal_benjamini_and_hochberg_1995() -> None:
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714286, 0.06385714286, 0.0645,
                0.0765, 0.486, 0.58118182, 0.714875, 0.75323076923, 0.81321428571, 1.0]  # fmt: skip
    found = stats.adjusted_p_values(p)
    assert list(found) == pytest.approx(expected, abs=1e-8)
    assert (found <= 0.05).sum() == 4


def test_rates_have_exact_poisson_limits() -> None:
    found = stats.rate_per_1000(10, 2_000, level=0.95)
    assert (found.low, found.high) == pytest.approx((4.795 / 2, 18.390 / 2), abs=1e-3)
    none = stats.rate_per_1000(0, 1_000, level=0.95)
    assert (none.low, none.high) == pytest.approx((0.0, 3.6889), abs=1e-4)


def test_first_contact_resolution_net_leaves_out_what_could_not_be_solved() -> None:
    assert stats.fcr_gross(70, 100).estimate == pytest.approx(0.7)
    assert stats.fcr_net(70, 100, 20).estimate == pytest.approx(0.875)
    assert stats.fcr_net(70, 100, 20).n == 80
    with pytest.raises(ValueError, match="71 of 70"):
        stats.fcr_net(71, 100, 30)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of 0"):
        stats.share(0, 0)
    with pytest.raises(ValueError, match="difference of zero"):
        stats.customers_needed(0.1, 0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        stats.customers_needed(0.1, 1.1)
    with pytest.raises(ValueError, match="base share"):
        stats.detectable_share_difference(0.0, 100)
    with pytest.raises(ValueError, match="base ≥ 1"):
        stats.rate_per_1000(1, 0)
    with pytest.raises(ValueError, match="missing or infinite"):
        stats.adjusted_p_values([0.1, math.nan])
    with pytest.raises(ValueError, match="power"):
        stats.customers_needed(0.1, 0.2, power=0)
