"""Goals: a figure against its start and its target, what serves it, and saying against doing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from filled import fill

from cxdash import register
from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.questions.goals.reading import Reading, moved, verdict
from cxdash.register.kinds.goals import Criterion, Goal, Strategy
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.journey import Stage


def put(db, kind, **values):
    return register.put(db, register.built(kind, values), by="Ann").id


@pytest.fixture(scope="module")
def told(shared_company):
    """A goal that is paid for and worked on, one that is only said, one without a figure."""
    fill(shared_company)
    shared_company.add(
        "metric_register",
        metric="nps",
        goal="keep the customers",
        decision="Call the unhappy",
        decided_on="2025-06-01",
        row_key="nps",
    )
    shared_company.add("metric_register", metric="csat", goal="85 %", row_key="csat")
    db = shared_company.db
    keep = put(
        db, Goal, statement="Keep the customers", line="retention", measure="customers_lost",
        baseline=90.0, target=5.0,
    )  # fmt: skip
    calls = put(
        db, Goal, statement="Solve it the first time", line="cost", measure="solved_first",
        baseline=60.0, target=90.0,
    )  # fmt: skip
    put(db, Goal, statement="Be loved", line="other")
    put(db, Strategy, mission="We answer", success="They stay", goals=(keep, calls))
    put(
        db, Criterion, statement="NPS of 100", measure="rating", rating="nps", target=100.0
    )  # fmt: skip
    work = {
        "aim": "keep", "need": "x", "behaviour": "y", "line": "retention", "falsifier": "z",
        "owner": "Bo",
    }  # fmt: skip
    put(db, Initiative, name="Calls", goal=keep, status="running", cost=Decimal(300), **work)
    put(db, Initiative, name="Posters", status="planned", cost=Decimal(100), **work)
    put(db, Initiative, name="Old", goal=calls, status="stopped", cost=Decimal(999), **work)
    put(db, Stage, name="Start", position=1, touchpoints=("app",), goal=keep)
    put(db, Stage, name="Help", position=2, touchpoints=("phone",))
    return ask(db, "goals", Scope())


def row(answer, table, **names):
    (found,) = [
        one
        for one in answer.tables[table]
        if all(one[name] == value for name, value in names.items())
    ]
    return found


def test_a_goal_stands_with_its_range_between_where_it_stood_and_its_target(told):
    goal = row(told, "goals", goal="goal-1")
    assert goal["low"] < goal["now"] < goal["high"]
    assert (goal["baseline"], goal["target"]) == (0.9, 0.05)
    assert goal["verdict"] == "not met"
    assert goal["progress"].startswith("Customers lost within a year improved from 90% to ")


def test_a_figure_the_data_cannot_give_is_not_told_and_says_why(told):
    goal = row(told, "goals", goal="goal-2")
    assert goal["now"] is None
    assert goal["verdict"] == "cannot tell"
    assert "fewer than ten contacts" in goal["progress"]
    assert told.status == "partly"


def test_what_serves_a_goal_stands_beside_it(told):
    serves = row(told, "serves", goal="goal-1")
    assert (serves["metrics"], serves["stages"], serves["initiatives"]) == ("nps", "Start", "Calls")


def test_what_serves_no_goal_is_listed_as_such(told):
    found = {(one["what"], one["name"]) for one in told.tables["unserved"]}
    assert found == {
        ("metric", "csat"),
        ("stage of the journey", "Help"),
        ("initiative", "Posters"),
    }


def test_the_shares_of_saying_and_doing_are_those_of_the_entries(told):
    assert told.fact("goals.share.paid").value == 0.5
    assert told.fact("goals.share.acted").value == 0.5
    assert told.fact("goals.share.decided").value == 0.5
    assert told.fact("goals.share.money").value == 0.75
    assert {told.fact(f"goals.share.{name}").grade.name for name in ("paid", "money")} == {"F"}
    assert row(told, "say_do", goal="goal-1")["cost_share"] == 0.75
    assert "1 has no money behind it: “Solve it the first time”" in told.headline


def test_a_criterion_of_the_strategy_is_held_against_the_data(told):
    found = told.tables["criteria"][0]
    assert found["verdict"] == "not met"
    assert found["unit"] == "points"


def test_without_anything_the_page_teaches(company):
    empty = ask(company.db, "goals", Scope())
    assert empty.status == "cannot_tell"
    assert any(sentence.startswith("Enter a goal of the business") for sentence in empty.missing)


READING = Reading(
    "x", "x", 0.18, 0.16, 0.20, "share", "lower", "logo_churn", 100, "customers", "", ""
)


@pytest.mark.parametrize(
    ("target", "said"), [(0.21, "met"), (0.20, "met"), (0.18, "cannot tell"), (0.15, "not met")]
)
def test_a_target_is_met_only_with_the_whole_range(target, said):
    assert verdict(READING, target) == said


def test_which_way_is_good_follows_from_where_it_stood():
    rising = replace(READING, better="neither")
    assert verdict(rising, 0.15, baseline=0.10) == "met"
    assert verdict(rising, 0.15) == "cannot tell"


def test_a_move_counts_where_it_stood_as_known():
    reach = moved(READING, 0.22)
    assert (round(reach.low, 2), round(reach.high, 2)) == (-0.06, -0.02)
    assert moved(replace(READING, value=None, low=None, high=None), 0.22) is None


def test_a_rating_has_to_be_named_and_a_target_needs_a_measure():
    goal = {"statement": "a", "line": "other"}
    assert register.problems(Goal(**goal, measure="rating")) != ()
    assert register.problems(Goal(**goal, target=3.0)) != ()
    assert (
        register.problems(Goal(**goal, measure="rating", rating="nps", by=date(2026, 1, 1))) == ()
    )
