"""The year of the demo company: dated, referring only to what exists, and gone when taken out."""

from datetime import date
from decimal import Decimal

import pytest

from cxdash import demo, register
from cxdash.demo import story
from cxdash.demo.story.ground import ground
from cxdash.register.kinds.cases import Case, Promise
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.register.kinds.room import Ask
from cxdash.register.references import unknown_references
from cxdash.store import Database


@pytest.fixture
def db(tmp_path, company):
    with Database(tmp_path / "x.duckdb") as opened:
        demo.fill(opened, company)
        story.enter(opened)
        yield opened


def test_every_entry_refers_to_entries_that_stand(db):
    with db.cursor() as cur:
        for kind in register.KINDS.values():
            for one in register.current(db, kind):
                assert unknown_references(cur, one.record) == (), one.id


def test_plans_were_frozen_before_their_first_day_and_hold_since(db):
    plans = register.current(db, PilotPlan)
    assert len(plans) == 2
    for plan in plans:
        assert register.frozen(db, PilotPlan, plan.id).at.date() < plan.record.starts
        assert not plan.changed_since_frozen
    names = {row["pilot"] for row in db.rows("SELECT DISTINCT pilot FROM pilot_roster")}
    assert {plan.record.roster for plan in plans} == names


def test_a_no_became_a_yes_after_the_pilot_it_asked_for_was_read(db):
    asks = {one.id: one.record for one in register.current(db, Ask)}
    (yes,) = [one for one in asks.values() if one.outcome == "yes"]
    no = asks[yes.follows]
    assert (no.outcome, no.reason, no.wanted) == ("no", "distrust", "sample")
    plan = register.find(db, PilotPlan, yes.pilot).record
    assert plan.ask == yes.follows
    assert no.decided_on < plan.starts < plan.reads_on < yes.asked_on <= yes.decided_on
    case = register.frozen(db, Case, yes.case)
    assert case.at.date() == yes.decided_on
    assert {one.record.approved_on for one in register.every_frozen(db, Promise)} == {
        yes.decided_on
    }


def test_nothing_is_dated_after_the_data_but_what_lies_ahead(db):
    last = ground(db).end
    for kind in register.KINDS.values():
        for one in register.current(db, kind):
            assert one.at.date() <= last
            assert one.by.endswith(story.INVENTED)


def test_money_kept_is_that_of_the_contracts_beside_the_control_group(db):
    of = ground(db)
    start = of.back(11)
    # On the first day nobody has left, so nothing is kept yet.
    assert abs(of.kept_a_month(date.fromordinal(start.toordinal() - 1))) < Decimal(1)
    rows = db.rows(
        "SELECT arm, count(*) AS n, avg(CAST(s.left_on <= ? AS INTEGER)) AS gone FROM pilot_roster "
        "AS r JOIN (SELECT customer_id, max(coalesce(ended_on, DATE '2999-01-01')) AS left_on "
        "FROM subscriptions GROUP BY customer_id) AS s USING (customer_id) WHERE pilot = ? "
        "GROUP BY arm",
        [of.end, "named-contact"],
    )
    gone = {row["arm"]: row["gone"] for row in rows}
    assert gone["pilot"] < gone["control"]


def test_the_year_is_entered_once(db):
    before = len(register.current(db, Initiative))
    story.enter(db)
    assert len(register.current(db, Initiative)) == before


def test_taking_it_out_leaves_nothing_of_it(db):
    assert story.take_out(db) > 40
    assert db.rows("SELECT count(*) AS n FROM register_versions")[0]["n"] == 0


def test_what_a_person_changed_or_hung_something_onto_stays(db):
    goals = register.current(db, Goal)
    own = register.put(
        db,
        Initiative(name="Ours", aim="keep", status="wish", goal=goals[1].id),
        by="Ann",
    )
    changed = register.current(db, Initiative)[0]
    register.put(db, changed.record, by="Ann", entry=changed.id)
    touched = register.put(
        db, Goal(statement="Mine", line="cost"), by="Ann", entry=goals[0].id, expects=1
    )
    story.take_out(db)
    left = {one.id for kind in register.KINDS.values() for one in register.current(db, kind)}
    assert {own.id, goals[1].id, touched.id} <= left
    assert changed.id not in left
    with db.cursor() as cur:
        for kind in register.KINDS.values():
            for one in register.current(db, kind):
                assert unknown_references(cur, one.record) == ()
