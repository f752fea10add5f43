"""How often the ranges of a change and of its parts hold what a company without end would show.

A company of 24,000 customers from the same process stands for that limit; its parts are worked out
from the simulated people themselves, not from the store.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from trial import Study, Trial, covers, over

from cxdash import demo
from cxdash.demo import World
from cxdash.demo.canonical import VARIANTS
from cxdash.facts import Scope, definition
from cxdash.panel import settled
from cxdash.questions.change.findings import Findings, find
from cxdash.questions.change.stage import stage
from cxdash.questions.contribution import measure_of
from cxdash.stats.split import Answers, split_change
from cxdash.store import Database

STUDY = Study(
    title="Change: how far a score moved between two years, and who moved it",
    simulated="1,800 customers in four survey waves; unhappy ones leave more often, answering goes "
    "with experience, and nobody changes on average.",
    targets=(covers("total."), covers("stayers."), covers("part.")),
    few=3,
)
ITEMS = ("nps", "ces", "product_quality")
HORIZON = 12
BEFORE_FROM, BEFORE_UNTIL, UNTIL = (date(year, 6, 30) for year in (2024, 2025, 2026))
LARGE = 24_000

Limits = Mapping[str, float]


def trials(seed: int) -> list[Trial]:
    """The total, the change among stayers and every part, of three items of one company."""
    return _trials(limits(), seed)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Shares of ranges that held, over many companies; the limit is worked out once."""
    return over(partial(_trials, limits()), seeds, workers)


def limits() -> Limits:
    """What each figure comes to in a very large company of the same kind."""
    world = demo.simulate(customers=LARGE, seed=7_777)
    found: dict[str, float] = {}
    for item in ITEMS:
        answers = _answers(world, item)
        whole = split_change(answers, rng=np.random.default_rng(1), draws=2)
        found[f"total.{item}"] = whole.after - whole.before
        found |= {f"part.{name}.{item}": part.estimate for name, part in whole.parts.items()}
        found[f"stayers.{item}"] = _among_stayers(answers)
    return found


def _trials(limit: Limits, seed: int) -> list[Trial]:
    world = demo.simulate(seed=seed)
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        demo.fill(db, world)
        with settled(db) as view:
            return [
                trial for item in ITEMS for trial in _held(_found(view, item), item, limit, seed)
            ]


def _found(view, item: str) -> Findings:
    at = stage(view, Scope(metric=item, horizon=HORIZON))
    assert at is not None
    assert (at.both.before_from, at.both.before_until, at.both.until) == (
        BEFORE_FROM,
        BEFORE_UNTIL,
        UNTIL,
    )
    return find(at)


def _held(found: Findings, item: str, limit: Limits, seed: int) -> Iterable[Trial]:
    factor = found.stage.measure.factor
    for name, change in (("total", found.change), ("stayers", found.stayers)):
        assert change is not None
        what, gap = f"{name}.{item}", change.difference
        yield Trial(seed, what, bool(gap.low <= limit[what] <= gap.high))
    for step in found.steps:
        what = f"part.{step.name}.{item}"
        yield Trial(seed, what, bool(step.low <= factor * limit[what] <= step.high))


def _answers(world: World, item: str) -> Answers:
    """The answers of the two years as the estimator takes them, straight from the world."""
    frame = world.relationship
    frame = frame[(frame["status"] == "answer") & frame[item].notna()]
    who = world.customers
    places = {name: at for at, name in enumerate(who.ids)}
    known = frame["customer_id"].notna().to_numpy()
    place = frame["customer_id"].map(places).fillna(0).to_numpy(np.int64)
    day = frame["answered_at"].to_numpy(dtype="datetime64[D]")
    goodbye = np.fmin(who.cancelled_on[place], who.left_on[place])
    in_time = (day > np.datetime64(BEFORE_FROM)) & (day <= np.datetime64(UNTIL))
    counts = in_time & ~(known & ~np.isnat(goodbye) & (goodbye <= day))
    measure = measure_of(definition(VARIANTS[item]), high_is_good=True)
    strangers = len(who.ids) + np.arange(len(frame))
    return Answers(
        person=np.where(known, place, strangers)[counts],
        later=(day > np.datetime64(BEFORE_UNTIL))[counts],
        value=measure.contributions(frame[item].to_numpy(np.float64))[counts],
        known=known[counts],
        left=(goodbye <= np.datetime64(UNTIL))[counts],
        joined=(who.started_on[place] > np.datetime64(BEFORE_UNTIL))[counts],
        segment=np.where(known, who.segment[place], 0)[counts],
        occasion=np.zeros(int(counts.sum()), dtype=np.int64),
    )


def _among_stayers(answers: Answers) -> float:
    """Later minus earlier mean over people who were customers in both periods."""
    means = []
    twice = set(answers.person[answers.later]) & set(answers.person[~answers.later])
    for later, gone in ((False, answers.left), (True, answers.joined)):
        both = np.isin(answers.person, list(twice))
        rows = (answers.later == later) & answers.known & (both | ~gone)
        _, person = np.unique(answers.person[rows], return_inverse=True)
        each = np.bincount(person, answers.value[rows]) / np.bincount(person)
        means.append(float(each.mean()))
    return means[1] - means[0]
