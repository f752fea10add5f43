"""Answers with the unit they are about, and what was known before an answer; checked by eye."""

from datetime import date

import pandas as pd
import pytest

from cxdash.panel import settled
from cxdash.panel.past import answer_past, remarks, solved_before
from cxdash.panel.relations import month_index
from cxdash.panel.units import unit_answers, unit_people

AS_OF = date(2025, 12, 31)


@pytest.fixture
def desk(company):
    """A, B and C are customers; D is not known. Desk 1 answers A and B, desk 2 C and D."""
    for name, end in (("A", None), ("B", "2025-08-20"), ("C", None)):
        company.contract(name, "2024-01-01", end, amount=100)
        company.pays(name, "2025-12-31", 100)
    csat = {"item": "csat", "variant": "csat.1-5.top2", "scale": (1, 5)}
    contact = {"currency": "USD", "reason": "fault"}
    company.add("contacts", contact_id="1", customer_id="A", contacted_at="2025-06-10 09:00",
                resolved_first=True, **contact)  # fmt: skip
    company.answers("A", "2025-06-10", 5, unit="Desk 1", agent="x", **csat)
    company.answers("B", "2025-06-10", 5, unit="Desk 1", agent="y", **csat)
    company.add("contacts", contact_id="2", customer_id="C", contacted_at="2025-06-09 11:30",
                resolved_first=False, **contact)  # fmt: skip
    company.answers("C", "2025-06-10", 4, unit="Desk 2", **csat)
    company.answers("D", "2025-06-10", 1, unit="Desk 2", **csat)
    company.add("contacts", contact_id="3", customer_id="A", contacted_at="2025-07-10 09:00",
                resolved_first=True, **contact)  # fmt: skip
    company.answers("A", "2025-07-01", 2, unit="Desk 1", agent="x", **csat)
    company.answers("A", "2025-12-20", 3, unit="Desk 1", agent="x", **csat)
    company.answers("A", "2023-06-01", 3, unit="Desk 1", agent="z", **csat)
    company.answers("A", "2025-05-01", 9)
    return company


def rows(desk):
    with settled(desk.db) as view:
        found = unit_answers(view, AS_OF)
    return {(row["customer_id"], str(row["answered_on"])[:10]): row for _, row in found.iterrows()}


def test_only_answers_of_two_years_that_name_a_unit(desk):
    assert set(rows(desk)) == {
        ("A", "2025-06-10"), ("B", "2025-06-10"), ("C", "2025-06-10"), ("D", "2025-06-10"),
        ("A", "2025-07-01"), ("A", "2025-12-20"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "day", "bad"),
    [
        ("A", "2025-06-10", 0),  # came back only after thirty days
        ("B", "2025-06-10", 1),  # gone within ninety days
        ("C", "2025-06-10", 1),  # the contact before had not been solved
        ("A", "2025-07-01", 1),  # came back nine days later
    ],
)
def test_what_followed(desk, who, day, bad):
    assert rows(desk)[who, day]["bad_after"] == bad


@pytest.mark.parametrize(("who", "day"), [("D", "2025-06-10"), ("A", "2025-12-20")])
def test_what_followed_is_unknown_for_strangers_and_before_the_time_is_over(desk, who, day):
    assert pd.isna(rows(desk)[who, day]["bad_after"])


def test_hours_since_the_last_contact(desk):
    found = rows(desk)
    assert found["A", "2025-06-10"]["wait_hours"] == pytest.approx(3)
    assert found["C", "2025-06-10"]["wait_hours"] == pytest.approx(24.5)
    assert pd.isna(found["B", "2025-06-10"]["wait_hours"])


def test_people_behind_a_unit_are_counted_and_unknown_is_none(desk):
    with settled(desk.db) as view:
        assert unit_people(view) == {"Desk 1": 3, "Desk 2": 0}


def test_what_was_known_before_an_answer(company):
    company.contract("A", "2025-01-10", "2025-05-01", amount=100)
    company.contract("A", "2025-05-01", amount=150)
    company.pays("A", "2025-12-31", 150)
    company.add("contacts", contact_id="1", customer_id="A", contacted_at="2025-04-02 09:00")
    company.add("contacts", contact_id="2", customer_id="A", contacted_at="2025-06-02 09:00")
    company.answers("A", "2025-04-15", 6)
    company.answers("A", "2025-06-15", 9)
    with settled(company.db) as view:
        first, second = (row for _, row in answer_past(view, AS_OF).iterrows())
    assert (first["value"], second["value"]) == (6, 9)
    assert pd.isna(first["value_before"])
    assert second["value_before"] == 6
    assert (second["rate"], second["rate_earlier"]) == (150, 100)
    assert second["contacts"] == 1  # March to May; June is not over
    assert second["tenure_months"] == 4
    assert second["month"] == month_index(date(2025, 6, 15))
    assert pd.isna(first["rate_earlier"])


def test_comments_stand_beside_the_mean_of_the_answers(company):
    company.contract("A", "2024-01-01")
    company.pays("A", "2025-12-31", 100)
    company.answers("A", "2025-06-15", 8)
    with settled(company.db) as view:
        key = view.rows("SELECT row_key FROM responses")[0]["row_key"]
    company.add("comments", item="nps", body="Good.", row_key=key)
    with settled(company.db) as view:
        (row,) = (row for _, row in remarks(view, AS_OF).iterrows())
    assert (row["row_key"], row["body"], row["score"]) == (key, "Good.", 0.8)


def test_solved_contacts_of_the_year_before_a_landmark(company):
    company.contract("A", "2023-01-01")
    company.pays("A", "2025-12-31", 100)
    for day, solved in (("2024-05-01", True), ("2025-03-01", True), ("2025-06-30", False)):
        company.add("contacts", contact_id=day, customer_id="A", contacted_at=f"{day} 09:00",
                    resolved_first=solved)  # fmt: skip
    company.add("contacts", contact_id="x", customer_id="A", contacted_at="2025-06-01 09:00")
    landmark = month_index(date(2025, 6, 30))
    with settled(company.db) as view:
        (row,) = (row for _, row in solved_before(view, [landmark]).iterrows())
    assert (row["customer_id"], row["contacts"], row["solved"]) == ("A", 2, 1)
