"""Companies in which it is known why customers leave, and what only seems to matter.

Every half year some customers answer a survey of five items. In the months that follow they leave
with a chance whose log odds are linear in what they last answered, in unsolved contacts, tenure and
segment, with known coefficients. ``support`` and ``product`` matter, ``billing`` and ``design`` do
not although they go along with those that do, and ``advice`` only differs between segments: the
segment that scores it low leaves more often for reasons of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import expit

from cxdash.panel import month_end, month_index
from cxdash.store import CANONICAL, Database

HORIZON: Final = 6
LAST: Final = date(2025, 12, 31)
LANDMARKS: Final = tuple(month_index(LAST) - HORIZON * back for back in (4, 3, 2, 1, 0))
ITEMS: Final = ("support", "product", "billing", "design", "advice")
#: Log odds of leaving in a month for one point more; the last three have no effect of their own.
EFFECTS: Final[Mapping[str, float]] = {
    "support": -0.45,
    "product": -0.25,
    "billing": 0.0,
    "design": 0.0,
    "advice": 0.0,
}
OF_UNSOLVED: Final = 0.8  # per log(1 + unsolved contacts)
OF_SEGMENT: Final = (0.9, 0.0, -0.7)
OF_TENURE: Final = -0.15  # per log(1 + months)
LEVEL: Final = -4.0
SEGMENTS: Final = ("Small", "Middle", "Large")
REMEMBERED: Final = 2  # waves after which an answer is too old

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """One company.

    Parameters
    ----------
    customers, contracts, answers, contacts
        Rows of the exports.
    odds
        One row a customer and landmark at risk: customer_id, landmark, odds (log odds of leaving
        in each month of the window) and the answers behind them (nan: none).
    """

    customers: pd.DataFrame
    contracts: pd.DataFrame
    answers: pd.DataFrame
    contacts: pd.DataFrame
    odds: pd.DataFrame

    def chance(self, customer_ids: Sequence[str], landmarks: Sequence[int]) -> Reals:
        """True chance of leaving within the horizon of each customer-window."""
        keyed = self.odds.set_index(["customer_id", "landmark"])["odds"]
        wanted = pd.MultiIndex.from_arrays([list(customer_ids), list(landmarks)])
        return within(keyed.reindex(wanted).to_numpy(np.float64))


def within(odds: Reals) -> Reals:
    """Chance of leaving within the horizon, from the log odds of a month."""
    return np.asarray(1 - (1 - expit(odds)) ** HORIZON)


def simulate(
    seed: int,
    *,
    customers: int = 1500,
    effects: Mapping[str, float] = EFFECTS,
    level: float = LEVEL,
    answering: float = 0.7,
) -> World:
    """Draw a company; ``level`` moves how many leave, ``answering`` how many answer a wave."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:05}" for number in range(customers)], dtype=object)
    segment = rng.choice(3, customers, p=[0.4, 0.4, 0.2])
    # Half were there before the first landmark, the others join later.
    ahead = rng.integers(-40, HORIZON * 3, customers)
    started = np.array([month_end(LANDMARKS[0] + int(m)) - timedelta(days=12) for m in ahead])
    start_month = np.array([month_index(day) for day in started])
    liking = rng.normal(size=customers)
    last = np.full((customers, len(ITEMS)), np.nan)
    age = np.full(customers, 99)
    gone = np.full(customers, 10**6)
    said: list[pd.DataFrame] = []
    called: list[pd.DataFrame] = []
    known: list[pd.DataFrame] = []
    for landmark in LANDMARKS:
        here = (start_month < landmark) & (gone > landmark)
        liking = 0.7 * liking + 0.7 * rng.normal(size=customers)
        scores = _scores(liking, segment, rng)
        answers = here & (rng.random(customers) < answering)
        last[answers], age = scores[answers], np.where(answers, 0, age + 1)
        last[age >= REMEMBERED] = np.nan
        said.append(_answers(ids[answers], landmark, scores[answers]))
        unsolved, calls = _calls(ids, here, landmark, rng)
        called.append(calls)
        tenure = np.log1p((landmark - start_month).clip(min=0))
        odds = level + OF_UNSOLVED * np.log1p(unsolved) + OF_TENURE * tenure
        odds = odds + np.array(OF_SEGMENT)[segment]
        weights = np.array([effects.get(item, 0.0) for item in ITEMS])
        odds = odds + np.where(np.isnan(last), 0.0, last - 3.0) @ weights
        rows = {"customer_id": ids[here], "landmark": landmark, "odds": odds[here]}
        rows |= {item: last[here, place] for place, item in enumerate(ITEMS)}
        known.append(pd.DataFrame(rows))
        if landmark < LANDMARKS[-1]:
            leaves = rng.random((customers, HORIZON)) < expit(odds)[:, None]
            month = np.where(leaves.any(axis=1), leaves.argmax(axis=1), 10**6)
            gone = np.where(here, np.minimum(gone, landmark + 1 + month), gone)
    left = gone <= LANDMARKS[-1]
    ended = [
        month_end(int(month)) - timedelta(days=int(rng.integers(1, 20))) if went else None
        for month, went in zip(gone, left, strict=True)
    ]
    return World(
        customers=pd.DataFrame({"customer_id": ids, "segment": np.array(SEGMENTS)[segment]}),
        contracts=pd.DataFrame(
            {
                "customer_id": ids,
                "started_on": started,
                "ended_on": ended,
                "cancelled_on": ended,
                "monthly_amount": np.round(100 * np.exp(0.5 * rng.normal(size=customers))),
            }
        ),
        answers=pd.concat(said, ignore_index=True),
        contacts=pd.concat(called, ignore_index=True),
        odds=pd.concat(known, ignore_index=True),
    )


