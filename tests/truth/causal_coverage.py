"""How often causal estimators hold the truth, and how often they raise a false alarm."""

from collections.abc import Iterable, Iterator

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from trial import Study, Trial, at_most, covers, over

from cxdash.stats import adjusted, did
from cxdash.stats.association import associate
from cxdash.stats.cuped import cuped
from cxdash.stats.permutation import permuted
from cxdash.stats.staggered import group_time_effects

REGIONS = ((6, 3), (6, 2), (10, 5), (16, 6))
PANELS = 8  # null panels of each shape for a seed
STUDY = Study(
    title="Causal estimators: effects and false alarms",
    simulated="Regions with shocks of their own in which nothing happens, judged by lots drawn "
    "again over regions at 5 %; customers whose treatment goes with what was measured; starts at "
    "different times; pilots by lot.",
    targets=(
        at_most("did.alarm.", 0.06, "a difference in differences is called clear at 5 %"),
        at_most("pretrend.alarm", 0.13, "parallel lines are said not to be, at 10 %"),
        covers("aipw.effect"),
        covers("dml.effect"),
        covers("held equal.effect"),
        covers("staggered."),
        covers("cuped.effect"),
    ),
    few=8,
)


def trials(seed: int) -> list[Trial]:
    """Every estimator once on data of its own."""
    return [
        *_alarms(seed),
        *_confounded(seed),
        *_staggered(seed),
        *_pilot(seed),
    ]


def _alarms(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 1])
    for regions, treated in REGIONS:
        for _ in range(PANELS):
            chosen = rng.permutation(regions) < treated
            levels = rng.standard_normal((regions, 1)) + 0.5 * rng.standard_t(3, (regions, 8))
            change = levels[:, 5:].mean(axis=1) - levels[:, :5].mean(axis=1)
            found = permuted(change, chosen, rng=rng, level=0.95)
            yield Trial(seed, f"did.alarm.{regions} regions", found.p_value <= 0.05)
            if regions == 16:
                trend = did.pre_trend(levels, chosen, 5, rng=rng)
                yield Trial(seed, "pretrend.alarm", not trend.passed)


def _confounded(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 2])
    x = rng.standard_normal((800, 4))
    treated = rng.random(800) < 1 / (1 + np.exp(-(0.8 * x[:, 0] - 0.5 * x[:, 1])))
    outcome = 1.0 * treated + 1.5 * x[:, 0] + x[:, 2] + rng.standard_normal(800)
    folds = adjusted.folds_of(800, 5, rng=rng)
    line = LinearRegression()
    chance = adjusted.cross_fitted(LogisticRegression(), x, treated, folds)
    doubly = adjusted.average_effect(
        outcome,
        treated,
        adjusted.cross_fitted(line, x, outcome, folds, among=treated),
        adjusted.cross_fitted(line, x, outcome, folds, among=~treated),
        chance,
    ).effect
    expected = adjusted.cross_fitted(line, x, outcome, folds)
    partial = adjusted.partialled_out(outcome, treated, expected, chance).effect
    customer = np.repeat(np.arange(200), 4)
    shared = rng.standard_normal(200)[customer]
    plain = associate(outcome + shared, treated.astype(np.float64), x, customer).estimate
    for name, found in (("aipw", doubly), ("dml", partial), ("held equal", plain)):
        yield Trial(seed, f"{name}.effect", found.low <= 1.0 <= found.high)


def _staggered(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 3])
    start = rng.choice([0, 3, 4, 5], 150)
    there = (start[:, None] > 0) & (np.arange(1, 8) >= start[:, None])
    panel = rng.standard_normal((150, 7)) + rng.standard_normal((150, 1)) + 0.8 * there
    found = group_time_effects(panel, start, range(1, 8))
    for name, one in (("dynamic", found.dynamic), ("grouped", found.grouped)):
        yield Trial(seed, f"staggered.{name}", one.low <= 0.8 <= one.high)


def _pilot(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 4])
    before = rng.gamma(2.0, 5.0, 400)
    treated = rng.random(400) < 0.5
    outcome = 0.8 * before + rng.gamma(2.0, 2.0, 400) + 1.0 * treated
    found = cuped(outcome, before, treated).difference
    yield Trial(seed, "cuped.effect", found.low <= 1.0 <= found.high)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of trials that held and how many there were, by what was tried."""
    return over(trials, seeds, workers)
