"""Traps G and H: a pilot too small to tell, and revenue at risk from constants nobody measured."""

import ast
from pathlib import Path

import numpy as np
import pytest
from examine_worlds import GAP, fill, simulate

from cxdash.facts import Scope, definitions
from cxdash.questions import ask
from cxdash.stats.proportions import (
    customers_needed,
    detectable_share_difference,
    share_difference,
)
from cxdash.store import Database

pytestmark = pytest.mark.truth

ROOT = Path(__file__).parents[2]
#: Leaving without and with the pilot, and the customers needed in each arm at 5 % and power 80 %.
ARMS = (
    (0.10, 0.08, 3_213),
    (0.10, 0.09, 13_495),
    (0.15, 0.12, 2_036),
    (0.20, 0.15, 906),
    (0.05, 0.04, 6_745),
)
PILOTS = 2_000
#: What the trade multiplies: of the unhappy half are lost in 90 days, of the neutral 30 % in 180.
TRADE = {"detractor": 0.50, "passive": 0.30}


@pytest.mark.parametrize(("before", "after", "needed"), ARMS)
def test_trap_g_a_pilot_says_how_many_customers_it_needs(before, after, needed):
    assert customers_needed(before, after, level=0.95, power=0.80) == needed


@pytest.mark.parametrize(("before", "after", "needed"), ARMS)
def test_trap_g_a_pilot_of_that_size_sees_the_difference_four_times_in_five(before, after, needed):
    assert _power(before, after, needed) == pytest.approx(0.80, abs=0.03)


def test_trap_g_five_hundred_customers_an_arm_cannot_see_two_points():
    smallest = detectable_share_difference(0.10, 500, level=0.95, power=0.80)
    assert smallest == pytest.approx(0.047, abs=0.0005)
    assert _power(0.10, 0.08, 500) < 0.25
    assert _power(0.10, 0.10 - smallest, 500) == pytest.approx(0.80, abs=0.04)


def test_trap_g_the_interval_of_a_pilot_too_small_holds_zero_and_the_effect():
    found = share_difference(50, 500, 40, 500, level=0.95)
    assert found.low < 0
    assert found.high > 0.02


def _power(before: float, after: float, arm: int) -> float:
    """Share of pilots whose two-sided test at 5 % sees the difference (pooled variance)."""
    rng = np.random.default_rng(arm)
    left = rng.binomial(arm, [[before], [after]], (2, PILOTS)) / arm
    middle = left.mean(axis=0)
    error = np.sqrt(2 * middle * (1 - middle) / arm)
    return float((np.abs(left[0] - left[1]) > 1.959964 * error).mean())


def test_trap_h_the_constants_of_the_trade_imply_a_fifth_of_revenue_gone_in_half_a_year():
    promoters, passives, detractors = 0.50, 0.30, 0.20
    assert promoters + passives + detractors == pytest.approx(1.0)
    in_90_days = TRADE["detractor"] * detractors
    assert in_90_days == pytest.approx(0.10)
    assert in_90_days + TRADE["passive"] * passives == pytest.approx(0.19)


@pytest.mark.parametrize(("kind", "extra"), [("null", 0.0), ("link", GAP)])
def test_trap_h_what_is_at_stake_is_learned_from_this_company(tmp_path, kind, extra):
    """Two companies with the same scores: at stake is what their own customers did."""
    with Database(tmp_path / "h.duckdb") as db:
        fill(db, simulate(4, kind, customers=1_200))
        answer = ask(db, "worth", Scope(metric="nps"))
    row = next(row for row in answer.tables["bands"] if row["band"] == "detractor")
    low, high = (row[name] / row["revenue"] for name in ("stake_low", "stake_high"))
    # Most of the unhappy are in the segment that leaves more often: 5 % and about two thirds of 8.
    assert low < 0.05 + 0.08 * 0.64 + extra < high
    assert high < TRADE["detractor"]


def test_trap_h_no_share_of_the_unhappy_is_written_into_the_program():
    """No number stands beside a band's name as a factor, in code or in a definition."""
    found = []
    for path in sorted((ROOT / "cxdash").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
                continue
            sides = (node.left, node.right)
            numbers = [s.value for s in sides if isinstance(s, ast.Constant)]
            words = ast.unparse(node).lower()
            named = any(w in words for w in ("detractor", "passive", "unhappy", "promoter"))
            if named and any(isinstance(n, int | float) and n not in (1, 100) for n in numbers):
                found.append(f"{path.name}:{node.lineno} {ast.unparse(node)}")
    assert found == []
    for entry in definitions().values():
        assert "50 %" not in entry.formula
        assert "0.5 ×" not in entry.formula
