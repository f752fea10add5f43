"""Scores against published numbers, and intervals against exact coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash import stats

COUNTS = st.tuples(*(st.integers(0, 400) for _ in range(3))).filter(lambda c: sum(c) > 0)


def test_nps_of_answers_equals_nps_of_counts() -> None:
    answers = [0, 6, 6, 7, 8, 8, 9, 10, 10, 10]
    assert stats.nps(answers) == stats.nps_of_counts(4, 3, 3)
    assert stats.nps(answers).estimate == pytest.approx(10)
    assert stats.nps(answers).neutral == pytest.approx(0.3)


def test_the_textbook_interval_equals_the_r_package_nps() -> None:
    score = stats.nps_of_counts(50, 30, 20, level=0.95)
    assert score.variance == pytest.approx(0.61, abs=1e-12)
    assert score.standard_error == pytest.approx(7.810249676, abs=1e-8)
    assert (score.wald_low, score.wald_high) == pytest.approx((14.69219192, 45.30780808), abs=1e-7)


def test_the_textbook_difference_equals_the_r_package_nps() -> None:
    one, other = stats.nps_of_counts(90, 30, 30), stats.nps_of_counts(50, 30, 20)
    apart = stats.difference(
        one.estimate,
        one.standard_error,
        other.estimate,
        other.standard_error,
        n_first=one.n,
        n_second=other.n,
        level=0.95,
    )
    assert apart.p_value == pytest.approx(0.3260230464, abs=1e-8)
    assert (apart.low, apart.high) == pytest.approx((-9.955731785, 29.95573179), abs=1e-6)


def test_trap_a_a_difference_of_seven_is_noise() -> None:
    now, then = stats.nps_of_counts(52, 23, 12), stats.nps_of_counts(52, 27, 15)
    assert (round(now.estimate), round(then.estimate)) == (46, 39)
    assert now.standard_error == pytest.approx(7.8, abs=0.05)
    assert then.standard_error == pytest.approx(7.7, abs=0.05)
    apart = stats.difference(46, 7.8, 39, 7.7, n_first=87, n_second=94, level=0.95)
    assert (apart.high - apart.low) / 2 == pytest.approx(21.5, abs=0.05)
    assert apart.p_value == pytest.approx(0.52, abs=0.005)
    assert apart.holds_zero
    assert stats.nps_difference(now, then, level=0.95).holds_zero


@pytest.mark.parametrize(
    ("n", "half"), [(30, 27.9), (100, 15.3), (400, 7.7), (1_000, 4.8), (5_000, 2.2)]
)
def test_half_widths_for_half_promoters_and_a_fifth_detractors(n: int, half: float) -> None:
    score = stats.nps_of_counts(n // 2, n - n // 2 - n // 5, n // 5, level=0.95)
    assert (score.wald_high - score.wald_low) / 2 == pytest.approx(half, abs=0.06)


def coverage(n: int, good: float, bad: float) -> tuple[float, float]:
    """Exact probability that the textbook and the adjusted 95 % interval hold the true score."""
    truth, wald, adjusted = 100 * (good - bad), 0.0, 0.0
    for promoters in range(n + 1):
        for detractors in range(n - promoters + 1):
            passives = n - promoters - detractors
            logarithm = (
                math.lgamma(n + 1)
                - math.lgamma(promoters + 1)
                - math.lgamma(passives + 1)
                - math.lgamma(detractors + 1)
                + promoters * math.log(good)
                + detractors * math.log(bad)
                + passives * math.log(1 - good - bad)
            )
            score = stats.nps_of_counts(promoters, passives, detractors, level=0.95)
            chance = math.exp(logarithm)
            wald += chance * (score.wald_low <= truth <= score.wald_high)
            adjusted += chance * (score.low <= truth <= score.high)
    return wald, adjusted


@pytest.mark.parametrize(
    ("good", "bad", "n", "wald", "adjusted"),
    [
        (0.75, 0.05, 10, 0.781, 0.940),
        (0.90, 0.02, 10, 0.649, 0.928),
        (0.90, 0.02, 20, 0.876, 0.953),
    ],
)
def test_trap_b_small_samples_need_the_adjusted_interval(
    good: float, bad: float, n: int, wald: float, adjusted: float
) -> None:
    assert coverage(n, good, bad) == pytest.approx((wald, adjusted), abs=0.005)


@pytest.mark.parametrize(("good", "bad"), [(0.5, 0.2), (0.75, 0.05), (0.3, 0.4)])
def test_the_adjusted_interval_covers_as_it_says(good: float, bad: float) -> None:
    for n in (20, 60, 200):
        assert 0.93 <= coverage(n, good, bad)[1] <= 0.97


def test_the_interval_of_a_difference_covers_as_it_says() -> None:
    rng = np.random.default_rng(7)
    shares, truth = ([0.75, 0.20, 0.05], [0.5, 0.3, 0.2]), 70 - 30
    for n in (12, 40):
        first, second = (rng.multinomial(n, p, size=2_000) for p in shares)
        held = 0
        for one, other in zip(first, second, strict=True):
            apart = stats.nps_difference(stats.nps_of_counts(*one), stats.nps_of_counts(*other))
            held += apart.low <= truth <= apart.high
        assert 0.88 <= held / 2_000 <= 0.93


@given(COUNTS)
def test_an_interval_holds_its_estimate_and_stays_on_the_scale(counts: tuple[int, ...]) -> None:
    score = stats.nps_of_counts(*counts)
    assert -100 <= score.low <= score.estimate <= score.high <= 100
    assert score.low < score.high


@given(COUNTS, COUNTS)
def test_a_difference_turned_around_changes_only_its_sign(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    a, b = stats.nps_of_counts(*one), stats.nps_of_counts(*other)
    forth, back = stats.nps_difference(a, b), stats.nps_difference(b, a)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))
    assert forth.p_value == pytest.approx(back.p_value)
    if forth.p_value > 1 - forth.level + 1e-9:
        assert forth.holds_zero


def test_the_same_customers_asked_twice_are_compared_with_themselves() -> None:
    before = [10, 10, 9, 8, 7, 6, 5, 9, 3, 8]
    after = [10, 10, 9, 9, 7, 7, 5, 9, 3, 8]  # two moved one step
    apart = stats.nps_paired_difference(before, after)
    assert apart.estimate == pytest.approx(20)
    assert apart.paired
    # mean 0.2, standard deviation 0.4216, t(9, 0.95) = 1.8331: half width 0.2444
    assert (apart.high - apart.low) / 2 == pytest.approx(24.44, abs=0.01)
    assert apart.holds_zero == (apart.p_value >= 0.10)
    apart_as_groups = stats.nps_difference(stats.nps(after), stats.nps(before))
    assert apart_as_groups.high - apart_as_groups.low > apart.high - apart.low


def test_nobody_moved_is_not_certainty() -> None:
    apart = stats.nps_paired_difference([9, 7, 3], [9, 7, 3])
    assert apart.low < 0 < apart.high
    assert apart.p_value == pytest.approx(1)


def test_a_planned_survey_finds_what_it_was_planned_for() -> None:
    n = stats.answers_needed(7, 0.529, 0.557, level=0.95)
    assert n == math.ceil((100 * (1.959963985 + 0.841621234) / 7) ** 2 * (0.529 + 0.557))
    found = stats.detectable_difference(0.529, n, 0.557, n, level=0.95)
    assert found == pytest.approx(7, abs=0.01)


def test_average_scores() -> None:
    answers = stats.mean_score([2, 4, 4, 4, 5, 5, 7, 9], level=0.95)
    # mean 5, standard deviation 2.13809, t(7, 0.975) = 2.36462: half width 1.7875
    assert (answers.low, answers.high) == pytest.approx((5 - 1.7875, 5 + 1.7875), abs=1e-4)
    agreed = stats.mean_score([5, 5, 5])
    assert agreed.low < 5 < agreed.high


def test_a_net_share_counts_from_its_own_limits() -> None:
    score = stats.net_share([7, 6, 5, 3, 1], good_from=6, bad_to=3)
    assert (score.good, score.neutral, score.bad) == (0.4, 0.2, 0.4)
    with pytest.raises(ValueError, match="start above bad ones"):
        stats.net_share([1, 2], good_from=3, bad_to=3)


@pytest.mark.parametrize("answers", [[], [11], [-1], [7.5], [math.nan], [math.inf]])
def test_what_is_no_answer_is_refused(answers: list[float]) -> None:
    with pytest.raises(ValueError, match="NPS"):
        stats.nps(answers)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="difference of zero"):
        stats.answers_needed(0, 0.5, 0.5)
    with pytest.raises(ValueError, match="not negative"):
        stats.nps_of_counts(-1, 2, 3)
    with pytest.raises(ValueError, match="level"):
        stats.nps_of_counts(1, 2, 3, level=1.0)
    with pytest.raises(ValueError, match="3 answers before but 2 after"):
        stats.nps_paired_difference([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="above zero"):
        stats.difference(1, 0, 2, 0, n_first=1, n_second=1)
    with pytest.raises(ValueError, match="2 answers but 1 mentions"):
        stats.theme_impact([1, 2], [True])
