"""Lines of a business case: each dollar in one column, from one source, or refused in words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cxdash.register import problems
from cxdash.register.kinds.cases import CaseLine, Realised

LINE = CaseLine(
    case="case-1",
    name="Fewer renewals lost",
    side="save",
    line="retention",
    first_year=1,
    last_year=3,
    source="assertion",
    amount=Decimal(100),
)


def said(**changes):
    return " ".join(problems(replace(LINE, **changes)))


def test_a_line_with_an_amount_and_a_column_that_fits_is_accepted():
    assert said() == ""


@pytest.mark.parametrize(("side", "line"), [("save", "revenue"), ("make", "retention")])
def test_a_line_of_the_accounts_stands_in_one_column_only(side, line):
    assert "belongs to one of" in said(side=side, line=line)


def test_a_cost_rests_on_a_plan_or_an_offer():
    assert "A cost is a plan" in said(side="cost", source="question", fact="worth.excess")


def test_what_was_measured_has_no_typed_amount():
    assert "leave the three amounts empty" in said(source="question", fact="worth.excess")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"first_year": 3, "last_year": 1}, "ends before it begins"),
        ({"amount": None}, "Say the amount"),
        ({"low": Decimal(90)}, "two ends"),
        ({"low": Decimal(110), "high": Decimal(120)}, "outside its own range"),
        ({"portion": 0.5}, "type the amount itself"),
        ({"source": "outside"}, "where it comes from"),
        ({"source": "pilot", "amount": None, "pilot": "pilot_plan-1"}, "how many customers"),
        ({"source": "question", "amount": None, "fact": "excess"}, "Name the figure"),
    ],
)
def test_a_line_that_cannot_be_worked_out_says_what_is_missing(changes, wanted):
    assert wanted in said(**changes)


def test_what_came_of_a_promise_is_an_amount_or_a_pilot_and_not_both():
    seen = Realised(case_line="case_line-1", after="6", amount=Decimal(-5), says="Finance")
    assert problems(seen) == ()
    assert problems(replace(seen, pilot="pilot_plan-1"))
    assert problems(replace(seen, amount=None))
