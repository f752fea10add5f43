"""Differences of changes, their checks before the start, and several starts."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from cxdash.stats import did
from cxdash.stats.permutation import permuted
from cxdash.stats.staggered import group_time_effects

RNG = np.random.default_rng


def _null_regions(rng: np.random.Generator, regions: int, treated: int) -> tuple:
    """Regions with shocks of their own; nothing happens. Customers share their region's shock."""
    chosen = rng.permutation(regions) < treated
    shock = rng.standard_normal(regions)
    region = np.repeat(np.arange(regions), 200)
    change = shock[region] + rng.standard_normal(region.size)
    return change, chosen, region


def test_welch_equals_scipy() -> None:
    rng = RNG(2)
    one, other = rng.normal(1, 2, 31), rng.normal(0, 1, 17)
    theirs = ttest_ind(one, other, equal_var=False)
    ours = did.welch(one, other, level=0.95)
    assert ours.p_value == pytest.approx(theirs.pvalue)
    ends = theirs.confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((ends.low, ends.high))


def test_clusters_of_one_row_give_the_plain_interval() -> None:
    rng = RNG(0)
    before, after = rng.standard_normal((2, 40))
    treated = np.arange(40) < 15
    plain = did.difference_in_differences(before, after, treated)
    clustered = did.difference_in_differences(before, after, treated, cluster=np.arange(40))
    assert (clustered.low, clustered.high) == pytest.approx((plain.low, plain.high))


def test_counting_customers_instead_of_regions_sees_effects_where_there_are_none() -> None:
    naive, by_region = [], []
    for seed in range(200):
        change, chosen, region = _null_regions(RNG(seed), 12, 6)
        zero, treated = np.zeros(change.size), chosen[region]
        naive.append(did.difference_in_differences(zero, change, treated).holds_zero)
        by_region.append(
            did.difference_in_differences(zero, change, treated, cluster=region).holds_zero
        )
    assert np.mean(naive) < 0.4
    assert np.mean(by_region) > 0.85


def test_lots_over_six_regions_raise_no_false_alarm_in_more_than_six_in_a_hundred() -> None:
    alarms = []
    for seed in range(300):
        rng = RNG(seed)
        change, chosen, region = _null_regions(rng, 6, 3)
        means = np.bincount(region, weights=change) / np.bincount(region)
        alarms.append(permuted(means, chosen, rng=rng, level=0.95).p_value <= 0.05)
    assert np.mean(alarms) <= 0.06


def test_a_cluster_treated_in_part_was_not_assigned_whole() -> None:
    with pytest.raises(ValueError, match="not assigned whole"):
        did.difference_in_differences(
            np.zeros(6), np.arange(6), [1, 0, 1, 0, 0, 0], cluster=[1, 1, 2, 3, 4, 5]
        )


def test_parallel_lines_pass_and_diverging_lines_do_not() -> None:
    rng, passed = RNG(4), []
    treated = np.arange(20) < 8
    for _ in range(100):
        panel = rng.standard_normal((20, 8)) + rng.standard_normal((20, 1))
        passed.append(did.pre_trend(panel, treated, 6, rng=rng).passed)
    assert 0.8 < np.mean(passed) <= 0.97
    drift = panel + 0.8 * treated[:, None] * np.arange(8)
    assert not did.pre_trend(drift, treated, 6, rng=rng).passed


def test_an_effect_shows_after_the_start_and_a_placebo_finds_none() -> None:
    rng = RNG(5)
    treated = np.arange(60) < 25
    panel = rng.standard_normal((60, 8)) + rng.standard_normal((60, 1))
    panel[:, 5:] += 2.0 * treated[:, None]
    gaps = {one.period: one.gap for one in did.event_study(panel, treated, 5, level=0.99)}
    assert sorted(gaps) == [-5, -4, -3, -2, 0, 1, 2]
    assert all(gaps[period].low > 0 for period in (0, 1, 2))
    assert all(gaps[period].holds_zero for period in (-4, -3, -2))
    assert did.placebo(panel, treated, 5, level=0.99).holds_zero


def test_the_error_of_group_time_effects_is_that_of_a_difference_of_means() -> None:
    rng = RNG(6)
    start = np.where(np.arange(400) < 150, 2, 0)
    panel = rng.standard_normal((400, 4)).cumsum(axis=1)
    found = group_time_effects(panel, start, [1, 2, 3, 4])
    one = next(cell for cell in found.effects if cell.time == 3)
    plain = did.difference_in_differences(panel[:, 0], panel[:, 2], start == 2)
    assert one.effect.estimate == pytest.approx(plain.estimate)
    assert one.effect.low == pytest.approx(plain.low, abs=0.01)


def test_intervals_of_the_averages_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(150):
        rng = RNG(seed)
        start = rng.choice([0, 3, 4], 120)
        after = (start[:, None] > 0) & (np.arange(1, 7) >= start[:, None])
        panel = rng.standard_normal((120, 6)) + rng.standard_normal((120, 1)) + 1.0 * after
        found = group_time_effects(panel, start, range(1, 7))
        held += [one.low <= 1.0 <= one.high for one in (found.dynamic, found.grouped)]
    assert 0.85 <= np.mean(held) <= 0.95


def test_units_treated_from_the_first_period_on_are_left_out() -> None:
    rng = RNG(7)
    panel, start = rng.standard_normal((30, 4)), np.repeat([0, 1, 3], 10)
    found = group_time_effects(panel, start, [1, 2, 3, 4])
    assert {one.group for one in found.effects} == {3}
    assert found.dynamic.n == 20


@pytest.mark.parametrize(
    "call",
    [
        lambda: did.welch([1, 1], [2, 2]),
        lambda: did.difference_in_differences([1, 2], [1], [1, 0]),
        lambda: did.event_study(np.zeros((3, 3)), [1, 0, 0], 3),
        lambda: did.event_study(np.zeros((3, 3)), [1, 1, 1], 1),
        lambda: did.pre_trend(np.zeros((3, 3)), [1, 0, 0], 1, rng=RNG(0)),
        lambda: did.placebo(np.zeros((3, 3)), [1, 0, 0], 1),
        lambda: group_time_effects(np.zeros((3, 2)), [2, 2, 2], [1, 2]),
        lambda: group_time_effects(np.full((3, 2), np.nan), [2, 0, 0], [1, 2]),
        lambda: group_time_effects(np.zeros((3, 3)), [2, 0, 0], [1, 2]),
    ],
)
def test_panels_that_cannot_tell_are_refused(call) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each for a reason of its own
        call()
