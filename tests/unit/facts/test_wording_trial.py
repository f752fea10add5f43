"""Sentences for metrics on trial: a direction only where the interval has one."""

import numpy as np
import pytest

from cxdash.facts import Interval, wording
from cxdash.facts.words import cause_words, direction_words


@pytest.mark.parametrize(
    ("names", "metrics", "said"),
    [
        (
            ("NPS", "Billing", "CES"),
            9,
            "3 of 9 metrics earned their place: NPS, Billing and CES tell it.",
        ),
        (("NPS",), 9, "1 of 9 metrics earned its place: NPS tell it."),
        ((), 9, "None of 9 metrics has earned its place yet."),
        ((), 1, "The only metric has not earned its place yet."),
    ],
)
def test_how_many_earned_their_place(names, metrics, said):
    assert wording.earned(names, metrics, told="tell it") == said


def test_a_metric_named_like_a_claim_is_quoted():
    said = wording.earned(["Growth"], 2, told="tell it")
    assert "“Growth”" in said
    assert not direction_words(said)


@pytest.mark.parametrize(
    ("own", "together", "apart", "said"),
    [
        (
            (),
            3,
            0,
            (
                "They carry largely one signal: none tells anything beyond noise that the others "
                "do not, so one of them may do."
            ),
        ),
        (
            ("NPS",),
            8,
            0,
            "They carry largely one signal: beside the others only NPS tells something of its own.",
        ),
        (
            ("NPS", "CES"),
            3,
            0,
            (
                "They overlap: beside the others NPS and CES tell something of their own, the rest "
                "nothing beyond noise."
            ),
        ),
        (("NPS", "CES", "CSAT"), 3, 0, "They each tell something the others do not."),
        (("NPS", "CES"), 2, 0, "They each tell something the other does not."),
        (
            ("NPS", "CES"),
            2,
            1,
            (
                "The 2 held together each tell something the other does not. For 1 other that "
                "works there are too few data to tell."
            ),
        ),
    ],
)
def test_whether_metrics_that_work_tell_one_thing_or_several(own, together, apart, said):
    assert wording.overlap(own, together, apart=apart) == said
    assert not direction_words(said)
    assert not cause_words(said)


def test_metrics_that_tell_the_same_thing_are_not_praised_before_that_is_said():
    said = wording.alike(["NPS", "CES", "CSAT"], 9, told="tell beforehand who leaves")
    assert said == (
        "3 of 9 metrics tell beforehand who leaves, but they tell the same thing: held beside each "
        "other, none adds anything beyond noise to the others, so one of them may do. They are "
        "NPS, CES and CSAT."
    )
    assert "earned" not in said
    assert not direction_words(said)
    assert not cause_words(said)
    said = wording.alike(["NPS", "CES", "CSAT"], 9, told="tell beforehand who leaves", apart=1)
    assert "the 2 that could be held beside each other tell the same thing" in said
    assert said.endswith("For 1 of them there are too few data to hold it beside the others.")


@pytest.mark.parametrize(("names", "metrics", "apart"), [(1, 3, 0), (3, 2, 0), (2, 3, 1)])
def test_metrics_that_tell_the_same_thing_add_up(names, metrics, apart):
    with pytest.raises(ValueError, match="add up"):
        wording.alike(["a"] * names, metrics, told="tell x", apart=apart)


@pytest.mark.parametrize(("own", "together", "apart"), [(1, 1, 0), (3, 2, 0), (1, 2, -1)])
def test_metrics_held_together_add_up(own, together, apart):
    with pytest.raises(ValueError, match="add up"):
        wording.overlap(["a"] * own, together, apart=apart)


@pytest.mark.parametrize(("units", "judged"), [(3, 2), (-1, 2), (0, 0)])
def test_counts_that_do_not_add_up_are_refused(units, judged):
    with pytest.raises(ValueError, match="add up"):
        wording.to_check(units, judged, "CSAT")
    with pytest.raises(ValueError, match="add up"):
        wording.earned(["a", "b", "c"], 2, told="x")


def test_units_are_to_be_checked_and_nobody_is_accused():
    assert wording.to_check(1, 14, "CSAT") == (
        "1 of 14 units should be checked: its best answers to CSAT do not fit with the rest."
    )
    assert wording.to_check(0, 14, "CSAT") == (
        "No unit of 14 stands out by its best answers to CSAT."
    )


def step(low, high, *, spent=False, upward=True):
    return wording.step(
        "NPS", "2 points", upward=upward, did="left within 6 months",
        difference=Interval(low, high), estimate=(low + high) / 2, spent=spent,
        held_constant="figures of finance",
    )  # fmt: skip


def test_a_step_is_told_with_its_direction_where_there_is_one():
    assert step(-0.02, -0.01) == (
        "Customers with NPS 2 points higher left less often within 6 months, given the same "
        "figures of finance, by 1.5 percentage points (range 1.0–2.0)."
    )
    assert " lower left more often " in step(0.01, 0.02, upward=False)
    assert " left more within " in step(0.01, 0.02, spent=True)


def test_without_a_clear_difference_no_word_of_direction_comes_out():
    rng = np.random.default_rng(1)
    for _ in range(500):
        low, high = -abs(rng.normal()) / 10, abs(rng.normal()) / 10
        said = step(low, high, spent=bool(rng.integers(2)), upward=bool(rng.integers(2)))
        assert said.startswith("Cannot tell whether")
        assert not direction_words(said)
        assert not cause_words(said)
    assert "too little data" in wording.step(
        "NPS", "2 points", upward=True, did="left", difference=None, estimate=None
    )