def _scores(liking: Reals, segment: NDArray[np.int64], rng: np.random.Generator) -> Reals:
    """Five items from 1 to 5 that go along with one another; advice goes with the segment."""
    own = rng.normal(size=(len(liking), len(ITEMS)))
    told = 3.2 + 0.5 * liking[:, None] + 0.8 * own
    told[:, ITEMS.index("advice")] = 3.2 + np.array([-0.9, 0.2, 0.9])[segment] + 0.6 * own[:, 4]
    return np.asarray(np.clip(np.round(told), 1, 5) + 0.0)


def _answers(ids: NDArray[np.object_], landmark: int, scores: Reals) -> pd.DataFrame:
    day = month_end(landmark) - timedelta(days=9)
    frame = pd.DataFrame({"customer_id": ids, "answered_at": day, "survey": "wave"})
    for place, item in enumerate(ITEMS):
        frame[item] = scores[:, place]
    return frame


def _calls(
    ids: NDArray[np.object_], here: NDArray[np.bool_], landmark: int, rng: np.random.Generator
) -> tuple[Reals, pd.DataFrame]:
    """Contacts in the three months before; some are not solved the first time."""
    count = np.where(here, rng.poisson(0.5, len(ids)), 0)
    unsolved = rng.binomial(count, 0.4)
    who = np.repeat(np.arange(len(ids)), count)
    place = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    frame = pd.DataFrame(
        {
            "customer_id": ids[who],
            "contacted_at": month_end(landmark) - timedelta(days=20),
            "reason": "question",
            "resolved_first": place >= unsolved[who],
        }
    )
    return unsolved.astype(np.float64), frame


def fill(db: Database, world: World) -> None:
    """Put the company into ``db``."""
    with db.writing() as cur:
        put(cur, "customers", world.customers, world.customers["customer_id"])
        contracts = world.contracts.assign(
            subscription_id=world.contracts["customer_id"], currency="USD"
        )
        put(cur, "subscriptions", contracts, contracts["customer_id"])
        contacts = world.contacts.assign(contact_id=[f"t{n}" for n in range(len(world.contacts))])
        put(cur, "contacts", contacts, contacts["contact_id"])
        answer(cur, world.answers, "w", ITEMS)
        # What is paid decides where the data ends.
        paid = pd.DataFrame(
            {
                "customer_id": world.customers["customer_id"][:1],
                "dated": [LAST],
                "amount": ["0.01"],
                "currency": "USD",
                "revenue_kind": "one-off",
            }
        )
        put(cur, "revenue", paid, ["r"])


def answer(
    cur: Any,
    answers: pd.DataFrame,
    prefix: str,
    items: Sequence[str],
    *,
    variant: str = "rating.1-5",
) -> None:
    """Put answers into the store: a row a response, a column an item; empty cells are no answer."""
    keys = pd.Series([f"{prefix}{number}" for number in range(len(answers))])
    put(
        cur,
        "responses",
        answers[["customer_id", "answered_at", "survey"]].assign(response_id=keys.to_numpy()),
        keys,
    )
    low, high = (1, 5) if variant == "rating.1-5" else (0, 10)
    for item in items:
        given = answers[item].notna().to_numpy()
        rows = pd.DataFrame({"value": answers[item].to_numpy()[given]})
        rows = rows.assign(
            item=item, variant=variant, scale_low=low, scale_high=high, high_is_good=True
        )
        put(cur, "scores", rows, keys[given])


def put(cur: Any, table: str, rows: pd.DataFrame, keys: Any) -> None:
    """Insert rows as text, cast by the engine."""
    types = CANONICAL[table].types
    columns = [name for name in rows if name in types]
    texts = {
        name: pa.array([None if pd.isna(cell) else str(cell) for cell in rows[name]], pa.string())
        for name in columns
    }
    texts["row_key"] = pa.array([str(key) for key in keys], pa.string())
    cells = ", ".join(f'CAST("{name}" AS {types[name]}) AS "{name}"' for name in columns)
    hashed = "" if CANONICAL[table].parent else ", 'x' AS row_hash"
    cur.register("rows_to_put", pa.table(texts))
    cur.execute(
        f"INSERT INTO {table} BY NAME SELECT {cells}, row_key, 1 AS import_id, 1 AS line_no, "
        f"true AS is_current{hashed} FROM rows_to_put"
    )
    cur.unregister("rows_to_put")
