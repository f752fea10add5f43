"""What became of customers and units around a pilot, checked cell by cell."""

from datetime import date
from typing import Any

import pytest

from cxdash.panel import items, month_index, settled
from cxdash.panel.pilot_units import (
    customers_around,
    ratings_since,
    roster_members,
    units_by_month,
)

BASE, LAST = month_index(date(2025, 3, 31)), month_index(date(2025, 5, 31))


@pytest.fixture
def three(company: Any) -> Any:
    """One stays, one leaves in May, one leaves before; the first pays and asks."""
    for name, region in (("stays", "North"), ("goes", "North"), ("gone", "South")):
        company.add("customers", customer_id=name, region=region, row_key=name)
    company.contract("stays", "2024-03-01", amount=100)
    company.contract("goes", "2025-01-01", "2025-05-10", amount=60)
    company.contract("gone", "2024-01-01", "2025-02-10", amount=50)
    for day, amount in (("2025-01-15", 10), ("2025-03-15", 30), ("2025-04-15", 80)):
        company.pays("stays", day, amount)
    for day in ("2025-04-02", "2025-04-20", "2025-05-03"):
        company.add(
            "contacts", contact_id=day, customer_id="stays", contacted_at=f"{day} 10:00", cost=5,
            currency="USD",
        )  # fmt: skip
    company.pays("stays", "2025-07-31", 1)
    return company


def test_customers_of_the_day_before_with_what_was_known_and_what_became_of_them(
    three: Any,
) -> None:
    with settled(three.db) as view:
        rows = customers_around(view, BASE, LAST, by_fee=False).set_index("customer_id")
        fees = customers_around(view, BASE, LAST, by_fee=True).set_index("customer_id")
    assert list(rows.index) == ["goes", "stays"]
    assert rows["gone"].to_dict() == {"goes": 1, "stays": 0}
    stays = rows.loc["stays"]
    assert (stays["money_after"], stays["money_before"], stays["money_earlier"]) == (40, 15, 5)
    assert (stays["contacts_after"], stays["cost_after"]) == (1.5, 7.5)
    assert (stays["tenure_months"], stays["fee"], stays["region"]) == (12, 100, "North")
    # 60 in April, nothing at the end of May, over two months.
    assert fees.loc["goes", "money_after"] == 30
    assert fees.loc["goes", "money_earlier"] == 30


def test_units_month_by_month(three: Any) -> None:
    with settled(three.db) as view:
        rows = units_by_month(view, "region", BASE - 2, LAST, by_fee=True)
    told = {
        (row["unit"], row["month"] - BASE): (
            row["customers"],
            row["departed"],
            row["money"],
            row["contacts"],
        )
        for row in rows.to_dict("records")
    }
    assert told[("North", 1)] == (2, 0, 160.0, 2)
    assert told[("North", 2)] == (2, 1, 100.0, 1)
    assert told[("South", -1)] == (1, 1, 0.0, 0)
    assert ("South", 0) not in told


def test_a_customer_in_two_groups_has_two_rows_under_its_own_name(company: Any) -> None:
    company.add("customers", customer_id="c1", row_key="c1")
    company.add("customer_keys", alias="mail@c1", customer_id="c1")
    for name, arm in (("c1", "control"), ("mail@c1", "pilot")):
        company.add("pilot_roster", pilot="p", customer_id=name, arm=arm, assigned_on="2025-01-01")
    company.contract("c1", "2024-01-01")
    company.pays("c1", "2025-12-31", 1)
    with settled(company.db) as view:
        rows = roster_members(view)
    assert rows["customer_id"].tolist() == ["c1", "c1"]
    assert rows["arm"].tolist() == ["control", "pilot"]


def test_each_rating_has_the_one_before_and_the_next_until_the_day(company: Any) -> None:
    company.contract("c1", "2023-01-01")
    company.pays("c1", "2025-12-31", 1)
    for day, value in (("2024-02-01", 9), ("2025-02-01", 3), ("2025-05-01", 7), ("2025-09-01", 8)):
        company.answers("c1", day, value)
    with settled(company.db) as view:
        (item,) = items(view)
        rows = ratings_since(view, item, date(2025, 1, 1), date(2025, 6, 30))
    assert rows["value"].tolist() == [3, 7]
    assert rows["value_earlier"].tolist() == [9, 3]
    assert rows["value_next"].isna().tolist() == [False, True]
    assert rows["band_position"].tolist() == [0, 1]
