"""What is said of pilots names no cause and no direction, and counts what it counts."""

import pytest

from cxdash.facts import Fact, Interval, Method, wording_pilots
from cxdash.facts.words import cause_words, direction_words


def test_a_pilot_too_small_says_what_it_sees_and_what_the_wanted_effect_takes() -> None:
    assert wording_pilots.cannot_answer(
        "Calls", customers=200, detectable=0.069, wanted=0.03, needed=1_010, unit="share"
    ) == (
        "The pilot “Calls” cannot answer: 200 customers detect only 6.9 percentage points; to show "
        "3 percentage points takes 1,010 customers together."
    )


def test_where_not_even_the_largest_effect_shows_no_size_is_named() -> None:
    said = wording_pilots.cannot_answer(
        "Calls", customers=40, detectable=None, wanted=0.05, needed=None, unit="share"
    )
    assert "would not show it even if nobody left, and no number of them shows" in said


def test_a_no_for_want_of_customers_says_how_many_satisfy_it() -> None:
    said = wording_pilots.would_satisfy("All accounts", wanted=0.04, needed=1_408, there_are=1_125)
    assert "4 percentage points in leaving takes 1,408 in both groups together" in said
    assert said.endswith("there are 1,125 customers.")


def test_the_tally_leaves_out_what_there_is_none_of() -> None:
    told = wording_pilots.tally({"scale it up": 1, "stop it": 2, "under way": 0})
    assert told == "Of 3 pilots: 1 scale it up, 2 stop it."


@pytest.mark.parametrize(("low", "said"), [(1_000.0, True), (-1_000.0, False)])
def test_money_is_said_only_where_its_range_leaves_zero_out(low: float, said: bool) -> None:
    fact = Fact(
        id="pilots.pilot_plan-1.per_customer_year",
        label="Won",
        value=3_200.0,
        interval=Interval(low, 5_400.0, 0.95),
        unit="USD",
        method=Method(description="by lot", randomised=True),
        n=295,
        population="customers of the pilot",
        period="2025",
        definition="pilot_value",
    )
    assert bool(wording_pilots.worth(fact)) is said


def test_what_a_plan_can_see_has_no_words_of_cause_or_direction() -> None:
    for said in (
        wording_pilots.can_answer("A", customers=545, detectable=0.04, unit="share"),
        wording_pilots.never_answers("A", units=6),
        wording_pilots.follows("stop it"),
    ):
        assert not cause_words(said)
        assert not direction_words(said)


def test_money_that_follows_and_does_not_show_in_what_was_paid_is_said_to() -> None:
    said = wording_pilots.paid_beside("Calls", 80.0, Interval(-80, 240, 0.95), "USD")
    assert said.endswith("(range −$80 to $240), which is not told from nothing.")
    assert wording_pilots.paid_beside("Calls", 80.0, Interval(10, 150), "USD").endswith("150).")
    money = Fact(
        id="x", label="x", value=2_400.0, unit="USD", interval=Interval(300, 4_400), n=10,
        method=Method(description="m"), population="p", period="q", definition="pilot_value",
    )  # fmt: skip
    assert wording_pilots.worth(money, shows=False).endswith("does not show it yet.")
    assert wording_pilots.worth(money).endswith("before any cost.")
