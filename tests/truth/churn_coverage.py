"""How often what ``churn`` says of drivers and risks is true, where the truth is known."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from churn_worlds import EFFECTS, HORIZON, ITEMS, OF_UNSOLVED, World, fill, simulate, within
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.churn_find import Found, find
from cxdash.questions.churn_stage import stage
from cxdash.questions.churn_steps import item_move
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
        at_least("calibration.level", 0.85, "0 lies in the range of the intercept"),
        # The range of the slope is that of chance on the later windows alone; the noise of what
        # the model had learned from comes on top.
        at_least("calibration.slope", 0.75, "1 lies in the range of the slope"),
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
    told = found.record.of_main.calibration
    assert told.slope_low is not None
    assert told.slope_high is not None
    yield Trial(seed, "calibration.slope", bool(told.slope_low <= 1 <= told.slope_high))
    yield Trial(seed, "calibration.level", bool(told.intercept_low <= 0 <= told.intercept_high))


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of companies in which each thing held, and out of how many."""
    assert set(ITEMS) == set(EFFECTS)
    return over(trials, seeds, workers)
