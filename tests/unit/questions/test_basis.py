"""Without contracts an Answer says what a customer is, and when a window is too short to tell."""

from datetime import date, timedelta

import pytest

from cxdash.facts import Scope
from cxdash.questions import ask


def _shop(company, *, every):
    for number in range(200):
        name = f"s{number:03}"
        day, stops = date(2022, 1, 1 + number % 28), date(2023, 1, 1) + timedelta(days=11 * number)
        while day < min(stops, date(2026, 1, 1)):
            company.pays(name, day.isoformat(), 20)
            company.answers(name, day.isoformat(), 3 + number % 7)
            day += timedelta(days=every)
    company.pays("s000", "2025-12-31", 20)


@pytest.mark.parametrize(
    ("every", "horizon", "pause"), [(150, 3, True), (150, 6, False), (20, 3, False)]
)
@pytest.mark.parametrize("question", ["worth", "churn"])
def test_a_window_shorter_than_the_usual_wait_is_said_to_hold_pauses(
    company, question, every, horizon, pause
):
    _shop(company, every=every)
    answer = ask(company.db, question, Scope(horizon=horizon))
    told = next(line for line in answer.caveats if line.startswith("There are no contracts."))
    assert f"within {every} days" in told
    assert ("only a pause" in told) is pause
