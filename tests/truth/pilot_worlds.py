"""Made-up pilots: customers, regions and ratings of which it is known what the pilot did."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.planned import Planned
from cxdash.register import built
from cxdash.register.kinds.pilots import PilotPlan

STARTS = date(2025, 7, 1)
STAGE = Stage("read", 1, 1, 24_305, 24_311, None)
MONTHS = 6


def planned(design: str, outcome: str, members: pd.DataFrame | None = None, **more) -> Planned:
    """A pilot of half a year, frozen in time, that is worth having from one per cent on."""
    plan = built(
        PilotPlan,
        {
            "name": "Tried",
            "roster": "" if members is None else "Tried",
            "design": design,
            "outcome": outcome,
            "starts": STARTS,
            "reads_on": date(2025, 12, 31),
            "least_effect": 0.01,
            **more,
        },
    )
    nobody = pd.DataFrame(columns=["pilot", "customer_id", "arm", "assigned_on"])
    rows = nobody if members is None else members
    return Planned(
        "pilot_plan-1", "pilot_plan-1", "Tried", design, plan, STARTS, "0" * 64, (), rows
    )


def customers(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Customers of whom the larger pay more, ask more and leave as the others do."""
    fee = np.exp(rng.normal(6, 0.8, count))
    asks = rng.gamma(2.0, 0.15, count)
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:05}" for number in range(count)],
            "tenure_months": rng.integers(1, 90, count),
            "fee": fee,
            "money_before": fee * rng.normal(1, 0.05, count),
            "money_earlier": fee * rng.normal(0.97, 0.06, count),
            "contacts_before": rng.poisson(asks * MONTHS) / MONTHS,
            "contacts_earlier": rng.poisson(asks * MONTHS) / MONTHS,
            "contacts_after": rng.poisson(asks * MONTHS) / MONTHS,
            "cost_after": 0.0,
            "segment": rng.choice(["Large", "Mid", "Small"], count),
            "plan": None,
            "region": rng.choice(["North", "South"], count),
            "industry": None,
            "owner": None,
            "acquired_by": None,
        }
    ).assign(money_after=lambda rows: rows["money_before"] * rng.normal(1.02, 0.08, count))


def lot(rng: np.random.Generator, rows: pd.DataFrame, share: float = 0.5) -> pd.DataFrame:
    """Who was drawn into which group."""
    arm = np.where(rng.permutation(len(rows)) < share * len(rows), "treated", "control")
    return pd.DataFrame(
        {
            "pilot": "Tried",
            "customer_id": rows["customer_id"],
            "arm": arm,
            "assigned_on": pd.Timestamp(STARTS),
        }
    )


def regions(rng: np.random.Generator, count: int, *, heavy: bool = True) -> pd.DataFrame:
    """Regions with levels and shocks of their own, of variance three, ``heavy`` in the tails."""
    months = np.arange(STAGE.base - 11, STAGE.last + 1)
    level = rng.uniform(90, 110, count)[:, None]
    shape = (count, months.size)
    paid = level + (rng.standard_t(3, shape) if heavy else rng.normal(0, 3**0.5, shape))
    people = rng.integers(80, 400, count)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"Region {number}" for number in range(count)], months.size),
            "month": np.tile(months, count),
            "customers": np.repeat(people, months.size),
            "departed": rng.binomial(np.repeat(people, months.size), 0.015),
            "money": (paid * people[:, None]).ravel(),
            "contacts": rng.poisson(np.repeat(people, months.size) * 0.3),
            "contact_cost": 0.0,
        }
    )


def ratings(
    rng: np.random.Generator, count: int, effect: float = 0.0, *, called: float = 0.4
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three ratings a customer from 0 to 10 around a lasting mood; some low ones are called back.

    Whoever rates low by bad luck rates higher the next time, called or not.
    """
    mood = rng.normal(6.5, 1.5, count)
    said = np.clip(np.round(mood[:, None] + rng.normal(0, 2.0, (count, 3))), 0, 10)
    low = said[:, 1] <= 6
    by_call = low & (rng.random(count) < called)
    raised = np.clip(np.round(said[:, 2] + effect), 0, 10)
    said[:, 2] = np.where(by_call, raised, said[:, 2])
    day = pd.Timestamp(STARTS) + pd.to_timedelta(rng.integers(0, 60, count), unit="D")
    names = np.array([f"c{number:05}" for number in range(count)])
    rows = pd.DataFrame(
        {
            "customer_id": names,
            "answered_on": day,
            "value": said[:, 1],
            "band_position": np.where(low, 0, 1),
            "value_earlier": said[:, 0],
            "value_next": said[:, 2],
            "next_on": day + timedelta(days=90),
        }
    )
    members = pd.DataFrame(
        {
            "pilot": "Tried",
            "customer_id": names[by_call],
            "arm": "called back",
            "assigned_on": day[by_call] + timedelta(days=7),
        }
    )
    return rows, members
