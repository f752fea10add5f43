"""The right question comes before the money."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cxdash.register.kinds.initiatives import MONEY, Capacity, Initiative, Step
from cxdash.register.records import built, plain, problems, restored

BARE = built(Initiative, {"name": "Answer by a chatbot", "aim": "cut_cost", "status": "planned"})
ASKED = replace(
    BARE,
    need="Customers who wait for an answer at night",
    behaviour="They get it without calling again",
    line="cost",
    falsifier="They call again within two weeks as often as before",
)


def test_an_idea_without_any_money_can_be_saved_before_the_questions_are_answered() -> None:
    assert problems(BARE) == ()


@pytest.mark.parametrize("field", [name for name in MONEY if not name.startswith("claim_")])
def test_money_is_refused_until_the_four_questions_are_answered(field: str) -> None:
    amount = {"margin": 0.4}.get(field, Decimal(100))
    assert "four questions" in problems(replace(BARE, **{field: amount}))[0]
    assert problems(replace(ASKED, **{field: amount})) == ()


@pytest.mark.parametrize("field", ["need", "behaviour", "line", "falsifier"])
def test_each_of_the_four_questions_keeps_the_money_shut(field: str) -> None:
    almost = replace(ASKED, **{field: "" if field == "line" else "  "})
    assert set(almost.closed()) == set(MONEY)
    assert problems(replace(almost, cost=Decimal(1)))
    assert not ASKED.closed()


def test_who_overrides_says_why_and_it_stays_an_override() -> None:
    forced = replace(BARE, cost=Decimal(100), override_reason="The board has decided")
    assert problems(forced) == ()
    assert not forced.closed()
    assert forced.overridden
    assert not replace(ASKED, cost=Decimal(100), override_reason="was typed before").overridden


@pytest.mark.parametrize("field", ["goal", "owner", "starts"])
def test_without_goal_owner_or_date_it_is_a_wish(field: str) -> None:
    whole = replace(BARE, goal="goal-1", owner="Ana", starts=date(2026, 3, 1))
    assert not whole.is_wish
    assert replace(whole, **{field: None if field == "starts" else ""}).is_wish


def test_a_claim_has_two_ends_in_their_order() -> None:
    assert "both ends" in problems(replace(ASKED, claim_low=Decimal(5)))[0]
    turned = replace(ASKED, claim_low=Decimal(5), claim_high=Decimal(4))
    assert "below" in problems(turned)[0]


def test_it_cannot_end_before_it_begins() -> None:
    assert problems(replace(ASKED, starts=date(2026, 3, 1), ends=date(2026, 2, 1)))


def test_use_is_told_of_those_who_could() -> None:
    step = Step(
        initiative="initiative-1",
        name="Train the night shift",
        kind="change",
        owner="Ana",
        due=None,
        status="running",
        resistance="",
        exposed=40,
        used=10,
    )
    assert problems(step) == ()
    assert problems(replace(step, exposed=None))
    assert problems(replace(step, used=41))


def test_a_capacity_limits_something() -> None:
    assert problems(Capacity(name="2026", budget=None, days=None, at_once=None))
    assert problems(Capacity(name="2026", budget=None, days=30.0, at_once=None)) == ()


def test_an_entry_is_read_as_it_was_written() -> None:
    whole = replace(ASKED, cost=Decimal("12.50"), margin=0.4, starts=date(2026, 3, 1))
    assert restored(Initiative, plain(whole)) == whole
