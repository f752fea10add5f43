"""Pilots in which nothing happens are seldom called clear, and the demo company's is read right."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from calibration import FIRST_SEED, judge, module, study_of, surprising

from cxdash import demo
from cxdash.demo.pilots import IDLE_MONTHS
from cxdash.demo.truth import Truth
from cxdash.questions import ask
from cxdash.register import built, entries
from cxdash.register.kinds.pilots import PilotPlan
from cxdash.store import Database

pytestmark = pytest.mark.truth

COMPANIES = 200  # 1,000 null panels of each design


@pytest.mark.promise("T01")
def test_pilots_keep_to_their_false_alarms_and_their_power(thorough, tell):
    study, seeds = study_of(module("pilots")), COMPANIES if thorough else 1
    results = judge(study, module("pilots").run(range(FIRST_SEED, FIRST_SEED + seeds)))
    panels = sum(result.n for result in results if result.what.startswith("null."))
    tell("pilots in which nothing happens", panels)
    if thorough:
        assert [result for result in results if not result.passed] == []
    else:
        assert surprising(results) == []


@pytest.mark.promise("T01")
def test_the_pilots_of_a_large_demo_company_are_read_as_they_are(tmp_path, tell):
    """Of 4,000 customers the true effect is in the range, and so is none of the idle pilot."""
    world = demo.simulate(customers=4_000, seed=11)
    truth = Truth.of(world).summary
    with Database(tmp_path / "large.duckdb") as db:
        demo.fill(db, world)
        for told in (truth["pilot"], truth["idle_pilot"]):
            _plan(db, told)
        rows = {row["pilot"]: row for row in ask(db, "pilots").tables["pilots"]}
    for told in (truth["pilot"], truth["idle_pilot"]):
        effect = told.get("leaving_with", 0.0) - told.get("leaving_without", 0.0)
        found = rows[told["pilot"]]
        assert found["grade"] == "A"
        assert found["low"] <= effect <= found["high"], told
    assert rows[truth["pilot"]["pilot"]]["high"] < 0
    assert rows[truth["pilot"]["pilot"]]["verdict"] in ("scale", "adjust")
    assert rows[truth["idle_pilot"]["pilot"]]["verdict"] in ("stop", "cannot_tell")
    tell("pilots of a demo company", 2)


def _plan(db, told):
    starts = date.fromisoformat(told["starts_on"])
    months = told.get("months", IDLE_MONTHS)
    last = np.datetime64(starts, "M") + months
    ends = last.astype("datetime64[D]").astype(date) - timedelta(days=1)
    plan = built(
        PilotPlan,
        {
            "name": told["pilot"],
            "design": "randomised",
            "outcome": "churn",
            "starts": starts,
            "reads_on": ends,
            "least_effect": 0.04,
        },
    )
    before = datetime.combine(starts - timedelta(days=9), datetime.min.time(), tzinfo=UTC)
    with db.writing(entering=True) as cur:
        entry = entries.save(cur, plan, by="Head of service", at=before)
        entries.seal(cur, PilotPlan, entry, by="Head of service", at=before)
