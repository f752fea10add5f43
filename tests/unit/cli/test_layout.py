"""Tables for a terminal."""

import pytest

from cxdash.faces.cli.layout import grid

REASONS = "price was raised twice; three complaints in a month; support never answered the last one"


def test_columns_are_aligned_and_figures_stand_to_the_right():
    assert grid(["who", "n"], [["a", "1,200"], ["bcd", "9"]], right=[False, True], width=60) == [
        "  who      n",
        "  a    1,200",
        "  bcd      9",
    ]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_long_texts_give_way_and_nothing_is_lost(width):
    lines = grid(
        ["customer", "chance of leaving", "reasons"],
        [["010001", "31%", REASONS], ["010002", "7%", "none"]],
        right=[False, True, False],
        width=width,
    )
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    assert all(word in words for word in REASONS.split())
    assert "31%" in words


def test_a_long_heading_is_broken_at_its_words():
    lines = grid(["what is perfect (1 is right)"], [["0.97"]], right=[True], width=60)
    assert len(lines) == 3
    assert max(map(len, lines)) <= 20


def test_figures_are_never_broken_even_when_the_table_gets_too_wide():
    figures = ["−1,234,567.8 (−2,000,000 to −1)"] * 4
    lines = grid(list("abcd"), [figures], right=[True] * 4, width=60)
    assert lines[1].split("  ")[1:] == figures
