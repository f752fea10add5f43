"""The grammar of goals and of the room: no direction where a range holds zero, as typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.facts import Fact, Interval, Method, wording_goals, wording_room
from cxdash.facts.words import cause_words, direction_words

ENDS = st.floats(-0.9, 0.9, allow_nan=False)


def fact(value=0.18, low=0.16, high=0.20, unit="share", definition="logo_churn", why=()):
    return Fact(
        id="goals.goal-1",
        label="lost",
        value=value,
        interval=None if value is None else Interval(low, high),
        unit=unit,
        method=Method(description="counted"),
        n=100,
        population="all",
        period="a year",
        definition=definition,
        caveats=why,
    )


def test_a_clear_move_is_said_with_its_size_and_its_range():
    said = wording_goals.since("customers lost", fact(), 0.22, Interval(-0.06, -0.02))
    assert said == (
        "Customers lost improved from 22% to 18.0%, by 4.0 percentage points (range 2.0–6.0), "
        "since the goal was set."
    )


def test_which_way_is_better_comes_from_the_definition():
    kept = fact(definition="grr")
    assert " worsened " in wording_goals.since("revenue kept", kept, 0.22, Interval(-0.06, -0.02))


def test_a_figure_that_is_not_known_says_why():
    gone = fact(None, why=("Cannot be worked out: no year.",))
    assert wording_goals.since("lost", gone, 0.2, None).startswith("Cannot tell whether lost moved")
    assert wording_goals.reached("lost", gone, 0.2, "cannot tell").startswith("Cannot tell whether")


@given(one=ENDS, other=ENDS, start=st.floats(0.01, 0.99))
def test_no_direction_is_said_where_the_range_holds_zero(one, other, start):
    low, high = sorted((one, other))
    now = fact((low + high) / 2 + start, low + start, high + start)
    said = wording_goals.since("customers lost", now, start, Interval(low, high))
    if low <= 0 <= high:
        assert direction_words(said) == ()


@pytest.mark.parametrize(
    ("verdict", "begins"),
    [
        ("met", "The target of 17% is met: lost is 18.0%"),
        ("not met", "The target of 17% is not met: lost is 18.0%"),
        ("cannot tell", "Cannot tell whether the target of 17% is met: lost is 18.0%"),
    ],
)
def test_a_target_is_told_by_its_verdict(verdict, begins):
    assert wording_goals.reached("lost", fact(), 0.17, verdict).startswith(begins)


def test_saying_and_doing_are_set_beside_each_other():
    assert wording_goals.gap(0, (), ()) == ""
    assert wording_goals.gap(1, (), ()).startswith("The goal the strategy puts first has money")
    both = wording_goals.gap(3, ("Grow with them",), ("Grow with them", "Answer"))
    assert both == (
        "Of 3 goals the strategy puts first, 1 has no money behind it: “Grow with them”; nobody is "
        "at work on 2: “Grow with them” and “Answer”."
    )


def test_what_typed_names_claim_stays_in_quotes():
    said = wording_room.again([("Grow “faster” now", "the day has come: 1 May 2026")])
    assert direction_words(said) == ()
    assert said.startswith("Ask again now: “Grow ")


def test_a_step_that_may_be_nothing_cannot_be_told_as_one():
    with pytest.raises(ValueError, match="may be nothing"):
        wording_room.step("lost", fact(0.01, -0.01, 0.03), 0.02, 0.03, date(2026, 3, 1))
    with pytest.raises(ValueError, match="may be nothing"):
        wording_room.waiting(fact(5.0, -1.0, 11.0, unit="USD"))


def test_a_step_is_told_with_its_month():
    step = fact(0.015, 0.008, 0.022, definition="monthly_step")
    said = wording_room.step("Customers lost in a month", step, 0.014, 0.029, date(2026, 3, 1))
    assert said.startswith("Customers lost in a month rose from 1.4% to 2.9%, a step of 1.5 ")
    assert said.endswith("since March 2026.")


def test_a_board_without_anything_pressing_says_so():
    assert wording_room.pressing([], 5).startswith("Nothing presses: of 5 sources of urgency")
    assert wording_room.pressing([], 0) == "Nothing is loaded yet, so nothing can press."


def test_a_board_of_which_nothing_can_be_told_is_no_all_clear():
    assert wording_room.pressing([], 5, 5).startswith("Cannot tell whether anything presses")
    some = wording_room.pressing([], 5, 2)
    assert some.startswith("Nothing presses of what can be told: 2 of 5 sources")


def test_a_goal_whose_day_is_still_to_come_is_not_missed() -> None:
    assert "2 are not met." in wording_goals.served(3, 2, 0, 2)
    assert "2 are not met yet; the day of those" in wording_goals.served(3, 2, 0, 2, 2)
    assert "2 are not met; the day of 1 of those" in wording_goals.served(3, 2, 0, 2, 1)


def test_what_waiting_loses_is_no_cause() -> None:
    said = wording_room.waiting(fact(10.0, 2.0, 17.0, unit="USD"))
    assert "goes with unhappy customers" in said
    assert not cause_words(said)
