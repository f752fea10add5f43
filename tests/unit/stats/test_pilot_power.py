"""A pilot sees what it says it can see, as often as it says."""

import numpy as np
import pytest
from scipy.stats import t as student

from cxdash.stats.pilot_power import (
    Bar,
    detectable_mean,
    detectable_share,
    needed_for_mean,
    needed_for_share,
)
from cxdash.stats.proportions import customers_needed


@pytest.mark.parametrize(("base", "fall"), [(0.10, 0.02), (0.20, 0.05), (0.05, 0.01)])
def test_with_equal_groups_the_number_needed_is_the_textbooks(base: float, fall: float) -> None:
    textbook = customers_needed(base, base - fall, level=0.95, power=0.80)
    assert needed_for_share(base, fall, Bar()) == pytest.approx(2 * textbook, abs=2)


def test_the_number_needed_sees_just_the_difference_it_was_asked_for() -> None:
    total = needed_for_share(0.12, 0.04, Bar(), treated_share=0.3) or 0
    seen = detectable_share(0.12, round(0.3 * total), round(0.7 * total), Bar())
    assert seen == pytest.approx(0.04, abs=0.0003)


def test_few_customers_cannot_see_even_that_nobody_leaves() -> None:
    assert detectable_share(0.02, 30, 30, Bar()) is None
    assert needed_for_share(0.02, 0.03, Bar()) is None


def test_more_looks_need_a_larger_effect() -> None:
    once = detectable_share(0.12, 400, 400, Bar()) or 0
    four = detectable_share(0.12, 400, 400, Bar(looks=4)) or 0
    assert once < four < 1.1 * once


def test_six_regions_need_more_than_six_customers_of_six_hundred() -> None:
    few = detectable_mean(1.0, 3, 3, Bar()) or 0
    as_if_many = (1.959964 + 0.841621) * (2 / 3) ** 0.5
    assert few > 1.3 * as_if_many


@pytest.mark.parametrize(("treated", "control"), [(5, 5), (40, 80)])
def test_the_power_for_means_is_within_three_points(treated: int, control: int) -> None:
    rng = np.random.default_rng(treated)
    effect = detectable_mean(2.0, treated, control, Bar()) or 0
    one = rng.normal(effect, 2.0, (4_000, treated))
    none = rng.normal(0.0, 2.0, (4_000, control))
    freedom = treated + control - 2
    pooled = (
        one.var(axis=1, ddof=1) * (treated - 1) + none.var(axis=1, ddof=1) * (control - 1)
    ) / freedom
    z = (one.mean(axis=1) - none.mean(axis=1)) / np.sqrt(pooled * (1 / treated + 1 / control))
    assert np.mean(np.abs(z) > student.isf(0.025, freedom)) == pytest.approx(0.80, abs=0.03)


def test_the_number_for_means_is_two_groups_of_the_textbooks() -> None:
    assert needed_for_mean(1.0, 0.5, Bar()) == pytest.approx(2 * 63, abs=1)
