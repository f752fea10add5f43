"""Team figures leave out units of too few people, and whatever would tell them by subtraction."""

from datetime import date

import numpy as np
import pytest

from cxdash.panel import settled
from cxdash.panel.relations import month_index
from cxdash.panel.teams import teams, unit_customers

JUNE = month_index(date(2025, 6, 30))
JULY = JUNE + 1


def report(company, unit, month, heads, engagement=7.0, turnover=0.02, absence=0.04):
    company.add(
        "teams",
        unit=unit,
        period=f"2025-{month:02}-01",
        headcount=heads,
        engagement=engagement,
        turnover=turnover,
        absence=absence,
    )


def told(company):
    with settled(company.db) as view:
        return teams(view)


def cells(found):
    return {(row.unit, row.month - JUNE) for row in found.rows.itertuples()}


@pytest.fixture
def desks(company):
    for month in (6, 7):
        for unit, heads in (("A", 30), ("B", 20), ("C", 12), ("D", 15)):
            report(company, unit, month, heads)
    return company


def test_units_of_ten_and_more_are_told(desks):
    found = told(desks)
    assert found.units == ("A", "B", "C", "D")
    assert (found.small, found.beside, found.totals, found.unnumbered) == (0, 0, 0, 0)


def test_a_small_unit_takes_the_smallest_other_with_it(desks):
    report(desks, "E", 6, 4)
    found = told(desks)
    assert found.small == found.beside == 1
    assert cells(found) == {
        ("A", 0), ("B", 0), ("D", 0), ("A", 1), ("B", 1), ("C", 1), ("D", 1)
    }  # fmt: skip


def test_two_small_units_that_are_ten_people_together_hide_nobody_else(desks):
    report(desks, "E", 6, 6)
    report(desks, "F", 6, 7)
    found = told(desks)
    assert (found.small, found.beside) == (2, 0)


def test_two_small_units_of_fewer_than_ten_people_take_another_with_them(desks):
    report(desks, "E", 6, 4)
    report(desks, "F", 6, 5)
    assert told(desks).beside == 1


def test_a_unit_is_told_only_in_the_months_in_which_it_is_large_enough(desks):
    report(desks, "E", 6, 9)
    report(desks, "E", 7, 10)
    assert ("E", 1) in cells(told(desks))
    assert ("E", 0) not in cells(told(desks))


def test_nobody_is_told_without_a_headcount(desks):
    report(desks, "E", 6, None)
    found = told(desks)
    assert found.unnumbered == found.beside == 1
    assert "E" not in found.units


@pytest.mark.parametrize("name", ["All teams", "TOTAL", "Gesamt", "Overall"])
def test_a_total_by_name_is_no_unit(desks, name):
    report(desks, name, 6, 500)
    found = told(desks)
    assert found.totals == 1
    assert name not in found.units


def test_a_total_by_its_headcount_is_no_unit(desks):
    for month in (6, 7):
        report(desks, "Customer care", month, 77)
    found = told(desks)
    assert (found.totals, found.units) == (1, ("A", "B", "C", "D"))


def test_a_site_that_carries_the_names_of_its_desks_is_no_unit(company):
    for name, heads in (("North", 45), ("North desk 1", 20), ("North desk 2", 21), ("South", 14)):
        report(company, name, 6, heads)
    assert told(company).units == ("North desk 1", "North desk 2", "South")


def test_a_site_that_would_tell_its_small_desk_is_no_unit(company):
    for month, (large, small, other) in enumerate(((21, 4, 14), (23, 5, 15), (22, 3, 17)), 5):
        for name, heads in (("Hill", large), ("Lake", small), ("Wood", other)):
            report(company, name, month, heads)
        report(company, "House", month, large + small)
    found = told(company)
    assert "House" not in found.units
    assert found.totals == 1


def test_per_cent_is_read_as_a_share_and_by_what_is_told_alone(desks):
    report(desks, "E", 6, 4, turnover=0.5)
    report(desks, "F", 7, 40, turnover=3.0)
    assert told(desks).rows.set_index(["unit", "month"])["turnover"].max() == pytest.approx(0.03)


def test_customers_of_a_unit_are_counted_by_month(desks):
    desks.contract("a", "2024-01-01", "2025-08-15")
    desks.contract("b", "2024-01-01")
    desks.pays("b", "2025-12-31", 100)
    scale = {"item": "csat", "variant": "csat.1-5.top2", "scale": (1, 5)}
    desks.answers("a", "2025-06-03", 2, unit="A", **scale)
    desks.answers("b", "2025-06-09", 5, unit="A", **scale)
    desks.add("contacts", contact_id="1", customer_id="b", contacted_at="2025-06-05 10:00",
              minutes=12.0, unit="A")  # fmt: skip
    desks.add("contacts", contact_id="2", customer_id="b", contacted_at="2025-06-06 10:00",
              unit="A")  # fmt: skip
    with settled(desks.db) as view:
        found = unit_customers(view, as_of=date(2025, 12, 31), as_of_month=JUNE + 6)
    answers = found.answers.iloc[0]
    assert (answers["n"], answers["total"], answers["squares"]) == (2, 7, 29)
    contacts = found.contacts.iloc[0]
    assert (contacts["contacts"], contacts["minutes"], contacts["timed"]) == (2, 12, 1)
    served = found.served.iloc[0]
    assert (served["customers"], served["gone"]) == (2, 1)


def test_filters_choose_among_the_customers_of_a_unit(desks):
    for name, segment in (("a", "Large"), ("b", "Small")):
        desks.add("customers", customer_id=name, segment=segment, row_key=name)
        desks.contract(name, "2024-01-01")
        desks.answers(name, "2025-06-03", 9, unit="A")
    desks.pays("b", "2025-12-31", 100)
    with settled(desks.db) as view:
        found = unit_customers(
            view,
            as_of=date(2025, 12, 31),
            as_of_month=JUNE + 6,
            where=(("segment", "Large"),),
        )
    assert found.answers["n"].sum() == 1
    assert np.array_equal(found.answers["customers"], [1])
