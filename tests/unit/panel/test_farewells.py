"""What comes with a goodbye is counted, answer by answer and contact by contact."""

from datetime import date

from cxdash.panel import settled
from cxdash.panel.farewells import farewells
from cxdash.panel.snapshots import customer_list

DAY = date(2025, 12, 31)


def _company(company):
    company.contract("A", "2024-01-10", "2025-06-20", notice="2025-06-01")
    company.contract("B", "2024-01-10", "2025-08-10")
    company.contract("C", "2024-01-10")
    company.answers("A", "2025-05-20", 3, survey="wave")  # before notice, 31 days before leaving
    company.answers("A", "2025-06-05", 1, survey="exit")  # after notice
    company.answers("B", "2025-06-30", 4, survey="wave")  # 41 days before leaving
    company.answers("B", "2025-08-12", 1, survey="exit")  # after leaving
    company.answers("C", "2025-09-01", 9, survey="wave")
    company.answers("nobody", "2025-09-01", 9, survey="wave")  # finds no customer
    for number, (customer, day, reason) in enumerate(
        [
            ("A", "2025-05-25", "complaint"),  # 26 days before leaving, before notice
            ("A", "2025-06-02", "complaint"),  # after notice
            ("B", "2025-07-20", "question"),  # 21 days before leaving
            ("C", "2025-12-01", "question"),
            ("C", "2026-01-05", "question"),  # after the day asked about
        ]
    ):
        company.add(
            "contacts",
            contact_id=f"t{number}",
            customer_id=customer,
            contacted_at=f"{day} 10:00",
            reason=reason,
            resolved_first=False,
        )
    return company.db


def test_answers_and_contacts_are_counted_with_and_before_the_goodbye(company):
    with settled(_company(company)) as view:
        found = {(f.survey, f.reason): f for f in farewells(view, DAY)}
    told = {
        key: (f.total, f.after_goodbye, f.just_before, f.comes_with_goodbye)
        for key, f in found.items()
    }
    assert told == {
        ("wave", ""): (3, 0, 1, False),
        ("exit", ""): (2, 2, 0, False),  # two answers are too few to call it a farewell survey
        ("", "complaint"): (2, 1, 1, False),
        ("", "question"): (2, 0, 1, False),
    }


def test_a_list_of_customers_is_one_row_each_with_its_traits(company):
    for customer, left, contract in [("b", True, "monthly"), ("a", False, None)]:
        company.add(
            "snapshots",
            customer_id=customer,
            has_left=left,
            tenure_months=3,
            monthly_amount=20,
            currency="USD",
            row_key=customer,
        )
        if contract:
            company.add("traits", trait="Contract", content=contract, row_key=customer)
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO imports BY NAME SELECT 1 AS import_id, 'snapshots' AS kind, 'l.csv' AS "
            "file_name, '' AS sha256, 0 AS bytes, '' AS layout, '' AS mapping, [] AS columns, "
            "'complete' AS completeness, false AS is_demo, 2 AS rows_read, 2 AS rows_loaded, "
            "0 AS rows_superseding, 0 AS rows_duplicate, 0 AS rows_rejected, '{}' AS receipt, "
            "TIMESTAMP '2026-01-02' AS imported_at"
        )
    with settled(company.db) as view:
        found = customer_list(view)
    assert found is not None
    assert found.rows["customer_id"].tolist() == ["a", "b"]
    assert found.rows["has_left"].tolist() == [False, True]
    assert found.traits["Contract"].tolist() == [None, "monthly"]
    assert found.sources == ("import 1: l.csv (snapshots)",)
    assert found.imported_on == date(2026, 1, 2)


def test_without_a_list_there_is_none(company):
    company.contract("A", "2024-01-10")
    with settled(company.db) as view:
        assert customer_list(view) is None
