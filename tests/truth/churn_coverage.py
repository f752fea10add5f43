"""How often what ``churn`` says of drivers and risks is true, where the truth is known."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from churn_worlds import EFFECTS, HORIZON, ITEMS, OF_UNSOLVED, Reals, World, fill, simulate, within
from scipy.optimize import brentq, root
from scipy.special import expit, logit
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.churn.find import Found, Record, find
from cxdash.questions.churn.stage import stage
from cxdash.questions.churn.steps import item_move
from cxdash.store import Database

FIFTHS, CLOSE = 5, 0.25
NULLS = tuple(item for item, effect in EFFECTS.items() if effect == 0)
STUDY = Study(
    title="Churn: drivers, levers and chances",
    simulated="1,500 customers over two years, some 700 of whom leave; two items, unsolved "
    "contacts, tenure and segment matter by known amounts, two items only go along with those that "
    "matter, and one only differs between segments.",
    targets=(
        covers("effect."),
        covers("leavers"),
        at_most("null called a driver", 0.05, "an item without effect is called a driver"),
        at_most("confounded offered", 0.05, "an item that only marks a segment is a lever"),
        at_least("confounded seen through", 0.80, "its raw link is said to be the segment's"),
        at_least("driver found", 0.90, "the item that matters most is called a driver"),
        at_least("lever offered", 0.80, "the item that matters most is offered as a lever"),
        at_least("risk of a fifth", 0.90, "stated and true chance differ by under a quarter"),
        covers("calibration."),
    ),
    few=12,
)


def trials(seed: int) -> list[Trial]:
    """Every driver's interval, what was called a driver or lever, and the chances of today."""
    world = simulate(seed)
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        fill(db, world)
        with settled(db) as view:
            setting = stage(view, Scope(horizon=HORIZON))
            assert setting is not None
            found = find(setting)
    return [*_effects(seed, found, world), *_called(seed, found), *_chances(seed, found, world)]


def _effects(seed: int, found: Found, world: World) -> Iterator[Trial]:
    closed = found.closed
    odds = world.odds.set_index(["customer_id", "landmark"])["odds"]
    own = odds.reindex(
        list(zip(closed.rows["customer_id"], closed.rows["landmark"], strict=True))
    ).to_numpy(np.float64)
    by_name = {driver.name: driver for driver in found.drivers}
    for number, item in enumerate(closed.items):
        scores = closed.scores[:, number]
        known = ~np.isnan(scores)
        step = np.minimum(scores[known] + item_move(closed, number).size, 5.0) - scores[known]
        truth = (within(own[known] + EFFECTS[item.name] * step) - within(own[known])).mean()
        effect = by_name[item.name].effect
        yield Trial(seed, f"effect.{item.name}", bool(effect.low <= truth <= effect.high))
    count = closed.rows["unresolved_before"].to_numpy(np.float64)
    about = count > 0
    less = OF_UNSOLVED * (np.log1p(count[about] - 1) - np.log1p(count[about]))
    truth = (within(own[about] + less) - within(own[about])).mean()
    effect = by_name["unresolved"].effect
    yield Trial(seed, "effect.unresolved", bool(effect.low <= truth <= effect.high))


def _called(seed: int, found: Found) -> Iterator[Trial]:
    by_name = {driver.name: driver for driver in found.drivers}
    for item in NULLS:
        yield Trial(seed, "null called a driver", by_name[item].beyond_noise)
    advice = by_name["advice"]
    yield Trial(seed, "confounded offered", advice.lever)
    assert advice.raw is not None
    if advice.raw.beyond_noise:
        yield Trial(seed, "confounded seen through", advice.only_group)
    yield Trial(seed, "driver found", by_name["support"].beyond_noise)
    yield Trial(seed, "lever offered", by_name["support"].lever)


def _chances(seed: int, found: Found, world: World) -> Iterator[Trial]:
    """The expected leavers against who would really leave, and the record on later windows."""
    assert found.stake is not None
    assert found.model is not None
    assert found.record is not None
    base = found.stage.seen.part(found.stage.seen.is_base)
    chance = world.chance(list(base.rows["customer_id"]), list(base.rows["landmark"]))
    left = np.random.default_rng([seed, 1]).random(len(chance)) < chance
    within_range = found.stake.leavers_low <= left.sum() <= found.stake.leavers_high
    yield Trial(seed, "leavers", bool(within_range))
    stated = found.model.steady.probabilities(found.model.design.matrix(base))
    for rows in np.array_split(np.argsort(stated), FIFTHS):
        apart = abs(stated[rows].mean() / chance[rows].mean() - 1)
        yield Trial(seed, "risk of a fifth", bool(apart < CLOSE))
    yield from _calibrated(seed, found.record, found.closed.rows, world)


def _calibrated(seed: int, record: Record, closed: pd.DataFrame, world: World) -> Iterator[Trial]:
    """Slope and level of this very model, against those its chances have to the true ones.

    A model learned from few is too bold, truly: that its slope is below 1 is no fault of the range.
    """
    rows = closed.iloc[record.seen.place]
    # Who began in the month of the landmark is not at risk yet in this world: a chance of nought.
    truth = np.nan_to_num(world.chance(list(rows["customer_id"]), list(rows["landmark"])))
    odds = logit(record.seen.chances[record.main])
    told = record.of_main.calibration
    assert told.slope_low is not None
    assert told.slope_high is not None
    true_slope = _fitted(truth, np.column_stack([np.ones(len(odds)), odds]))[1]
    true_level = brentq(lambda shift: float((expit(odds + shift) - truth).sum()), -5, 5)
    yield Trial(seed, "calibration.slope", bool(told.slope_low <= true_slope <= told.slope_high))
    level = told.intercept_low <= true_level <= told.intercept_high
    yield Trial(seed, "calibration.level", bool(level))


def _fitted(truth: Reals, design: Reals) -> Reals:
    """Logistic regression of true chances on a design, by its own equations."""

    def unmet(coefficients: Reals) -> Reals:
        return np.asarray(design.T @ (expit(design @ coefficients) - truth))

    return np.asarray(root(unmet, np.array([0.0, 1.0])).x)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of companies in which each thing held, and out of how many."""
    assert set(ITEMS) == set(EFFECTS)
    return over(trials, seeds, workers)
