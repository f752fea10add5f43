"""An answer that only a pilot could settle names the pilots that are in the data."""

from datetime import date

import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.questions import ask


def _roster(company, *, customers=20, since="2025-07-01"):
    for number in range(customers):
        company.add(
            "pilot_roster",
            pilot="named contact",
            customer_id=f"c{number:04}",
            arm="treated" if number % 2 else "control",
            assigned_on=since,
        )


@pytest.mark.parametrize("question", ["worth", "churn"])
def test_a_pilot_in_the_data_is_named_with_its_customers_and_first_day(company, question):
    fill(company)
    _roster(company)
    said = next(line for line in ask(company.db, question).missing if "only a pilot" in line)
    assert "One is in the data: “named contact”, 20 customers, from 1 July 2025." in said
    assert "not part of this answer" in said


def test_without_a_pilot_none_is_named(company):
    fill(company)
    said = next(line for line in ask(company.db, "worth").missing if "only a pilot" in line)
    assert "in the data" not in said


def test_a_pilot_that_began_later_is_not_known_of_yet(company):
    fill(company)
    _roster(company)
    then = ask(company.db, "worth", Scope(as_of=date(2025, 6, 30)))
    assert not any("named contact" in line for line in then.missing)
