"""Which metrics deserve attention, in a company whose truth is known."""

import re

import pytest
from churn_worlds import fill as fill_world
from churn_worlds import simulate as simulate_world

from cxdash import demo
from cxdash.demo.company import ITEMS
from cxdash.facts import Grade, Scope
from cxdash.facts.words import cause_words
from cxdash.questions import ask
from cxdash.questions.trial.exhibits import EXHIBITS
from cxdash.store import Database

NOISE, ECHO = ITEMS[-1], "relationship_health"
FORBIDDEN = ("cheat", "gamer", "fraud", "lied", "manipulat", "prove", "unbiased")


@pytest.fixture(scope="module")
def world():
    return demo.simulate(seed=2)


@pytest.fixture(scope="module")
def told(world, tmp_path_factory):
    with Database(tmp_path_factory.mktemp("trial") / "d.duckdb") as opened:
        demo.fill(opened, world)
        yield ask(opened, "trial")


def rows(answer, table="metrics", by="metric"):
    return {row[by]: row for row in answer.tables[table]}


def finding(answer, metric, exhibit):
    return next(
        row["finding"]
        for row in answer.tables["exhibits"]
        if row["metric"] == metric and row["exhibit"] == EXHIBITS[exhibit]
    )


def test_every_metric_is_on_trial_and_has_every_exhibit(told):
    names = set(rows(told))
    assert {"nps", "csat", "ces", "fcr", *ITEMS, ECHO} <= names
    assert {"comment_tone", "first_contact_solved"} <= names
    for name in names:
        own = [row["exhibit"] for row in told.tables["exhibits"] if row["metric"] == name]
        assert own == list(EXHIBITS.values())


def test_a_leading_metric_works_an_echo_is_one_and_noise_does_not(told):
    found = rows(told)
    assert found["nps"]["verdict"] == "working"
    assert found["nps"]["lead_p"] < 0.05
    assert found["nps"]["later_p"] < 0.05
    assert found[ECHO]["verdict"] == "echo"
    assert found[ECHO]["echo_share"] > 0.3
    assert "the change of spend before" in found[ECHO]["reason"]
    assert found[NOISE]["verdict"] in ("vanity", "unproven")
    assert found[NOISE]["lead_p"] > 0.05


def test_an_exit_survey_is_not_celebrated(told):
    row = rows(told)["service"]
    assert row["verdict"] == "unproven"
    assert row["lead_p"] is None
    assert "said goodbye" in row["reason"]


def test_begging_desks_are_to_be_checked_and_their_score_is_restated(told, world):
    units = [row for row in told.tables["units"] if row["metric"] == "csat"]
    named = {row["unit"] for row in units if row["flagged"]}
    assert named == set(world.support.begging)
    for row in units:
        if row["flagged"]:
            assert row["restated"] < row["observed"]
            assert row["restated_low"] < row["restated"] < row["restated_high"]
            assert row["reason"].startswith("Check: ")
        else:
            assert (row["restated"], row["reason"]) == (row["observed"], "")
    observed, restated = told.fact("trial.csat.observed"), told.fact("trial.csat.restated")
    assert restated.value < observed.value
    assert restated.interval.low < restated.value < restated.interval.high
    assert rows(told)["csat"]["verdict"] != "working"


def test_pay_that_was_tied_to_a_metric_is_told_with_its_day(told, world):
    said = finding(told, "csat", "honest")
    assert all(f"“{unit}”" in said for unit in world.support.begging)
    assert "Pay was tied to it on" in said
    assert "Pay was tied" not in finding(told, "nps", "honest")


def test_the_register_says_who_uses_a_metric(told):
    assert "Head of service" in finding(told, "nps", "used")
    assert finding(told, NOISE, "used") == "No owner, no goal, no decision it changed."
    assert "not in the register" in finding(told, "billing", "used")


def test_the_headline_counts_what_earned_its_place(told):
    working = [row for row in told.tables["metrics"] if row["verdict"] == "working"]
    assert told.fact("trial.working").value == len(working)
    assert told.headline.startswith(f"{len(working)} of {len(told.tables['metrics'])} metrics")
    assert "3 of 14 units should be checked" in told.headline


def test_the_headline_names_what_works_without_a_size_beyond_nothing(told):
    skills = {fact.id.split(".")[-1]: fact for fact in told.facts if "Guesswork" in fact.label}
    working = [row for row in told.tables["metrics"] if row["verdict"] == "working"]
    assert working
    unsized = [
        row for row in working
        if (fact := skills.get(str(row["metric"]))) is None
        or fact.interval is None or fact.interval.low <= 0
    ]  # fmt: skip
    assert ("its range holds zero" in told.headline) == bool(unsized)


