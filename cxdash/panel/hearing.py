"""Hearing: who was asked, who answered how often, and what the silent let us know without a survey.

Being asked and answering are looked at before a day, what happened to the customer after it (see
:mod:`cxdash.panel.windows`), so silence cannot be the result of having left.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from cxdash.panel.build import MEMORY_MONTHS
from cxdash.panel.farewells import without_farewells
from cxdash.panel.ground import Item
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = [
    "ANSWER_DAYS",
    "HABIT_MONTHS",
    "REPEAT_DAYS",
    "Hearing",
    "Register",
    "hearing",
    "register",
]

ANSWER_DAYS: Final = 30  # an answer later than this no longer belongs to the invitation
HABIT_MONTHS: Final = 24
REPEAT_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is known of asking and answering, up to a day.

    Parameters
    ----------
    asked
        One row a customer and landmark with an invitation delivered in the twelve months before:
        customer_id, landmark.
    rates
        One row a month of sending (month index), survey (empty: no name) and set of customers
        (segment, plan, region, industry, owner, acquired_by): delivered, answered.
    habits
        One row a customer who answered the item in the last 24 months: customer_id, answers (days
        with one), asked and asked_item (invitations delivered; of surveys that carry the item).
    traces
        One row a customer who made contact in the last twelve months: customer_id, contacts,
        complaints, repeats.
    signals
        Signal to number of rows loaded: contacts, outcomes (contacts that say whether they solved
        it), comments, purchases, deliveries (promised for a day), reasons (of leaving), answers.
    said
        One row a person who answered the item in the last twelve months, known or not: value, band.
    """

    asked: pd.DataFrame
    rates: pd.DataFrame
    habits: pd.DataFrame
    traces: pd.DataFrame
    signals: dict[str, int]
    said: pd.DataFrame


def hearing(view: Reader, *, item: Item, landmarks: tuple[int, ...], as_of: date) -> Hearing:
    """Asking and answering up to the end of ``as_of``, for the customers of those landmarks.

    Worked out once for each state of the data.
    """
    return view.kept(
        "hearing",
        (item.name, item.variant, landmarks, as_of),
        lambda: _hearing(view, item, landmarks, as_of),
        room=4,
    )


def _hearing(view: Reader, item: Item, landmarks: tuple[int, ...], as_of: date) -> Hearing:
    with without_farewells(view, as_of) as cur:
        cur.execute(f"CREATE OR REPLACE TEMP TABLE delivered AS {relation('delivered')}")

        def frame(name: str, **values: int | date | str | tuple[int, ...]) -> pd.DataFrame:
            # The order is fixed so that the same data gives the same answer.
            return cur.execute(f"SELECT * FROM ({relation(name, **values)}) ORDER BY ALL").df()

        of_item: dict[str, Any] = {"item": item.name, "variant": item.variant, "as_of": as_of}
        found = Hearing(
            asked=frame("asked", landmarks=landmarks, memory_months=MEMORY_MONTHS),
            rates=frame("response_rates", as_of=as_of, days=ANSWER_DAYS),
            habits=frame("habits", months=HABIT_MONTHS, **of_item),
            traces=frame("traces", as_of=as_of, days=REPEAT_DAYS, memory_months=MEMORY_MONTHS),
            signals={
                str(name): int(loaded)
                for name, loaded in cur.execute(relation("signals", as_of=as_of)).fetchall()
            },
            said=frame("last_said", memory_months=MEMORY_MONTHS, **of_item),
        )
        cur.execute("DROP TABLE delivered")
    return found


@dataclass(frozen=True, slots=True)
class Register:
    """What the register of metrics says: names of all metrics, and of those that changed a
    decision.

    A metric with two decisions stands twice among ``decided``.
    """

    metrics: tuple[str, ...]
    decided: tuple[str, ...]


def register(view: Reader, *, as_of: date) -> Register:
    """The register as of a day; decisions of a later day are not in it."""
    rows = view.rows(
        "SELECT metric, decision IS NOT NULL AND coalesce(decided_on <= ?, true) AS decided "
        "FROM metric_register WHERE is_current ORDER BY metric",
        [as_of],
    )
    return Register(
        tuple(dict.fromkeys(row["metric"] for row in rows)),
        tuple(row["metric"] for row in rows if row["decided"]),
    )
