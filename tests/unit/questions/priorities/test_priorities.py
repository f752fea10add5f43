"""What comes first: ties, limits, what is not done, and which pilot would change it."""

from datetime import date
from decimal import Decimal

import filled
import numpy as np
import pytest
from chatbot import World, chatbot, fill

from cxdash import register
from cxdash.facts import Interval, Method
from cxdash.questions.ask import ask
from cxdash.questions.initiatives.reach import Reach
from cxdash.questions.initiatives.reading import Plan
from cxdash.questions.priorities.evidence import Worth
from cxdash.questions.priorities.ranking import Room, rank
from cxdash.register.kinds.initiatives import Capacity
from cxdash.register.records import built

PILOT = Method(description="a pilot", randomised=True)
CLAIM = Method(description="a claim", assertion=True)


class Entered:
    """As much of what is found as a ranking looks at."""

    def __init__(self, *rows):
        self.plans = tuple(plan for plan, _, _ in rows)
        self.meant = tuple(reached for _, reached, _ in rows)
        self.worths = {plan.id: worth for plan, _, worth in rows if worth}


def _one(
    number,
    value,
    *,
    error=1.0,
    cost=0,
    days=10.0,
    method=PILOT,
    inside=(),
    source=None,
    line="cost",
):
    record = chatbot(
        name=f"Plan {number}", cost=Decimal(cost), effort_days=days, line=line, roster=""
    )
    plan = Plan(
        id=f"initiative-{number}", record=record, goal="", sponsor="", steps=(), overrides=()
    )
    flags = np.zeros(20, dtype=bool)
    flags[list(inside) or [number]] = True
    worth = None
    if value is not None:
        half = 1.645 * error
        worth = Worth(
            value=value,
            interval=Interval(value - half, value + half),
            method=method,
            n=100,
            source=source or plan.id,
            basis="its pilot",
        )
    return plan, Reach(inside=flags, revenue=0.0), worth


def _ranked(*rows, **limits):
    entered = Entered(*rows)
    return rank(entered, entered.worths, Room(**limits))


def test_value_for_each_working_day_decides_and_near_ties_share_their_place():
    ranking = _ranked(
        _one(1, 100, days=20), _one(2, 90), _one(3, 91, error=20), _one(4, 10), at_once=2
    )
    order = [ranking.ranked[place.row].plan.name for place in ranking.places]
    assert set(order[:2]) == {"Plan 2", "Plan 3"}
    assert order[2:] == ["Plan 1", "Plan 4"]
    assert [(one.place_low, one.place_high) for one in ranking.places] == [
        (1, 2),
        (1, 2),
        (3, 3),
        (4, 4),
    ]


def test_budget_days_and_number_at_a_time_bound_the_choice():
    rows = (_one(1, 100, cost=60), _one(2, 90, cost=40), _one(3, 80, cost=10, days=40))
    by_money = _ranked(*rows, budget=50.0)
    assert [one.plan.name for one in by_money.chosen] == ["Plan 2", "Plan 3"]
    by_days = _ranked(*rows, days=20.0)
    assert [one.plan.name for one in by_days.chosen] == ["Plan 1", "Plan 2"]
    by_number = _ranked(*rows, at_once=1)
    assert [one.plan.name for one in by_number.chosen] == ["Plan 3"]


def test_what_brings_no_more_than_it_costs_is_never_chosen():
    ranking = _ranked(_one(1, 50, cost=60), _one(2, 20, cost=10))
    assert [one.plan.name for one in ranking.chosen] == ["Plan 2"]


def test_the_same_customers_in_the_same_line_count_once():
    rows = (_one(1, 100, inside=range(10)), _one(2, 90, inside=range(10)), _one(3, 20, inside=[15]))
    both = _ranked(*rows, at_once=2)
    assert {one.plan.name for one in both.chosen} == {"Plan 1", "Plan 3"}
    apart = (rows[0], _one(2, 90, inside=range(10), line="retention"), rows[2])
    assert {one.plan.name for one in _ranked(*apart, at_once=2).chosen} == {"Plan 1", "Plan 2"}


def test_what_is_claimed_stands_apart_whatever_is_claimed():
    ranking = _ranked(_one(1, 10), _one(2, 1e9, method=CLAIM), _one(3, None))
    assert [one.plan.name for one in ranking.ranked] == ["Plan 1"]
    assert [one.why_not for one in ranking.apart] == ["claimed", "cannot tell: nothing measured"]


def test_without_working_days_nothing_is_ranked():
    ranking = _ranked(_one(1, 10, days=None))
    assert ranking.ranked == ()
    assert ranking.apart[0].why_not == "cannot tell: no working days entered"


def test_what_the_choice_returns_has_the_range_of_its_sum():
    ranking = _ranked(_one(1, 100, error=3), _one(2, 50, error=4))
    low, high = ranking.sum_of_chosen()
    assert (high - low) / 2 == pytest.approx(1.645 * 5, rel=0.1)
    together = _ranked(_one(1, 100, error=3, source="a"), _one(2, 50, error=4, source="a"))
    low, high = together.sum_of_chosen()
    assert (high - low) / 2 == pytest.approx(1.645 * 7, rel=0.1)


