"""Sentences of the cross-examination: no direction without a range that shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.facts import Interval
from cxdash.facts.wording import (
    again,
    cause_words,
    direction_words,
    examined,
    examined_open,
)

GIVEN = "With each window by itself"
REAL = st.floats(-1, 1, allow_nan=False)


def test_a_difference_looked_at_again_is_said_with_its_range() -> None:
    said = again(GIVEN, difference=Interval(0.03, 0.07), estimate=0.05, unit="share", expected=0.06)
    assert said == (
        "With each window by itself, the difference is 5.0 percentage points (range 3.0–7.0)."
    )


def test_a_difference_of_the_other_sign_is_said_to_point_the_other_way() -> None:
    said = again(
        GIVEN, difference=Interval(-0.07, -0.03), estimate=-0.05, unit="share", expected=0.06
    )
    assert "points the other way: 5.0 percentage points" in said


def test_an_open_difference_gives_its_range_and_too_few_are_said_to_be_too_few() -> None:
    said = again(
        GIVEN, difference=Interval(-0.01, 0.05), estimate=0.02, unit="share", expected=0.06
    )
    assert said == (
        "With each window by itself, the difference lies anywhere in the range −1 to 5 percentage "
        "points."
    )
    too_few = again(GIVEN, difference=None, estimate=None, unit="share", expected=0.06)
    assert too_few == "With each window by itself, there are too few to tell."


@given(REAL, REAL, REAL, REAL)
def test_no_reply_claims_a_direction_or_a_cause(
    one: float, two: float, at: float, own: float
) -> None:
    low, high = sorted((one, two))
    said = again(GIVEN, difference=Interval(low, high), estimate=at, unit="share", expected=own)
    assert not direction_words(said)
    assert not cause_words(said)


def test_how_many_ways_hold_is_counted_out() -> None:
    assert examined(41, 47, 48) == (
        "The claim holds in 41 of 48 defensible ways of computing it; in 47 it points the same way."
    )
    assert examined(48, 48, 48) == "The claim holds in all 48 defensible ways of computing it."
    assert "holds in none of 48" in examined(0, 30, 48)
    assert "in all it points" in examined(40, 48, 48)
    assert "only one" in examined(1, 1, 1)
    for wrong in ((5, 4, 10), (1, 11, 10), (0, 0, 0)):
        with pytest.raises(ValueError, match="do not add up"):
            examined(*wrong)


def test_of_an_open_claim_it_is_counted_where_a_difference_shows_and_which_way() -> None:
    rates = {"first": "A", "second": "B", "did": "left"}
    assert examined_open(12, 1, 48, **rates) == (
        "In 13 of 48 defensible ways of computing it a difference beyond noise shows: in 12 A left "
        "more often than B, in 1 less often."
    )
    assert examined_open(0, 1, 48, **rates).endswith("shows: in that one A left less often than B.")
    spend = {"first": "A", "second": "B", "measure": "the change of spend"}
    assert examined_open(3, 0, 48, **spend).endswith(
        "in all of them the change of spend is higher for A than for B."
    )
    assert examined_open(0, 0, 48, **spend) == (
        "In none of 48 defensible ways of computing it a difference beyond noise shows."
    )
    assert "only one" in examined_open(0, 0, 1, **spend)
    for above, below, ways in ((-1, 4, 10), (6, 5, 10), (0, 0, 0)):
        with pytest.raises(ValueError, match="do not add up"):
            examined_open(above, below, ways, **rates)
