"""The way customers go: stages as entered, work and money at each, and who is lost between them."""

import pytest

from cxdash import register
from cxdash.facts import Grade, Scope
from cxdash.panel.journey import Place
from cxdash.privacy import answered
from cxdash.questions import ask
from cxdash.questions.journey.stages import stops, unplaced
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.journey import Stage

CSAT = {"item": "csat", "variant": "csat.1-5.top2", "scale": (1, 5)}


@pytest.fixture(scope="module")
def way(shared_company):
    """120 customers answer at the start in January 2024; a third each goes on to ask about an
    invoice in March, leaves in April, or neither. Half of them are large.
    """
    company = shared_company
    for number in range(120):
        name, then = f"c{number:03}", number % 3
        segment = "Large" if number % 2 else "Small"
        company.add("customers", customer_id=name, segment=segment)
        end = "2024-04-15" if then == 1 else "2025-05-10" if number % 5 == 0 else None
        company.contract(name, "2023-06-01", end, amount=100)
        value = 5 if segment == "Large" or number % 4 == 0 else 2
        company.answers(name, "2024-01-10", value, touchpoint="Onboarding", **CSAT)
        if number % 3 != 1:
            company.answers(name, "2025-08-10", value, touchpoint="Onboarding", **CSAT)
        if then == 0:
            company.add("contacts", contact_id=f"a{number}", customer_id=name, reason="billing",
                        channel="phone", contacted_at="2024-03-03 10:00", minutes=10.0, cost=5,
                        currency="USD")  # fmt: skip
            company.add("contacts", contact_id=f"b{number}", customer_id=name, reason="billing",
                        channel="phone", contacted_at="2025-09-03 10:00", minutes=20.0, cost=8,
                        currency="USD")  # fmt: skip
    company.pays("c002", "2025-12-31", 100)
    return company


@pytest.fixture(scope="module")
def entered(way):
    goal = register.put(way.db, Goal(statement="Keep customers", line="retention"), by="Ada")
    for stage in (
        Stage(name="Start", position=1, touchpoints=("onboarding",), goal=goal.id),
        Stage(name="Invoice", position=2, reasons=("Billing",)),
        Stage(name="Renewal", position=3, touchpoints=("renewal call",)),
    ):
        register.put(way.db, stage, by="Ada")
    return ask(way.db, "journey")


def row(answer, table, stage):
    return next(one for one in answer.tables[table] if one["stage"] == stage)


def test_who_left_before_the_next_stage_is_counted_by_hand(entered):
    lost = row(entered, "losses", "Start")
    assert lost["next_stage"] == "Invoice"
    assert lost["customers"] == 120
    assert lost["left_rate"] == pytest.approx(40 / 120)
    assert lost["reached_rate"] == pytest.approx(40 / 120)
    assert lost["unseen_rate"] == pytest.approx(40 / 120)
    assert lost["left_low"] < 1 / 3 < lost["left_high"]


def test_the_headline_tells_the_largest_loss_and_what_serves_no_goal(entered):
    assert entered.headline.startswith("Of customers seen at “Start”, 33%")
    assert "No goal of the business is served by “Invoice” and “Renewal”." in entered.headline


def test_a_stage_at_which_nobody_can_be_met_is_no_next_stage(entered):
    assert row(entered, "losses", "Invoice")["next_stage"] == ""
    assert row(entered, "stages", "Renewal")["goal"] == "nothing loaded belongs to it"
    assert any("“Renewal”" in caveat for caveat in entered.caveats)


def test_work_and_cost_are_those_of_the_last_twelve_months(entered):
    invoice = row(entered, "stage_work", "Invoice")
    assert invoice["customers"] == 40
    assert invoice["contacts_each"] == 1
    assert invoice["minutes_each"] == 20
    assert invoice["cost"] == 320