# -- on a company ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def company_with_plans(another_company):
    """A chatbot that saves, watched since it began; two claims; and one that nobody measured."""
    company = another_company()
    fill(company, World(again_by_bot=0.05, leaves_by_bot=0.004))
    for more in (
        {"effort_days": 20.0, "cost": Decimal(500)},
        {
            "name": "Call new customers",
            "aim": "keep",
            "roster": "",
            "customers": "segment=Large",
            "line": "retention",
            "effort_days": 10.0,
            "claim_low": Decimal(0),
            "claim_high": Decimal(12_000),
        },
        {"name": "Be nicer", "aim": "keep", "roster": "", "effort_days": 5.0},
        {"name": "Over", "status": "done", "effort_days": 5.0},
    ):
        register.put(company.db, chatbot(**more), by="Ana")
    limits = {"name": "2025", "budget": Decimal(1000), "days": 30.0}
    register.put(company.db, built(Capacity, limits), by="Ana")
    return company


@pytest.fixture(scope="module")
def answer(company_with_plans):
    return ask(company_with_plans.db, "priorities")


def test_what_was_measured_is_ranked_and_the_rest_says_why_it_is_not(answer):
    rows = {row["name"]: row for row in answer.tables["ranking"]}
    assert set(rows) == {"Answer by a chatbot", "Call new customers", "Be nicer"}
    assert rows["Answer by a chatbot"]["ranked"] == "1"
    assert rows["Answer by a chatbot"]["choice"] == "do"
    assert rows["Call new customers"]["ranked"] == "claimed"
    assert rows["Call new customers"]["grade"] == "F"
    assert rows["Be nicer"]["ranked"] == "cannot tell: nothing measured"
    assert answer.status == "partly"


def test_what_is_not_done_is_listed_with_what_a_month_of_waiting_gives_up(answer):
    rows = {row["name"]: row for row in answer.tables["not_doing"]}
    assert set(rows) == {"Call new customers", "Be nicer"}
    assert rows["Call new customers"]["waiting"] == pytest.approx(500)
    assert rows["Be nicer"]["waiting"] is None


def test_the_pilot_that_would_change_most_is_one_of_the_claim(answer):
    best = answer.tables["pilots_worth"][0]
    assert best["name"] == "Call new customers"
    assert 0 < best["pilot_money"] <= best["exact_money"]
    assert "one of “Call new customers”" in answer.headline


def test_claims_are_in_no_sum(answer):
    chosen, saved = (
        answer.fact(f"priorities.{name}") for name in ("chosen_value", "value.initiative-1")
    )
    assert chosen.value == pytest.approx(saved.value - 500)
    assert chosen.grade is saved.grade


def test_where_nothing_is_measured_it_cannot_tell_what_comes_first(company):
    fill(company, World(customers=80))
    plan = chatbot(
        aim="keep", roster="", claim_low=Decimal(1), claim_high=Decimal(2), effort_days=3.0
    )
    register.put(company.db, plan, by="Ana")
    answer = ask(company.db, "priorities")
    assert answer.status == "cannot_tell"
    assert answer.headline.startswith("Cannot tell what comes first")
    assert not any(fact.id == "priorities.chosen_value" for fact in answer.facts)


def test_without_data_and_without_entries_it_says_what_to_do(company):
    empty = ask(company.db, "priorities")
    assert empty.status == "cannot_tell"
    assert "Enter initiatives" in empty.missing[0]
    register.put(company.db, chatbot(starts=date(2025, 1, 1)), by="Ana")
    told = ask(company.db, "priorities")
    assert told.tables["ranking"][0]["ranked"] == "cannot tell whom it touches"
    assert "Import customers" in told.missing[0]


@pytest.mark.parametrize("lever", ["nps", "NPS"])
def test_a_driver_is_found_by_its_name_or_by_what_it_is_called(another_company, lever):
    company = another_company()
    filled.fill(company)
    plan = chatbot(
        aim="keep", roster="", customers="segment=S0", lever=lever, effort_days=5.0, starts=None
    )
    register.put(company.db, plan, by="Ana")
    row = ask(company.db, "priorities").tables["ranking"][0]
    driver = ask(company.db, "churn").fact("churn.driver.nps")
    assert row["basis"] == "driver of leaving: NPS"
    assert row["grade"] == driver.grade.name
    assert row["value"] > 0
    assert driver.value < 0


def test_a_driver_nobody_knows_is_said(another_company):
    company = another_company()
    filled.fill(company, customers=60)
    plan = chatbot(aim="keep", roster="", lever="weather", effort_days=5.0, starts=None)
    register.put(company.db, plan, by="Ana")
    assert any("“weather”" in one for one in ask(company.db, "priorities").missing)
