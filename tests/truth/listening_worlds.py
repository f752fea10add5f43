"""Companies in which it is known what every customer thinks, whether they answered or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from cxdash.store import Database

LAST: Final = date(2025, 12, 31)
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """Customers as they are on the last day.

    ``nps`` (0 to 10), ``csat`` (1 to 5) and ``mood`` (1 to 7) are what each would say if asked;
    ``chance`` is the chance to answer, ``answered`` who did.
    """

    segment: NDArray[np.object_]
    region: NDArray[np.object_]
    months: NDArray[np.int64]
    amount: Reals
    contacts: NDArray[np.int64]
    nps: Reals
    csat: Reals
    mood: Reals
    chance: Reals
    answered: NDArray[np.bool_]

    @property
    def truth(self) -> dict[str, float]:
        """The score of all customers, by item."""
        promoters, detractors = (self.nps >= 9).mean(), (self.nps <= 6).mean()
        return {
            "nps": 100 * float(promoters - detractors),
            "csat": float((self.csat >= 4).mean()),
            "mood": float(self.mood.mean()),
        }


def simulate(
    seed: int, *, customers: int = 700, by_facts: float = 1.0, by_opinion: float = 0.0
) -> World:
    """Opinion goes with what is recorded of the customer, and has a part nobody records.

    ``by_facts`` and ``by_opinion`` say how strongly the chance of answering goes with the recorded
    facts and with the unrecorded part of the opinion.
    """
    rng = np.random.default_rng(seed)
    segment, region = rng.integers(0, 3, customers), rng.integers(0, 4, customers)
    months = np.round(np.exp(3.4 + 0.7 * rng.normal(size=customers))).astype(np.int64).clip(2, 110)
    amount = np.round(100 * np.exp(0.8 * segment + 0.5 * rng.normal(size=customers)), 2)
    # Calls came before the year of the survey, so only older customers have any.
    contacts = np.where(months > 13, rng.poisson(np.where(segment == 0, 0.3, 0.9)), 0)
    facts = (
        np.array([-0.7, 0.1, 0.9])[segment]
        + 0.5 * (np.log1p(months) - 3.4)
        - 0.35 * np.log1p(contacts)
        + np.array([0.2, 0.0, -0.2, 0.0])[region]
    )
    own = rng.normal(size=customers)
    opinion = 0.8 * facts + own

    def on_scale(low: int, high: int, middle: float, spread: float) -> Reals:
        told = middle + spread * opinion + 0.4 * spread * rng.normal(size=customers)
        return np.asarray(np.clip(np.round(told), low, high) + 0.0)

    chance = expit(-0.6 + by_facts * 0.9 * facts + by_opinion * own)
    return World(
        segment=np.array(["Small", "Middle", "Large"], dtype=object)[segment],
        region=np.array(["North", "South", "East", "West"], dtype=object)[region],
        months=months,
        amount=amount,
        contacts=contacts,
        nps=on_scale(0, 10, 7.0, 1.8),
        csat=on_scale(1, 5, 3.4, 0.9),
        mood=on_scale(1, 7, 4.4, 1.1),
        chance=chance,
        answered=rng.random(customers) < chance,
    )


def fill(db: Database, world: World) -> None:
    """Put the company into ``db``: customers, contracts, contacts, invitations, answers, money."""
    n = len(world.months)
    ids = np.array([f"c{number:05}" for number in range(n)], dtype=object)
    heard = ids[world.answered]
    starts = [_months_before(months) for months in world.months]
    calls = np.repeat(np.arange(n), world.contacts)
    money = {"amount": [0.01], "currency": ["USD"], "revenue_kind": ["one-off"]}
    with db.writing() as cur:
        _insert(
            cur,
            "customers",
            {"customer_id": ids, "segment": world.segment, "region": world.region},
            ids,
        )
        _insert(
            cur,
            "subscriptions",
            {
                "subscription_id": ids,
                "customer_id": ids,
                "started_on": starts,
                "monthly_amount": world.amount,
                "currency": "USD",
            },
            ids,
        )
        _insert(cur, "revenue", {"customer_id": ids[:1], "dated": [LAST], **money}, ids[:1])
        _insert(
            cur,
            "invitations",
            {"invitation_id": ids, "customer_id": ids, "sent_at": "2025-11-10", "survey": "wave"},
            ids,
        )
        _insert(
            cur,
            "contacts",
            {
                "contact_id": [f"t{number}" for number in range(len(calls))],
                "customer_id": ids[calls],
                "contacted_at": "2024-11-03",
            },
            [f"t{number}" for number in range(len(calls))],
        )
        answers = {
            "response_id": heard,
            "customer_id": heard,
            "answered_at": "2025-11-12",
            "survey": "wave",
        }
        _insert(cur, "responses", answers, heard)
        for item, variant, low, high, values in (
            ("nps", "nps.0-10", 0, 10, world.nps),
            ("csat", "csat.1-5.top2", 1, 5, world.csat),
            ("mood", "rating.1-7", 1, 7, world.mood),
        ):
            _insert(
                cur,
                "scores",
                {
                    "item": item,
                    "variant": variant,
                    "value": values[world.answered],
                    "scale_low": low,
                    "scale_high": high,
                    "high_is_good": True,
                },
                heard,
            )


def _months_before(months: int) -> date:
    index = 12 * LAST.year + LAST.month - 1 - int(months)
    return date(index // 12, index % 12 + 1, 1)


def _insert(cur: Any, table: str, columns: Mapping[str, Any], keys: Any) -> None:
    """Rows as an import would leave them."""
    frame = pd.DataFrame(columns, index=range(len(keys)))
    frame["row_key"], frame["import_id"], frame["is_current"] = keys, 1, True
    frame["line_no"] = range(len(keys))
    if table not in ("scores", "comments"):
        frame["row_hash"] = "x"
    cur.register("made", frame)
    cur.execute(f"INSERT INTO {table} BY NAME SELECT * FROM made")
    cur.unregister("made")
