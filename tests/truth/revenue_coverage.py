"""How often the ranges of ``revenue`` hold the truth, and how often a false lever is offered."""

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from revenue_worlds import LEAVES, World, fill, long_run, simulate
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.revenue.ahead import DISCOUNT
from cxdash.questions.revenue.find import Findings, find
from cxdash.questions.revenue.stage import stage
from cxdash.stats.value import customer_value
from cxdash.store import Database

STUDY = Study(
    title="Revenue: what was kept, and what the same customers paid after they answered better",
    simulated="350 customers with contracts over five half years, 8 % of whom leave in each. Who "
    "pays more scores higher; beyond that a point goes with 6 % more spend in the half year after "
    "it, then with money added, then with nothing; in one company the answer follows the money.",
    targets=(
        covers("within."),
        covers("level."),
        covers("nrr"),
        covers("grr"),
        covers("clv"),
        at_least("confounded.level", 0.9, "the level overstates where the rich score higher"),
        at_least("planted.lever", 0.85, "a link within customers is found and named"),
        at_most("noise.lever", 0.05, "an answer that goes with nothing is offered as a lever"),
        at_least("reverse.backwards", 0.9, "where money moves the answer, that is said"),
        at_most("reverse.lever", 0.1, "where money moves the answer, no lever is offered"),
    ),
    few=2,
)
EFFECT = 0.06
POINT = 5.0


def trials(seed: int) -> list[Trial]:
    """One company of each kind."""
    return [*_planted(seed), *_straight(seed), *_level(seed), *_noise(seed), *_reverse(seed)]


def asked(world: World) -> Findings:
    """What is found in a company."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        fill(db, world)
        with settled(db) as view:
            on = stage(view, Scope(horizon=6))
            assert on is not None
            return find(view, on)


@cache
def truth() -> tuple[float, float, float]:
    return long_run(EFFECT, confounded=True)


def _planted(seed: int) -> Iterable[Trial]:
    found = asked(simulate(seed, effect=EFFECT))
    driver, lived = found.drivers.found[0], found.lived
    effect, level = driver.change.effect, driver.level.raw
    true = lived.base * float(np.expm1(EFFECT * driver.candidate.move))
    yield Trial(seed, "within.poisson", effect.low <= true <= effect.high)
    yield Trial(seed, "confounded.level", level.low > true)
    yield Trial(seed, "planted.lever", driver.is_lever)
    net, gross, mean = truth()
    for flow in found.flows[1:]:  # contracts of before the first half year did not move in it
        yield Trial(seed, "nrr", flow.kept.nrr.low <= net <= flow.kept.nrr.high)
        yield Trial(seed, "grr", flow.kept.grr.low <= gross <= flow.kept.grr.high)
    value = found.values[0].value
    worth = customer_value(mean, (1 - LEAVES) ** (1 / 6), (1 + DISCOUNT) ** (1 / 12) - 1)
    yield Trial(seed, "clv", value.low <= worth <= value.high)


def _straight(seed: int) -> Iterable[Trial]:
    found = asked(simulate(seed, straight=POINT))
    line = next(r for r in found.drivers.rivals if r.model.startswith("straight line"))
    move = found.drivers.found[0].candidate.move
    yield Trial(seed, "within.line", line.estimate.low <= POINT * move <= line.estimate.high)


def _level(seed: int) -> Iterable[Trial]:
    """Without confounding the level is right, too; leavers pay for part of their last half year."""
    found = asked(simulate(seed, effect=EFFECT, confounded=False))
    driver = found.drivers.found[0]
    true = found.lived.base * float(np.expm1(EFFECT * driver.candidate.move))
    for name, effect in (("raw", driver.level.raw), ("held", driver.level.effect)):
        yield Trial(seed, f"level.{name}", effect.low <= true <= effect.high)


def _noise(seed: int) -> Iterable[Trial]:
    found = asked(simulate(seed, effect=0.0))
    yield Trial(seed, "noise.lever", bool(found.levers))


def _reverse(seed: int) -> Iterable[Trial]:
    found = asked(simulate(seed, effect=0.0, echo=1.2))
    driver = found.drivers.found[0]
    yield Trial(seed, "reverse.backwards", driver.backwards)
    yield Trial(seed, "reverse.lever", bool(found.levers))


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    return over(trials, seeds, workers)
