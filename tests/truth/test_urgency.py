"""A board of a company where nothing happens stays quiet; a planted step is found with its month.

The series are as companies have them: customers lost month by month with ordinary unrest, months
that take over from each other, a few comments a month, employees of a few hundred.
"""

import math
from datetime import date

import numpy as np
import pytest

from cxdash.panel import month_end, month_index
from cxdash.questions.room.gate import Card, judged, of_series
from cxdash.questions.room.series import Series
from cxdash.stats.estimate import p_of_z

pytestmark = pytest.mark.truth

LAST = month_index(date(2026, 6, 30))
TODAY = date(2026, 7, 15)
MONTHS = 30
CARDS = {
    "customers": (900, 0.015),
    "competition": (60, 0.08),
    "employees": (260, 0.03),
}


def series(rng, size, share, *, unrest=0.0, carried=0.0, step=1.0, last=0):
    """Shares drawn month by month; ``unrest`` in logs, ``step`` times as much in the last ones."""
    level, own = 0.0, np.zeros(MONTHS)
    for month in range(MONTHS):
        level = carried * level + rng.normal(0, unrest)
        own[month] = level
    chance = share * np.exp(own)
    chance[MONTHS - last :] *= step
    counted = rng.binomial(size, np.minimum(chance, 1.0)).astype(float)
    of = np.full(MONTHS, float(size))
    middle = max(counted.sum() / of.sum(), 1e-9)
    return Series(
        months=tuple(range(LAST - MONTHS + 1, LAST + 1)),
        share=counted / of,
        errors=np.sqrt(middle * (1 - middle) / of),
        counted=counted,
        of=of,
    )


def card(name):
    return Card(name=name, label=name, definition="monthly_step", unit="share", of="months")


def waiting(rng):
    """Money that goes with a gap that is nothing: its range holds zero as often as it should."""
    drawn = rng.normal()
    return Card(
        name="waiting", label="waiting", definition="cost_of_waiting", unit="USD", of="customers",
        value=drawn, low=drawn - 1.645, high=drawn + 1.645, p_value=p_of_z(drawn), n=100,
    )  # fmt: skip


def raised(rng, **world):
    cards = [of_series(card(name), series(rng, *CARDS[name], **world), TODAY) for name in CARDS]
    return [one for one in judged([*cards, waiting(rng)]) if one.verdict == "urgent"]


@pytest.mark.promise("N01")
@pytest.mark.parametrize(
    ("world", "most"),
    [
        ({}, 0.05),
        ({"unrest": 0.3}, 0.05),
        ({"unrest": 0.2, "carried": 0.4}, 0.05),
    ],
    ids=["chance alone", "ordinary unrest", "months that take over"],
)
def test_where_nothing_happens_at_most_one_board_in_twenty_raises_a_card(
    world, most, thorough: bool
) -> None:
    boards = 1_000 if thorough else 100
    alarms = sum(bool(raised(np.random.default_rng(seed), **world)) for seed in range(boards))
    allowed = most + 2.33 * math.sqrt(most * (1 - most) / boards) * (not thorough)
    assert alarms / boards <= allowed


def test_a_planted_step_presses_from_the_month_it_began(thorough: bool) -> None:
    """Twice as many customers lost for half a year: nine of ten boards say so, from that month."""
    boards, last = (300 if thorough else 30), 6
    found = []
    for seed in range(boards):
        rng = np.random.default_rng(seed)
        moved = series(rng, *CARDS["customers"], unrest=0.1, step=2.2, last=last)
        quiet = [of_series(card(name), series(rng, *CARDS[name]), TODAY) for name in CARDS][1:]
        cards = judged([of_series(card("customers"), moved, TODAY), *quiet, waiting(rng)])
        found += [one.since for one in cards if one.name == "customers" and one.verdict == "urgent"]
    assert len(found) >= 0.9 * boards
    began = month_end(LAST - last + 1).replace(day=1)
    near = [abs(month_index(since) - month_index(began)) <= 1 for since in found]
    assert sum(near) >= 0.9 * len(found)


def test_a_season_of_every_year_does_not_press(thorough: bool) -> None:
    """Three times as many customers leave in the same three months of every year.

    Of twenty months the last three are such a season.
    """
    boards, months, alarms = (300 if thorough else 30), 20, 0
    chance = 0.015 * np.where((np.arange(months) % 12 >= 5) & (np.arange(months) % 12 < 8), 3, 1)
    for seed in range(boards):
        rng = np.random.default_rng(seed)
        counted, of = rng.binomial(900, chance).astype(float), np.full(months, 900.0)
        error = np.sqrt(0.02 * 0.98 / of)
        index = tuple(range(LAST - months + 1, LAST + 1))
        found = of_series(card("customers"), Series(index, counted / of, error, counted, of), TODAY)
        alarms += judged([found])[0].verdict == "urgent"
    assert alarms <= 0.05 * boards


def test_what_is_old_is_stale_however_large_it_was() -> None:
    moved = series(np.random.default_rng(1), 900, 0.015, step=4.0, last=6)
    assert judged([of_series(card("customers"), moved, date(2026, 11, 24))])[0].verdict == "stale"
