"""Who leaves and what goes before it, in a company whose reasons are known."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from churn_worlds import EFFECTS, fill, put, simulate

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.facts.words import cause_words, named
from cxdash.panel import settled
from cxdash.questions import ask
from cxdash.questions.churn.find import find
from cxdash.questions.churn.stage import stage
from cxdash.questions.churn.words import skill_sentence
from cxdash.store import Database

CUSTOMERS = 1100


@pytest.fixture(scope="module")
def world():
    return simulate(7, customers=CUSTOMERS)


@pytest.fixture(scope="module")
def db(world, tmp_path_factory):
    with Database(tmp_path_factory.mktemp("churn") / "c.duckdb") as opened:
        fill(opened, world)
        yield opened


@pytest.fixture(scope="module")
def told(db):
    return ask(db, "churn")


def _drivers(answer):
    return {row["driver"]: row for row in answer.tables["drivers"]}


def test_what_matters_is_a_lever_and_what_only_goes_along_is_not(told):
    rows = _drivers(told)
    assert rows["support"]["lever"]
    assert rows["support"]["rank"] <= 2  # an unsolved contact weighs as much
    assert rows["support"]["high"] < 0
    assert not rows["billing"]["lever"]
    assert not rows["billing"]["beyond_noise"]
    assert rows["billing"]["raw_high"] < 0  # alone it looks as if it mattered


def test_an_item_that_only_marks_a_segment_is_no_lever_and_says_why(told):
    row = _drivers(told)["advice"]
    assert row["raw_high"] < 0
    assert row["within_low"] <= 0 <= row["within_high"]
    assert not row["lever"]
    assert "segment" in row["lever_reason"]


def test_finance_and_operations_stand_beside_experience_and_are_no_levers_by_themselves(told):
    rows = _drivers(told)
    assert {"tenure", "unresolved", "contacts"} <= set(rows)
    assert rows["tenure"]["known_by"] == "finance"
    assert not rows["tenure"]["lever"]
    assert rows["unresolved"]["known_by"] == "operations"


def test_a_step_is_what_customers_own_answers_did_and_is_said_in_words(told):
    assert re.fullmatch(
        r"[12] points? more on the scale 1 to 5: the usual rise of customers whose own answer rose",
        _drivers(told)["support"]["change"],
    )


def test_a_rank_comes_with_the_places_it_may_take(told):
    for row in told.tables["drivers"]:
        assert 1 <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= len(_drivers(told))
    assert sorted(row["rank"] for row in told.tables["drivers"]) == [
        row["rank"] for row in told.tables["drivers"]
    ]


def test_the_headline_names_the_lever_without_naming_a_cause(told):
    assert told.status == "answered"
    assert told.headline.startswith("Customers with")
    assert "Support left less often within 6 months" in told.headline
    assert not cause_words(told.headline)


def test_the_model_is_judged_on_windows_it_had_not_seen(told):
    by_model = {row["model"]: row for row in told.tables["validation"]}
    assert list(by_model) == [
        "experience and finance",
        "finance and operations",
        "finance only",
        "nobody churns",
        "boosted trees",
    ]
    main = by_model["experience and finance"]
    assert main["auc"] > by_model["finance only"]["auc"]
    assert 0.7 < main["calibration_slope"] < 1.4
    assert by_model["nobody churns"]["auc"] == 0.5
    assert by_model["nobody churns"]["brier"] > main["brier"]
    assert main["n_test"] > main["events_test"] > 0
    assert main["cutoff"] == "2025-06-30"


def test_answers_are_said_to_carry_a_part_of_foresight(told):
    fact = told.fact("churn.skill_added")
    assert 0 < fact.interval.low < fact.value < fact.interval.high
    assert fact.grade.name == "C"
    assert "answers carry" in told.headline


def test_every_driver_is_a_fact_with_its_card(told):
    fact = told.fact("churn.driver.support")
    row = _drivers(told)["support"]
    assert (fact.value, fact.interval.low, fact.interval.high) == (
        row["effect"],
        row["low"],
        row["high"],
    )
    assert fact.grade.name == row["grade"] == "C"
    card = fact.card
    assert "later windows" in card.validation
    assert "E-value" in card.sensitivity
    assert card.code.startswith("cxdash.questions.")


def test_grades_beyond_d_need_later_windows(told):
    for row in told.tables["drivers"]:
        if not row["beyond_noise"]:
            assert not row["lever"]
    assert told.fact("churn.rate").grade.name == "D"


def test_risks_name_nobody_and_give_at_most_three_reasons(told, world):
    risks = told.tables["risks"]
    assert set(risks[0]) == {"customer_id", "risk", "revenue", "reasons"}
    ended = world.contracts.set_index("customer_id")["ended_on"]
    assert ended[[row["customer_id"] for row in risks]].isna().all()
    assert all(0 < row["risk"] < 1 for row in risks)
    assert max(row["reasons"].count("; ") for row in risks) <= 2
    losses = [row["risk"] * row["revenue"] for row in risks]
    assert losses == sorted(losses, reverse=True)
    scored_low = [row for row in risks if "Support scored 1" in row["reasons"]]
    scored_high = [row for row in risks if "Support scored 5" in row["reasons"]]
    assert scored_low
    assert not scored_high  # a good score is no reason to leave


def test_risks_add_up_to_the_expected_leavers(told):
    total = sum(row["risk"] for row in told.tables["risks"])
    assert total == pytest.approx(told.fact("churn.expected_leavers").value, rel=1e-9)
    lost = sum(row["risk"] * row["revenue"] for row in told.tables["risks"])
    stake = told.fact("churn.at_stake")
    assert lost == pytest.approx(stake.value, rel=1e-4)
    assert stake.interval.low < stake.value < stake.interval.high


def test_the_figure_to_quote_is_that_of_worth(db, told):
    headline = ask(db, "worth").fact("worth.at_stake")
    said = fmt.spread(headline.interval.low, headline.interval.high, headline.unit)
    beside = [line for line in told.fact("churn.at_stake").caveats if "to quote" in line]
    assert len(beside) == 1
    assert said in beside[0]
    assert "graded by how right its own model was" in beside[0]
    other = " ".join(ask(db, "worth").fact("worth.at_stake").caveats)
    assert "churn adds up the revenue of the same customers under another model" in other


def test_a_driver_within_noise_is_graded_as_observed(told):
    for row in told.tables["drivers"]:
        if not row["beyond_noise"]:
            assert row["grade"] == "D", row["driver"]


def test_foresight_is_said_in_pairs_and_of_this_model(told):
    assert re.search(r"Of 100 pairs .* puts \d\d in the right order, \d\d without", told.headline)
    assert "what this model foresees" in told.headline


def _with_gain(found, *, auc, skill, share):
    """The same record with other ranges of what answers add."""
    record = found.record
    told = replace(
        record.gain,
        auc=replace(record.gain.auc, low=auc[0], high=auc[1]),
        skill=replace(record.gain.skill, low=skill[0], high=skill[1]),
    )
    return replace(found, record=replace(record, gain=told, share=record.share if share else None))


@pytest.fixture(scope="module")
def found(db):
    with settled(db) as view:
        return find(stage(view, Scope()))


def test_a_gain_whose_range_is_above_zero_is_never_the_reason_for_not_telling(found):
    said = skill_sentence(_with_gain(found, auc=(0.031, 0.059), skill=(0.017, 0.034), share=False))
    assert "answers add to “" in said
    assert "whether answers add foresight" not in said
    assert "could not be told from giving everybody the average chance" in said
    said = skill_sentence(_with_gain(found, auc=(0.031, 0.059), skill=(-0.01, 0.02), share=True))
    assert "answers add to “" in said
    assert "the guesswork they take away lies in the range −1.0% to 2.0%" in said


def test_a_gain_within_noise_is_told_by_the_range_that_was_judged(found):
    said = skill_sentence(_with_gain(found, auc=(-0.01, 0.02), skill=(-0.01, 0.02), share=True))
    assert said.startswith("Cannot tell whether answers add foresight to “")
    assert "the guesswork they take away lies in the range −1.0% to 2.0%" in said
    said = skill_sentence(_with_gain(found, auc=(-0.02, -0.01), skill=(-0.02, -0.01), share=True))
    assert "further off with answers than without" in said


def test_risks_follow_the_true_chance(told, world):
    ids = [row["customer_id"] for row in told.tables["risks"]]
    truth = world.chance(ids, [world.odds["landmark"].max()] * len(ids))
    stated = np.array([row["risk"] for row in told.tables["risks"]])
    assert np.corrcoef(truth, stated)[0, 1] > 0.8
    assert stated.mean() == pytest.approx(truth.mean(), rel=0.25)


def test_importance_stands_beside_performance(told):
    rows = {row["item"]: row for row in told.tables["importance"]}
    assert set(rows) == set(EFFECTS)
    assert rows["support"]["importance"] == -_drivers(told)["support"]["effect"]
    assert 0 < rows["support"]["performance_share"] < 1
    assert rows["support"]["beyond_noise"]
    chart = next(chart for chart in told.charts if chart.id == "importance")
    assert "Look at" in chart.title


def test_curves_show_when_customers_go(told):
    rows = told.tables["stay"]
    assert {row["month"] for row in rows} == {str(month) for month in range(7)}
    for band in {row["band"] for row in rows}:
        shares = [row["stayed_share"] for row in rows if row["band"] == band]
        assert shares[0] == 1.0
        assert shares == sorted(shares, reverse=True)


def test_a_filter_looks_at_these_customers_only(db, world):
    small = ask(db, "churn", Scope(where=(("segment", "Small"),)))
    allowed = set(world.customers["customer_id"][world.customers["segment"] == "Small"])
    assert {row["customer_id"] for row in small.tables["risks"]} <= allowed
    assert all("segment" not in row["adjusted_for"] for row in small.tables["drivers"])


def test_an_unknown_item_is_a_mistake_to_tell(db):
    with pytest.raises(UsageError, match="No survey item"):
        ask(db, "churn", Scope(metric="nonsense"))


def test_the_same_question_gives_the_same_answer(db, told):
    with db.writing() as cur:  # another state of the data, so nothing kept is given again
        roster = pd.DataFrame({"pilot": ["p"], "customer_id": ["c00001"], "arm": ["a"]})
        put(cur, "pilot_roster", roster, ["p"])
    again = ask(db, "churn")
    assert again.to_json()["tables"] == told.to_json()["tables"]
    assert again.headline == told.headline


def test_without_contracts_leaving_is_to_be_no_customer_any_more_and_is_said_so(tmp_path):
    small = simulate(11, customers=400, level=-3.3)
    rows = []
    for one in small.contracts.itertuples():
        until = one.ended_on or pd.Timestamp("2025-12-31").date()
        days = pd.date_range(one.started_on, until, freq="28D")
        rows += [(one.customer_id, day.date(), one.monthly_amount) for day in days]
    bought = pd.DataFrame(rows, columns=["customer_id", "dated", "amount"])
    with Database(tmp_path / "shop.duckdb") as db:
        fill(db, small)
        with db.writing() as cur:
            cur.execute("DELETE FROM subscriptions")
            paid = bought.assign(currency="USD", revenue_kind="one-off")
            put(cur, "revenue", paid, [f"b{number}" for number in range(len(paid))])
        found = ask(db, "churn")
    assert found.tables["drivers"]
    assert any("There are no contracts" in line for line in found.caveats)
    assert "stay" not in found.tables  # no month of leaving is known
    assert found.fact("churn.rate").value > 0.1
    idle = found.fact("churn.driver.idle").label
    assert idle == "Change in leaving with a last purchase 30 days later"
    assert named(f"customers with{idle.partition('with')[2]}")[0] != "“"


def test_every_driver_row_is_called_by_its_step_so_that_its_sign_is_plain(told):
    labels = {name: row["label"] for name, row in _drivers(told).items()}
    assert re.fullmatch(r"Support, [\d.]+ points? up", labels["support"])
    assert labels["contacts"] == "1 contact fewer"
    assert labels["tenure"] == "12 months longer as a customer"
    drawn = {row["label"] for row in told.tables["compare"]}
    assert drawn <= set(labels.values())
    assert {row["label"] for row in told.tables["importance"]} & {"Support"}, "an item, no step"


def test_a_driver_is_not_held_equal_to_itself(told):
    held = {name: str(row["adjusted_for"]) for name, row in _drivers(told).items()}
    assert "recent contacts" in held["support"]
    assert "recent contacts" not in held["contacts"].replace("unsolved recent contacts", "")
    assert "time as a customer" not in held["tenure"]
    assert "time as a customer" in held["contacts"]
