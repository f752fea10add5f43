"""What was known before an answer was given, and what customers said and had solved before a day.

These stand beside the windows (:mod:`cxdash.panel.windows`): money and contacts before an answer
tell whether the answer merely repeats them; comments and solved contacts before a landmark are
metrics that nobody asked for on a scale. Nothing that came with a goodbye is among them
(:mod:`cxdash.panel.farewells`).
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from cxdash.panel.build import MEMORY_MONTHS
from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import month_end, relation
from cxdash.store import Reader

__all__ = ["answer_past", "remarks", "solved_before"]


def answer_past(view: Reader, as_of: date) -> pd.DataFrame:
    """One row a usable answer: customer_id, item_no (in the alphabet of item and variant, as in
    :class:`cxdash.panel.Windows`), value, band_position (in the definition), month (index),
    value_before (the same customer's last answer to the item), and, at the end of the month before,
    tenure_months, rate (money a month), rate_earlier (three months before that), contacts (in three
    months), segment. Missing where the customer was not one yet.
    """
    sql = relation("answer_past", as_of=as_of)
    with without_farewells(view, as_of) as cur:
        return cur.execute(
            f"SELECT * FROM ({sql}) ORDER BY item_no, customer_id, month, value"
        ).df()


def remarks(view: Reader, as_of: date) -> pd.DataFrame:
    """One row a comment: row_key, customer_id, answered_on, score (of the answers beside it, 0 to
    1), body.
    """
    sql = relation("remarks", as_of=as_of)
    with without_farewells(view, as_of) as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY answered_on, row_key").df()


def solved_before(view: Reader, landmarks: Sequence[int]) -> pd.DataFrame:
    """One row a customer and landmark with contacts in the year before: contacts, solved.

    What comes with a goodbye is told from what is known by the last landmark.
    """
    sql = relation("solved_before", memory_months=MEMORY_MONTHS, landmarks=tuple(landmarks))
    with without_farewells(view, month_end(max(landmarks))) as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY landmark, customer_id").df()
