"""Companies of which it is known what goes with spend, who leaves and how accounts grow.

Contracts name the amount of every half year, so money is known to the cent. A customer's amount is
his size, times a random walk of growth, times what his last answer goes with; who leaves is drawn
by lot. Customers are asked a few days before each half year begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cxdash.store import CANONICAL, Database

HALF_YEARS: Final = 5
STARTS: Final = tuple(date(2023 + k // 2, 1 + 6 * (k % 2), 1) for k in range(HALF_YEARS + 1))
LAST: Final = STARTS[-1] - timedelta(days=1)
LEAVES: Final = 0.08  # chance to leave within a half year
DRIFT, SPREAD = 0.02, 0.15  # growth of an account in a half year, in logs
SIZE: Final = 0.7
MOOD, SWING = 1.3, 1.2  # answers: between customers, and within

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """Shapes (customers, half years): amount a month, answer on 0 to 10, and whether still there.

    ``effect`` is the relative change of spend for a point, ``there`` at the start of each half
    year; the last column of ``there`` is the last day.
    """

    amount: Reals
    score: Reals
    there: NDArray[np.bool_]
    tenure: NDArray[np.int64]
    effect: float


def simulate(
    seed: int,
    *,
    customers: int = 350,
    effect: float = 0.06,
    confounded: bool = True,
    echo: float = 0.0,
    straight: float = 0.0,
) -> World:
    """One company.

    Parameters
    ----------
    effect
        Relative change of spend in the half year after an answer one point better.
    confounded
        Whether those who pay more are also those who score higher.
    echo
        Points by which the answer follows from how spend did in the half year before it.
    straight
        Money a month for a point, added instead of multiplied.
    """
    rng = np.random.default_rng(seed)
    size = rng.standard_normal(customers)
    own = MOOD * (size if confounded else rng.standard_normal(customers))
    walk = np.cumsum(DRIFT + SPREAD * rng.standard_normal((customers, HALF_YEARS)), axis=1)
    luck = np.zeros((customers, HALF_YEARS + 1))
    for k in range(1, HALF_YEARS + 1):
        luck[:, k] = 0.6 * luck[:, k - 1] + 0.8 * rng.standard_normal(customers)
    said = 6.0 + own[:, None] + SWING * rng.standard_normal((customers, HALF_YEARS))
    said = said + echo * luck[:, :-1]
    score = np.clip(np.round(said), 0, 10)
    base = np.exp(5.0 + SIZE * size)[:, None]
    amount = base * np.exp(walk + effect * score + 0.25 * bool(echo) * luck[:, 1:])
    if straight:
        amount = 400.0 + 60.0 * size[:, None] + straight * score + 25.0 * np.exp(walk)
    stays = rng.random((customers, HALF_YEARS)) >= LEAVES
    there = np.column_stack([np.ones(customers, bool), np.cumprod(stays, axis=1).astype(bool)])
    return World(np.round(amount, 2), score, there, rng.integers(1, 80, customers), effect)


def long_run(effect: float, *, confounded: bool) -> tuple[float, float, float]:
    """True net and gross retention of a half year, and mean monthly money of who is there at last.

    From a company of a million, drawn once: the error is in the fourth digit.
    """
    rng = np.random.default_rng(99)
    n = 1_000_000
    size = rng.standard_normal(n)
    own = MOOD * (size if confounded else rng.standard_normal(n))

    def said() -> Reals:
        return np.clip(np.round(6.0 + own + SWING * rng.standard_normal(n)), 0, 10)

    before = np.exp(5.0 + SIZE * size + effect * said())
    step = DRIFT + SPREAD * rng.standard_normal(n)
    now = said()
    after = np.exp(5.0 + SIZE * size + step + effect * now)
    stay = 1 - LEAVES
    net = stay * after.sum() / before.sum()
    gross = stay * np.minimum(after, before).sum() / before.sum()
    growth = np.exp(HALF_YEARS * (DRIFT + SPREAD**2 / 2))
    return float(net), float(gross), float(before.mean() * growth)


def fill(db: Database, world: World) -> None:
    """Put the company into ``db``: contracts of half a year each, and answers."""
    customers = len(world.amount)
    ids = [f"c{number:05}" for number in range(customers)]
    rng = np.random.default_rng(customers)
    terms: dict[str, list[Any]] = {
        name: [] for name in ("subscription_id", "customer_id", "started_on", "ended_on",
                              "cancelled_on", "monthly_amount")
    }  # fmt: skip
    answers: list[tuple[str, date, float]] = []
    for number, name in enumerate(ids):
        first = STARTS[0] - timedelta(days=30 * int(world.tenure[number]))
        for k in range(HALF_YEARS):
            if not world.there[number, k]:
                break
            stays = bool(world.there[number, k + 1])
            goes = STARTS[k] + timedelta(days=int(rng.integers(35, 150)))
            last = k == HALF_YEARS - 1
            terms["subscription_id"].append(f"{name}-{k}")
            terms["customer_id"].append(name)
            terms["started_on"].append(first if k == 0 else STARTS[k])
            terms["ended_on"].append((None if last else STARTS[k + 1]) if stays else goes)
            terms["cancelled_on"].append(None if stays else goes)
            terms["monthly_amount"].append(world.amount[number, k])
            day = STARTS[k] - timedelta(days=int(rng.integers(3, 25)))
            answers.append((name, day, world.score[number, k]))
    with db.writing() as cur:
        put(cur, "customers", {"customer_id": ids})
        put(cur, "subscriptions", terms | {"currency": ["USD"] * len(terms["customer_id"])})
        put(
            cur,
            "revenue",
            {
                "customer_id": ids[:2],
                "dated": [STARTS[0] - timedelta(days=40), LAST],
                "amount": [0.01, 0.01],
                "currency": ["USD", "USD"],
                "revenue_kind": ["one-off", "one-off"],
            },
        )
        put_answers(cur, answers)


def put_answers(cur: Any, answers: list[tuple[str, date, float]], item: str = "nps") -> None:
    """Answers on 0 to 10, one response each."""
    keys = [f"{item}{number}" for number in range(len(answers))]
    put(
        cur,
        "responses",
        {
            "response_id": keys,
            "customer_id": [name for name, _, _ in answers],
            "answered_at": [f"{day} 12:00" for _, day, _ in answers],
        },
        keys,
    )
    put(
        cur,
        "scores",
        {
            "item": [item] * len(keys),
            "variant": ["nps.0-10"] * len(keys),
            "value": [value for _, _, value in answers],
            "scale_low": [0] * len(keys),
            "scale_high": [10] * len(keys),
            "high_is_good": [True] * len(keys),
        },
        keys,
    )


def put(
    cur: Any, table: str, columns: Mapping[str, list[Any]], keys: list[str] | None = None
) -> None:
    """Rows as an import would leave them."""
    rows = len(next(iter(columns.values())))
    own = {
        "import_id": ["1"] * rows,
        "line_no": [str(n + 1) for n in range(rows)],
        "is_current": ["true"] * rows,
        "row_key": keys or [f"{table}-{n}" for n in range(rows)],
    }
    if table != "scores":
        own["row_hash"] = ["x"] * rows
    texts = own | {
        name: [None if value is None else str(value) for value in values]
        for name, values in columns.items()
    }
    types = CANONICAL[table].types | {
        "import_id": "INTEGER",
        "line_no": "BIGINT",
        "is_current": "BOOLEAN",
    }
    cells = ", ".join(f'CAST("{n}" AS {types.get(n, "VARCHAR")}) AS "{n}"' for n in texts)
    cur.register("waiting", pa.table({n: pa.array(v, pa.string()) for n, v in texts.items()}))
    cur.execute(f"INSERT INTO {table} BY NAME SELECT {cells} FROM waiting")
    cur.unregister("waiting")
