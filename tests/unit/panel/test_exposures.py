"""Windows around a start on the hand-made company, cell by cell."""

from datetime import date

import pytest

from cxdash.panel import settled, stamp
from cxdash.panel.exposures import exposures, whole_months_since
from cxdash.panel.relations import month_index

JULY_1 = date(2024, 7, 1)
DECEMBER = month_index(date(2024, 12, 31))


def _seen(company, starts=JULY_1, most=3, roster=""):
    with settled(company.db) as view:
        built = stamp(view)
        return exposures(view, built, starts=starts, last_month=DECEMBER, most=most, roster=roster)


def _cells(found, landmark):
    rows = found.rows[found.rows["landmark"] == landmark]
    return {row["customer_id"]: row for row in rows.to_dict("records")}


def _called(company, customer, day, channel="phone", *, cost=10, solved=True):
    company.add(
        "contacts",
        contact_id=f"{customer}-{day}",
        customer_id=customer,
        contacted_at=f"{day} 10:00",
        channel=channel,
        cost=cost,
        currency="USD",
        resolved_first=solved,
    )


@pytest.fixture
def two(company):
    """One customer stays, one leaves in August; both call."""
    company.contract("stays", "2024-01-01", amount=100)
    company.contract("leaves", "2024-01-01", "2024-08-15", amount=80)
    _called(company, "stays", "2024-05-01")
    _called(company, "stays", "2024-05-10", cost=4)
    _called(company, "stays", "2024-07-05", "chat", cost=1, solved=False)
    _called(company, "stays", "2024-07-07", "phone", cost=12)
    company.pays("stays", "2024-12-31", 100)
    return company


def test_windows_lie_before_and_after_the_start_and_one_earlier(two):
    found = _seen(two)
    ends = {
        "before": month_index(date(2024, 3, 31)),
        "after": month_index(date(2024, 6, 30)),
    }
    assert (found.before, found.after, found.months) == (ends["before"], ends["after"], 3)
    assert found.earlier is None
    assert found.words == "2024-03-31 to 2024-06-30, and 2024-06-30 to 2024-09-30"
    assert _seen(two, most=2).earlier == month_index(date(2024, 2, 29))


def test_a_month_treated_in_part_is_in_neither_window(two):
    found = _seen(two, starts=date(2024, 7, 10), most=2)
    assert found.before == month_index(date(2024, 4, 30))
    assert found.after == month_index(date(2024, 7, 31))


def test_every_contact_is_a_first_one_or_a_repeat_and_their_costs_add_up(two):
    found = _seen(two)
    before, after = _cells(found, found.before)["stays"], _cells(found, found.after)["stays"]
    assert (before["contacts"], before["repeats"], before["other_way"]) == (2, 1, 0)
    assert (before["first_cost"], before["repeat_cost"]) == (10, 4)
    assert (after["contacts"], after["repeats"], after["other_way"]) == (2, 1, 1)
    assert (after["first_cost"], after["repeat_cost"], after["unsolved"]) == (1, 12, 1)


def test_who_leaves_pays_for_the_months_there_alone(two):
    found = _seen(two)
    row = _cells(found, found.after)
    assert (row["leaves"]["left_within"], row["leaves"]["months_there"]) == (1, 1)
    assert row["leaves"]["revenue"] == 80
    assert (row["stays"]["left_within"], row["stays"]["revenue"]) == (0, 300)
    assert _cells(found, found.before)["leaves"]["left_within"] == 0


def test_the_list_of_a_pilot_says_who_was_given_it(two):
    two.add("pilot_roster", pilot="chatbot", customer_id="stays", arm="treated")
    two.add("pilot_roster", pilot="other", customer_id="leaves", arm="treated")
    found = _seen(two, roster="chatbot")
    row = _cells(found, found.after)
    assert row["stays"]["arm"] == "treated"
    assert row["leaves"]["arm"] is None or row["leaves"]["arm"] != row["leaves"]["arm"]


def test_without_a_whole_month_on_both_sides_there_is_nothing_to_compare(two):
    assert _seen(two, starts=date(2024, 12, 15)) is None
    assert _seen(two, starts=date(2024, 1, 15)) is None
    assert whole_months_since(date(2024, 12, 15), DECEMBER) == 0
    assert whole_months_since(JULY_1, DECEMBER) == 6
