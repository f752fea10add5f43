"""Where nothing happens a brief announces good news in at most one case in twenty.

Ratings go together within a customer, segments overlap with the whole, and customers leave and
contacts are solved at a pace that never changes: as many candidates as a real brief looks at.
"""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxdash.panel import Landmarks, periods
from cxdash.questions.brief import news as looked_at

pytestmark = pytest.mark.truth

ITEMS = ("nps", "product", "service", "billing")
SEGMENTS = ("Large", "Medium", "Small")
CUSTOMERS = 360
LAST = 12 * 2026 + 5


def answers(rng, moved):
    """Two waves of four ratings; ``moved`` is what every customer's mind moves by, on 0 to 10."""
    mind = rng.normal(7, 1.2, CUSTOMERS)
    segment = rng.choice(SEGMENTS, CUSTOMERS)
    rows = []
    for period in (0, 1):
        asked = rng.random(CUSTOMERS) < 0.6
        for item in ITEMS:
            value = np.clip(np.rint(mind + period * moved + rng.normal(0, 1.3, CUSTOMERS)), 0, 10)
            rows.append(
                pd.DataFrame(
                    {
                        "customer_id": np.char.add("c", np.arange(CUSTOMERS).astype(str))[asked],
                        "item": item,
                        "variant": "nps.0-10" if item == "nps" else "rating.0-10",
                        "high_is_good": True,
                        "segment": segment[asked],
                        "period": period,
                        "value": value[asked],
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def windows(rng):
    """Two closed windows of the same customers, of whom one in ten leaves whatever they said."""
    rows = [
        pd.DataFrame(
            {
                "customer_id": [f"c{number}" for number in range(CUSTOMERS)],
                "landmark": landmark,
                "closed": True,
                "under_notice": 0,
                "left_within": (rng.random(CUSTOMERS) < 0.1).astype(int),
                "segment": rng.choice(SEGMENTS, CUSTOMERS),
            }
        )
        for landmark in (LAST - 12, LAST - 6)
    ]
    return Landmarks(pd.concat(rows, ignore_index=True), (LAST - 12, LAST - 6), LAST, 6)


def brief(monkeypatch, seed, moved=0.0):
    rng = np.random.default_rng(seed)
    said = answers(rng, moved)
    solved = {0: (int(rng.binomial(400, 0.7)), 400), 1: (int(rng.binomial(400, 0.7)), 400)}
    monkeypatch.setattr(looked_at, "waves", lambda *_: said)
    monkeypatch.setattr(looked_at, "first_contacts", lambda *_: solved)
    return looked_at.news(None, periods(LAST, 6), windows(rng))


@pytest.mark.promise("N01")
def test_null_data_gives_good_news_in_at_most_one_brief_in_twenty(monkeypatch, thorough) -> None:
    briefs = 1_000 if thorough else 60
    announced = sum(bool(brief(monkeypatch, seed).good) for seed in range(briefs))
    allowed = 0.05 + 2.33 * math.sqrt(0.05 * 0.95 / briefs) * (not thorough)
    assert announced / briefs <= allowed


def test_a_brief_with_something_to_tell_tells_it(monkeypatch) -> None:
    """The gate is not simply shut: half a point on a scale of ten is announced."""
    assert all(brief(monkeypatch, seed, moved=0.5).good for seed in range(5))


def test_the_candidates_are_those_of_a_real_brief(monkeypatch) -> None:
    found = brief(monkeypatch, 1).candidates
    assert len(found) > 15
    assert date(2026, 6, 30) == periods(LAST, 6).until
