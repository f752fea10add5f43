"""Which choices are open: the values of a column that are shown leave nobody to be told apart."""

import pandas as pd
import pytest

from cxdash.privacy import exact
from cxdash.privacy.views import open_views

GROUPS = {"A": 20, "B": 30, "C": 40}


@pytest.fixture(autouse=True)
def many_groups(monkeypatch):
    """As in a large company, where sums are not tried for unions of three groups and of four."""
    monkeypatch.setattr(exact, "_MOST_FOR_FOUR", 0)


def people(sizes, **more):
    rows = [
        {**more, "segment": segment, "today": 1}
        for segment, size in sizes.items()
        for _ in range(size)
    ]
    return pd.DataFrame(rows)


def segments(views):
    return {dict(view)["segment"] for view in views if len(view) == 1 and view[0][0] == "segment"}


def test_where_the_open_values_leave_three_customers_the_smallest_value_is_refused_too():
    small = {"X": 1, "Y": 1, "Z": 1}
    assert segments(open_views(people({**GROUPS, **small}))) == {"B", "C"}


def test_where_the_open_values_leave_five_customers_all_of_them_are_open():
    small = {"V": 1, "W": 1, "X": 1, "Y": 1, "Z": 1}
    assert segments(open_views(people({**GROUPS, **small}))) == set(GROUPS)
    assert segments(open_views(people(GROUPS))) == set(GROUPS)


def test_the_same_holds_within_a_choice_by_another_column():
    """North leaves three customers beside A, B and C; South, where all is large, none."""
    north = people({**GROUPS, "X": 1, "Y": 1, "Z": 1}, region="North")
    south = people({**GROUPS, "X": 9, "Y": 9, "Z": 9}, region="South")
    views = open_views(pd.concat([north, south], ignore_index=True))
    of_north = {
        dict(view)["segment"]
        for view in views
        if ("region", "North") in view[:1] and len(view) == 2
    }
    assert of_north == {"B", "C"}


def test_those_of_today_are_looked_at_as_those_of_the_past_are():
    """Of three groups that are large, one customer each is still there."""
    once = people({"X": 9, "Y": 9, "Z": 9}).assign(today=[1, *[0] * 8] * 3)
    views = open_views(pd.concat([people(GROUPS), once], ignore_index=True))
    assert segments(views) == {"B", "C"}
