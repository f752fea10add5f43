"""A survey or a complaint that comes with the goodbye is named and changes no question's answer."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from churn_worlds import LANDMARKS, answer, fill, put, simulate

from cxdash.facts import Scope
from cxdash.panel import month_end
from cxdash.questions import ask
from cxdash.store import Database

QUESTIONS = ("worth", "brief", "revenue", "examine", "churn", "trial", "listening")
OF_A_METRIC = set(QUESTIONS) - {"trial"}
VALUES = ("effect", "low", "high", "estimate", "added_skill", "lead_p", "churn_rate")


@pytest.fixture(scope="module")
def world():
    return simulate(3, customers=700, level=-3.6)


def _opened(world, folder):
    db = Database(folder / "c.duckdb")
    fill(db, world)
    asked = world.odds[["customer_id"]].assign(
        sent_at=[month_end(int(month)) - timedelta(days=12) for month in world.odds["landmark"]],
        survey="wave",
    )
    with db.writing() as cur:
        cur.execute("UPDATE subscriptions SET cancelled_on = NULL")
        _invite(cur, asked, "i")
    return db


def _invite(cur, invited, prefix):
    keys = pd.Series([f"{prefix}{number}" for number in range(len(invited))])
    put(cur, "invitations", invited.assign(invitation_id=keys.to_numpy()), keys)


def _leavers(world):
    left = world.contracts.dropna(subset="ended_on")
    return left[["customer_id", "ended_on"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def clean(world, tmp_path_factory):
    with _opened(world, tmp_path_factory.mktemp("clean")) as db:
        yield {question: _asked(db, question) for question in QUESTIONS}


@pytest.fixture(scope="module")
def tainted(world, tmp_path_factory):
    """An exit survey 25 days before the end, and a complaint 20 days before it; no day of notice.

    The exit survey asks for support, as every wave does, and a question of its own.
    """
    left = _leavers(world)
    exits = left.assign(
        answered_at=[day - timedelta(days=25) for day in left["ended_on"]],
        survey="exit",
        support=1.0,
        goodbye=1.0 + np.arange(len(left)) % 2,
    )
    complaints = pd.DataFrame(
        {
            "contact_id": [f"z{number}" for number in range(len(left))],
            "customer_id": left["customer_id"],
            "contacted_at": [day - timedelta(days=20) for day in left["ended_on"]],
            "reason": "complaint on leaving",
            "resolved_first": False,
        }
    )
    invited = exits[["customer_id", "survey"]].assign(sent_at=exits["answered_at"])
    with _opened(world, tmp_path_factory.mktemp("tainted")) as db:
        with db.writing() as cur:
            answer(cur, exits, "x", ["support", "goodbye"])
            put(cur, "contacts", complaints, complaints["contact_id"])
            _invite(cur, invited, "x")
        yield db


def _asked(db, question, metric="support"):
    return ask(db, question, Scope(metric=metric if question in OF_A_METRIC else None))


def _links(found):
    """Every estimate of a link, by where it stands."""
    told = {
        fact.id: fact.value
        for fact in found.facts
        if fact.value is not None and fact.interval is not None and "goodbye" not in fact.id
    }
    for name, rows in found.tables.items():
        for row in rows:
            own = str(sorted((k, v) for k, v in row.items() if isinstance(v, str)))
            if "goodbye" in own or name not in ("drivers", "specifications", "metrics", "bands"):
                continue
            key = row.get("driver") or row.get("specification") or row.get("metric")
            where = (name, key, row.get("kind"), row.get("band"))
            told |= {(*where, v): row[v] for v in VALUES if row.get(v) is not None}
    return told


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_comes_with_a_goodbye_moves_no_link_of_any_question(question, clean, tainted):
    before, after = _links(clean[question]), _links(_asked(tainted, question))
    shared = {key: value for key, value in after.items() if key in before}
    assert before
    assert shared == pytest.approx(before, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_names_what_was_left_out(question, clean, tainted):
    found = _asked(tainted, question)
    said = " ".join(found.caveats)
    for column in ("support (exit)", "goodbye (exit)", "contacts: complaint on leaving"):
        assert column in said
        assert column not in " ".join(clean[question].caveats)


@pytest.mark.parametrize("question", ["worth", "revenue", "examine", "churn", "trial"])
def test_the_table_says_why_and_so_does_the_card(question, tainted):
    found = _asked(tainted, question)
    told = {row["column"]: row["reason"] for row in found.tables["excluded"]}
    assert "come with the goodbye" in told["support (exit)"]
    assert "not counted" in told["contacts: complaint on leaving"]
    cards = " ".join(" ".join(fact.card.exclusions) for fact in found.facts)
    assert "support (exit): Answers to support" in cards


def test_the_verdicts_of_a_trial_are_those_of_the_clean_company(clean, tainted):
    before = {row["metric"]: row["verdict"] for row in clean["trial"].tables["metrics"]}
    after = {row["metric"]: row["verdict"] for row in _asked(tainted, "trial").tables["metrics"]}
    assert after.pop("goodbye") == "unproven"
    assert after == before
    assert after["first_contact_solved"] == "unproven"


@pytest.mark.parametrize("question", ["worth", "brief", "examine"])
def test_a_metric_asked_on_leaving_alone_is_set_beside_no_outcome(question, tainted):
    found = _asked(tainted, question, "goodbye")
    assert found.status == "cannot_tell"
    assert "come with the goodbye" in " ".join(found.caveats)


def test_revenue_sets_a_metric_asked_on_leaving_beside_no_money(tainted):
    found = _asked(tainted, "revenue", "goodbye")
    assert not found.tables["drivers"]
    assert "the answers know who left" in found.headline


def test_a_score_set_afterwards_bars_its_own_variant_alone(world, tmp_path):
    gone = dict(zip(*_leavers(world).to_numpy().T, strict=True))
    rows = []
    for landmark in LANDMARKS:
        day, until = month_end(landmark), month_end(landmark + 6)
        for customer in world.odds["customer_id"][world.odds["landmark"] == landmark]:
            leaves = customer in gone and gone[customer] <= until
            rows.append((customer, day - timedelta(days=3), "crm", 1.0 if leaves else 8.0))
    scores = pd.DataFrame(rows, columns=["customer_id", "answered_at", "survey", "support"])
    scores["support"] += np.arange(len(scores)) % 2  # not a copy of the outcome, only nearly
    with _opened(world, tmp_path) as db:
        with db.writing() as cur:
            answer(cur, scores, "h", ["support"], variant="nps.0-10")
        rows = ask(db, "trial").tables["metrics"]
        tried = {row["variant"]: row for row in rows if row["metric"].startswith("support")}
        asked = _asked(db, "worth", "support@nps.0-10")
        usual = _asked(db, "worth")
        cross = _asked(db, "examine", "support@rating.1-5")
    assert "set afterwards" in tried["nps.0-10"]["reason"]
    assert tried["rating.1-5"]["verdict"] == "working"
    assert asked.status == "cannot_tell"
    assert "set afterwards" in " ".join(asked.caveats)
    assert usual.scope.metric == "support"
    assert usual.fact("worth.gap_adjusted").value == pytest.approx(0.1475, abs=0.005)
    assert cross.status == "answered"
