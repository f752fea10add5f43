"""Answers to an item and the standing of those who gave them, cell by cell."""

from datetime import date

import pytest

from cxdash.panel import items, panel, periods
from cxdash.panel.answers import customers_on, customers_with, item_answers, standings

# Periods of three months: January to March 2025 and April to June 2025.
BOTH = periods(12 * 2025 + 5, 3)


@pytest.fixture
def db(company):
    company.contract("STAYS", "2024-01-01", amount=100)
    company.contract("LEFT", "2024-01-01", "2025-05-10", amount=70)
    company.contract("NOTICE", "2024-01-01", "2025-09-30", notice="2025-06-15", amount=50)
    company.contract("LATER", "2024-01-01", "2025-09-30", notice="2025-07-15", amount=60)
    company.contract("NEW", "2025-04-20", amount=30)
    company.contract("EARLY", "2025-03-20", amount=20)
    company.contract("BACK", "2023-01-01", "2024-06-30", amount=10)
    company.contract("BACK", "2025-05-01", amount=15)
    for name in ("STAYS", "LEFT", "NOTICE", "LATER"):
        company.answers(name, "2025-02-10", 9)
    for name in ("NEW", "EARLY", "BACK", "LATER"):
        company.answers(name, "2025-06-10", 3, touchpoint="renewal", channel="email")
    company.answers("LEFT", "2025-05-20", 0, survey="exit")
    company.answers("NOBODY", "2025-06-11", 5)
    company.answers(None, "2025-06-12", 6)
    company.add("customers", customer_id="LISTED")
    company.answers("LISTED", "2025-06-13", 7)
    company.answers("STAYS", "2025-07-01", 1)
    company.add("customers", customer_id="STAYS", segment="SMB", plan="Team")
    company.pays("STAYS", "2025-07-31", 100)
    panel(company.db)
    return company.db


def test_answers_come_in_order_with_whose_they_are_and_what_they_were_about(db):
    found = item_answers(db, items(db)[0], date(2025, 6, 30))
    assert len(found) == 12
    assert found["answered_on"].is_monotonic_increasing
    first = found[found["customer_id"] == "STAYS"].iloc[0]
    assert (first["segment"], first["plan"], first["value"]) == ("SMB", "Team", 9)
    about = found[found["touchpoint"] == "renewal"]
    assert set(about["customer_id"]) == {"NEW", "EARLY", "BACK", "LATER"}
    assert set(about["channel"]) == {"email"}
    assert found["customer_id"].isna().sum() == 2
    assert found.loc[found["after_goodbye"], "survey"].tolist() == ["exit"]


def test_standings_say_who_left_who_came_and_what_they_paid(db):
    found = standings(db, items(db)[0], BOTH).set_index("customer_id")
    assert list(found.index) == sorted(
        ["STAYS", "LEFT", "NOTICE", "LATER", "NEW", "EARLY", "BACK", "LISTED"]
    )
    expected = {  # known, gone, new, rate
        "STAYS": (1, 0, 0, 100),
        "LEFT": (1, 1, 0, 70),
        "NOTICE": (1, 1, 0, 50),  # has said goodbye by the end of June
        "LATER": (1, 0, 0, 60),  # says goodbye in July
        "NEW": (1, 0, 1, 30),
        "EARLY": (1, 0, 0, 20),  # a customer in March already
        "BACK": (1, 0, 1, 15),  # gone before the earlier period, back since May
    }
    for name, (known, gone, new, rate) in expected.items():
        row = found.loc[name]
        assert (row["known"], row["gone"], row["is_new"], row["rate"]) == (known, gone, new, rate)
    listed = found.loc["LISTED"]
    assert (listed["known"], listed["gone"], listed["is_new"]) == (0, 0, 0)
    assert listed[["rate"]].isna().all()


def test_customers_are_counted_by_what_the_list_says(db):
    assert customers_with(db, (("segment", "SMB"), ("plan", "Team"))) == 1
    assert customers_with(db, (("segment", "Enterprise"),)) == 0
    assert customers_with(db, ()) == 2
    with pytest.raises(ValueError, match="cannot be filtered"):
        customers_with(db, (("name", "x"),))


def test_customers_of_a_month_end_are_counted_with_their_filters(db):
    june = 12 * 2025 + 5
    assert customers_on(db, june, ()) == 6  # all but LEFT, and LISTED has no contract
    assert customers_on(db, june, (("segment", "SMB"),)) == 1
    assert customers_on(db, 12 * 2020, ()) == 0
    with pytest.raises(ValueError, match="cannot be filtered"):
        customers_on(db, june, (("name", "x"),))
