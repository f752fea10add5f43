"""How often the intervals of ``worth`` hold the truth, over companies whose truth is known."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from trial import Study, Trial, covers, over

from cxdash import demo
from cxdash.demo.truth import Truth
from cxdash.facts import Scope
from cxdash.panel import month_end, settled
from cxdash.questions.design import band_of
from cxdash.questions.setting import prepare
from cxdash.questions.worth.bands import SMALLEST
from cxdash.questions.worth.findings import Findings, find
from cxdash.store import Database

HORIZON = 6
STUDY = Study(
    title="Worth: who leaves and what is at stake",
    simulated="The demo company: 1,800 customers over thirty months whose chance of leaving is "
    "known for each of them; the rate of every band and the money lost within six months.",
    targets=(covers("rate."), covers("stake.")),
    few=8,
)


def trials(seed: int) -> list[Trial]:
    """Every band's rate and stake, and the total stake, of one company."""
    world = demo.simulate(seed=seed)
    truth = Truth.of(world)
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        demo.fill(db, world)
        with settled(db) as view:
            setting = prepare(view, Scope(metric="nps", horizon=HORIZON))
            assert setting is not None
            found = find(view, setting)
    return [*_rates(seed, found, truth), *_stakes(seed, found, truth)]


def _rates(seed: int, found: Findings, truth: Truth) -> Iterable[Trial]:
    closed = found.setting.marks.closed
    chance = np.empty(len(closed))
    for landmark in found.setting.marks.closed_months:
        rows = (closed["landmark"] == landmark).to_numpy()
        ids = list(closed["customer_id"][rows])
        chance[rows] = truth.probability_of_leaving(
            ids, month_end(landmark), HORIZON, not_under_notice=True
        )
    own = band_of(closed)
    for band in found.all_bands:
        if band.rate is None or band.n < SMALLEST:
            continue
        expected = chance[own == band.name].mean()
        yield Trial(seed, f"rate.{band.name}", bool(band.rate.low <= expected <= band.rate.high))


def _stakes(seed: int, found: Findings, truth: Truth) -> Iterable[Trial]:
    base = found.setting.marks.base
    lost = truth.revenue_lost(list(base["customer_id"]), found.setting.as_of, HORIZON)
    assert found.model is not None
    own = band_of(base)
    for (kind, name), stake in found.model.stakes.items():
        if kind == "all":
            yield Trial(seed, "stake.all", bool(stake.low <= lost.sum() <= stake.high))
        elif kind == "band":
            really = lost[own == name].sum()
            yield Trial(seed, f"stake.{name}", bool(stake.low <= really <= stake.high))


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of intervals that held the truth and how many there were, by what they were for."""
    return over(trials, seeds, workers)
