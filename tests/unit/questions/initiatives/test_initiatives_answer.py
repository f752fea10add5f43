"""What is said of initiatives: wishes, the gate, whom they touch, and what they moved elsewhere."""

from datetime import date
from decimal import Decimal

import pytest
from chatbot import STARTS, World, chatbot, fill

from cxdash import register
from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.ask import ask
from cxdash.questions.initiatives.find import find
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.initiatives import Step
from cxdash.register.records import built

BOT = chatbot(name="Bot", goal="goal-1", roster="", customers="segment=Small")


@pytest.fixture(scope="module")
def moved(another_company):
    """The planted chatbot: cheaper at first sight, dearer in all."""
    company = another_company()
    fill(company)
    goal = built(Goal, {"statement": "Serve at less cost", "line": "cost"})
    register.put(company.db, goal, by="Ana")
    register.put(company.db, chatbot(goal="goal-1", claimed_saving=Decimal(9000)), by="Ana")
    return company


@pytest.fixture(scope="module")
def answer(moved):
    return ask(moved.db, "initiatives")


def test_a_chatbot_that_saves_at_first_and_loses_in_all_is_reported_as_a_loss(answer):
    gross, net = (answer.fact(f"initiatives.{part}.initiative-1") for part in ("gross", "net"))
    assert gross.interval.low > 0
    assert net.interval.high < 0
    assert answer.tables["savings"][0]["verdict"] == "moved, not saved"
    assert "moved cost and did not save it" in answer.headline


def test_net_is_gross_less_what_was_moved_less_what_was_lost(answer):
    value = {
        part: answer.fact(f"initiatives.{part}.initiative-1").value
        for part in ("gross", "moved", "lost", "net")
    }
    assert value["net"] == pytest.approx(value["gross"] - value["moved"] - value["lost"])


def test_the_parts_are_what_was_planted(answer):
    world, people, months = World(), 200, 6
    row = answer.tables["savings"][0]
    gross = people * months * world.asks * (world.by_hand - world.by_bot)
    moved = people * months * world.asks * (world.again_by_bot - world.again) * world.call
    assert row["gross_low"] < gross < row["gross_high"]
    assert row["moved_low"] < moved < row["moved_high"]
    assert row["claimed_year"] == 9000


def test_guardrails_that_got_worse_are_told_and_those_are_all_looked_at_together(answer):
    rails = {row["measure"]: row for row in answer.tables["guardrails"]}
    assert set(rails) == {"repeats", "other_way", "unsolved", "left_within"}
    assert rails["repeats"]["verdict"] == "worsened"
    assert rails["left_within"]["verdict"] == "worsened"
    assert all(row["p_adjusted"] <= 1 for row in rails.values())
    assert rails["repeats"]["customers"] > 190


def test_a_list_beside_others_like_it_that_moved_alike_before_is_graded_b(answer):
    assert answer.fact("initiatives.net.initiative-1").grade.name == "B"


def test_a_whole_segment_that_began_at_once_is_indicated_at_best(moved):
    register.put(moved.db, BOT, by="Ana")
    told = ask(moved.db, "initiatives").fact("initiatives.net.initiative-2")
    assert told.grade.name == "C"
    assert told.interval.high < 0


def test_nothing_is_claimed_where_the_chatbot_changes_nothing(company):
    same = World(by_bot=10, again_by_bot=0.05, leaves_by_bot=0.004, customers=200)
    fill(company, same, seed=5)
    register.put(company.db, chatbot(), by="Ana")
    answer = ask(company.db, "initiatives")
    assert answer.tables["savings"][0]["verdict"] == "cannot tell"
    assert "Cannot tell whether" in answer.headline


def test_before_a_whole_month_has_passed_nothing_is_told(company):
    fill(company, World(customers=80))
    register.put(company.db, chatbot(starts=date(2025, 6, 10)), by="Ana")
    answer = ask(company.db, "initiatives")
    assert answer.fact("initiatives.net.initiative-1").value is None
    assert answer.status == "partly"
    assert not answer.tables["savings"]


def test_what_has_not_begun_is_not_told_about(company):
    fill(company, World(customers=80))
    register.put(company.db, chatbot(starts=date(2025, 9, 1), status="planned"), by="Ana")
    answer = ask(company.db, "initiatives")
    assert answer.status == "answered"
    assert "chatbot" not in answer.headline


def test_without_an_entry_it_says_what_to_enter(company):
    answer = ask(company.db, "initiatives")
    assert answer.status == "cannot_tell"
    assert "Enter an initiative" in answer.missing[0]


