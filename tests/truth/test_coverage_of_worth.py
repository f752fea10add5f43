"""The intervals of ``worth`` hold the truth of simulated companies as often as they say.

``CXDASH_TRUTH_SEEDS`` sets how many companies; ``make truth`` takes 200.
"""

import os

import pytest
from scipy.stats import binom
from worth_coverage import run

SEEDS = int(os.environ.get("CXDASH_TRUTH_SEEDS", "16"))
LOW, HIGH = 0.85, 0.95
MANY = 100

pytestmark = pytest.mark.truth


@pytest.fixture(scope="module")
def covered():
    return run(range(1000, 1000 + SEEDS))


@pytest.mark.parametrize("kind", ["rate", "stake"])
def test_ninety_percent_intervals_cover_between_85_and_95_percent(covered, kind):
    found = {name: held for name, held in covered.items() if name.startswith(kind)}
    assert len(found) >= 4
    if SEEDS >= MANY:
        outside = {name: held for name, held in found.items() if not LOW <= held[0] <= HIGH}
        assert not outside
        return
    # Few companies: all intervals of a kind together, and only a coverage that a true one between
    # 85 and 95 % could hardly give (one time in a thousand) fails.
    n = sum(count for _, count in found.values())
    held = round(sum(share * count for share, count in found.values()))
    assert binom.ppf(0.001, n, LOW) <= held <= binom.ppf(0.999, n, HIGH)
