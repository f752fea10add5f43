"""Trap F: happier and longer-standing customers answer more, and weighting alone cannot repair it.

The opinion of every customer is known. 19 % answer; all customers give −9.6, those who answered
+9.6, the same weighted on tenure +4.3. All three kinds of figure must stand on the page, and none
may be sold as what all customers think.
"""

from datetime import date

import numpy as np
import pytest
from listening_worlds import World, fill
from scipy.special import expit, ndtri

from cxdash.facts import Scope
from cxdash.questions import ask
from cxdash.store import Database

pytestmark = pytest.mark.truth

CUSTOMERS = 6_000
#: How opinion goes with tenure, and how answering goes with both; solved for the figures above.
TOGETHER, USUAL, BY_TENURE, BY_OPINION = 0.172, -1.5754, 0.5960, 0.2410
HAPPY, UNHAPPY = 0.302, 0.398


def _world() -> World:
    """As even a draw as can be: along tenure and opinion, whoever fills up the next answer."""
    rng = np.random.default_rng(6)
    tenure, own = rng.normal(size=(2, CUSTOMERS))
    opinion = TOGETHER * tenure + np.sqrt(1 - TOGETHER**2) * own
    chance = expit(USUAL + BY_TENURE * tenure + BY_OPINION * opinion)
    order = np.lexsort((opinion, np.round(tenure, 1)))
    steps = np.floor(np.cumsum(chance[order]))
    answered = np.zeros(CUSTOMERS, dtype=bool)
    answered[order] = np.diff(steps, prepend=0.0) > 0
    place = opinion.argsort().argsort() / CUSTOMERS
    nps = np.where(place >= 1 - HAPPY, 10.0, np.where(place < UNHAPPY, 3.0, 7.0))
    flat = np.full(CUSTOMERS, 3.0)
    return World(
        segment=np.full(CUSTOMERS, "All", dtype=object),
        region=np.full(CUSTOMERS, "Here", dtype=object),
        months=np.round(np.exp(3.4 + 0.55 * tenure)).astype(np.int64).clip(1, 115),
        amount=np.full(CUSTOMERS, 100.0),
        contacts=np.zeros(CUSTOMERS, dtype=np.int64),
        nps=nps,
        csat=flat,
        mood=flat,
        chance=chance,
        answered=answered,
    )


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    world = _world()
    with Database(tmp_path_factory.mktemp("trap") / "f.duckdb") as db:
        fill(db, world)
        return world, ask(db, "listening", Scope(metric="nps"))


def test_the_company_is_the_one_of_the_trap(trap):
    world, _ = trap
    assert abs(float(ndtri(1 - HAPPY)) - 0.519) < 0.001
    assert world.truth["nps"] == pytest.approx(-9.6, abs=0.1)
    assert world.answered.mean() == pytest.approx(0.191, abs=0.01)


def test_observed_weighted_and_bounds_stand_beside_each_other(trap):
    _, answer = trap
    heard, adjusted, bounds = (answer.fact(f"nps.{x}") for x in ("heard", "adjusted", "bounds"))
    assert heard.value == pytest.approx(9.6, abs=1.5)
    assert adjusted.value == pytest.approx(4.3, abs=1.5)
    assert bounds.value is None
    assert bounds.interval.low == pytest.approx(-79, abs=1.5)
    assert bounds.interval.high == pytest.approx(83, abs=1.5)
    worth = answer.fact("listening.effective_answers")
    assert worth.value / worth.n == pytest.approx(0.77, abs=0.05)
    for shown in (heard, adjusted):
        assert str(round(shown.value)) in answer.headline
    assert "whatever the silent think" in answer.headline
    views = [row["view"] for row in answer.tables["scores"]]
    assert len(views) == 4


def test_weighting_does_not_repair_it_and_the_bounds_hold(trap):
    world, answer = trap
    truth = world.truth["nps"]
    assert not answer.fact("nps.heard").interval.holds(truth)
    assert not answer.fact("nps.adjusted").interval.holds(truth)
    assert answer.fact("nps.bounds").interval.holds(truth)


def test_the_weighted_score_is_never_sold_as_more_than_it_is(trap):
    _, answer = trap
    said = str(answer.to_json()).lower()
    for word in ("unbiased", "true score", "bias-free", "free of bias", "corrected score"):
        assert word not in said
    adjusted = answer.fact("nps.adjusted")
    assert any("cannot repair" in caveat for caveat in adjusted.caveats)
    assert any("no proof of what all customers think" in line for line in answer.caveats)
    assert adjusted.grade.name == "D"


def test_the_tipping_point_is_the_closed_form(trap):
    world, answer = trap
    heard, share = answer.fact("nps.heard").value, world.answered.mean()
    assert answer.fact("listening.tipping_point").value == pytest.approx(
        -share * heard / (1 - share), abs=1e-9
    )
    assert answer.as_of == date(2025, 12, 31)
