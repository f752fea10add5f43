"""Employees beside customers: both directions, costs as claims, and nothing about few people."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from cxdash import register
from cxdash.facts import Grade, Scope
from cxdash.facts.fewest import FEWEST_PEOPLE
from cxdash.privacy import answered
from cxdash.privacy.rules import FEWEST_PEOPLE as WITHHELD_BELOW
from cxdash.questions import ask
from cxdash.questions.team import find
from cxdash.questions.trial import units as judged
from cxdash.register.kinds.goals import Goal
from cxdash.register.kinds.journey import StaffCost

MONTHS = [(year, month) for year in (2024, 2025) for month in range(1, 13)]
CSAT = {"item": "csat", "variant": "csat.1-5.top2", "scale": (1, 5)}


def waves(rng, units):
    found = np.empty((units, len(MONTHS) + 4))
    found[:, 0] = rng.standard_normal(units)
    for month in range(1, found.shape[1]):
        found[:, month] = 0.9 * found[:, month - 1] + 0.43 * rng.standard_normal(units)
    return found


def fill(company, *, units=8, lag=2, effect=0.8, answers=6, small=0, seed=1, hidden=0.0, said=2):
    """Desks whose scores follow engagement ``lag`` months later (before it, where negative);
    ``hidden`` is added to the figures of the small ones, of which customers ``said`` that much.
    """
    rng = np.random.default_rng(seed)
    mood = waves(rng, units)
    for number in range(80):
        company.contract(f"c{number:03}", "2023-01-01", amount=100)
        company.add("customers", customer_id=f"c{number:03}", segment=f"S{number % 2}")
    company.pays("c001", "2025-12-31", 1)
    for unit in range(units):
        for place, (year, month) in enumerate(MONTHS):
            now = mood[unit, place + 2]
            company.add("teams", unit=f"Desk {unit:02}", period=f"{year}-{month:02}-01",
                        headcount=12.0 + unit, engagement=float(7 + now), turnover=0.02,
                        absence=float(0.04 + 0.004 * rng.standard_normal()))  # fmt: skip
            for _ in range(answers):
                value = 3.2 + effect * mood[unit, place + 2 - lag] + 0.5 * rng.standard_normal()
                company.answers(f"c{rng.integers(80):03}", f"{year}-{month:02}-15",
                                float(np.clip(round(value), 1, 5)), unit=f"Desk {unit:02}",
                                **CSAT)  # fmt: skip
    for unit in range(small):
        for year, month in MONTHS:
            late = hidden * (year == 2025 and month > 3)  # a step that would be seen
            company.add("teams", unit=f"Corner {unit}", period=f"{year}-{month:02}-01",
                        headcount=4.0 + unit, engagement=6.0 + hidden, turnover=0.25 + late / 10,
                        absence=0.1 + hidden / 100)  # fmt: skip
            company.answers("c001", f"{year}-{month:02}-15", said, unit=f"Corner {unit}", **CSAT)


def test_scores_that_follow_engagement_are_found_with_their_lag(company):
    fill(company)
    answer = ask(company.db, "team")
    row = answer.tables["links"][0]
    assert row["driver"] == "engagement.score"
    assert row["verdict"] == "team first"
    assert row["lag_low"] <= 2 <= row["lag_high"]
    assert answer.headline.startswith("Customers' mean CSAT answer (1 to 5) is higher by ")
    assert "2 months later" in answer.headline
    assert answer.status == "answered"


def test_engagement_that_follows_scores_is_never_said_to_come_first(company):
    fill(company, lag=-2)
    answer = ask(company.db, "team")
    row = answer.tables["links"][0]
    assert row["verdict"] in ("customers first", "together")
    assert row["p_after"] <= 0.05
    assert "is higher by" not in answer.headline


def test_a_link_is_observed_and_no_more(company):
    fill(company)
    fact = ask(company.db, "team").fact("team.engagement.score.before")
    assert fact.grade is Grade.D
    assert fact.interval.low > 0


def test_five_units_cannot_be_told_from_chance(company):
    fill(company, units=5)
    answer = ask(company.db, "team")
    assert "links" not in answer.tables
    assert answer.status == "partly"
    assert "5 units" in answer.headline
    assert answer.headline.startswith("Cannot tell")


def test_without_team_figures_it_says_what_to_import(company):
    company.contract("a", "2024-01-01")
    company.pays("a", "2025-12-31", 100)
    answer = ask(company.db, "team")
    assert answer.status == "cannot_tell"
    assert "team figures" in answer.missing[0]


def test_an_empty_database_has_nothing_to_tell(company):
    assert ask(company.db, "team").status == "cannot_tell"


def test_quarterly_figures_are_set_beside_quarters_of_customers(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute("DELETE FROM teams WHERE extract(month FROM period) NOT IN (1, 4, 7, 10)")
    answer = ask(company.db, "team")
    assert "links" not in answer.tables or answer.tables["links"][0]["periods"] <= 8


def test_leavers_cost_what_a_person_entered_as_a_claim(company):
    fill(company, units=3)
    register.put(
        company.db,
        StaffCost(cost_per_leaver=Decimal(8000), source="Human resources", units=("Desk 01",)),
        by="Ada",
    )
    answer = ask(company.db, "team")
    cost = next(fact for fact in answer.facts if fact.id.startswith("team.turnover_cost"))
    assert cost.grade is Grade.F
    assert cost.n == 3  # 13 people, 2 % a month, twelve months
    assert cost.value == 24_000
    assert "never added" in cost.caveats[0]


def test_an_entry_leaves_what_was_found_in_the_data_as_it_was_worked_out(company, monkeypatch):
    fill(company)
    before = ask(company.db, "team")
    monkeypatch.setattr(find, "lead_lag", None)
    entry = StaffCost(cost_per_leaver=Decimal(8000), source="Human resources", units=("Desk 01",))
    register.put(company.db, entry, by="Ada")
    after = ask(company.db, "team")
    assert after.tables["links"] == before.tables["links"]
    assert len(after.facts) == len(before.facts) + 1


def test_the_smallest_size_of_a_unit_is_written_down_once():
    assert WITHHELD_BELOW is FEWEST_PEOPLE
    assert judged.FEWEST_PEOPLE is FEWEST_PEOPLE


def everything(company, *, sees_people):
    """All that anybody can ask for: every day, metric and filter; each Answer as text."""
    told = []
    for as_of in (None, date(2025, 9, 30), date(2025, 3, 31)):
        for where in ((), (("segment", "S0"),), (("segment", "S1"),)):
            answer = answered(
                company.db,
                replace(Scope(), as_of=as_of, where=where),
                lambda scope: ask(company.db, "team", scope),
                sees_people=sees_people,
            )
            told.append(str(answer.to_json()))
    return told


@pytest.mark.promise("P01")
@pytest.mark.parametrize("small", [1, 2, 3])
def test_nothing_told_depends_on_a_small_unit_so_nobody_can_work_it_out(another_company, small):
    """Whatever an adversary adds up or takes away: all he sees is the same for other figures."""
    told = []
    for hidden, said in ((0.0, 2), (2.5, 5)):
        company = another_company()
        fill(company, units=6, answers=3, small=small, hidden=hidden, said=said)
        told.append(everything(company, sees_people=True) + everything(company, sees_people=False))
    assert told[0] == told[1]
    assert not any("Corner" in text for text in told[0])


@pytest.mark.parametrize("question", ["goals", "room"])
def test_no_other_page_tells_of_a_small_unit_of_employees(another_company, question):
    told = []
    for hidden in (0.0, 2.5):
        company = another_company()
        fill(company, units=4, answers=1, small=2, hidden=hidden)
        kept = Goal(statement="Keep people", line="people", measure="employees_lost", target=0.01)
        register.put(company.db, kept, by="Ada")
        told.append(str(ask(company.db, question).to_json()))
    assert told[0] == told[1]
