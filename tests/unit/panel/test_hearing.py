"""Who was asked, who answered how often, and traces without a survey, checked cell by cell."""

from datetime import date

import pytest

from cxdash.panel import hearing, items, month_index, panel, register, settled

JUNE = month_index(date(2025, 6, 1))
DECEMBER = month_index(date(2025, 12, 1))


def _invite(company, customer, day, status=None, survey="wave"):
    company.add(
        "invitations",
        invitation_id=f"{customer}-{day}-{survey}",
        customer_id=customer,
        sent_at=f"{day} 09:00",
        survey=survey,
        status=status,
    )


def _call(company, customer, day, reason=None, *, solved=None):
    company.add(
        "contacts",
        contact_id=f"{customer}-{day}",
        customer_id=customer,
        contacted_at=f"{day} 10:00",
        reason=reason,
        resolved_first=solved,
    )


@pytest.fixture
def shop(company):
    for name in "ABCD":
        company.add("customers", customer_id=name, segment="S", row_key=name)
        company.contract(name, "2024-01-01")
    company.add("customer_keys", alias="a@x", customer_id="A")
    company.pays("A", "2025-12-31", 100)
    return company


def _heard(company, as_of=date(2025, 12, 31), landmarks=(JUNE, DECEMBER)):
    with settled(company.db) as view:
        (item,) = [each for each in items(view) if each.name == "nps"]
        return hearing(view, item=item, landmarks=landmarks, as_of=as_of)


def test_asked_means_an_invitation_that_arrived_in_the_year_before(shop):
    shop.answers("A", "2025-02-03", 9, survey="wave")
    _invite(shop, "a@x", "2025-02-01", "delivered")
    _invite(shop, "B", "2025-02-01", "Email Bounced")
    _invite(shop, "C", "2024-06-30", None)
    _invite(shop, "D", "2025-07-01", "Finished")
    asked = _heard(shop).asked
    found = sorted(zip(asked["customer_id"], asked["landmark"], strict=True))
    assert found == [("A", JUNE), ("A", DECEMBER), ("D", DECEMBER)]


def test_an_invitation_that_never_arrived_asks_nobody(shop):
    never = ("bounced", "Hard bounce", "failed", "Undeliverable", "not delivered", "blocked")
    held = ("opted out", "OPT-OUT", "unsubscribed", "suppressed", "Email Not Sent", "rejected")
    shop.answers("A", "2025-02-03", 9)
    for number, status in enumerate(never + held):
        _invite(shop, f"x{number}", "2025-02-01", status)
    assert _heard(shop).asked.empty


def test_an_answer_belongs_to_the_last_invitation_before_it_within_thirty_days(shop):
    _invite(shop, "A", "2025-03-01")
    _invite(shop, "A", "2025-03-10")
    shop.answers("A", "2025-03-12", 9, survey="wave")  # to the second one
    _invite(shop, "B", "2025-03-01")
    shop.answers("B", "2025-04-15", 9, survey="wave")  # too late
    _invite(shop, "C", "2025-03-01")
    shop.answers("C", "2025-03-05", 9, survey="other")  # never invites: counts for any
    _invite(shop, "D", "2025-03-01")
    _invite(shop, "D", "2025-04-01", survey="second")
    shop.answers("D", "2025-04-02", 9, survey="second")  # not for the wave
    rates = _heard(shop).rates
    march, april = month_index(date(2025, 3, 1)), month_index(date(2025, 4, 1))
    found = {(row.month, row.survey): (row.delivered, row.answered) for row in rates.itertuples()}
    assert found == {(march, "wave"): (5, 2), (april, "second"): (1, 1)}
    assert set(rates["segment"]) == {"S"}


def test_whoever_had_said_goodbye_is_not_counted_among_those_asked(shop):
    shop.contract("E", "2024-01-01", "2025-05-31", notice="2025-03-10")
    shop.answers("A", "2025-02-03", 9)
    _invite(shop, "E", "2025-03-01")
    _invite(shop, "E", "2025-03-11", survey="exit")
    assert list(_heard(shop).rates["survey"]) == ["wave"]


def test_a_later_day_is_not_known_yet(shop):
    _invite(shop, "A", "2025-03-01")
    _invite(shop, "B", "2025-09-01")
    shop.answers("A", "2025-03-02", 9, survey="wave")
    shop.answers("B", "2025-09-02", 9, survey="wave")
    _call(shop, "B", "2025-09-05")
    then = _heard(shop, date(2025, 6, 30), (JUNE,))
    assert list(then.rates["delivered"]) == [1]
    assert list(then.habits["customer_id"]) == ["A"]
    assert then.traces.empty
    assert then.signals["contacts"] == 0
    assert list(then.said["value"]) == [9]


def test_habits_count_days_with_an_answer_and_invitations_that_carry_the_item(shop):
    for day in ("2024-03-01", "2024-09-01", "2025-03-01"):
        _invite(shop, "A", day)
        _invite(shop, "A", day, survey="after a call")
    shop.answers("A", "2024-03-02", 9, survey="wave")
    shop.answers("A", "2025-03-02", 8, survey="wave")
    shop.answers("B", "2023-01-02", 8, survey="wave")  # more than two years ago
    habits = _heard(shop).habits
    (row,) = habits.to_dict("records")
    assert row == {"customer_id": "A", "answers": 2, "asked": 6, "asked_item": 3}


def test_traces_find_complaints_and_contacts_that_came_back_within_a_week(shop):
    shop.answers("A", "2025-02-03", 9)
    _call(shop, "B", "2025-03-01", "Complaint about a bill", solved=False)
    _call(shop, "B", "2025-03-08", "billing", solved=True)
    _call(shop, "B", "2025-03-16", "billing")
    _call(shop, "C", "2023-03-01", "billing")  # more than a year ago
    found = _heard(shop)
    (row,) = found.traces.to_dict("records")
    assert row == {"customer_id": "B", "contacts": 3, "complaints": 1, "repeats": 1}
    assert (found.signals["contacts"], found.signals["outcomes"]) == (4, 2)


def test_the_last_answer_counts_whether_or_not_the_customer_is_known(shop):
    shop.answers("A", "2025-02-03", 9)
    shop.answers("A", "2025-03-03", 4)
    shop.answers("nobody", "2025-03-03", 7)
    shop.answers(None, "2025-03-03", 10)
    shop.answers(None, "2025-03-04", 2)
    assert sorted(_heard(shop).said["value"]) == [2, 4, 7, 10]


def test_the_register_tells_decisions_up_to_a_day(company):
    for metric, decision, day in (
        ("nps", "Hire", "2025-03-01"),
        ("nps", "Train", "2025-09-01"),
        ("fcr", None, None),
        ("ces", "Change the form", None),
    ):
        company.add("metric_register", metric=metric, decision=decision, decided_on=day)
    panel(company.db)
    with settled(company.db) as view:
        noted = register(view, as_of=date(2025, 6, 30))
    assert noted.metrics == ("ces", "fcr", "nps")
    assert noted.decided == ("ces", "nps")
