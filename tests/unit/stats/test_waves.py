"""The difference of two waves, from nobody in both to everybody in both."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxdash import stats
from cxdash.stats.paired import paired_mean_difference
from cxdash.stats.waves import change_of_waves, later_answers_needed, wave

NAN = np.nan


def apart(before, after):
    """Two waves without a person in common."""
    return np.r_[before, np.full(len(after), NAN)], np.r_[np.full(len(before), NAN), after]


def points(promoters, passives, detractors):
    return np.repeat([100.0, 0.0, -100.0], [promoters, passives, detractors])


def test_independent_waves_of_a_net_share_are_those_of_two_nps() -> None:
    found = change_of_waves(*apart(points(52, 27, 15), points(52, 23, 12)), "net", level=0.95)
    known = stats.nps_difference(
        stats.nps_of_counts(52, 23, 12), stats.nps_of_counts(52, 27, 15), level=0.95
    )
    assert (found.difference.low, found.difference.high) == pytest.approx((known.low, known.high))
    assert found.difference.p_value == pytest.approx(known.p_value)
    assert (found.both, found.correlation) == (0, 0)


def test_independent_waves_of_a_share_are_newcombes() -> None:
    before = np.r_[np.ones(48), np.zeros(32)]
    after = np.r_[np.ones(56), np.zeros(14)]
    found = change_of_waves(*apart(before, after), "share", level=0.95).difference
    known = stats.share_difference(56, 70, 48, 80, level=0.95)
    assert (found.low, found.high) == pytest.approx((known.low, known.high))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert found.p_value == pytest.approx(known.p_value, abs=1e-9)


def test_the_same_people_asked_twice_have_the_paired_error() -> None:
    rng = np.random.default_rng(1)
    before = rng.normal(5, 2, 200)
    after = before + rng.normal(0.3, 1, 200)
    found = change_of_waves(before, after, "mean")
    known = paired_mean_difference(after, before)
    assert found.error == pytest.approx(np.std(after - before, ddof=1) / math.sqrt(200))
    assert (found.difference.low, found.difference.high) == pytest.approx(
        (known.low, known.high), abs=1e-9
    )
    assert found.difference.paired


def test_overlap_narrows_the_range_and_the_error_is_right_on_average() -> None:
    """Of 300 and 300 people 200 are the same; opinions are stable at a correlation of 0.7."""
    rng = np.random.default_rng(2)
    gaps, errors, alone = [], [], []
    for _ in range(400):
        attitude = rng.normal(0, 1, 400)
        first = np.where(rng.normal(attitude, 0.65) > 0, 100.0, -100.0)
        second = np.where(rng.normal(attitude, 0.65) > 0, 100.0, -100.0)
        first[:100], second[-100:] = NAN, NAN
        found = change_of_waves(first, second, "net")
        gaps.append(found.difference.estimate)
        errors.append(found.error)
        alone.append(math.hypot(found.before.error, found.after.error))
        assert found.both == 200
    assert np.mean(errors) == pytest.approx(np.std(gaps), rel=0.08)
    assert np.mean(errors) < 0.9 * np.mean(alone)


@pytest.mark.parametrize(
    ("kind", "chances"),
    [("net", [0.5, 0.3, 0.2]), ("net", [0.85, 0.1, 0.05]), ("share", [0.9, 0.0, 0.1])],
)
@pytest.mark.parametrize("size", [20, 100])
def test_ninety_percent_ranges_hold_no_change_nine_times_in_ten(kind, chances, size) -> None:
    rng = np.random.default_rng(size)
    values = np.array([100.0, 0.0, -100.0]) if kind == "net" else np.array([1.0, 0.5, 0.0])
    held = 0
    for _ in range(300):
        first, second = rng.choice(values, (2, size), p=chances)
        same = rng.random(size) < 0.5
        second[: size // 2][same[: size // 2]] = first[: size // 2][same[: size // 2]]
        first[size // 2 :][: size // 4] = NAN
        held += change_of_waves(first, second, kind).difference.holds_zero
    assert 0.85 <= held / 300 <= 0.97


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.sampled_from([100.0, 0.0, -100.0, NAN])] * 2), min_size=8, max_size=60
    ).filter(lambda rows: all(sum(not math.isnan(row[at]) for row in rows) >= 2 for at in (0, 1)))
)
def test_gate_and_interval_never_disagree(rows) -> None:
    before, after = np.array(rows).T
    found = change_of_waves(before, after, "net").difference
    assert found.low <= found.estimate <= found.high
    assert math.isfinite(found.low)
    assert 0 <= found.p_value <= 1
    if found.low > 0 or found.high < 0:
        assert found.p_value <= 0.1 + 1e-6


def test_people_who_all_repeat_themselves_do_not_make_the_range_a_point() -> None:
    same = points(20, 10, 5)
    found = change_of_waves(same, same, "net")
    assert found.difference.high > 0 > found.difference.low
    assert found.error == pytest.approx(100 / math.sqrt(35 * 36))


def test_one_person_in_both_hardly_matters() -> None:
    before, after = apart(points(50, 30, 20), points(50, 30, 20))
    one = change_of_waves(before, after, "net")
    before[-1] = after[-1]
    assert change_of_waves(before, after, "net").error == pytest.approx(one.error, rel=0.02)


def test_the_smallest_readable_change_is_seen_four_times_in_five() -> None:
    rng = np.random.default_rng(6)
    plain = change_of_waves(*apart(points(50, 30, 20), points(50, 30, 20)), "net")
    move = plain.smallest_readable() / 200
    seen = 0
    for _ in range(400):
        first = rng.choice([100.0, 0.0, -100.0], 100, p=[0.5, 0.3, 0.2])
        second = rng.choice([100.0, 0.0, -100.0], 100, p=[0.5 + move, 0.3, 0.2 - move])
        seen += change_of_waves(*apart(first, second), "net").difference.low > 0
    assert 0.74 <= seen / 400 <= 0.88


def test_more_people_are_needed_for_a_smaller_change_and_fewer_if_they_are_the_same() -> None:
    rng = np.random.default_rng(7)
    loose = change_of_waves(*apart(points(50, 30, 20), points(50, 30, 20)), "net")
    assert loose.needed(5) == pytest.approx(4 * loose.needed(10), rel=0.01)
    assert loose.needed(10) == stats.answers_needed(10, 0.61, 0.61)
    first = rng.choice([100.0, 0.0, -100.0], 200)
    second = np.where(rng.random(200) < 0.8, first, 0.0)
    assert change_of_waves(first, second, "net").needed(10) < loose.needed(10)
    with pytest.raises(ValueError, match="zero"):
        loose.needed(0)


def test_waiting_helps_only_if_the_earlier_wave_is_large_enough() -> None:
    small, large = wave(points(15, 9, 6), "net"), wave(points(500, 300, 200), "net")
    assert later_answers_needed(5, small, large) is None
    later = later_answers_needed(12, large, small)
    reach = 1.6449 + 0.8416
    assert later is not None
    assert reach**2 * (large.variance / large.n + small.variance / later) == pytest.approx(
        144, rel=0.01
    )


@pytest.mark.parametrize(
    ("values", "kind"), [([5.0], "mean"), ([50.0, 101.0], "net"), ([0.5, 1.5], "share")]
)
def test_what_is_no_wave_is_refused(values, kind) -> None:
    with pytest.raises(ValueError, match=r"wave|lie between"):
        wave(np.array(values), kind)


def test_shares_of_several_answers_count_for_more_than_one_yes_or_no() -> None:
    fractions = wave(np.tile([0.4, 0.6], 25), "share")
    yes_no = wave(np.tile([0.0, 1.0], 25), "share")
    assert fractions.high - fractions.low < 0.5 * (yes_no.high - yes_no.low)
