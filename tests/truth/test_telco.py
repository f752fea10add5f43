"""A public list of 7,043 customers without dates: cross-validated, and no lever is offered.

The file is not ours to give away; the test reads it from beside the project.
"""

import pytest
from reference import public

from cxdash import intake
from cxdash.questions import ask
from cxdash.store import Database

FILE = public("telco/Telco-Customer-Churn_classic.csv")
pytestmark = [
    pytest.mark.truth,
    pytest.mark.skipif(
        not FILE.exists(),
        reason=f"{FILE.name} is not at {FILE.parent}; it is not ours to put into the project",
    ),
]


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    proposal = intake.inspect(FILE)
    assert [question.id for question in proposal.questions] == ["currency"]
    with Database(tmp_path_factory.mktemp("telco") / "t.duckdb") as db:
        receipt = intake.load(db, FILE, proposal.with_answers({"currency": "USD"}).require())
        assert (receipt.rows_loaded, receipt.rows_rejected) == (7043, 0)
        yield ask(db, "churn")


def test_leavers_are_told_from_stayers_with_right_chances(answer):
    by_model = {row["model"]: row for row in answer.tables["validation"]}
    main = by_model["all traits"]
    assert main["auc"] >= 0.84
    assert 0.9 <= main["calibration_slope"] <= 1.1
    assert abs(main["calibration_intercept"]) < 0.05
    assert main["auc_low"] > by_model["finance only"]["auc_high"]
    assert by_model["nobody churns"]["calibration_intercept"] is None
    assert by_model["nobody churns"]["brier"] == pytest.approx(answer.fact("churn.rate").value)
    assert answer.fact("churn.rate").value == pytest.approx(1869 / 7043)


def test_it_says_that_out_of_time_is_impossible_and_grades_nothing_beyond_d(answer):
    assert answer.status == "partly"
    assert "Out-of-time validation is impossible" in answer.headline
    assert any("out-of-time validation is impossible" in line for line in answer.caveats)
    assert all("impossible" in str(row["cutoff"]) for row in answer.tables["validation"])
    assert {fact.grade.name for fact in answer.facts} == {"D"}
    assert not any(row["lever"] for row in answer.tables["drivers"])


def test_contract_and_internet_service_stand_before_everything_else(answer):
    first, second = answer.tables["drivers"][:2]
    assert {first["driver"], second["driver"]} == {"Contract", "InternetService"}
    assert max(first["high"], second["high"]) < 0
    contract = first if first["driver"] == "Contract" else second
    assert contract["change"] == "“One year” or “Two year” instead of “Month-to-month”"
    assert contract["raw_effect"] < contract["effect"]  # the others take part of it away


def test_nobody_who_had_left_is_on_the_list_of_risks(answer):
    risks = answer.tables["risks"]
    assert set(risks[0]) == {"customer_id", "risk", "revenue", "reasons"}
    assert "7590-VHVEG" in {row["customer_id"] for row in risks}  # still there in the file
    assert "3668-QPYBK" not in {row["customer_id"] for row in risks}  # had left
    assert all(row["reasons"] for row in risks)
