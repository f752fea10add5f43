"""How often metrics get the verdict they deserve, and whether what is said of a move holds."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import churn_worlds
import numpy as np
from trial import Study, Trial, at_least, at_most, over

from cxdash import demo
from cxdash.demo.company import ITEMS
from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.trial.find import Tried, try_all
from cxdash.questions.trial.stage import TrialStage, trial_stage
from cxdash.store import Database

NOISE, ECHO, LEADING = ITEMS[-1], "relationship_health", "nps"
STUDY = Study(
    title="Metrics on trial",
    simulated="The demo company with 3,000 customers over thirty months, some 250 of whom leave "
    "within six months of an answer. One item is pure noise, one is the account manager's own "
    "reading of last quarter's revenue, and the recommendation question reads the experience that "
    "customers later leave over. In a second company of 600 customers everybody's scores are "
    "shuffled among customers, so that no metric means anything. In a third, of 1,500 "
    "customers, only the score of support matters, and two other items go along with it without an "
    "effect of their own.",
    targets=(
        at_most("noise.", 0.05, "a metric of pure noise is called working"),
        at_most("shuffled.", 0.05, "a metric whose answers were shuffled is called working"),
        at_least("leading.", 0.90, "a leading metric is called working"),
        at_least("echo.", 0.90, "an echo is called an echo"),
        at_most("along.", 0.10, "an item that merely goes along is said to tell something itself"),
        at_least("own.", 0.80, "the item it goes along with is said to tell something of its own"),
        at_least("begging.", 0.70, "a desk that begs is to be checked"),
        at_most("honest.", 0.10, "desks to be checked that do not beg, per company", counted=True),
    ),
    few=2,
)


def trials(seed: int) -> list[Trial]:
    """The verdicts of one company, those after shuffling, and what goes along with what."""
    return [*_verdicts(seed), *_shuffled(seed), *_along(seed)]


def _verdicts(seed: int) -> Iterator[Trial]:
    world = demo.simulate(seed=seed, customers=3000)
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        demo.fill(db, world)
        tried = _tried(db)
    given = {case.metric.name: case for case in tried.cases}
    yield Trial(seed, "noise.app_look_and_feel", given[NOISE].verdict == "working")
    yield Trial(seed, "leading.nps", given[LEADING].verdict == "working")
    yield Trial(seed, "echo.relationship_health", given[ECHO].verdict == "echo")
    units = given["csat"].units
    assert units is not None
    named = {unit.name for unit in units.to_look_at}
    begging = set(world.support.begging)
    for name in sorted(begging & {unit.name for unit in units.units}):
        yield Trial(seed, "begging.csat", name in named)
    yield Trial(seed, "honest.csat", float(len(named - begging)))


def _shuffled(seed: int) -> Iterator[Trial]:
    """Every item's answers dealt out again among the windows that have one."""
    world = demo.simulate(seed=seed, customers=600)
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        demo.fill(db, world)
        tried = _tried(db, shuffle=np.random.default_rng([seed, 9]))
    for case in tried.cases:
        yield Trial(seed, "shuffled.any item", case.verdict == "working")


def _along(seed: int) -> Iterator[Trial]:
    """Items held beside each other; those that do not work, or work alone, are not counted."""
    world = churn_worlds.simulate(seed, effects={"support": -0.6})
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        churn_worlds.fill(db, world)
        tried = _tried(db)
    for case in tried.held_beside:
        assert case.beside is not None
        if case.metric.name in ("billing", "design"):
            yield Trial(seed, f"along.{case.metric.name}", case.beside.own_signal)
        if case.metric.name == "support":
            yield Trial(seed, "own.support", case.beside.own_signal)


def _tried(db: Database, shuffle: np.random.Generator | None = None) -> Tried:
    with settled(db) as view:
        stage = trial_stage(view, Scope())
        assert stage is not None
        return try_all(view, _dealt(stage, shuffle) if shuffle else stage)


def _dealt(stage: TrialStage, rng: np.random.Generator) -> TrialStage:
    scores = stage.closed.scores
    for column in scores.T:
        answered = ~np.isnan(column)
        column[answered] = rng.permutation(column[answered])
    return stage


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Shares by what was tried, over many companies."""
    return over(trials, seeds, workers)
