"""Companies whose one claim is known to be true, empty, made by the season, or by one account.

Every half year customers rate from 0 to 10, a few days before it begins; in it they leave with a
known chance. The chances add up, so that the difference between unhappy and happy customers of the
same segment is the same everywhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd
from churn_worlds import answer, put

from cxdash.panel import month_end, month_index
from cxdash.store import Database

HORIZON: Final = 6
LAST: Final = date(2025, 12, 31)
LANDMARKS: Final = tuple(month_index(LAST) - HORIZON * back for back in (4, 3, 2, 1))
GAP: Final = 0.10  # chance of leaving: unhappy minus happy customers, segment held equal
OF_NEUTRAL: Final = 0.04
OF_SEGMENT: Final = 0.08
USUAL: Final = 0.05
SCORES: Final = (3.0, 7.0, 10.0)
COLD: Final = 0.20  # in a cold half year so many more leave
WHALE: Final = 2_000_000.0  # what the one large account pays a month, and takes away

Kind = Literal["link", "null", "season", "whale"]


@dataclass(frozen=True, slots=True)
class World:
    """Rows of the exports."""

    customers: pd.DataFrame
    contracts: pd.DataFrame
    answers: pd.DataFrame


def simulate(seed: int, kind: Kind, *, customers: int = 900) -> World:
    """Draw a company."""
    rng = np.random.default_rng([seed, len(kind)])
    ids = np.array([f"c{number:05}" for number in range(customers)], dtype=object)
    small = rng.random(customers) < 0.5
    gone = np.full(customers, 10**6)
    place = np.full(customers, 1)
    told = []
    for turn, landmark in enumerate(LANDMARKS):
        here = gone > landmark
        cold = kind == "season" and turn % 2 == 0
        unhappy = np.where(small, 0.45, 0.25) if kind != "season" else 0.7 if cold else 0.2
        draw = rng.random(customers)
        drawn = np.where(draw < unhappy, 0, np.where(draw < unhappy + 0.25, 1, 2))
        answers = here & (rng.random(customers) < 0.8)
        # Whoever does not answer thinks as he said last, so the last answer is what counts.
        place = np.where(answers, drawn, place)
        frame = {"customer_id": ids[answers], "survey": "wave"}
        frame |= {"nps": np.array(SCORES)[place[answers]]}
        told.append(pd.DataFrame(frame).assign(answered_at=month_end(landmark) - timedelta(days=9)))
        chance = USUAL + OF_SEGMENT * small + (COLD if cold else 0.0)
        if kind == "link":
            chance = chance + np.array([GAP, OF_NEUTRAL, 0.0])[place]
        leaves = here & (rng.random(customers) < chance)
        gone = np.where(leaves, landmark + rng.integers(1, HORIZON + 1, customers), gone)
    ended = [
        month_end(int(m)) - timedelta(days=int(rng.integers(0, 20))) if m < 10**6 else None
        for m in gone
    ]
    contracts = pd.DataFrame(
        {
            "customer_id": ids,
            "started_on": date(2021, 3, 15),
            "ended_on": ended,
            "monthly_amount": np.round(100 * np.exp(0.6 * rng.normal(size=customers))),
        }
    )
    people = pd.DataFrame({"customer_id": ids, "segment": np.where(small, "Small", "Large")})
    world = World(people, contracts, pd.concat(told, ignore_index=True))
    return _with_whale(world) if kind == "whale" else world


def _with_whale(world: World) -> World:
    """Nothing goes with anything, but one unhappy account of its own size leaves."""
    asked = [month_end(landmark) - timedelta(days=9) for landmark in LANDMARKS]
    said = pd.DataFrame(
        {"customer_id": "whale", "survey": "wave", "answered_at": asked, "nps": 3.0}
    )
    contract = pd.DataFrame(
        {
            "customer_id": ["whale"],
            "started_on": [date(2021, 3, 15)],
            "ended_on": [month_end(LANDMARKS[-1] + 3)],
            "monthly_amount": [WHALE],
        }
    )
    person = pd.DataFrame({"customer_id": ["whale"], "segment": ["Large"]})
    return World(
        customers=pd.concat([world.customers, person], ignore_index=True),
        contracts=pd.concat([world.contracts, contract], ignore_index=True),
        answers=pd.concat([world.answers, said], ignore_index=True),
    )


def fill(db: Database, world: World) -> None:
    """Put the company into ``db``."""
    with db.writing() as cur:
        put(cur, "customers", world.customers, world.customers["customer_id"])
        contracts = world.contracts.assign(
            subscription_id=world.contracts["customer_id"],
            currency="USD",
            cancelled_on=world.contracts["ended_on"],
        )
        put(cur, "subscriptions", contracts, contracts["customer_id"])
        answer(cur, world.answers, "w", ("nps",), variant="nps.0-10")
        paid = {"customer_id": world.customers["customer_id"][:1], "dated": [LAST]}
        paid |= {"amount": ["0.01"], "currency": "USD", "revenue_kind": "one-off"}
        put(cur, "revenue", pd.DataFrame(paid), ["r"])
