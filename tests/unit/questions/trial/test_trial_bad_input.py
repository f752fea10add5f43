"""Whatever is loaded, ``trial`` says what is missing and what can still be said."""

import numpy as np
import pandas as pd
import pytest
from churn_worlds import answer, fill, put, simulate

from cxdash.facts import Scope
from cxdash.facts.words import cause_words, direction_words
from cxdash.panel import panel
from cxdash.questions import ask
from cxdash.questions.trial.exhibits import EXHIBITS
from cxdash.store import Database

CONTRACT = {"metrics", "exhibits", "units"}


@pytest.fixture(scope="module")
def world():
    return simulate(5, customers=260, level=-2.9)


@pytest.fixture
def db(world, tmp_path):
    with Database(tmp_path / "c.duckdb") as opened:
        fill(opened, world)
        yield opened


def _ask(db, **scope):
    found = ask(db, "trial", Scope(**scope))
    assert found.headline
    assert found.to_json()
    for fact in found.facts:
        assert fact.value is not None or fact.caveats
    if found.status != "answered":
        assert found.missing
    said = " ".join([found.headline, *found.caveats, *found.missing])
    told = [str(row["finding"]) for row in found.tables.get("exhibits", ())]
    told += [str(row["reason"]) for row in found.tables.get("metrics", ())]
    assert "nan" not in " ".join([said, *told]).lower().replace("finance", "")
    assert not cause_words(found.headline)
    assert not direction_words(found.headline.replace("go before", ""))
    return found


def _verdicts(found):
    assert set(found.tables) >= CONTRACT
    return {row["metric"]: row["verdict"] for row in found.tables["metrics"]}


def _change(db, *statements):
    with db.writing() as cur:
        for statement in statements:
            cur.execute(statement)


def test_nothing_at_all(tmp_path):
    with Database(tmp_path / "e.duckdb") as empty:
        panel(empty)
        assert _ask(empty).status == "cannot_tell"


def test_no_survey_leaves_the_contacts_on_trial(db):
    _change(db, "DELETE FROM scores", "DELETE FROM responses")
    found = _ask(db)
    assert set(_verdicts(found)) == {"first_contact_solved"}
    assert any("survey export" in line for line in found.missing)


def test_no_survey_and_no_contacts(db):
    _change(db, "DELETE FROM scores", "DELETE FROM responses", "DELETE FROM contacts")
    found = _ask(db)
    assert found.status == "cannot_tell"
    assert any("survey export" in line for line in found.missing)


def test_answers_alone_say_that_nobody_is_known_as_a_customer_and_compare_units(db):
    _change(
        db, "DELETE FROM revenue", "DELETE FROM subscriptions", "DELETE FROM customers",
        "UPDATE responses SET unit = 'Desk ' || (CAST(substr(customer_id, 4) AS INT) % 9)",
    )  # fmt: skip
    found = _ask(db)
    assert found.status == "cannot_tell"
    rows = [row for row in found.tables["metrics"] if row["metric"] != "first_contact_solved"]
    assert all("who is a customer" in row["reason"] for row in rows)
    assert len({row["unit"] for row in found.tables["units"]}) == 9
    assert any("subscriptions" in line or "invoices" in line for line in found.missing)


def test_no_revenue_withholds_money_and_keeps_the_verdicts(db):
    _change(
        db,
        "DELETE FROM revenue",
        "UPDATE subscriptions SET monthly_amount = NULL, currency = NULL",
    )
    found = _ask(db)
    assert found.status == "partly"
    assert all(row["money_per_move"] is None for row in found.tables["metrics"])
    assert any(row["lead_p"] is not None for row in found.tables["metrics"])
    assert any("withheld" in row["finding"] for row in found.tables["exhibits"])


def test_no_join_key_leaves_every_item_unproven_with_the_reason(db):
    _change(db, "UPDATE responses SET customer_id = 'somebody else ' || row_key")
    found = _ask(db)
    rows = [row for row in found.tables["metrics"] if row["metric"] != "first_contact_solved"]
    assert {row["verdict"] for row in rows} == {"unproven"}
    assert all("find their customer" in row["reason"] for row in rows)
    assert all(row["lead_p"] is None for row in rows)


def test_one_segment_changes_nothing_but_what_is_held_equal(db):
    _change(db, "UPDATE customers SET segment = 'All'")
    found = _ask(db)
    assert any(row["lead_p"] is not None for row in found.tables["metrics"])


def test_a_constant_column_tells_nobody_from_anybody(db):
    _change(db, "UPDATE scores SET value = 3 WHERE item = 'design'")
    rows = {row["metric"]: row for row in _ask(db).tables["metrics"]}
    assert rows["design"]["verdict"] == "unproven"
    assert "all answers are the same" in rows["design"]["reason"].lower()


