"""How often a pilot in which nothing happens is called clear, and how often one that works is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from pilot_worlds import STAGE, customers, lot, planned, ratings, regions
from trial import Study, Target, Trial, at_least, at_most, over

from cxdash.questions.pilots.beside import read_beside
from cxdash.questions.pilots.called_back import read_called_back
from cxdash.questions.pilots.drawn import read_drawn
from cxdash.questions.pilots.reading import Reading, Sources
from cxdash.questions.pilots.units import read_units
from cxdash.stats.pilot_power import Bar, detectable_mean, detectable_share

PANELS = 5  # null panels of each design for a seed: 1,000 over 200 seeds
POWERED = 10
SOURCES = Sources(by_fee=True)
BASE, EACH = 0.15, 300
LOOKS = 4
STUDY = Study(
    title="Pilots: false alarms, power, and calling back",
    simulated="Customers drawn by lot, chosen customers, regions treated whole and customers "
    "called back after a low rating; with nothing that happens, or with just the effect a plan "
    "says it is sure to see.",
    targets=(
        at_most("null.", 0.06, "a pilot in which nothing happens is called clear at 5 %"),
        at_most("looks.null", 0.06, "it is called clear at one of four planned looks"),
        Target("power.", "power within three points of the 80 % that were planned", 0.77, 0.83),
        at_least("called back.zero", 0.93, "a call that does nothing: 95 % range holds zero"),
        at_least("called back.effect", 0.93, "a call that helps: 95 % range holds the effect"),
    ),
    few=2,
)


def trials(seed: int) -> list[Trial]:
    """Every design once or more on data of its own."""
    return [*_drawn(seed), *_looks(seed), *_regions(seed), *_chosen(seed), *_called_back(seed)]


def _clear(found: Reading | str) -> bool:
    assert isinstance(found, Reading), found
    ends = found.gain_ends
    return ends is not None and not ends[0] <= 0 <= ends[1]


def _drawn(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 11])
    for _ in range(PANELS):
        rows = customers(rng, 2 * EACH)
        rows["gone"] = (rng.random(len(rows)) < BASE).astype(int)
        members = lot(rng, rows)
        for outcome in ("churn", "revenue", "contacts"):
            found = read_drawn(planned("randomised", outcome, members), STAGE, rows, SOURCES)
            yield Trial(seed, f"null.by lot, {outcome}", _clear(found))
    fall = detectable_share(BASE, EACH, EACH, Bar()) or 0.0
    for _ in range(POWERED):
        rows = customers(rng, 2 * EACH)
        members = lot(rng, rows)
        treated = (members["arm"] == "treated").to_numpy()
        rows["gone"] = (rng.random(len(rows)) < BASE - fall * treated).astype(int)
        found = read_drawn(planned("randomised", "churn", members), STAGE, rows, SOURCES)
        yield Trial(seed, "power.by lot, churn", _clear(found))
        more = detectable_mean(40.0, EACH, EACH, Bar()) or 0.0
        noise = rng.normal(0, 40.0, len(rows))
        rows["money_after"] = rows["money_before"] + noise + more * treated
        found = read_drawn(planned("randomised", "revenue", members), STAGE, rows, SOURCES)
        yield Trial(seed, "power.by lot, revenue", _clear(found))


def _looks(seed: int) -> Iterator[Trial]:
    """Each look takes in all months until then, and has its own bar."""
    rng = np.random.default_rng([seed, 12])
    for _ in range(PANELS):
        rows = customers(rng, 2 * EACH)
        months = rng.normal(0, 40.0, (len(rows), LOOKS))
        one = planned("randomised", "revenue", lot(rng, rows), looks=LOOKS)
        clear = False
        for look in range(1, LOOKS + 1):
            rows["money_after"] = rows["money_before"] + months[:, :look].mean(axis=1)
            found = read_drawn(one, replace(STAGE, look=look, looks=LOOKS), rows, SOURCES)
            clear |= _clear(found)
        yield Trial(seed, "looks.null", clear)


def _regions(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 13])
    for count, treated in ((6, 3), (6, 1), (10, 5), (16, 6)):
        names = tuple(f"Region {number}" for number in rng.permutation(count)[:treated])
        one = planned("regions", "revenue", level="region", units=names)
        for _ in range(PANELS):
            found = read_units(one, STAGE, regions(rng, count))
            yield Trial(seed, f"null.{count} regions, {treated} treated", _clear(found))
    names = tuple(f"Region {number}" for number in range(8))
    one = planned("regions", "revenue", level="region", units=names)
    months = STAGE.last - STAGE.base
    for _ in range(PANELS):
        rows = regions(rng, 16, heavy=False)
        spread = float(np.sqrt(3 * (1 / 12 + 1 / months)))
        more = detectable_mean(spread, 8, 8, Bar()) or 0.0
        after = rows["unit"].isin(names) & (rows["month"] > STAGE.base)
        rows.loc[after, "money"] += more * rows.loc[after, "customers"]
        yield Trial(seed, "power.16 regions", _clear(read_units(one, STAGE, rows)))


def _chosen(seed: int) -> Iterator[Trial]:
    """The larger are chosen more often, and what is measured follows what was known before."""
    rng = np.random.default_rng([seed, 14])
    for _ in range(PANELS):
        rows = customers(rng, 900)
        size = np.log(rows["fee"].to_numpy())
        chosen = rng.random(900) < 0.25 / (1 + np.exp(-(size - 6)))
        rows["gone"] = (rng.random(900) < np.clip(0.3 - 0.03 * (size - 6), 0, 1)).astype(int)
        members = lot(rng, rows)[chosen].assign(arm="treated")
        for outcome in ("churn", "revenue"):
            found = read_beside(planned("matched", outcome, members), STAGE, rows, SOURCES)
            yield Trial(seed, f"null.chosen, {outcome}", _clear(found))


def _called_back(seed: int) -> Iterator[Trial]:
    rng = np.random.default_rng([seed, 15])
    for _ in range(PANELS):
        for what, effect in (("zero", 0.0), ("effect", 1.0)):
            rows, members = ratings(rng, 500, effect)
            one = planned("follow_up", "score", members, rating="nps")
            found = read_called_back(one, STAGE, rows, 10.0)
            assert isinstance(found, Reading), found
            low, high = found.effect.low, found.effect.high
            yield Trial(seed, f"called back.{what}", (low or 0) <= effect <= (high or 0))


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of trials that held and how many there were, by what was tried."""
    return over(trials, seeds, workers)
