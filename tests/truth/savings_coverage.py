"""Companies that gave some customers a chatbot, in which it is known what it saved and moved."""

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from revenue_worlds import put
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash import register
from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.initiatives.find import find
from cxdash.questions.initiatives.tables import verdict
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.records import built
from cxdash.store import Database

CUSTOMERS: Final = 600
MONTHS: Final = 18
STARTS: Final = 12  # months before the chatbot began
WINDOW: Final = 6
ASKS: Final = 0.4  # customers who ask something in a month, on average
BY_HAND, CALL = 10.0, 20.0  # cost of a first answer by a person, and of a repeated contact
AGAIN: Final = 0.10  # of those answered by a person, who come back
LEAVES: Final = 0.01  # of customers, in a month
PAYS: Final = 60.0
#: By kind of world: cost of a first answer by the bot, who comes back after it, who leaves a month.
WORLDS: Final = {
    "moving": (2.0, 0.80, 0.03),
    "saving": (2.0, 0.10, 0.01),
    "idle": (10.0, 0.1, 0.01),
}
STUDY = Study(
    title="Cost saved, or moved elsewhere",
    simulated=f"Companies of {CUSTOMERS} customers who differ in how often they ask; a third got "
    "a chatbot. In one it answers cheaply, but customers come back and leave; in one it saves; in "
    "one it makes no difference. The others never had it.",
    targets=(
        covers("gross"),
        covers("moved"),
        covers("net"),
        at_least("a loss is told", 0.90, "cost that was moved is reported as a loss"),
        at_most("a loss called saved", 0.01, "cost that was moved is reported as saved"),
        at_most("idle called", 0.13, "a chatbot without any effect is said to save or lose"),
        at_most("idle guardrail", 0.13, "a guardrail is called where nothing changed"),
    ),
    few=1,
)


def trials(seed: int) -> list[Trial]:
    """The three worlds of a seed."""
    return [trial for kind in WORLDS for trial in _tried(seed, kind)]


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of ranges that held the truth, of losses told and of false alarms."""
    return over(trials, seeds, workers)


def _tried(seed: int, kind: str) -> Iterable[Trial]:
    draw = np.random.default_rng([seed, [*WORLDS].index(kind)])
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "c.duckdb") as db:
        people = _fill(db, draw, kind)
        record = {
            "name": "Chatbot",
            "aim": "cut_cost",
            "status": "running",
            "starts": date(2025, 1, 1),
            "roster": "chatbot",
        }
        register.put(db, built(Initiative, record), by="Ana")
        with settled(db) as view:
            guard = find(view, Scope(horizon=WINDOW)).guards[0]
    assert guard.saving is not None
    by_bot, again, leaves = WORLDS[kind]
    # Only while a customer is there; who has left asks nothing any more.
    now, usual = (people * ASKS * _months(rate) for rate in (leaves, LEAVES))
    gross = usual * BY_HAND - now * by_bot
    moved = (now * again - usual * AGAIN) * CALL
    lost = people * PAYS * (_missing(leaves) - _missing(LEAVES))
    truth = {"gross": gross, "moved": moved, "net": gross - moved - lost}
    for name, value in truth.items():
        told = getattr(guard.saving, name)
        yield Trial(seed, name, bool(told.low <= value <= told.high))
    said = verdict(guard)
    if kind == "moving":
        yield Trial(seed, "a loss is told", said in ("moved, not saved", "cost more than it saved"))
        yield Trial(seed, "a loss called saved", said == "saved")
    if kind == "idle":
        yield Trial(seed, "idle called", said != "cannot tell")
        yield Trial(seed, "idle guardrail", any(rail.p_adjusted < 0.1 for rail in guard.rails))


def _months(leaves: float) -> float:
    """Months of a window in which a customer is there to ask, on average."""
    return float(sum((1 - leaves) ** month for month in range(WINDOW)))


def _missing(leaves: float) -> float:
    """Months of a window at whose end a customer is gone, on average."""
    return float(sum(1 - (1 - leaves) ** month for month in range(1, WINDOW + 1)))


def _fill(db: Database, draw: np.random.Generator, kind: str) -> int:
    """Put a company into the database; how many exposed customers were there at the start."""
    exposed = np.arange(CUSTOMERS) % 3 == 0
    asks = np.clip(draw.gamma(4.0, ASKS / 4.0, CUSTOMERS), 0, 0.95)
    asks *= ASKS / asks.mean()
    names = np.array([f"c{number:04}" for number in range(CUSTOMERS)])
    there = np.ones(CUSTOMERS, dtype=bool)
    gone = np.full(CUSTOMERS, MONTHS)
    contacts = []
    at_start = 0
    for month in range(MONTHS):
        bot = exposed & (month >= STARTS)
        if month == STARTS:
            at_start = int((exposed & there).sum())
        by_bot, again, leaves = WORLDS[kind]
        first = there & (draw.random(CUSTOMERS) < asks)
        back = first & (draw.random(CUSTOMERS) < np.where(bot, again, AGAIN))
        day = f"{2024 + month // 12}-{month % 12 + 1:02}"
        cost = np.where(bot, by_bot, BY_HAND)
        contacts += [
            (f"{names[who]}-{month}-{turn}", names[who], f"{day}-{place} 10:00", price)
            for turn, (flags, place) in enumerate(((first, "05"), (back, "09")))
            for who, price in zip(
                np.flatnonzero(flags),
                cost[flags] if turn == 0 else np.full(int(flags.sum()), CALL),
                strict=True,
            )
        ]
        left = there & (draw.random(CUSTOMERS) < np.where(bot, leaves, LEAVES))
        gone[left] = month
        there &= ~left
    with db.writing() as cur:
        _put(cur, names, exposed, gone, pd.DataFrame(contacts))
    return at_start


def _put(
    cur: Any, names: np.ndarray, exposed: np.ndarray, gone: np.ndarray, contacts: pd.DataFrame
) -> None:
    ends = [
        None if month >= MONTHS else f"{2024 + month // 12}-{month % 12 + 1:02}-28"
        for month in gone
    ]
    put(cur, "customers", {"customer_id": list(names)})
    put(
        cur,
        "subscriptions",
        {
            "subscription_id": list(names),
            "customer_id": list(names),
            "started_on": ["2023-01-01"] * CUSTOMERS,
            "ended_on": ends,
            "monthly_amount": [PAYS] * CUSTOMERS,
            "currency": ["USD"] * CUSTOMERS,
        },
    )
    put(
        cur,
        "pilot_roster",
        {
            "pilot": ["chatbot"] * CUSTOMERS,
            "customer_id": list(names),
            "arm": ["treated" if one else "control" for one in exposed],
        },
    )
    put(
        cur,
        "contacts",
        {
            "contact_id": list(contacts[0]),
            "customer_id": list(contacts[1]),
            "contacted_at": list(contacts[2]),
            "cost": list(contacts[3]),
            "currency": ["USD"] * len(contacts),
        },
    )
    put(
        cur,
        "revenue",
        {
            "customer_id": [names[0]],
            "dated": ["2025-06-30"],
            "amount": [1],
            "currency": ["USD"],
            "revenue_kind": ["recurring"],
        },
    )
