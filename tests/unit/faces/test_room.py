"""Columns that can be read side by side; what judges a row stays."""

import pytest

from cxdash.faces.columns import MOST, Column
from cxdash.faces.room import fitting

REASON = "Customers who scored one point higher left less often, given the same spend and service."
ROW = {
    "label": "NPS", "variant": "nps.0-10", "reason": REASON, "n": 1821, "effect": -0.02,
    "verdict": "working", "step": "1 point",
}  # fmt: skip
SHOWN = [Column(name, "score" if name in {"n", "effect"} else "text") for name in ROW]


def names(width):
    return [column.name for column in fitting(SHOWN, [ROW], width)]


def test_everything_stays_where_there_is_room():
    assert names(200) == list(ROW)


def test_columns_go_from_the_right_but_the_verdict_stays():
    assert names(90) == ["label", "reason", "n", "effect", "verdict"]


@pytest.mark.parametrize("width", [0, 10])
def test_at_least_two_columns_are_shown_and_no_row_is_read_without_its_verdict(width):
    assert names(width) == ["label", "reason", "verdict"]


def test_the_first_figure_with_a_range_stays_as_well():
    row = {"label": "NPS", "reason": REASON, "n": 1, "effect": 0.1, "low": 0.0, "high": 0.2}
    shown = [
        Column("label", "text"),
        Column("reason", "text"),
        Column("n", "count"),
        Column("effect", "share", "low", "high"),
    ]
    assert [one.name for one in fitting(shown, [row], 0)] == ["label", "reason", "effect"]


def test_nobody_follows_more_columns_than_the_house_allows():
    shown = [Column(f"c{n}", "count") for n in range(MOST + 5)]
    row = {column.name: 1 for column in shown}
    assert len(fitting(shown, [row], 10_000)) == MOST
