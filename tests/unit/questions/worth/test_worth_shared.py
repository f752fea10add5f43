"""What takes long is worked out once for whoever rests on it."""

import pytest
from filled import fill

from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.questions.worth import findings


@pytest.fixture
def fitted(monkeypatch):
    """How often the model of worth was fitted."""
    times = []
    real = findings.leaving

    def counted(*given, **more):
        times.append(given)
        return real(*given, **more)

    monkeypatch.setattr(findings, "leaving", counted)
    return times


def test_the_brief_rests_on_the_very_estimates_of_worth(company, fitted):
    fill(company)
    worth, brief = ask(company.db, "worth"), ask(company.db, "brief")
    assert len(fitted) == 1
    assert brief.fact("worth.at_stake") == worth.fact("worth.at_stake")


def test_other_customers_and_other_data_are_fitted_anew(company, fitted):
    fill(company)
    ask(company.db, "worth")
    ask(company.db, "brief", Scope(where=(("segment", "S0"),)))
    ask(company.db, "brief", Scope(horizon=3))
    assert len(fitted) == 3
    company.contract("late", "2024-01-01")
    ask(company.db, "brief")
    assert len(fitted) == 4
