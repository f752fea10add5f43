"""How often the intervals of ``worth`` hold the truth, over companies whose truth is known.

Run as a program for the full count (``make truth``); the test takes fewer seeds.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxdash import demo
from cxdash.demo.truth import Truth
from cxdash.facts import Scope
from cxdash.panel import month_end, settled
from cxdash.questions.bands import SMALLEST
from cxdash.questions.findings import Findings, find
from cxdash.questions.leaving import band_of
from cxdash.questions.setting import prepare
from cxdash.store import Database

HORIZON = 6
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Trial:
    """One interval of one simulated company: what it was for and whether it held the truth."""

    seed: int
    what: str
    held: bool


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


def coverage(found: Iterable[Trial]) -> dict[str, tuple[float, int]]:
    """Share of intervals that held the truth and how many there were, by what they were for."""
    by_name: dict[str, list[bool]] = {}
    for trial in found:
        by_name.setdefault(trial.what, []).append(trial.held)
    return {name: (float(np.mean(held)), len(held)) for name, held in sorted(by_name.items())}


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Coverage over many companies, two at a time."""
    with ProcessPoolExecutor(workers) as pool:
        return coverage(trial for found in pool.map(trials, seeds) for trial in found)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    wish = parser.parse_args(arguments)
    failed = False
    print(f"90 % intervals over {wish.seeds} simulated companies")
    for name, (share, n) in run(range(1000, 1000 + wish.seeds)).items():
        good = 0.85 <= share <= 0.95
        failed |= not good
        print(f"{name:20s} {share:6.1%} of {n}  {'' if good else '  OUTSIDE 85-95 %'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
