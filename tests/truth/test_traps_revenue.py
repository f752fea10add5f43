"""Trap J: customers of long standing score higher and pay more; the score itself moves nothing.

The premium of happy over unhappy customers is real money as counted and nothing once customers of
the same age are compared. It must be graded as observed only, with nothing left of it graded as
indicated, and it must never be offered as a lever.
"""

from datetime import date, timedelta

import numpy as np
import pytest
from revenue_worlds import put, put_answers

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.revenue.answer import compose
from cxdash.questions.revenue.find import find
from cxdash.questions.revenue.stage import stage
from cxdash.store import Database

pytestmark = pytest.mark.truth

STARTS = [date(2023 + k // 2, 1 + 6 * (k % 2), 1) for k in range(5)]
LAST = date(2025, 6, 30)
EDGES = (12, 24, 48, 84)  # months as a customer: five bands


def _premium_company(db, *, moves=True, seed=3, customers=1500):
    """Spend 250 to 366 a month by time as a customer; beyond that the score goes with nothing."""
    rng = np.random.default_rng(seed)
    age = rng.integers(1, 110, customers)
    own = 15.0 * rng.standard_normal(customers)
    terms: dict[str, list] = {
        name: [] for name in ("subscription_id", "customer_id", "started_on", "ended_on",
                              "monthly_amount")
    }  # fmt: skip
    answers = []
    for number in range(customers):
        name = f"j{number:05}"
        for k, start in enumerate(STARTS):
            band = int(np.searchsorted(EDGES, age[number] + 6 * k * moves, side="right"))
            amount = 250 + 29 * band + own[number] + 6 * rng.standard_normal() * moves
            month = 12 * 2022 + 11 - int(age[number])  # so many months before the first half year
            first = date(month // 12, month % 12 + 1, 1)
            terms["subscription_id"].append(f"{name}-{k}")
            terms["customer_id"].append(name)
            terms["started_on"].append(start if k else first)
            terms["ended_on"].append(STARTS[k + 1] if k + 1 < len(STARTS) else None)
            terms["monthly_amount"].append(round(float(amount), 2))
            score = np.clip(np.round(5.2 + 1.15 * band + 1.9 * rng.standard_normal()), 0, 10)
            answers.append((name, start - timedelta(days=int(rng.integers(2, 20))), float(score)))
    with db.writing() as cur:
        put(cur, "customers", {"customer_id": [f"j{number:05}" for number in range(customers)]})
        put(cur, "subscriptions", terms | {"currency": ["USD"] * len(terms["customer_id"])})
        put(
            cur,
            "revenue",
            {
                "customer_id": ["j00001", "j00002"],
                "dated": [STARTS[0] - timedelta(days=40), LAST],
                "amount": [0.01, 0.01],
                "currency": ["USD", "USD"],
                "revenue_kind": ["one-off", "one-off"],
            },
        )
        put_answers(cur, answers)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Database(tmp_path_factory.mktemp("j") / "j.duckdb") as db:
        _premium_company(db)
        with settled(db) as view:
            on = stage(view, Scope(horizon=6))
            assert on is not None
            return find(view, on)


def test_where_nobody_s_spend_moves_nothing_is_compared_with_itself(tmp_path):
    with Database(tmp_path / "still.duckdb") as db:
        _premium_company(db, moves=False, customers=200)
        with settled(db) as view:
            on = stage(view, Scope(horizon=6))
            assert on is not None
            answer = compose(find(view, on))
    change = next(row for row in answer.tables["drivers"] if row["kind"] == "change")
    assert change["effect"] is None
    assert "no customer paid another amount" in answer.fact("revenue.driver.nps").caveats[0]


def test_the_premium_as_counted_is_real_money_and_only_observed(found):
    raw = compose(found).fact("revenue.premium")
    assert raw.value == pytest.approx(41.8, abs=4)
    assert raw.interval is not None
    assert raw.interval.low > 30
    assert raw.grade.name == "D"


def test_among_customers_of_the_same_age_nothing_is_left_and_that_is_indicated(found):
    held = compose(found).fact("revenue.premium_adjusted")
    assert held.value == pytest.approx(0, abs=2)
    assert held.interval is not None
    assert held.interval.holds(0)
    assert "time as a customer" in held.method.adjusted_for
    assert held.grade.name == "C"


def test_it_is_never_offered_as_a_lever(found):
    answer = compose(found)
    assert found.levers == ()
    rows = {row["kind"]: row for row in answer.tables["drivers"]}
    assert rows["level"]["raw_low"] > 0
    assert rows["level"]["low"] <= 0 <= rows["level"]["high"]
    assert not any(row["lever"] for row in answer.tables["drivers"])
    assert answer.tables["tests"][0]["verdict"] == "not told from noise"
    assert rows["change"]["low"] <= 0 <= rows["change"]["high"]
    assert "paid" not in answer.headline
    assert any(
        "no lever" in line and "cannot tell whether a difference in what a customer" in line
        for line in answer.caveats
    )
