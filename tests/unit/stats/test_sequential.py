"""Bars for several looks at a running pilot."""

import numpy as np
import pytest

from cxdash.stats.sequential import MOST_LOOKS, crossing, obrien_fleming, peeking, pocock


def test_one_look_needs_the_usual_bar() -> None:
    assert pocock(1) == pytest.approx(1.959964, abs=1e-5)
    assert obrien_fleming(1) == pytest.approx((1.959964,), abs=1e-5)
    assert peeking(1, alpha=0.1) == pytest.approx(0.1, abs=1e-6)


def test_plans_keep_the_chance_of_a_false_alarm_they_promise() -> None:
    rng = np.random.default_rng(0)
    sums = rng.standard_normal((100_000, 4)).cumsum(axis=1) / np.sqrt(np.arange(1, 5))
    for bars in ([pocock(4, alpha=0.1)] * 4, obrien_fleming(4, alpha=0.1)):
        alarms = (np.abs(sums) > np.array(bars)).any(axis=1).mean()
        assert alarms == pytest.approx(0.1, abs=0.004)
        assert crossing(bars) == pytest.approx(0.1, abs=1e-6)


def test_bars_of_obrien_and_fleming_fall_and_peeking_costs_more_with_every_look() -> None:
    bars = obrien_fleming(6)
    assert list(bars) == sorted(bars, reverse=True)
    costs = [peeking(looks) for looks in (1, 2, 5, 20)]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    "call",
    [
        lambda: pocock(0),
        lambda: pocock(MOST_LOOKS + 1),
        lambda: pocock(3, alpha=0),
        lambda: crossing([]),
        lambda: crossing([1.0, -1.0]),
    ],
)
def test_plans_without_looks_or_bars_are_refused(call) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each for a reason of its own
        call()
