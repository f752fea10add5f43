"""``examine``: the cross-examination at the command line."""

import json

import pytest

from cxdash import demo
from cxdash.faces.cli import main
from cxdash.store import Database


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("examine") / "cx.duckdb"
    with Database(path) as db:
        demo.fill(db, demo.simulate(seed=4, customers=500))
    return path


def test_the_main_claim_of_a_question_is_examined(place, capsys):
    assert main(["examine", "worth", "--db", str(place), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["question"] == "examine"
    assert told["scope"]["claim"] == "worth"
    assert {"order", "question", "reply", "verdict"} <= set(told["tables"]["exhibits"][0])
    assert {
        "specification",
        "horizon",
        "memory",
        "definition",
        "controls",
        "sample",
        "estimate",
        "low",
        "high",
        "n",
    } <= set(told["tables"]["specifications"][0])


def test_a_claim_named_is_examined_and_told_in_sentences(place, capsys):
    options = ["--claim", "churn.driver.contacts", "--horizon", "3", "--db", str(place)]
    assert main(["examine", "churn", *options]) == 0
    told = capsys.readouterr().out
    assert "Was it the season?" in told
    assert "contacts in three months" in told


def test_a_claim_of_another_question_or_of_none_is_wrong_use(place, capsys):
    assert main(["examine", "worth", "--claim", "churn.driver.nps", "--db", str(place)]) == 2
    assert "is not one of worth" in capsys.readouterr().err
    assert main(["examine", "revenue", "--claim", "revenue.nrr", "--db", str(place)]) == 2
    assert "cannot be examined" in capsys.readouterr().err
