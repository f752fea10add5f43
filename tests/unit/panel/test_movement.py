"""Each line of the accounts against its own year before, counted by hand."""

import pytest

from cxdash.panel import month_index, settled, stamp
from cxdash.panel.movement import group_sizes, movement
from cxdash.panel.relations import month_end


@pytest.fixture
def company(company):
    """Ten customers at 100. One leaves in May 2023; from May 2025 on one pays twice, one comes."""
    for number in range(10):
        name = f"c{number}"
        company.add("customers", customer_id=name, segment="AB"[number % 2], row_key=name)
        gone = {0: "2023-05-20", 1: "2025-05-10"}.get(number)
        company.contract(name, "2021-01-01", gone)
        company.pays(name, "2021-01-15", 100)
    company.contract("c1", "2025-05-10", amount=200)
    company.contract("new", "2025-05-02", amount=50)
    for year, cost in ((2024, 9), (2025, 5)):
        company.add(
            "contacts",
            contact_id=f"t{year}",
            customer_id="c5",
            contacted_at=f"{year}-05-10",
            cost=cost,
            currency="USD",
        )
    company.pays("c5", "2025-05-31", 100)
    return company


def moved(company):
    with settled(company.db) as view:
        return movement(view, stamp(view))


def month(text):
    return month_index(month_end(12 * int(text[:4]) + int(text[5:]) - 1))


def test_kept_and_added_money_and_the_cost_of_serving_are_counted_by_hand(company):
    found = moved(company)
    kept = found["retention", month("2025-05")]
    assert (kept.now, kept.before, kept.size) == (1.0, 1.0, 900)
    assert kept.good == 0
    added = found["revenue", month("2025-05")]
    assert (added.now, added.before) == (pytest.approx(150 / 900), 0)
    assert added.good == pytest.approx(150)
    cost = found["cost", month("2025-05")]
    assert (cost.now, cost.before) == (pytest.approx(0.5), 1.0)
    assert cost.good == pytest.approx(0.5 * 10)


def test_a_year_in_which_more_was_kept_than_the_year_before_moves_for_the_good(company):
    """Of 1,000 of May 2022, 900 were paid in May 2023; of 900 of May 2023 all of it in May 2024."""
    kept = moved(company)["retention", month("2024-04")]
    assert (kept.now, kept.before, kept.size) == (0.9, 1.0, 1000)
    assert kept.good == pytest.approx(-100)
    later = moved(company)["retention", month("2024-05")]
    assert (later.now, later.before) == (1.0, 0.9)
    assert later.good == pytest.approx(0.1 * 900)


def test_months_without_two_years_before_them_are_not_compared(company):
    found = moved(company)
    assert ("retention", month("2022-12")) not in found
    assert ("retention", month("2023-01")) in found
    assert ("cost", month("2025-04")) not in found


def test_groups_are_counted_by_the_columns_asked_for_alone(company):
    with settled(company.db) as view:
        at = month("2025-05")
        rows = group_sizes(view, ["segment"], first=at, last=at)
    assert [(row["segment"], row["customers"]) for row in rows] == [("A", 4), ("B", 5), (None, 1)]
    assert {row["region"] for row in rows} == {None}
