"""Whatever is loaded, ``churn`` says what is missing and what can still be said."""

import numpy as np
import pandas as pd
import pytest
from churn_worlds import EFFECTS, answer, fill, put, simulate

from cxdash.facts import Scope
from cxdash.facts.words import cause_words
from cxdash.panel import panel
from cxdash.questions import ask
from cxdash.store import Database

LEVEL = -3.4


@pytest.fixture(scope="module")
def world():
    return simulate(5, customers=450, level=LEVEL)


@pytest.fixture
def db(world, tmp_path):
    with Database(tmp_path / "c.duckdb") as opened:
        fill(opened, world)
        yield opened


@pytest.fixture
def empty(tmp_path):
    with Database(tmp_path / "e.duckdb") as opened:
        yield opened


def _ask(db, **scope):
    found = ask(db, "churn", Scope(**scope))
    assert found.headline
    assert found.to_json()
    assert {"drivers", "validation", "excluded", "risks"} <= set(found.tables)
    for fact in found.facts:
        assert fact.value is not None or fact.caveats
    if found.status != "answered":
        assert found.missing
    said = " ".join([found.headline, *found.caveats, *found.missing])
    assert "nan" not in said.lower().replace("finance", "")
    assert not cause_words(found.headline)
    return found


def _change(db, *statements):
    with db.writing() as cur:
        for statement in statements:
            cur.execute(statement)


def test_nothing_at_all(empty):
    panel(empty)
    found = _ask(empty)
    assert found.status == "cannot_tell"
    assert "no subscriptions, invoices or payments are loaded" in found.headline


def test_no_survey_leaves_what_finance_and_operations_know(db):
    _change(db, "DELETE FROM scores", "DELETE FROM responses")
    found = _ask(db)
    assert found.status == "partly"
    assert {row["known_by"] for row in found.tables["drivers"]} == {"finance", "operations"}
    assert any("survey export" in line for line in found.missing)
    assert found.tables["risks"]
    assert found.fact("churn.auc").value > 0.5


def test_no_revenue_withholds_money_and_keeps_the_drivers(db):
    _change(
        db,
        "DELETE FROM revenue",
        "UPDATE subscriptions SET monthly_amount = NULL, currency = NULL",
    )
    found = _ask(db)
    assert found.status == "partly"
    assert found.fact("churn.at_stake").value is None
    assert all(row["revenue"] is None for row in found.tables["risks"])
    assert found.tables["drivers"]


def test_no_join_key_names_the_items_that_find_nobody(db):
    _change(db, "UPDATE responses SET customer_id = 'somebody else ' || row_key")
    found = _ask(db)
    assert not any(row["known_by"] == "experience" for row in found.tables["drivers"])
    assert any("find their customer" in row["reason"] for row in found.tables["left_out"])


def test_one_segment_is_held_equal_to_nothing(db):
    _change(db, "UPDATE customers SET segment = 'All'")
    found = _ask(db)
    assert found.tables["drivers"]
    assert all("segment" not in row["adjusted_for"] for row in found.tables["drivers"])


def test_a_constant_column_tells_nobody_from_anybody(db):
    _change(db, "UPDATE scores SET value = 3 WHERE item = 'design'")
    found = _ask(db)
    assert "design" not in {row["driver"] for row in found.tables["drivers"]}
    named = {row["column"]: row["reason"] for row in found.tables["left_out"]}
    assert "the same" in named["design"]


def test_forty_collinear_items_have_one_speaker_or_too_few_leavers(db, world):
    rng = np.random.default_rng(1)
    names = [f"copy {number}" for number in range(40)]
    copies = {name: world.answers["support"].to_numpy() for name in names}
    noisy = rng.random(len(world.answers)) < 0.01
    copies = {n: np.where(noisy, 6 - v, v) if n.endswith("7") else v for n, v in copies.items()}
    frame = world.answers[["customer_id", "answered_at", "survey"]].assign(**copies)
    with db.writing() as cur:
        answer(cur, frame, "k", names)
    found = _ask(db)
    named = {row["column"] for row in found.tables["left_out"]}
    shown = {row["driver"] for row in found.tables["drivers"]}
    assert len(named & {*names, "support"}) >= 36
    assert shown & {*names, "support"}
    for row in found.tables["drivers"]:
        assert np.isfinite([row["effect"], row["low"], row["high"]]).all()


def test_forty_items_apart_are_more_than_the_leavers_can_carry(db, world):
    rng = np.random.default_rng(2)
    names = [f"item {number}" for number in range(40)]
    scores = {name: rng.integers(1, 6, len(world.answers)).astype(float) for name in names}
    frame = world.answers[["customer_id", "answered_at", "survey"]].assign(**scores)
    with db.writing() as cur:
        answer(cur, frame, "k", names)
    found = _ask(db)
    assert any("Too few leavers" in row["reason"] for row in found.tables["left_out"])
    assert not any(row["lever"] for row in found.tables["drivers"] if row["driver"] in names)


