"""Shops in which it is known what makes a score low: late orders do, unsolved contacts do not."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from revenue_worlds import put
from scipy.special import expit
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.score.drivers import ScoreDrivers, score_drivers
from cxdash.store import Database

ORDERS: Final = 1500
CUSTOMERS: Final = 900
FIRST: Final = np.datetime64("2025-01-06")
#: Log odds of a low score: of an order that is late at all, and per log(1 + days late).
LATE, PER_DAY = 0.6, 0.5
NORTH: Final = 0.8  # the north scores low anyway, and its orders are late more often
STUDY = Study(
    title="What goes before low scores",
    simulated=f"Shops with {ORDERS:,} answers of {CUSTOMERS} customers. Late orders make low "
    "scores more likely, and the north has both more late orders and low scores of its own; "
    "unsolved contacts and the promised day make no difference. Customers differ in mood.",
    targets=(
        covers("effect"),
        at_least("late delivery named", 0.90, "the planted cause is named a driver"),
        at_most("noise named", 0.05, "what makes no difference is named a driver"),
    ),
    few=6,
)

Reals = NDArray[np.float64]


def trials(seed: int) -> list[Trial]:
    """The planted cause and what makes no difference, in one shop."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "shop.duckdb") as db:
        truth = _fill(db, np.random.default_rng([seed, 11]))
        with settled(db) as view:
            found = score_drivers(view, Scope())
    assert found is not None
    return [*_judged(seed, found, truth)]


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of intervals that held the truth, of causes named and of noise named."""
    return over(trials, seeds, workers)


def _judged(seed: int, found: ScoreDrivers, truth: float) -> Iterable[Trial]:
    for driver in found.found:
        late = driver.name == "late_delivery"
        true = truth if late else 0.0
        held = bool(driver.effect.low <= true <= driver.effect.high)
        yield Trial(seed, f"effect of {driver.label.lower()}", held)
        yield Trial(seed, "late delivery named" if late else "noise named", driver.is_driver)


def _fill(db: Database, draw: np.random.Generator) -> float:
    """Put a shop into the database; the true mean effect of delivering on time."""
    who = draw.integers(0, CUSTOMERS, ORDERS)
    north = draw.random(CUSTOMERS) < 0.5
    mood = 0.7 * draw.standard_normal(CUSTOMERS)
    late = draw.random(ORDERS) < np.where(north[who], 0.3, 0.12)
    days = np.where(late, 1 + draw.geometric(0.25, ORDERS), 0)
    base = -1.8 + NORTH * north[who] + mood[who]
    low = draw.random(ORDERS) < expit(base + LATE * late + PER_DAY * np.log1p(days))
    ordered = FIRST + draw.integers(0, 320, ORDERS)
    promised = ordered + draw.integers(3, 12, ORDERS)
    answered = promised + days + draw.integers(1, 6, ORDERS)
    asked = draw.random(ORDERS) < 0.4
    minutes = draw.integers(2, 40, ORDERS)
    solved = draw.random(ORDERS) < 0.7
    names = [f"C{number}" for number in who]
    orders = [f"o{number}" for number in range(ORDERS)]
    answers = [f"r{number}" for number in range(ORDERS)]
    people = [f"C{number}" for number in range(CUSTOMERS)]
    contacts = np.flatnonzero(asked)
    with db.writing() as cur:
        regions = np.where(north, "North", "South")
        put(cur, "customers", {"customer_id": people, "region": list(regions)}, people)
        put(
            cur,
            "orders",
            {
                "order_id": orders,
                "customer_id": names,
                "ordered_at": list(ordered),
                "promised_at": list(promised),
                "delivered_at": list(promised + days),
            },
        )
        put(
            cur,
            "responses",
            {
                "response_id": answers,
                "customer_id": names,
                "order_id": orders,
                "answered_at": list(answered),
            },
            answers,
        )
        put(
            cur,
            "scores",
            {
                "item": ["csat"] * ORDERS,
                "variant": ["csat.1-5.top2"] * ORDERS,
                "value": list(np.where(low, 1, 5)),
                "scale_low": [1] * ORDERS,
                "scale_high": [5] * ORDERS,
                "high_is_good": [True] * ORDERS,
            },
            answers,
        )
        put(
            cur,
            "contacts",
            {
                "contact_id": [f"t{number}" for number in contacts],
                "customer_id": [names[number] for number in contacts],
                "contacted_at": list(answered[contacts] - 3),
                "minutes": list(minutes[contacts]),
                "resolved_first": list(solved[contacts]),
            },
        )
    worse = base + LATE * late + PER_DAY * np.log1p(days)
    return float((expit(base[late]) - expit(worse[late])).mean())
