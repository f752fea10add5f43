"""Sentences about sums say what was counted, and where nothing was they say that."""

from datetime import date

import pytest

from cxdash.facts import Fact, Interval, Method
from cxdash.facts.wording_ledger import (
    delivered,
    not_reconciled,
    nothing_delivered,
    nothing_to_reconcile,
    paid_beside,
    ties,
    unmatched,
)

JUNE = date(2026, 6, 30)


def money(value, *, low=None, high=None):
    return Fact(
        id="x",
        label="l",
        value=value,
        interval=None if low is None else Interval(low, high),
        unit="USD",
        method=Method(description="d"),
        n=10,
        population="p",
        period="q",
        definition="delivered",
        caveats=() if value is not None else ("not entered",),
    )


def test_only_what_was_delivered_is_named():
    both = delivered(money(120_000, low=90_000, high=130_000), money(40_000), JUNE)
    assert "saved and $40,000 made" in both.replace("40,000.00", "40,000")
    assert "made" not in delivered(money(120_000, low=90_000, high=130_000), money(0.0), JUNE)


@pytest.mark.parametrize(
    ("claims", "said"), [(0, "Nothing has been claimed"), (1, "1 claim is"), (3, "3 claims are")]
)
def test_nothing_verified_is_said_with_how_much_is_claimed(claims, said):
    assert said in nothing_delivered(claims, JUNE)


def test_a_cost_that_was_not_entered_is_said():
    assert "has not been entered" in paid_beside(money(None))
    assert "has cost" in paid_beside(money(5_000.0))


def test_what_ties_and_what_does_not_says_how_many_months_and_how_much_money():
    assert "30 months" in ties(30, 0.005, None)
    assert "within 0.5% of its total" in ties(1, 0.005, None)
    said = not_reconciled(
        ["Revenue"], apart=2, months=30, tolerance=0.005, difference=money(13_200.0), worst=JUNE
    )
    assert said.startswith("Not reconciled: in 2 of 30 months")
    assert "most in June 2026" in said
    counts = not_reconciled(
        ["Contacts"], apart=1, months=1, tolerance=0.005, difference=None, worst=None
    )
    assert "in 1 of 1 month " in counts
    assert "$" not in counts


def test_nothing_to_reconcile_with_is_said_plainly():
    assert "nothing to reconcile with" in nothing_to_reconcile()
    assert "Every amount" in unmatched(money(0.0))
