"""Companies whose customers write, where it is known which theme goes with leaving.

Every half year some customers answer the recommendation question and write a sentence about one of
six things. Who writes of *delivery* leaves more often afterwards and scores lower, where that is
planted. *Invoices* are merely written of more often in the segment of small customers, which leaves
more often and scores lower whatever it writes of. The other four go with nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from churn_worlds import answer, put
from numpy.typing import NDArray
from scipy.special import expit

from cxdash.panel import month_end, month_index
from cxdash.store import Database

HORIZON: Final = 6
LAST: Final = date(2025, 12, 31)
LANDMARKS: Final = tuple(month_index(LAST) - HORIZON * back for back in (4, 3, 2, 1, 0))
WORDS: Final = {
    "delivery": ("delivery", "parcel", "courier", "late", "driver"),
    "invoices": ("invoice", "billing", "charged", "refund", "accounts"),
    "support": ("support", "phone", "agent", "hotline", "waiting"),
    "training": ("training", "course", "teacher", "lesson", "manual"),
    "reports": ("report", "export", "chart", "figures", "spreadsheet"),
    "login": ("login", "password", "screen", "browser", "update"),
}
TOPICS: Final = tuple(WORDS)
LEVEL, OF_SEGMENT = -3.6, 0.9  # log odds of leaving in a month; of small customers besides
PLANTED: Final = 1.1  # log odds besides, of who wrote of delivery in the year before
SCORE_PLANTED, SCORE_SEGMENT = -2.0, -2.0

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Talk:
    """One company: rows of the exports, and log odds of leaving in a month by window.

    ``odds`` has customer_id, landmark, odds and spoke (of delivery, in the year before).
    """

    customers: pd.DataFrame
    contracts: pd.DataFrame
    answers: pd.DataFrame
    odds: pd.DataFrame
    planted: float


def talk(seed: int, *, planted: float = PLANTED, customers: int = 1_200) -> Talk:
    """Draw a company; ``planted`` 0 makes every theme go with nothing."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:05}" for number in range(customers)], dtype=object)
    small = rng.random(customers) < 0.4
    ahead = rng.integers(-40, HORIZON * 2, customers)
    started = np.array([month_end(LANDMARKS[0] + int(m)) - timedelta(days=12) for m in ahead])
    start_month = np.array([month_index(day) for day in started])
    gone = np.full(customers, 10**6)
    spoke_at = np.full(customers, -(10**6))
    said, known = [], []
    for landmark in LANDMARKS:
        here = (start_month < landmark) & (gone > landmark)
        writes = here & (rng.random(customers) < 0.6)
        topic = _topics(small, rng)
        delivery = writes & (topic == TOPICS.index("delivery"))
        spoke_at[delivery] = landmark
        said.append(_answers(ids, landmark, writes, topic, small, planted, rng))
        spoke = spoke_at > landmark - 12
        odds = LEVEL + OF_SEGMENT * small + planted * spoke
        known.append(
            pd.DataFrame({"customer_id": ids, "landmark": landmark, "odds": odds, "spoke": spoke})[
                here
            ]
        )
        if landmark < LANDMARKS[-1]:
            leaves = rng.random((customers, HORIZON)) < expit(odds)[:, None]
            month = np.where(leaves.any(axis=1), leaves.argmax(axis=1), 10**6)
            gone = np.where(here, np.minimum(gone, landmark + 1 + month), gone)
    ended = [
        month_end(int(month)) - timedelta(days=3) if month <= LANDMARKS[-1] else None
        for month in gone
    ]
    return Talk(
        customers=pd.DataFrame({"customer_id": ids, "segment": np.where(small, "Small", "Large")}),
        contracts=pd.DataFrame(
            {
                "customer_id": ids,
                "started_on": started,
                "ended_on": ended,
                "cancelled_on": ended,
                "monthly_amount": np.round(100 * np.exp(0.4 * rng.normal(size=customers))),
            }
        ),
        answers=pd.concat(said, ignore_index=True),
        odds=pd.concat(known, ignore_index=True),
        planted=planted,
    )


def _topics(small: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """What each customer would write of: small ones of invoices three times as often."""
    plain = rng.integers(0, len(TOPICS), small.size)
    drawn = rng.random(small.size) < np.where(small, 0.35, 0.0)
    return np.where(drawn, TOPICS.index("invoices"), plain)


def _answers(
    ids: NDArray[np.object_],
    landmark: int,
    writes: NDArray[np.bool_],
    topic: NDArray[np.int64],
    small: NDArray[np.bool_],
    planted: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    bad = SCORE_PLANTED * (topic == TOPICS.index("delivery")) * (planted > 0)
    score = 8.2 + SCORE_SEGMENT * small + bad + 1.6 * rng.standard_normal(ids.size)
    texts = [_sentence(TOPICS[number], rng) for number in topic[writes]]
    return pd.DataFrame(
        {
            "customer_id": ids[writes],
            "answered_at": month_end(landmark) - timedelta(days=9),
            "survey": "wave",
            "nps": np.clip(np.round(score[writes]), 0, 10),
            "comment": texts,
        }
    )


def _sentence(topic: str, rng: np.random.Generator) -> str:
    one, two, three = rng.choice(WORDS[topic], 3, replace=False)
    return f"It was about the {one} and the {two} with that {three} of yours"


def settle(db: Database, world: Talk) -> None:
    """Put the company into ``db``."""
    with db.writing() as cur:
        put(cur, "customers", world.customers, world.customers["customer_id"])
        contracts = world.contracts.assign(
            subscription_id=world.contracts["customer_id"], currency="USD"
        )
        put(cur, "subscriptions", contracts, contracts["customer_id"])
        answer(cur, world.answers, "w", ("nps",), variant="nps.0-10")
        comments = pd.DataFrame({"item": "comment", "body": world.answers["comment"]})
        put(cur, "comments", comments, [f"w{number}" for number in range(len(comments))])
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
