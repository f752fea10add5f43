"""What contracts come to and what was paid, month by month, checked cell by cell."""

import pytest

from cxdash.panel import month_index, panel


def _month(text):
    year, month = text.split("-")
    return 12 * int(year) + int(month) - 1


def _months(company, customer):
    rows = company.db.rows(
        "SELECT month, active, plan, rate, revenue, contacts FROM panel_customer_months "
        "WHERE customer_id = ? ORDER BY month",
        [customer],
    )
    return {row["month"]: row for row in rows}


def test_overlapping_contracts_give_a_stretch_for_each_set_of_them(company):
    company.contract("A", "2025-01-10", "2025-05-20", amount=70)
    company.contract("A", "2025-03-31", amount=30)
    company.pays("A", "2025-08-31", 1)
    panel(company.db)
    rows = company.db.rows("SELECT * FROM panel_terms ORDER BY from_month")
    assert [(r["from_month"], r["until_month"], float(r["rate"])) for r in rows] == [
        (_month("2025-01"), _month("2025-03"), 70.0),
        (_month("2025-03"), _month("2025-05"), 100.0),
        (_month("2025-05"), 999999, 30.0),
    ]


def test_a_contract_that_begins_and_ends_within_a_month_counts_at_no_month_end(company):
    company.contract("A", "2025-02-03", "2025-02-20", amount=70)
    company.contract("A", "2025-02-10", amount=30)
    company.pays("A", "2025-04-30", 1)
    panel(company.db)
    assert [row["rate"] for row in _months(company, "A").values()] == [30, 30, 30]


def test_between_two_contracts_nothing_is_owed_and_the_past_year_stands_in(company):
    company.contract("A", "2025-01-01", "2025-02-10", amount=70)
    company.contract("A", "2025-03-05", amount=30)  # within a month: one spell
    company.pays("A", "2025-01-31", 70)
    company.pays("A", "2025-02-05", 20)
    company.pays("A", "2025-04-30", 30)
    panel(company.db)
    months = _months(company, "A")
    assert months[_month("2025-02")]["active"] == 1
    assert months[_month("2025-02")]["rate"] == pytest.approx((70 + 20) / 2)
    assert months[_month("2025-03")]["rate"] == 30


def test_a_contract_without_an_amount_beside_one_with_leaves_the_known_sum(company):
    company.contract("A", "2025-01-01", amount=None)
    company.contract("A", "2025-02-01", amount=40)
    company.pays("A", "2025-01-31", 10)
    company.pays("A", "2025-03-31", 10)
    panel(company.db)
    assert [row["rate"] for row in _months(company, "A").values()] == [10, 40, 40]


def test_refunds_are_taken_off_the_month_in_which_they_were_paid(company):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-01-31", 100)
    company.pays("A", "2025-02-27", -40, revenue_kind="refund")
    company.pays("A", "2025-02-28", 100)
    panel(company.db)
    assert [row["revenue"] for row in _months(company, "A").values()] == [100, 60]
    assert company.db.rows("SELECT count(*) AS n FROM panel_takings") == [{"n": 2}]


def test_the_past_year_is_counted_in_months_as_a_customer(company):
    """Bought in January, gone in July, back in December: the months between do not count."""
    company.pays("A", "2025-01-15", 60)
    company.pays("A", "2025-12-20", 90)
    company.pays("B", "2026-01-31", 1)
    built = panel(company.db)
    months = _months(company, "A")
    assert month_index(built.last_day) == _month("2026-01")
    assert sorted(months) == [
        *range(_month("2025-01"), _month("2025-08")),
        _month("2025-12"),
        _month("2026-01"),
    ]
    assert months[_month("2025-07")]["rate"] == pytest.approx(60 / 7)
    assert months[_month("2025-12")]["rate"] == pytest.approx((60 + 90) / 8)
    assert months[_month("2026-01")]["rate"] == pytest.approx((0 + 90) / 8)


def test_steps_of_the_building_leave_nothing_behind(company):
    company.contract("A", "2025-01-01")
    company.pays("A", "2025-03-31", 1)
    panel(company.db)
    names = {
        row["name"] for row in company.db.rows("SELECT table_name AS name FROM duckdb_tables()")
    }
    assert "panel_customer_months" in names
    assert not names & {"panel_standing", "panel_past_year"}
