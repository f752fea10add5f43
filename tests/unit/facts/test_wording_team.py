"""Sentences of teams and journeys claim a direction only where the range lies on one side."""

import numpy as np
import pytest

from cxdash.facts import Fact, Interval, Method
from cxdash.facts.wording_team import customers_first, lost, nothing_first, team_first, together
from cxdash.facts.words import direction_words


def said(low, high, estimate):
    return team_first(
        "CSAT",
        "engagement",
        unit="score",
        difference=Interval(low, high),
        estimate=estimate,
        periods=(2, 1, 4),
        step="month",
    )


def test_a_clear_link_is_told_with_size_range_and_delay():
    assert said(0.1, 0.3, 0.2) == (
        "CSAT is higher by 0.20 (range 0.10–0.30) after months in which engagement of a team was "
        "above its own usual level; it shows about 2 months later (1 to 4)."
    )


def test_a_clear_link_the_other_way_is_lower():
    assert said(-0.3, -0.1, -0.2).startswith("CSAT is lower by 0.20")


def test_a_range_that_holds_zero_claims_nothing():
    rng = np.random.default_rng(1)
    for _ in range(500):
        low, high = -rng.exponential(), rng.exponential()
        text = said(low, high, rng.uniform(low, high))
        assert text.startswith("Cannot tell")
        assert not {"higher", "lower"} & set(direction_words(text))


def test_what_customers_move_first_foretells_nothing():
    assert "does not foretell it" in customers_first("CSAT", "engagement")


def test_what_moves_together_is_not_put_in_an_order():
    text = together("CSAT", "engagement", 14)
    assert "cannot be told from 14 units" in text


def test_a_reason_that_claims_something_is_refused():
    with pytest.raises(ValueError, match="must not claim"):
        nothing_first("engagement", "CSAT", "CSAT improved")


def fact(value):
    return Fact(
        id="journey.left.stage-1",
        label="Customers who left",
        value=value,
        interval=None if value is None else Interval(value - 0.01, value + 0.01),
        unit="share",
        method=Method(description="Counted."),
        n=100,
        population="all customers",
        period="a year",
        definition="stage_left",
        caveats=("Nobody was met there.",),
    )


def test_a_loss_is_told_with_its_range():
    text = lost("“Start”", "“Invoice”", fact(0.08), 6)
    assert text.startswith("Of customers seen at “Start”, 8")
    assert "(range" in text
    assert "within 6 months before they were seen at “Invoice”" in text


def test_a_loss_nobody_can_see_is_not_told():
    assert lost("“Start”", "“Invoice”", fact(None), 6).startswith("Cannot tell")
