"""Numbers are printed in one way, with no digit the interval does not support."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash.errors import UsageError
from cxdash.facts import Fact, Interval, Method
from cxdash.facts.format import (
    count,
    counted,
    day,
    fact_interval,
    fact_text,
    fact_value,
    gap,
    listed,
    month,
    number,
    p_value,
    pair,
    spoken,
    spread,
)

UNITS = ["share", "points", "count", "months", "ratio", "score", "USD", "BRL", "JPY"]


def fact(value: float | None, unit: str, interval: Interval | None = None) -> Fact:
    return Fact(
        id="test.fact",
        label="Test",
        value=value,
        unit=unit,
        method=Method(description="counted"),
        n=10,
        population="all",
        period="2026",
        definition="customers",
        interval=interval,
        caveats=() if value is not None else ("Nothing is loaded.",),
    )


@pytest.mark.parametrize(
    ("value", "unit", "interval", "printed"),
    [
        (0.0812, "share", (0.063, 0.104), "8.1%"),
        (0.162, "share", (0.131, 0.197), "16%"),
        (0.38, "share", None, "38%"),
        (0.375, "share", None, "37.5%"),
        (0.07, "share", None, "7%"),
        (0.9999, "share", None, ">99.9%"),
        (0.0001, "share", None, "<0.1%"),
        (1.0, "share", None, "100%"),
        (0.0, "share", None, "0%"),
        (46.2, "points", (33, 59), "46"),
        (-9.6, "points", (-12, -7), "−10"),
        (1_240, "count", None, "1,240"),
        (1_243, "count", (900, 1_600), "1,200"),
        (6, "months", None, "6 months"),
        (1, "months", None, "1 month"),
        (0.6787, "months", None, "0.7 months"),
        (3.287, "ratio", None, "3.29"),
        (4.083, "score", (3.8, 4.4), "4.1"),
        (1_436_221, "USD", (900_000, 2_100_000), "$1.4 million"),
        (1_436_221, "EUR", None, "€1.4 million"),
        (412_300, "USD", (310_000, 530_000), "$410,000"),
        (-3_200, "USD", None, "−$3,200"),
        (6.5, "CHF", None, "CHF 6.50"),
        (2.4e9, "GBP", None, "£2.4 billion"),
        (950, "JPY", None, "¥950"),
    ],
)
def test_a_number_is_printed_with_its_unit(
    value: float, unit: str, interval: tuple[float, float] | None, printed: str
) -> None:
    given_interval = Interval(*interval) if interval else None
    assert number(value, unit, interval=given_interval) == printed


@pytest.mark.parametrize(
    ("low", "high", "unit", "printed"),
    [
        (0.08, 0.14, "share", "8–14%"),
        (0.063, 0.104, "share", "6.3–10.4%"),
        (-0.02, 0.09, "share", "−2% to 9%"),
        (33, 59, "points", "33–59"),
        (-14.4, 28.4, "points", "−14 to 28"),
        (900_000, 2_100_000, "USD", "$0.9–2.1 million"),
        (-900_000, 2_100_000, "USD", "−$0.9 to $2.1 million"),
        (310_000, 530_000, "BRL", "R$310,000–530,000"),
        (-310_000, 530_000, "EUR", "−€300,000 to €500,000"),
        (2.0, 5.0, "months", "2.0–5.0 months"),
        (0.0, 0.0, "share", "0%"),
    ],
)
def test_a_range_is_printed_once_with_its_unit(
    low: float, high: float, unit: str, printed: str
) -> None:
    assert spread(low, high, unit) == printed


def test_exact_money_is_printed_to_the_unit_and_short_money_fits_an_axis() -> None:
    assert fact_value(fact(1_428_603.4, "BRL")) == "R$1,428,603"
    assert number(1_428_603.4, "BRL", style="short") == "R$1.4m"
    assert number(412_000, "USD", style="short") == "$412k"


@pytest.mark.parametrize(
    ("value", "unit", "interval", "printed"),
    [
        (7, "points", (2, 12), "7 points"),
        (1, "points", (-5, 6), "1 point"),
        (0.101, "share", (0.06, 0.14), "10 percentage points"),
        (0.003, "share", (0.0004, 0.1), "0.30 percentage points"),
        (120_000, "USD", (60_000, 180_000), "$120,000"),
    ],
)
def test_a_difference_says_points_and_never_shrinks_to_zero(
    value: float, unit: str, interval: tuple[float, float], printed: str
) -> None:
    assert gap(value, unit, interval=Interval(*interval)) == printed


def test_a_fact_is_printed_with_its_doubt() -> None:
    doubted = fact(0.0812, "share", Interval(0.063, 0.104))
    assert fact_text(doubted) == "8.1% (range 6.3–10.4%)"
    assert fact_interval(fact(12, "count")) == "counted"
    assert fact_text(fact(12, "count")) == "12"
    assert fact_value(fact(None, "USD")) == "cannot tell"
    assert fact_interval(fact(None, "USD")) == ""


def test_a_range_without_a_value_is_said_to_hold_it_somewhere() -> None:
    bounds = fact(None, "points", Interval(-49.1, 65.2, 0.999))
    assert fact_value(bounds) == fact_text(bounds) == "somewhere in −49 to 65"
    assert fact_interval(bounds) == "−49 to 65"


@pytest.mark.parametrize(
    ("p", "printed"),
    [(0.52, "p = 0.52"), (0.0081, "p = 0.008"), (1e-9, "p < 0.001"), (1.0, "p = 1.00")],
)
def test_p_values(p: float, printed: str) -> None:
    assert p_value(p) == printed


def test_dates_and_counts() -> None:
    assert day(date(2026, 6, 30)) == "30 June 2026"
    assert month(date(2026, 6, 30)) == "June 2026"
    assert count(1_000_000) == "1,000,000"


def test_a_name_made_for_machines_is_said_in_words() -> None:
    assert spoken("product_quality") == "product quality"
    assert spoken("ces_after_support") == "CES after support"
    assert spoken("nps") == "NPS"


def test_an_unknown_language_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="Choose one of: en"):
        number(1, "count", locale="xx")
    with pytest.raises(ValueError, match="between 0 and 1"):
        p_value(1.2)


@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    width=st.floats(min_value=0, max_value=1e12),
    unit=st.sampled_from(UNITS),
)
def test_every_finite_number_is_printed_and_the_same_way_twice(
    value: float, width: float, unit: str
) -> None:
    low = min(max(value, -1e300), 1e300)
    interval = Interval(low, low + width)
    printed = number(low, unit, interval=interval)
    assert printed == number(low, unit, interval=interval)
    assert any(character.isdigit() for character in printed)
    assert "-" not in printed
    assert "−0%" not in printed
    assert number(value, unit)


@given(
    low=st.floats(min_value=-1e9, max_value=1e9),
    width=st.floats(min_value=1e-3, max_value=1e9),
    unit=st.sampled_from(["USD", "count"]),
)
def test_the_printed_ends_are_within_a_tenth_of_the_width(
    low: float, width: float, unit: str
) -> None:
    high = low + width
    text = spread(low, high, unit, style="exact" if unit == "count" else "words")
    if "illion" in text or width < 10:
        return
    ends = [float(part) for part in _plain(text)]
    assert abs(ends[0] - low) <= width / 10 + 0.5
    assert abs(ends[-1] - high) <= width / 10 + 0.5


def _plain(text: str) -> list[str]:
    bare = text.replace("$", "").replace(",", "").replace("−", "-").replace(" to ", "–")
    return bare.split("–")


def test_a_difference_of_shares_is_printed_in_percentage_points():
    fact = Fact(
        id="x.gap",
        label="Gap",
        value=-0.027,
        unit="share",
        method=Method(description="Counted."),
        n=100,
        population="all",
        period="2025",
        definition="churn_difference",
        interval=Interval(-0.036, -0.018),
    )
    assert fact_value(fact) == "−2.7 percentage points"
    assert fact_interval(fact) == "−3.6 to −1.8 percentage points"
    plain = replace(fact, definition="churn_rate", value=0.027, interval=Interval(0.018, 0.036))
    assert fact_value(plain) == "2.7%"


@pytest.mark.parametrize(
    ("parts", "said"), [(["a"], "a"), (["a", "b"], "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_names_stand_one_after_the_other(parts, said):
    assert listed(parts) == said


@pytest.mark.parametrize(
    ("n", "said"), [(0, "0 answers were"), (1, "1 answer was"), (1240, "1,240 answers were")]
)
def test_one_of_a_kind_is_said_in_the_singular(n, said):
    assert counted(n, "answer was", "answers were") == said


@pytest.mark.parametrize(
    ("first", "second", "unit", "said"),
    [
        (13.44, 3.9, "score", ("13.4", "3.9")),  # 13, then 4 would be read as 9, and 10 is printed
        (20.4, 15.5, "score", ("20.4", "15.5")),
        (-20.4, -15.5, "score", ("−20.4", "−15.5")),
        (16.2, 15.1, "score", ("16", "15")),
        (0.3142, 0.2756, "share", ("31.4%", "27.6%")),
    ],
)
def test_two_numbers_have_the_digits_that_give_their_printed_difference(first, second, unit, said):
    size = 1 if unit == "score" else 0.01
    gap = second - first
    assert pair(first, second, unit, difference=Interval(gap - 7 * size, gap + 7 * size)) == said


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.5, 40))
def test_a_reader_who_subtracts_two_numbers_finds_the_difference_printed(first, second, width):
    gap = second - first
    reach = Interval(gap - width / 2, gap + width / 2)
    was, then = (
        float(text.replace("−", "-")) for text in pair(first, second, "points", difference=reach)
    )
    told = number(gap, "points", interval=reach).removeprefix("−")
    digits = len(told.partition(".")[2])
    assert abs(abs(then - was) - float(told)) <= 0.5 * 10**-digits + 1e-6


def test_a_range_that_holds_zero_is_seen_to_hold_it() -> None:
    assert spread(-180_000, 5_700_000, "USD") == "−$0.2 to $5.7 million"
    assert spread(20_000, 5_700_000, "USD") == "$0–6 million"
