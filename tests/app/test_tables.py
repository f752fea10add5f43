"""Tables: a value and its range share a cell, units are right, text stays text."""

import fixtures

from cxdash.faces.web import tables
from cxdash.facts import Scope

ANSWER = fixtures.worth(Scope())


def test_range_columns_are_folded_into_the_value_they_belong_to() -> None:
    shown = {column.name: column for column in tables.columns(ANSWER, "bands")}
    assert (shown["churn_rate"].low, shown["churn_rate"].high) == ("churn_low", "churn_high")
    assert (shown["revenue_at_stake"].low, shown["revenue_at_stake"].high) == (
        "stake_low",
        "stake_high",
    )
    assert "stake_low" not in shown


def test_units_follow_the_charts_and_the_names() -> None:
    units = {column.name: column.unit for column in tables.columns(ANSWER, "bands")}
    assert units == {
        "metric": "text",
        "band": "text",
        "customers": "count",
        "n": "count",
        "churn_rate": "share",
        "revenue": "USD",
        "revenue_at_stake": "USD",
    }


def test_a_cell_says_value_and_range_and_never_an_empty_nothing() -> None:
    column = tables.Column("rate", "share", "low", "high")
    assert tables.cell(column, {"rate": 0.162, "low": 0.131, "high": 0.197}) == "16% (13–20%)"
    assert tables.cell(column, {"rate": None}) == "cannot tell"
    assert tables.cell(tables.Column("passed", "text"), {"passed": True}) == "yes"
