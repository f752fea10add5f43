"""How strong an unmeasured cause would have to be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.stats import e_value
from cxdash.stats.sensitivity import (
    benchmark,
    e_value_of_interval,
    e_value_of_odds_ratio,
    partial_r2,
    risk_ratio_of_means,
    robustness_value,
    robustness_value_beyond_doubt,
    robustness_value_of_strength,
)

T = st.floats(-60, 60, allow_nan=False)
FREEDOM = st.integers(3, 200_000)


@given(T, FREEDOM)
def test_a_robustness_value_is_a_share_and_less_remains_beyond_doubt(
    t: float, freedom: int
) -> None:
    whole = robustness_value(t, freedom)
    assert 0 <= robustness_value_beyond_doubt(t, freedom) <= whole + 1e-12 <= 1 + 1e-12
    assert whole == pytest.approx(robustness_value(-t, freedom))


@given(st.floats(0.01, 30), st.integers(10, 10_000))
def test_a_cause_as_strong_as_the_robustness_value_leaves_nothing(t: float, freedom: int) -> None:
    value = robustness_value(t, freedom)
    if value > 0.99:
        return
    bias = math.sqrt(value * value / (1 - value)) * math.sqrt(freedom)
    assert bias == pytest.approx(t, rel=1e-6)


def test_an_estimate_within_its_doubt_needs_no_unmeasured_cause() -> None:
    assert robustness_value_beyond_doubt(1.2, 500, level=0.90) == 0.0
    assert robustness_value_beyond_doubt(1.7, 500, level=0.90) > 0.0


def test_the_second_form_of_the_robustness_value_joins_the_first() -> None:
    freedom = 5
    values = [
        robustness_value_beyond_doubt(t, freedom, level=0.95) for t in np.linspace(2, 20, 400)
    ]
    assert np.diff(values).min() >= -1e-9


def test_leaving_out_a_cause_biases_by_what_the_benchmark_says() -> None:
    """Drop one of two causes of equal strength: its twin as a benchmark foretells the estimate."""
    rng = np.random.default_rng(3)
    n = 200_000
    seen, unseen = rng.standard_normal((2, n))
    treatment = 0.4 * seen + 0.4 * unseen + rng.standard_normal(n)
    outcome = 1.0 * treatment + 0.5 * seen + 0.5 * unseen + rng.standard_normal(n)
    design = np.column_stack([np.ones(n), treatment, seen])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ outcome
    rest = outcome - design @ beta
    freedom = n - 3
    errors = np.sqrt(np.diag(inverse) * (rest @ rest) / freedom)
    own = np.cov(treatment, seen)
    t_cause = np.corrcoef(treatment, seen)[0, 1]
    assert own.shape == (2, 2)
    left = benchmark(
        float(beta[1]),
        float(errors[1]),
        freedom,
        cause_r2=float(t_cause**2),
        outcome_r2=partial_r2(float(beta[2] / errors[2]), freedom),
    )
    # Both causes measured, the effect is 1; the benchmark of an equal cause comes near it.
    assert float(beta[1]) > 1.15
    assert left.estimate == pytest.approx(1.0, abs=0.03)


def test_a_cause_many_times_the_benchmark_turns_the_sign_or_is_refused() -> None:
    over = benchmark(0.1, 0.02, 500, cause_r2=0.1, outcome_r2=0.1, times=3)
    assert over.estimate < 0
    for cause, outcome, times in ((0.6, 0.1, 1), (0.2, 0.6, 1), (0.1, 0.1, 20)):
        with pytest.raises(ValueError, match="would explain"):
            benchmark(0.1, 0.02, 500, cause_r2=cause, outcome_r2=outcome, times=times)


def test_e_values_of_intervals_and_odds_ratios() -> None:
    assert e_value_of_interval(0.9, 1.4) == 1.0
    assert e_value_of_interval(1.2, 1.4) == pytest.approx(e_value(1.2))
    assert e_value_of_interval(0.5, 0.8) == pytest.approx(e_value(0.8))
    assert e_value(0.8) == pytest.approx(1.81, abs=0.005)
    assert e_value_of_odds_ratio(4.0, rare=False) == pytest.approx(e_value(2.0))


def test_a_difference_of_half_a_spread_stands_for_a_risk_ratio_of_about_one_and_a_half() -> None:
    assert risk_ratio_of_means(0.5, 1.0) == pytest.approx(1.576, abs=0.001)
    assert risk_ratio_of_means(-2.0, 4.0) == pytest.approx(1 / 1.576, abs=0.001)


@pytest.mark.parametrize(
    "call",
    [
        lambda: partial_r2(math.nan, 3),
        lambda: partial_r2(1, 0),
        lambda: robustness_value(1, 10, share=0),
        lambda: robustness_value_beyond_doubt(1, 1),
        lambda: robustness_value_of_strength(-1),
        lambda: benchmark(1, 0, 10, cause_r2=0.1, outcome_r2=0.1),
        lambda: e_value_of_interval(2, 1),
        lambda: e_value_of_odds_ratio(0, rare=True),
        lambda: risk_ratio_of_means(1.0, 0.0),
    ],
)
def test_nonsense_is_refused(call) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each for a reason of its own
        call()