def test_the_headline_says_whether_what_works_tells_one_thing_or_several(told):
    working = [row for row in told.tables["metrics"] if row["verdict"] == "working"]
    held = [row for row in working if row["beside_p"] is not None]
    own = [row for row in held if row["own_signal"]]
    assert len(held) > 1
    assert [row["own_signal"] for row in held] == [row["beside_p"] <= 0.05 for row in held]
    assert told.fact("trial.own_signal").value == len(own)
    first = told.headline.partition(". ")[0]
    if own:
        assert "They carry largely one signal" in told.headline
    else:
        assert "they tell the same thing" in first
        assert "earned" not in told.headline
    assert len(own) <= 1
    assert all(row["own_signal"] is None for row in told.tables["metrics"] if row not in working)
    assert "the same 6 other metrics that work" in finding(told, "nps", "beside")
    assert finding(told, NOISE, "beside").startswith("Not asked")


def test_facts_have_their_cards_and_a_grade_that_was_earned(told):
    for fact in told.facts:
        assert fact.value is not None or fact.caveats
        if fact.value is not None and fact.interval is not None:
            assert fact.interval.low <= fact.value <= fact.interval.high
            assert fact.card.model
            assert fact.card.code.startswith("cxdash.")
    assert told.fact("trial.nps.added_skill").grade is Grade.C
    for row in told.tables["metrics"]:
        if row["added_skill"] is not None and row["added_low"] <= 0:
            assert told.fact(f"trial.{row['metric']}.added_skill").grade is Grade.D
            if row["verdict"] == "working":
                assert "the size of what it adds is not yet known" in row["reason"]
    assert told.fact(f"trial.{NOISE}.money_per_move").grade is Grade.D


def test_nobody_is_accused_and_nothing_is_said_to_cause_anything(told):
    said = [told.headline, *told.caveats]
    said += [row["finding"] for row in told.tables["exhibits"]]
    said += [row["reason"] for row in (*told.tables["metrics"], *told.tables["units"])]
    text = " ".join(said)
    assert not [word for word in FORBIDDEN if word in text.lower()]
    assert not cause_words(re.sub("“[^”]*”", "", text))
    assert "nan" not in text.lower().replace("finance", "")
    assert re.search(r"\bagent \d", text) is None


def test_every_chart_draws_what_the_table_holds(told):
    assert [chart.id for chart in told.charts] == ["added", "money", "units"]
    for chart in told.charts:
        for row in told.tables[chart.table]:
            assert {chart.category, chart.value, chart.low, chart.high} <= set(row)


@pytest.fixture
def small(tmp_path):
    with Database(tmp_path / "s.duckdb") as opened:
        fill_world(opened, simulate_world(3, customers=300, level=-3.0))
        yield opened


def test_a_unit_of_few_people_is_neither_judged_nor_shown(small):
    with small.writing() as cur:
        cur.execute(
            "UPDATE responses SET unit = 'Pair', agent = 'one' WHERE customer_id < 'c00100'"
        )
        cur.execute("UPDATE responses SET unit = 'Team' WHERE customer_id >= 'c00100'")
    answer = ask(small, "trial")
    assert {row["unit"] for row in answer.tables["units"]} == {"Team"}
    assert any("fewer than 10 people" in line for line in answer.caveats)
    assert "Pair" not in str(answer.to_json())


def test_a_score_that_rose_when_pay_was_tied_to_it_is_told(small):
    with small.writing() as cur:
        cur.execute(
            "UPDATE scores SET value = 5 WHERE item = 'design' AND hash(row_key) % 10 < 6 AND "
            "row_key IN (SELECT row_key FROM responses WHERE answered_at >= '2025-01-01')"
        )
        cur.execute(
            "INSERT INTO events (event_id, dated, event_kind, what, metric, row_key, row_hash, "
            "import_id, line_no, is_current) VALUES ('1', '2025-01-01', 'incentive', 'Bonus', "
            "'Design', 'e1', 'x', 1, 1, true)"
        )
    answer = ask(small, "trial")
    said = finding(answer, "design", "honest")
    assert "Pay was tied to it on 1 January 2025. In the 6 months from then on" in said
    assert "the difference is" in said
    assert rows(answer)["design"]["verdict"] != "working"


def test_a_filter_narrows_customers_and_units_alike(small):
    whole = rows(ask(small, "trial"))
    part = rows(ask(small, "trial", Scope(where=(("segment", "Small"),))))
    assert part["support"]["n"] < whole["support"]["n"]


def test_the_same_question_gives_the_same_answer(small, tmp_path):
    with Database(tmp_path / "again.duckdb") as other:
        fill_world(other, simulate_world(3, customers=300, level=-3.0))
        assert ask(other, "trial").to_json()["tables"] == ask(small, "trial").to_json()["tables"]
