"""What comes with a goodbye is counted, answer by answer and contact by contact."""

from datetime import date

import pytest

from cxdash.panel import month_index, settled, stamp, windows
from cxdash.panel.farewells import farewells
from cxdash.panel.past import answer_past, remarks, solved_before
from cxdash.panel.snapshots import customer_list
from cxdash.panel.units import unit_answers

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


LEAVERS = 10  # fewer answers than ten are never called a farewell survey


@pytest.fixture(scope="module")
def goodbyes(shared_company):
    """Ten customers who answered a wave, then, 20 days before they left, an exit survey, and
    complained; nobody's day of notice is known.
    """
    company = shared_company
    for number in range(LEAVERS + 2):
        name = f"c{number}"
        leaves = number < LEAVERS
        company.contract(name, "2024-01-10", "2025-07-10" if leaves else None)
        company.answers(name, "2025-03-01", 8, survey="wave", unit="Desk")
        company.add("contacts", contact_id=f"q{number}", customer_id=name, reason="question",
                    contacted_at="2025-05-10 10:00", resolved_first=True)  # fmt: skip
        if leaves:
            company.answers(name, "2025-06-20", 1, survey="exit", unit="Desk")
            company.add("contacts", contact_id=f"z{number}", customer_id=name, reason="goodbye",
                        contacted_at="2025-06-20 10:00", resolved_first=False)  # fmt: skip
    company.contract("late", "2025-04-10", "2025-07-10")
    company.answers("late", "2025-06-20", 1, survey="exit", unit="Desk")
    company.contract("early", "2023-01-10", "2024-02-10")
    company.answers("early", "2024-01-20", 1, survey="exit", unit="Desk")
    company.pays("c11", "2025-12-31", 100)
    for row in company.db.rows("SELECT row_key FROM responses"):
        company.add("comments", item="nps", body="Words.", row_key=row["row_key"])
    return company.db


def test_the_answer_before_a_farewell_survey_is_the_last_one(goodbyes):
    with settled(goodbyes) as view:
        seen = windows(view, stamp(view), as_of_month=month_index(DAY), horizon=6)
    june = (seen.rows["landmark"] == month_index(date(2025, 6, 30))).to_numpy()
    late = seen.rows["customer_id"][june].to_numpy() == "late"
    assert len(late) == LEAVERS + 3
    assert seen.scores[june, 0][~late].tolist() == [8.0] * (LEAVERS + 2)
    assert seen.rows["heard"][june].to_numpy()[~late].all()
    assert seen.rows["contacts_before"][june].to_numpy()[~late].tolist() == [1] * (LEAVERS + 2)
    assert not seen.rows["unresolved_before"][june].any()


def test_somebody_who_answered_a_farewell_survey_alone_was_not_heard(goodbyes):
    with settled(goodbyes) as view:
        seen = windows(view, stamp(view), as_of_month=month_index(DAY), horizon=6)
    late = seen.rows["customer_id"] == "late"
    assert seen.rows["heard"][late].tolist() == [0]
    assert (seen.bands[late.to_numpy()] == -1).all()


def test_no_window_begins_before_the_first_answer_that_came_with_no_goodbye(goodbyes):
    with settled(goodbyes) as view:
        seen = windows(view, stamp(view), as_of_month=month_index(DAY), horizon=6)
    assert seen.items[0].first_usable == date(2025, 3, 1)
    assert seen.closed_months == (month_index(date(2025, 6, 30)),)


def test_nothing_said_or_unsolved_with_a_goodbye_is_known_before(goodbyes):
    june = month_index(date(2025, 6, 30))
    with settled(goodbyes) as view:
        past = answer_past(view, DAY)
        said = remarks(view, DAY)
        solved = solved_before(view, [june, month_index(DAY)])
        of_unit = unit_answers(view, DAY)
    assert set(past["value"]) == {8.0}
    assert set(said["score"]) == {0.8}
    assert set(of_unit["value"]) == {8.0}
    then = solved[solved["landmark"] == june]
    assert (then["contacts"] == then["solved"]).all()
    assert len(then) == LEAVERS + 2
