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


@pytest.mark.parametrize("question", ["worth", "churn", "trial", "listening", "examine"])
def test_without_contracts_the_rule_stands_beside_the_figures(company, question):
    _shop(company, every=20)
    answer = ask(company.db, question)
    told = next(line for line in answer.caveats if line.startswith("There are no contracts."))
    assert "in the last 1 month is a customer" in told
    assert "6 months later counts as gone" in told
    assert "at most 20 days" in told


@pytest.mark.parametrize("question", ["worth", "churn", "trial", "listening", "brief"])
def test_a_pause_is_not_told_as_leaving(company, question):
    """Who buys every five months has not left after three."""
    _shop(company, every=150)
    answer = ask(company.db, question, Scope(horizon=3))
    assert not any(
        fact.unit == "share" and fact.id.startswith("worth.left") and fact.value
        for fact in answer.facts
    )
    assert not any("customers who stayed" in line for line in answer.caveats)
    assert any("mostly a pause" in line for line in answer.caveats)
    assert "Ask 6 months ahead." in answer.missing


def test_asked_far_enough_ahead_the_same_shop_is_told(company):
    _shop(company, every=150)
    answer = ask(company.db, "worth", Scope(horizon=12))
    assert answer.status == "answered"
    assert answer.fact("worth.gap").value is not None
    assert not any("mostly a pause" in line for line in answer.caveats)
