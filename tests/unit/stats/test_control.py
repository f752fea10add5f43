"""What a control chart calls a signal, and what it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.stats import control
from cxdash.stats.control import individuals, p_chart


def test_a_point_far_out_is_a_signal_and_the_others_are_not() -> None:
    quiet = [10.0, 11, 10, 9, 10, 11, 9, 10, 10, 11, 9, 10]
    chart = individuals([*quiet, 30.0, *quiet])
    assert np.flatnonzero(chart.outside).tolist() == [12]


@pytest.mark.parametrize(("length", "marked"), [(7, 0), (8, 8), (11, 11)])
def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not(
    length: int, marked: int
) -> None:
    """The ups and downs around the stretch keep the centre where it is and the limits wide."""
    stretch = [1.0] * length
    chart = individuals([*[-1.0, 1.0] * 20, -1.0, *stretch, *[-1.0, 1.0] * 20, *[-1.0] * length])
    assert chart.in_run[41 : 41 + length].sum() == marked
    assert not chart.in_run[:40].any()


def test_a_point_on_the_centre_line_belongs_to_neither_side() -> None:
    assert control._runs(np.zeros(20)).sum() == 0
    assert control._runs(np.r_[np.ones(5), 0.0, np.ones(5)]).sum() == 0


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=40), st.floats(0.1, 50))
def test_with_equal_errors_the_chart_is_the_plain_one(values: list[float], error: float) -> None:
    plain, scaled = individuals(values), individuals(values, [error] * len(values))
    assert scaled.centre == pytest.approx(plain.centre, abs=1e-6)
    assert scaled.low == pytest.approx(plain.low, abs=1e-6)
    assert scaled.high == pytest.approx(plain.high, abs=1e-6)


def test_a_month_of_few_answers_gets_wider_limits() -> None:
    chart = individuals([50.0, 48, 52, 51, 49, 50], [2.0, 2, 8, 2, 2, 2])
    width = chart.high - chart.low
    assert width[2] == pytest.approx(4 * width[0])


def test_when_nothing_happens_the_chart_hardly_ever_calls() -> None:
    """24 months of 300 answers: an arrow at one point calls 9 months in 10, the chart 1 in 50."""
    rng = np.random.default_rng(4)
    counts = rng.multinomial(300, [0.5, 0.3, 0.2], size=(300, 24))
    scores = (counts[..., 0] - counts[..., 2]) / 3.0
    called = np.mean([individuals(row).outside.mean() for row in scores])
    assert called < 0.03
    assert (np.abs(np.diff(scores)) >= 1).mean() > 0.8


def test_a_p_chart_stays_between_nothing_and_all() -> None:
    chart = p_chart([0, 1, 0, 2], [10, 10, 10, 10])
    assert chart.low.min() == 0
    assert p_chart([5, 9, 2, 7], [10, 20, 10, 20], laney=True).high.min() > 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: individuals([1.0]),
        lambda: individuals([1.0, 2.0], [1.0, 0.0]),
        lambda: individuals([1.0, 2.0], [1.0]),
        lambda: p_chart([3], [2]),
        lambda: control.range_chart(np.ones(4)),
        lambda: control.range_constants(1),
    ],
)
def test_what_cannot_be_charted_is_refused(call) -> None:
    with pytest.raises(ValueError, match=r"needs|at least"):
        call()
