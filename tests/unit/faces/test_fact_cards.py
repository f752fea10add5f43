"""A card says in words what a number rests on, also where only its range is known."""

from cxdash.faces.web.cards import in_words
from cxdash.facts import Fact, Interval, Method


def fact(value: float | None, interval: Interval | None) -> Fact:
    return Fact(
        id="nps.bounds",
        label="NPS",
        value=value,
        interval=interval,
        unit="points",
        method=Method(description="counted"),
        n=1_110,
        population="all customers",
        period="a year",
        definition="score_bounds",
        caveats=("57.2% of customers did not answer.",),
    )


def test_a_range_without_a_value_is_shown_with_its_reason() -> None:
    said = "Range: −49 to 65. 57.2% of customers did not answer. (1,110 observations)"
    assert in_words(fact(None, Interval(-49, 65, 0.999))) == said


def test_without_value_and_range_the_reason_stands_alone() -> None:
    assert in_words(fact(None, None)) == "57.2% of customers did not answer. (1,110 observations)"
