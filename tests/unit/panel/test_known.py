"""What was known of customers at an earlier month end, and of nothing that came later."""

from datetime import date

from cxdash.panel import known_at, month_index, panel, windows

DECEMBER = month_index(date(2024, 12, 1))


def _call(company, customer, day):
    company.add(
        "contacts",
        contact_id=f"{customer}-{day}",
        customer_id=customer,
        contacted_at=f"{day} 10:00",
    )


def test_only_customers_and_contacts_of_that_day_are_known(company):
    company.contract("OLD", "2024-01-01", amount=80)
    company.contract("GONE", "2024-01-01", "2024-11-15")
    company.contract("NEW", "2025-02-01")
    _call(company, "OLD", "2024-11-03")
    _call(company, "OLD", "2025-03-03")
    company.pays("OLD", "2025-12-31", 100)
    found = known_at(company.db, panel(company.db), DECEMBER)
    assert list(found["customer_id"]) == ["OLD"]
    row = found.iloc[0]
    assert (row["contacts_before"], row["rate"], row["tenure_months"]) == (1, 80, 11)
    assert found["left_within"].isna().all()


def test_before_the_first_month_nobody_is_known(company):
    company.contract("NEW", "2025-02-01")
    company.pays("NEW", "2025-12-31", 100)
    assert known_at(company.db, panel(company.db), DECEMBER).empty


def test_an_invitation_that_bounced_invites_nobody_in_the_windows_either(company):
    for name, status in (("A", "delivered"), ("B", "Hard bounce")):
        company.contract(name, "2024-01-01")
        company.add(
            "invitations",
            invitation_id=name,
            customer_id=name,
            sent_at="2025-06-01 09:00",
            survey="wave",
            status=status,
        )
    company.answers("A", "2025-06-02", 9, survey="wave")
    company.pays("A", "2025-12-31", 100)
    seen = windows(
        company.db,
        panel(company.db),
        as_of_month=month_index(date(2025, 12, 1)),
        horizon=6,
    )
    today = seen.rows[seen.rows["landmark"] == seen.today]
    assert dict(zip(today["customer_id"], today["invited"], strict=True)) == {"A": 1, "B": 0}