def test_forty_collinear_items_are_each_tried_and_none_breaks_another(db, world):
    names = [f"copy {number}" for number in range(40)]
    values = world.answers["support"].to_numpy()
    frame = world.answers[["customer_id", "answered_at", "survey"]]
    with db.writing() as cur:
        answer(cur, frame.assign(**dict.fromkeys(names, values)), "k", names)
    rows = {row["metric"]: row for row in _ask(db, horizon=12).tables["metrics"]}
    copies = [rows[name] for name in names]
    assert len({row["verdict"] for row in copies}) == 1
    assert np.ptp([row["lead_p"] for row in copies]) < 1e-6


def test_all_churned_leaves_nothing_to_try(db):
    _change(
        db,
        "UPDATE subscriptions SET started_on = '2024-06-01', ended_on = '2024-09-15', "
        "cancelled_on = NULL",
    )
    found = _ask(db)
    assert found.status == "cannot_tell"
    assert set(_verdicts(found).values()) == {"unproven"}


def test_nobody_churned_leaves_spend_to_be_tried(db):
    _change(db, "UPDATE subscriptions SET ended_on = NULL, cancelled_on = NULL")
    found = _ask(db)
    assert {row["outcome"] for row in found.tables["metrics"]} <= {"spend", None}
    assert "working" not in _verdicts(found).values()


def test_thirty_answers_are_too_few_and_say_how_many_are_needed(db):
    _change(
        db,
        "DELETE FROM scores WHERE row_key NOT IN (SELECT row_key FROM responses ORDER BY "
        "md5(row_key) LIMIT 30)",
        "DELETE FROM responses WHERE row_key NOT IN (SELECT row_key FROM scores)",
    )
    rows = [r for r in _ask(db).tables["metrics"] if r["metric"] != "first_contact_solved"]
    assert {row["verdict"] for row in rows} == {"unproven"}
    assert all("50 are needed" in row["reason"] for row in rows)


def test_answers_after_the_goodbye_are_not_celebrated(db, world):
    late = world.contracts.dropna(subset="ended_on")[["customer_id", "ended_on"]]
    frame = late.rename(columns={"ended_on": "answered_at"}).assign(survey="exit", regret=1.0)
    with db.writing() as cur:
        answer(cur, frame, "l", ["regret"])
    rows = {row["metric"]: row for row in _ask(db).tables["metrics"]}
    assert rows["regret"]["verdict"] == "unproven"
    assert "goodbye" in rows["regret"]["reason"]


def test_refunds_and_negative_revenue_are_answered(db):
    refunds = pd.DataFrame(
        {
            "customer_id": [f"c{number:05d}" for number in range(200)],
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
    rows = found.tables["metrics"]
    assert {row["outcome"] for row in rows} <= {"leaving", "spend", None}
    for row in rows:
        ends = row["money_low"], row["money_per_move"], row["money_high"]
        assert None not in ends or set(ends) == {None}
        assert row["verdict"] != "working" or row["later_p"] <= 0.05


def test_duplicate_customers_count_once(db, world):
    before = {row["metric"]: row["n"] for row in _ask(db).tables["metrics"]}
    twice = world.contracts.head(100).assign(
        subscription_id=[f"again-{number}" for number in range(100)], currency="USD"
    )
    with db.writing() as cur:
        put(cur, "subscriptions", twice, twice["subscription_id"])
    after = {row["metric"]: row["n"] for row in _ask(db).tables["metrics"]}
    assert after == before


def test_two_currencies_without_a_rate_withhold_money(db):
    _change(db, "UPDATE subscriptions SET currency = 'EUR' WHERE customer_id > 'c00200'")
    found = _ask(db)
    assert found.status == "partly"
    assert all(row["money_per_move"] is None for row in found.tables["metrics"])
    assert any("exchange rate" in line for line in found.missing)
    assert "vanity" not in _verdicts(found).values()
    leads = [r["finding"] for r in found.tables["exhibits"] if r["exhibit"] == EXHIBITS["leads"]]
    assert all("Spend was not looked at: amounts come in several" in finding for finding in leads)


def test_where_nothing_was_forecast_with_no_size_is_given(db):
    found = _ask(db)
    rows = [row for row in found.tables["metrics"] if row["lead_p"] is not None]
    for row in (row for row in rows if row["later_p"] is None):
        assert row["added_skill"] is None
        fact = found.fact(f"trial.{row['metric']}.added_skill")
        assert "nothing of it was forecast with" in fact.caveats[0]
    assert all(abs(row["added_skill"]) > 1e-9 for row in rows if row["added_skill"] is not None)


def test_one_window_says_that_nothing_could_be_checked_later(db):
    found = _ask(db, as_of=pd.Timestamp("2024-06-30").date())
    assert all(row["added_skill"] is None for row in found.tables["metrics"])
    assert "working" not in _verdicts(found).values()


@pytest.mark.parametrize("horizon", [3, 12])
def test_other_horizons_are_answered_too(db, horizon):
    assert _ask(db, horizon=horizon).headline
