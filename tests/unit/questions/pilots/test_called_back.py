"""Calling back is credited with what it adds, not with what comes by itself."""

from datetime import date
from typing import Any

import numpy as np

from cxdash import register
from cxdash.questions import ask
from cxdash.register.kinds.pilots import PilotPlan


def fill(company: Any, effect: float) -> None:
    """Low ratings are partly bad luck; every second low one is called back a week later."""
    rng = np.random.default_rng(9)
    for number in range(300):
        name = f"c{number:03}"
        company.contract(name, "2023-01-01", amount=100)
        mood = rng.normal(6, 1.5)
        first, second = (int(np.clip(round(mood + rng.normal(0, 2)), 0, 10)) for _ in range(2))
        called = first <= 6 and number % 2 == 0
        company.answers(name, "2025-02-03", first)
        company.answers(name, "2025-05-05", min(10, second + (effect if called else 0)))
        if called:
            company.add(
                "pilot_roster", pilot="call back", customer_id=name, arm="called",
                assigned_on="2025-02-10",
            )  # fmt: skip
    company.pays("c001", "2025-12-31", 1)
    record = register.built(
        PilotPlan,
        {
            "name": "Call back",
            "roster": "call back",
            "design": "follow_up",
            "outcome": "score",
            "rating": "nps",
            "starts": date(2025, 2, 1),
            "reads_on": date(2025, 6, 30),
            "least_effect": 0.05,
        },
    )
    register.put(company.db, record, by="us")


def test_calls_that_do_nothing_are_not_credited_with_what_comes_by_itself(company: Any) -> None:
    fill(company, 0.0)
    answer = ask(company.db, "pilots")
    told: dict[str, Any] = dict(answer.tables["pilots"][0])
    assert told["low"] < 0 < told["high"]
    (note,) = [one for one in answer.caveats if "by itself" in one]
    assert "higher for others who rated as low" in note
    assert "converted" not in " ".join((answer.headline, *answer.caveats))


def test_calls_that_help_are_found_and_no_money_is_made_of_a_rating(company: Any) -> None:
    fill(company, 2.0)
    answer = ask(company.db, "pilots")
    told: dict[str, Any] = dict(answer.tables["pilots"][0])
    assert 0 < told["low"] <= 2.0 <= told["high"]
    assert told["unit"] == "score"
    assert answer.fact("pilots.pilot_plan-1.per_customer_year").value is None