def test_all_churned_says_that_nobody_stayed_to_compare_with(db):
    _change(
        db,
        "UPDATE subscriptions SET started_on = '2024-06-01', ended_on = '2024-09-15', "
        "cancelled_on = NULL",
    )
    found = _ask(db)
    assert found.status == "cannot_tell"
    assert "in only 0 of 450 observed windows the customer stayed" in found.headline
    assert found.tables["drivers"] == []


def test_nobody_churned_says_how_many_leavers_are_needed(db):
    _change(db, "UPDATE subscriptions SET ended_on = NULL, cancelled_on = NULL")
    found = _ask(db)
    assert found.status == "cannot_tell"
    assert "in only 0 of" in found.headline
    assert "are needed" in found.headline
    assert found.fact("churn.rate").value == 0
    assert found.fact("churn.leavers_lacking").value == 10


def test_too_few_churners_says_how_many_more_are_needed(db):
    _change(
        db,
        "UPDATE subscriptions SET ended_on = NULL, cancelled_on = NULL "
        "WHERE ended_on IS NOT NULL AND subscription_id NOT IN (SELECT subscription_id FROM "
        "subscriptions WHERE ended_on IS NOT NULL ORDER BY subscription_id LIMIT 20)",
    )
    found = _ask(db)
    assert found.status == "cannot_tell"
    lacking = int(found.fact("churn.leavers_lacking").value)
    assert 0 < lacking < 100
    assert f"{lacking} more than there are" in found.headline
    assert any(f"{lacking} more customers who left" in line for line in found.missing)


def test_thirty_answers_are_too_few_for_any_item(db):
    _change(
        db,
        "DELETE FROM scores WHERE row_key NOT IN (SELECT row_key FROM responses ORDER BY "
        "md5(row_key) LIMIT 30)",
        "DELETE FROM responses WHERE row_key NOT IN (SELECT row_key FROM scores)",
    )
    found = _ask(db)
    assert not any(row["known_by"] == "experience" for row in found.tables["drivers"])
    assert any("50 are needed" in row["reason"] for row in found.tables["left_out"])


def test_answers_after_the_goodbye_predict_nothing(db, world):
    late = world.contracts.dropna(subset="ended_on")[["customer_id", "ended_on"]]
    frame = late.rename(columns={"ended_on": "answered_at"}).assign(survey="exit", regret=1.0)
    with db.writing() as cur:
        answer(cur, frame, "l", ["regret"])
    found = _ask(db)
    assert "regret" not in {row["driver"] for row in found.tables["drivers"]}
    assert "regret (exit)" in {row["column"] for row in found.tables["excluded"]}


def test_refunds_and_negative_revenue_make_no_negative_risk(db, world):
    refunds = pd.DataFrame(
        {
            "customer_id": world.customers["customer_id"][:200],
            "dated": "2025-06-30",
            "amount": "-5000",
            "currency": "USD",
            "revenue_kind": "refund",
        }
    )
    with db.writing() as cur:
        put(cur, "revenue", refunds, [f"n{number}" for number in range(200)])
        cur.execute("UPDATE subscriptions SET monthly_amount = NULL, currency = NULL")
    found = _ask(db)
    assert all(row["revenue"] is None or row["revenue"] >= 0 for row in found.tables["risks"])


def test_duplicate_customers_count_once(db, world):
    twice = world.contracts.head(100).assign(
        subscription_id=[f"again-{number}" for number in range(100)], currency="USD"
    )
    with db.writing() as cur:
        put(cur, "subscriptions", twice, twice["subscription_id"])
    found = _ask(db)
    ids = [row["customer_id"] for row in found.tables["risks"]]
    assert len(ids) == len(set(ids))


def test_two_currencies_without_a_rate_withhold_money(db):
    _change(db, "UPDATE subscriptions SET currency = 'EUR' WHERE customer_id > 'c00200'")
    found = _ask(db)
    assert found.status == "partly"
    assert found.fact("churn.at_stake").value is None
    assert any("exchange rate" in line for line in (*found.caveats, *found.missing))


def test_a_history_of_one_window_says_that_nothing_was_tried_later(db):
    found = _ask(db, as_of=pd.Timestamp("2024-06-30").date())
    assert found.status in {"partly", "cannot_tell"}
    assert found.tables["validation"] == []
    assert any("history" in line for line in found.missing)
    assert not any(row["lever"] for row in found.tables["drivers"])
    assert set(EFFECTS)


@pytest.mark.parametrize("horizon", [3, 12])
def test_other_horizons_are_answered_too(db, horizon):
    assert _ask(db, horizon=horizon).headline