def test_each_stage_names_the_goal_it_serves(entered):
    assert row(entered, "stages", "Start")["goal"] == "Keep customers"
    assert row(entered, "stages", "Invoice")["goal"] == "serves no goal"


def test_the_score_holds_the_mix_of_customers_equal_beside_the_raw_one(entered):
    start = row(entered, "stages", "Start")
    assert start["rating"] == "CSAT"
    assert start["score_low"] <= start["score"] <= start["score_high"]
    assert start["raw_score"] is not None


def test_money_at_stake_is_observed_overlaps_and_says_so(entered):
    stakes = [fact for fact in entered.facts if fact.id.startswith("journey.stake.")]
    assert len(stakes) == 2
    for fact in stakes:
        assert fact.grade is Grade.D
        assert fact.interval.low <= fact.value <= fact.interval.high
        assert "never added up" in fact.caveats[0]


def test_not_seen_is_not_said_to_be_not_reached(entered):
    assert any("leaves no trace" in caveat for caveat in entered.caveats)


def test_without_stages_the_touchpoints_stand_in_no_order(company):
    company.contract("a", "2024-01-01")
    company.pays("a", "2025-12-31", 100)
    company.answers("a", "2025-06-10", 5, touchpoint="Shop", **CSAT)
    company.add("contacts", contact_id="1", customer_id="a", contacted_at="2025-06-11 10:00",
                reason="fault")  # fmt: skip
    answer = ask(company.db, "journey")
    assert {one["stage"] for one in answer.tables["stages"]} == {"Shop", "contact: fault"}
    assert "in no order" in answer.headline
    assert answer.missing[0].startswith("Enter the stages")
    assert all("next_stage" not in one for one in answer.tables["losses"])


def test_without_anything_it_says_what_to_import(company):
    answer = ask(company.db, "journey")
    assert answer.status == "cannot_tell"
    assert answer.missing


def test_filters_narrow_every_stage(way, entered):
    large = ask(way.db, "journey", Scope(where=(("segment", "Large"),)))
    assert row(large, "losses", "Start")["customers"] == 60


def test_a_viewer_sees_no_stage_of_few_customers(way, entered):
    for number in range(3):
        way.add("contacts", contact_id=f"z{number}", customer_id=f"c{3 * number:03}",
                reason="court", contacted_at="2025-10-03 10:00")  # fmt: skip
    register.put(way.db, Stage(name="Dispute", position=9, reasons=("court",)), by="Ada")
    told = answered(way.db, Scope(), lambda scope: ask(way.db, "journey", scope), sees_people=False)
    for table in ("stages", "stage_work"):
        dispute = row(told, table, "Dispute")
        assert all(cell is None for cell in dispute.values() if not isinstance(cell, str))
    assert row(told, "stages", "Invoice")["customers"] == 40


PLACES = (
    Place("answer", "Support_Ticket", "", 9),
    Place("contact", "Billing", "phone", 5),
    Place("contact", "Billing", "chat", 4),
    Place("contact", "fault", "chat", 3),
)


class Entry:
    """An entry of the register, as far as the stages look at it."""

    def __init__(self, name, **fields):
        self.id, self.record = name, Stage(name=name, position=1, **fields)


def test_a_place_belongs_by_its_name_whatever_the_letters():
    found = stops([Entry("s", touchpoints=("support ticket",))], PLACES)
    assert found[0].met == 9


def test_reason_and_channel_must_both_hold():
    by_both = stops([Entry("s", reasons=("billing",), channels=("Chat",))], PLACES)
    by_channel = stops([Entry("s", channels=("chat",))], PLACES)
    assert (by_both[0].met, by_channel[0].met) == (4, 7)


def test_places_of_no_stage_are_named():
    left = unplaced([Entry("s", reasons=("billing",))], PLACES)
    assert [place.name for place in left] == ["Support_Ticket", "fault"]


def test_a_stage_that_holds_nothing_is_refused():
    assert tuple(Stage(name="x", position=1).problems())
