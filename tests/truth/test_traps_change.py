"""Traps that a score's ups and downs lay: noise, few answers, survivors, and many looks.

Each company here is made so that the truth is known: nothing moved, or nobody changed their mind.
"""

import math
from itertools import pairwise

import numpy as np
import pytest

from cxdash import stats
from cxdash.facts import Fact, Interval, Method, wording
from cxdash.stats.split import Answers, split_change
from cxdash.stats.waves import change_of_waves

pytestmark = pytest.mark.truth

POINTS = np.array([100.0, 0.0, -100.0])


def apart(before, after):
    """Two waves without a person in common."""
    none = np.nan
    return (
        np.concatenate([before, np.full(len(after), none)]),
        np.concatenate([np.full(len(before), none), after]),
    )


def score(value: float, n: int) -> Fact:
    return Fact(
        id="change.score", label="NPS", value=value, unit="points", n=n, population="all",
        period="a year", definition="nps.0-10", method=Method(description="counted"),
        interval=Interval(value - 15, value + 15),
    )  # fmt: skip


def test_trap_a_46_of_87_against_39_of_94_is_noise() -> None:
    """7 points, ± 21.5 at 95 %: the sentence cannot say more than that it cannot tell."""
    plain = stats.difference(46, 7.8, 39, 7.7, n_first=87, n_second=94, level=0.95)
    assert (plain.high - plain.low) / 2 == pytest.approx(21.5, abs=0.05)
    assert plain.p_value == pytest.approx(0.52, abs=0.005)
    waves = apart(np.repeat(POINTS, [52, 27, 15]), np.repeat(POINTS, [52, 23, 12]))
    found = change_of_waves(*waves, "net", level=0.95)
    gap = found.difference
    assert (gap.high - gap.low) / 2 == pytest.approx(21.5, abs=0.5)
    assert gap.holds_zero
    said = wording.change(
        "NPS",
        score(39, 94),
        score(46, 87),
        difference=Interval(gap.low, gap.high, 0.95),
        better="higher",
        needed=found.needed(gap.estimate),
    )
    assert said.startswith("Cannot tell whether NPS changed: it was 39 (94 answers)")
    assert "would be needed (n ≥" in said
    assert wording.direction_words(said) == ()


@pytest.mark.parametrize(
    ("chances", "n", "textbook", "adjusted"),
    [
        ((0.75, 0.05), 10, 0.781, 0.940),
        ((0.90, 0.02), 10, 0.649, 0.928),
        ((0.90, 0.02), 20, 0.876, 0.953),
        ((0.50, 0.20), 200, 0.945, 0.950),
    ],
)
def test_trap_b_the_textbook_range_of_few_answers_is_far_too_narrow(
    chances: tuple[float, float], n: int, textbook: float, adjusted: float
) -> None:
    """Counted exactly over every possible outcome for few answers, drawn for many."""
    good, bad = chances
    truth = 100 * (good - bad)
    rng = np.random.default_rng(n)
    p = (good, 1 - good - bad, bad)
    drawn, times = np.unique(rng.multinomial(n, p, size=40_000), axis=0, return_counts=True)
    wald = ours = 0
    for counts, count in zip(drawn, times, strict=True):
        found = stats.nps_of_counts(*map(int, counts), level=0.95)
        wald += count * (found.wald_low <= truth <= found.wald_high)
        ours += count * (found.low <= truth <= found.high)
    assert wald / times.sum() == pytest.approx(textbook, abs=0.02)
    assert ours / times.sum() == pytest.approx(adjusted, abs=0.02)


def survivors(years: int, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Customers present at the end of each year and what they think; nobody ever changes."""
    size = 20_000
    opinion = rng.choice(POINTS, size, p=[0.295, 0.346, 0.359])
    yearly = {100.0: 0.06, 0.0: 0.12, -100.0: 0.30}
    leaving = np.vectorize(yearly.get)(opinion)
    there = np.ones(size, dtype=bool)
    found = []
    for _ in range(years + 1):
        found.append((np.flatnonzero(there), opinion[there]))
        there &= rng.random(size) >= leaving
    return found


def test_trap_d_a_score_that_rises_while_the_customers_go_is_put_to_the_leavers() -> None:
    """−6.4 to 27.4 in four years with nearly half of the customers gone; every step by leavers."""
    waves = survivors(4, np.random.default_rng(4))
    means = [float(opinion.mean()) for _, opinion in waves]
    assert means == pytest.approx([-6.4, 3.1, 12.0, 20.1, 27.4], abs=1.5)
    assert 1 - len(waves[-1][0]) / len(waves[0][0]) == pytest.approx(0.476, abs=0.01)
    for (before, said), (after, again) in [*pairwise(waves), (waves[0], waves[-1])]:
        gone = ~np.isin(before, after)
        person = np.concatenate([before, after])
        found = split_change(
            Answers(
                person=person,
                later=np.repeat([False, True], [len(before), len(after)]),
                value=np.concatenate([said, again]),
                known=np.ones(len(person), dtype=bool),
                left=np.concatenate([gone, np.zeros(len(after), dtype=bool)]),
                joined=np.zeros(len(person), dtype=bool),
                segment=np.zeros(len(person), dtype=np.int64),
                occasion=np.zeros(len(person), dtype=np.int64),
            ),
            rng=np.random.default_rng(1),
            draws=200,
        )
        total = found.after - found.before
        assert found.parts["left"].estimate >= 0.95 * total > 0
        assert found.parts["left"].low > 0
        assert found.parts["changed_mind"].estimate == 0
        part = Fact(
            id="change.left", label="left", value=found.parts["left"].estimate, unit="points",
            n=int(gone.sum()), population="leavers", period="a year",
            definition="score_change_part", method=Method(description="split"),
            interval=Interval(found.parts["left"].low, found.parts["left"].high),
        )  # fmt: skip
        moved = change_of_waves(*_aligned(before, said, after, again), "net").difference
        alarm = wording.leavers("NPS", Interval(moved.low, moved.high), part, unhappy=True)
        assert alarm.startswith("NPS rose because unhappy customers left")


def _aligned(before, said, after, again):
    size = int(max(before.max(), after.max())) + 1
    one, other = np.full(size, np.nan), np.full(size, np.nan)
    one[before], other[after] = said, again
    return one, other


def test_trap_i_ninety_six_looks_at_nothing_find_something_unless_they_are_counted_together() -> (
    None
):
    """12 metrics in 8 segments, 150 answers each, nothing happening."""
    rng = np.random.default_rng(9)
    runs, looks, n = 150, 12 * 8, 150
    alone = together = flagged = 0
    for _ in range(runs):
        counts = rng.multinomial(n, [0.5, 0.3, 0.2], size=(looks, 2))
        net = (counts[..., 0] - counts[..., 2]) / n
        variance = (counts[..., 0] + counts[..., 2]) / n - net**2
        z = (net[:, 1] - net[:, 0]) / np.sqrt(variance.sum(axis=1) / n)
        p = np.array([2 * (1 - 0.5 * (1 + math.erf(abs(each) / math.sqrt(2)))) for each in z])
        flagged += int((p < 0.05).sum())
        alone += bool((p < 0.05).any())
        together += bool((stats.adjusted_p_values(p) < 0.05).any())
    assert alone / runs > 0.97
    assert flagged / runs == pytest.approx(4.8, abs=0.6)
    assert together / runs <= 0.09  # 5 %, within what 150 runs can tell
