"""Whatever knows of leaving afterwards is planted, named, left out, and changes nothing."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from churn_worlds import LANDMARKS, SEGMENTS, answer, fill, put, simulate

from cxdash.panel import month_end
from cxdash.questions import ask
from cxdash.store import Database

CUSTOMERS = 700
LEVEL = -3.6


@pytest.fixture(scope="module")
def world():
    return simulate(3, customers=CUSTOMERS, level=LEVEL)


@pytest.fixture(scope="module")
def clean(world, tmp_path_factory):
    with Database(tmp_path_factory.mktemp("clean") / "c.duckdb") as db:
        fill(db, world)
        yield ask(db, "churn")


@pytest.fixture
def db(world, tmp_path):
    with Database(tmp_path / "c.duckdb") as opened:
        fill(opened, world)
        yield opened


def _leavers(world):
    left = world.contracts.dropna(subset="ended_on")
    return left[["customer_id", "ended_on"]].reset_index(drop=True)


def _excluded(found):
    return {row["column"]: row["reason"] for row in found.tables["excluded"]}


def _as_before(found, clean):
    """The drivers are those of the company without the plant."""
    before = {row["driver"]: row["effect"] for row in clean.tables["drivers"]}
    after = {row["driver"]: row["effect"] for row in found.tables["drivers"]}
    assert after == pytest.approx(before, abs=1e-9)
    main, usual = found.tables["validation"][0], clean.tables["validation"][0]
    assert main["auc"] == pytest.approx(usual["auc"], abs=1e-9)


def test_nothing_is_excluded_where_nothing_knows_the_outcome(clean):
    assert clean.tables["excluded"] == []


def test_a_survey_sent_after_the_goodbye_is_named_and_changes_nothing(db, world, clean):
    left = _leavers(world)
    exits = left.assign(
        answered_at=[day + timedelta(days=2) for day in left["ended_on"]],
        survey="exit",
        support=1.0,
    )
    with db.writing() as cur:
        answer(cur, exits, "x", ["support"])
    found = ask(db, "churn")
    assert "support (exit)" in _excluded(found)
    assert "come with the goodbye" in _excluded(found)["support (exit)"]
    _as_before(found, clean)


def test_a_survey_on_cancellation_gives_itself_away_without_any_day_of_notice(db, world, clean):
    left = _leavers(world)
    exits = left.assign(
        answered_at=[day - timedelta(days=25) for day in left["ended_on"]],
        survey="leaving",
        goodbye=1.0,
    )
    with db.writing() as cur:
        cur.execute("UPDATE subscriptions SET cancelled_on = NULL")
        answer(cur, exits, "x", ["goodbye"])
    found = ask(db, "churn")
    assert "goodbye (leaving)" in _excluded(found)
    assert "goodbye" not in {row["driver"] for row in found.tables["drivers"]}
    _as_before(found, clean)


def test_the_reason_of_a_cancellation_is_named(db, clean):
    with db.writing() as cur:
        cur.execute("UPDATE subscriptions SET reason = 'Price' WHERE ended_on IS NOT NULL")
    found = ask(db, "churn")
    assert "reason (subscriptions)" in _excluded(found)
    _as_before(found, clean)


def test_a_complaint_filed_with_the_cancellation_is_no_contact_before(db, world, clean):
    left = _leavers(world)
    complaints = pd.DataFrame(
        {
            "contact_id": [f"z{number}" for number in range(len(left))],
            "customer_id": left["customer_id"],
            "contacted_at": [day - timedelta(days=20) for day in left["ended_on"]],
            "reason": "complaint on leaving",
            "resolved_first": False,
        }
    )
    with db.writing() as cur:
        put(cur, "contacts", complaints, complaints["contact_id"])
    found = ask(db, "churn")
    assert "contacts: complaint on leaving" in _excluded(found)
    _as_before(found, clean)


def test_a_score_set_afterwards_knows_too_much(db, world, clean):
    gone = dict(zip(*_leavers(world).to_numpy().T, strict=True))
    rows = []
    for landmark in LANDMARKS:
        day, until = month_end(landmark), month_end(landmark + 6)
        for customer in world.odds["customer_id"][world.odds["landmark"] == landmark]:
            leaves = customer in gone and gone[customer] <= until
            rows.append((customer, day - timedelta(days=3), "health", 1.0 if leaves else 4.0))
    health = pd.DataFrame(rows, columns=["customer_id", "answered_at", "survey", "health"])
    health["health"] += np.arange(len(health)) % 2  # not a copy of the outcome, only nearly
    with db.writing() as cur:
        answer(cur, health, "h", ["health"])
    found = ask(db, "churn")
    assert "set afterwards" in _excluded(found)["health"]
    assert "health" not in {row["driver"] for row in found.tables["drivers"]}
    # Everybody now has an answer of some kind, which moves nobody's effect by much.
    before = {row["driver"]: row["effect"] for row in clean.tables["drivers"]}
    after = {row["driver"]: row["effect"] for row in found.tables["drivers"]}
    assert after["support"] == pytest.approx(before["support"], abs=0.01)


def test_a_segment_called_closed_is_left_out_of_the_model(db, world):
    closed = set(_leavers(world)["customer_id"][::2])
    with db.writing() as cur:
        cur.execute(
            "UPDATE customers SET segment = 'Closed' WHERE list_contains($ids, customer_id)",
            {"ids": sorted(closed)},
        )
    found = ask(db, "churn")
    assert "“Closed” knows the outcome" in _excluded(found)["segment"]
    assert all("segment" not in row["adjusted_for"] for row in found.tables["drivers"])
    assert not any("segment" in row["reasons"] for row in found.tables["risks"])


def test_an_item_that_says_the_same_as_another_has_one_speaker(db, world):
    twin = world.answers.assign(twin=world.answers["support"])
    with db.writing() as cur:
        answer(cur, twin[["customer_id", "answered_at", "survey", "twin"]], "t", ["twin"])
    found = ask(db, "churn")
    named = {row["column"]: row["reason"] for row in found.tables["left_out"]}
    assert set(named) & {"support", "twin"}
    assert "says the same as" in " ".join(named.values()).lower()
    assert len({"support", "twin"} & {row["driver"] for row in found.tables["drivers"]}) == 1


def test_an_ordinary_survey_that_a_few_leavers_answered_late_stays(clean):
    assert {"support", "product", "billing", "design", "advice"} <= {
        row["driver"] for row in clean.tables["drivers"]
    }
    assert set(SEGMENTS) == {"Small", "Middle", "Large"}