def test_without_goal_owner_and_date_it_is_a_wish_and_it_says_what_is_lacking(company):
    goal = register.put(
        company.db, built(Goal, {"statement": "Keep them", "line": "retention"}), by="Ana"
    )
    register.put(company.db, chatbot(goal=goal.id), by="Ana")
    register.put(company.db, chatbot(name="Be nicer", owner="", status="planned"), by="Ana")
    answer = ask(company.db, "initiatives")
    stands = {row["name"]: row for row in answer.tables["initiatives"]}
    assert stands["Answer by a chatbot"]["stands"] == "running"
    assert stands["Be nicer"]["stands"] == "wish"
    assert stands["Be nicer"]["lacks"] == "a goal, an owner"
    assert answer.fact("initiatives.wishes").value == 1
    assert answer.headline.startswith("Of 2 initiatives 1 has a goal, an owner and a date; 1 is")


def test_who_passed_the_gate_by_stands_there_with_name_and_reason_after_it_was_filled_too(company):
    forced = chatbot(need="", cost=Decimal(100), override_reason="The board has decided")
    kept = register.put(company.db, forced, by="Bo")
    register.put(company.db, chatbot(cost=Decimal(100)), by="Ana", entry=kept.id)
    row = ask(company.db, "initiatives").tables["overrides"][0]
    assert (row["override_by"], row["override_reason"]) == ("Bo", "The board has decided")


def test_initiatives_on_the_same_customers_are_told_with_what_contradicts(moved):
    for name, aim, line, customers in (
        ("Call every small one", "keep", "retention", "segment=Small"),
        ("Sell to large ones", "grow", "revenue", "segment=Large"),
    ):
        register.put(
            moved.db,
            chatbot(goal="goal-1", name=name, aim=aim, line=line, customers=customers, roster=""),
            by="Ana",
        )
    register.put(moved.db, chatbot(name="A wish", aim="keep"), by="Ana")
    rows = ask(moved.db, "initiatives").tables["overlaps"]
    assert "A wish" not in {row["second"] for row in rows}
    pairs = {(row["first"], row["second"]): row for row in rows}
    row = pairs["Answer by a chatbot", "Call every small one"]
    assert row["conflict"] == "contradicting aims"
    assert row["shared"] == row["customers_first"] == row["customers_second"]
    assert ("Answer by a chatbot", "Sell to large ones") not in pairs
    assert pairs["Answer by a chatbot", "Bot"]["conflict"] == "same line"


def test_what_is_over_meets_nobody(company):
    fill(company, World(customers=40))
    goal = built(Goal, {"statement": "Serve at less cost", "line": "cost"})
    on = {"goal": register.put(company.db, goal, by="Ana").id}
    register.put(company.db, chatbot(**on, aim="keep", ends=date(2025, 2, 1)), by="Ana")
    register.put(company.db, chatbot(**on, name="Later", starts=date(2025, 3, 1)), by="Ana")
    register.put(company.db, chatbot(**on, name="Stopped", status="stopped"), by="Ana")
    assert not ask(company.db, "initiatives").tables["overlaps"]


def test_a_filter_nobody_knows_is_said_and_counts_nobody(company):
    fill(company, World(customers=40))
    register.put(company.db, chatbot(customers="colour=blue"), by="Ana")
    answer = ask(company.db, "initiatives")
    assert answer.tables["initiatives"][0]["customers"] is None
    assert any("colour=blue" in caveat for caveat in answer.caveats)


def test_use_is_told_with_its_range_and_what_is_late_is_late(company):
    fill(company, World(customers=40))
    kept = register.put(company.db, chatbot(), by="Ana")
    step = {
        "initiative": kept.id,
        "name": "Train the night shift",
        "kind": "change",
        "status": "open",
        "due": date(2025, 3, 1),
        "exposed": 40,
        "used": 10,
        "resistance": "It was tried in 2019",
    }
    register.put(company.db, built(Step, step), by="Ana")
    answer = ask(company.db, "initiatives")
    used = answer.fact("initiatives.adoption.initiative-1")
    assert used.value == 0.25
    assert used.interval.low < 0.25 < used.interval.high
    assert used.grade.name == "F"
    assert answer.tables["steps"][0]["stands"] == "late"


def test_windows_are_as_long_as_the_horizon_at_most(moved):
    with settled(moved.db) as view:
        guard = find(view, Scope(horizon=3)).guards[0]
    assert guard.seen.months == 3
    assert guard.seen.after == STARTS.year * 12 + STARTS.month - 2
