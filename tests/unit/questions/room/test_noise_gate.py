"""The noise gate card by card: chance, season, limits and age each keep a card from pressing."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cxdash.questions.room.gate import Card, judged, of_series
from cxdash.questions.room.series import Series
from cxdash.stats.shifts import Shift

STEP = Shift(
    start=24,
    before=0.02,
    after=0.04,
    difference=0.02,
    low=0.01,
    high=0.03,
    p_value=0.001,
    beyond_limits=True,
    like_last_year=False,
    carried_over=0.0,
    points=30,
    after_points=6,
    level=0.9,
)


def card(p_value=0.001, low=0.01, high=0.03, **step):
    found = replace(STEP, **step)
    return Card(
        name="customers",
        label="Customers lost",
        definition="monthly_loss",
        unit="share",
        of="customers",
        value=found.difference,
        low=low,
        high=high,
        before=found.before,
        after=found.after,
        p_value=p_value,
        step=found,
    )


@pytest.mark.parametrize(
    ("made", "verdict", "why"),
    [
        (card(), "urgent", "beyond its control limits"),
        (card(like_last_year=None), "urgent", "a season cannot be ruled out"),
        (card(like_last_year=True), "not urgent", "it is the season"),
        (card(beyond_limits=False), "not urgent", "ordinary ups and downs"),
        (card(p_value=0.2, low=-0.01, high=0.005), "not urgent", "no large step can hide"),
        (card(p_value=0.2, low=-0.01, high=0.03), "cannot tell", "up to 3 percentage points"),
        (card(low=-0.001), "cannot tell", "could hide"),
    ],
)
def test_each_test_alone_can_keep_a_card_quiet(made, verdict, why):
    (found,) = judged([made])
    assert found.verdict == verdict
    assert why in found.why


def test_the_more_cards_are_looked_at_the_more_each_has_to_show():
    alone = judged([card(p_value=0.02)])
    among = judged([card(p_value=0.02), *[replace(card(0.9), name=f"c{n}") for n in range(3)]])
    assert alone[0].verdict == "urgent"
    assert among[0].verdict != "urgent"
    assert among[0].p_adjusted == pytest.approx(0.08)


def test_too_few_months_cannot_tell_and_say_how_many_are_needed():
    months = np.full(5, 0.1)
    few = Series(tuple(range(24_313, 24_318)), months, months, months, months)
    (found,) = judged([of_series(replace(card(), p_value=None, step=None), few, date(2026, 7, 1))])
    assert found.verdict == "cannot tell"
    assert found.why == "5 months are known, 12 are needed"
