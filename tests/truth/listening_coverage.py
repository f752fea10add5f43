"""How often the ranges of ``listening`` hold what all customers think, and when they cannot."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from listening_worlds import World, fill, simulate
from scipy.special import expit
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.facts import Answer, Scope
from cxdash.panel import settled
from cxdash.questions.listening.answer import listening
from cxdash.questions.listening.score_facts import CANNOT_REPAIR
from cxdash.questions.listening.silence import held_equal
from cxdash.stats.shrinkage import shrunk_means, shrunk_shares
from cxdash.store import Database

STUDY = Study(
    title="Listening: what all customers think, from those who answered",
    simulated="700 customers whose opinion goes with segment, region, tenure and contacts, and has "
    "a part nobody records. Answering goes with the recorded facts; then with the unrecorded "
    "opinion too; then with nothing. 14 small units with true shares and means. And 1,500 windows "
    "in which silence and leaving both go with segment, tenure and contacts.",
    targets=(
        covers("adjusted."),
        at_least("bounds.", 1.0, "the bounds hold, whatever decides who answers"),
        at_most(
            "opinion.adjusted.",
            0.15,
            "where the opinion itself decides, weighting does not repair it: the range misses",
        ),
        at_least("opinion.says", 1.0, "and the Answer says that weighting cannot repair that"),
        covers("likeness"),
        at_most("noise.contrast", 0.08, "groups that answer alike are said to differ"),
        covers("shrunk."),
        covers("gap."),
    ),
    few=4,
)
ITEMS = ("nps", "csat", "mood")


def trials(seed: int) -> list[Trial]:
    """One company of each kind, asked about three items, and one set of small units."""
    return [
        *_by_facts(seed),
        *_by_opinion(seed),
        *_by_nothing(seed),
        *_units(seed),
        _gap(seed),
    ]


def _answers(world: World, items: Iterable[str] = ITEMS) -> dict[str, Answer]:
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "t.duckdb") as db:
        fill(db, world)
        with settled(db) as view:
            return {item: listening(view, Scope(metric=item)) for item in items}


def _by_facts(seed: int) -> Iterable[Trial]:
    world = simulate(seed)
    for item, answer in _answers(world).items():
        truth = world.truth[item]
        for name in ("adjusted", "bounds"):
            reach = answer.fact(f"{item}.{name}").interval
            assert reach is not None
            held = reach.low - 1e-9 <= truth <= reach.high + 1e-9
            yield Trial(seed, f"{name}.{item}", held)
        if item == "nps":
            likeness = answer.fact("listening.representativeness").interval
            assert likeness is not None
            yield Trial(seed, "likeness", likeness.holds(1 - 2 * float(world.chance.std())))


def _by_opinion(seed: int) -> Iterable[Trial]:
    world = simulate(seed, by_opinion=1.2)
    for item, answer in _answers(world, ("nps", "mood")).items():
        truth = world.truth[item]
        adjusted, bounds = answer.fact(f"{item}.adjusted"), answer.fact(f"{item}.bounds")
        assert adjusted.interval is not None
        assert bounds.interval is not None
        yield Trial(seed, f"opinion.adjusted.{item}", adjusted.interval.holds(truth))
        yield Trial(seed, f"bounds.opinion.{item}", bounds.interval.holds(truth))
        said = CANNOT_REPAIR in adjusted.caveats
        yield Trial(seed, "opinion.says", said and any(CANNOT_REPAIR in c for c in answer.caveats))


def _by_nothing(seed: int) -> Iterable[Trial]:
    answer = _answers(simulate(seed, by_facts=0.0), ("nps",))["nps"]
    yield Trial(seed, "noise.contrast", "more often" in answer.charts[0].title)


def _units(seed: int) -> Iterable[Trial]:
    """Fourteen units with few answers each; every unit's own range is tried."""
    rng = np.random.default_rng(seed)
    share, counts = rng.beta(8, 4, 14), rng.integers(4, 60, 14)
    shares = shrunk_shares(rng.binomial(counts, share), counts)
    mean, error = 7 + rng.normal(size=14), rng.uniform(0.4, 2.0, 14)
    means = shrunk_means(mean + error * rng.normal(size=14), error)
    for name, found, truth in (("shares", shares, share), ("means", means, mean)):
        for held in (found.low <= truth) & (truth <= found.high):
            yield Trial(seed, f"shrunk.{name}", bool(held))


def _gap(seed: int) -> Trial:
    """Silence and leaving share causes that finance knows, and silence adds a sign of its own."""
    rng = np.random.default_rng(seed)
    n = 1_500
    segment, months = rng.integers(0, 3, n), rng.integers(2, 90, n)
    contacts = rng.poisson(0.6, n)
    shared = np.array([0.8, 0.0, -0.7])[segment] - 0.3 * (np.log1p(months) - 3)
    silent = rng.random(n) < expit(0.9 * shared + 0.3 * np.log1p(contacts))
    base = -1.8 + shared + 0.4 * np.log1p(contacts)
    chance = {flag: expit(base + 0.5 * flag) for flag in (0, 1)}
    left = rng.random(n) < np.where(silent, chance[1], chance[0])
    rows = pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in range(n)],
            "landmark": 24_300 + 6 * rng.integers(0, 3, n),
            "tenure_months": months,
            "rate": np.exp(rng.normal(5, 1, n)),
            "rate_earlier": np.nan,
            "idle_days": 0,
            "contacts_before": contacts,
            "unresolved_before": 0,
            "segment": np.array(["Small", "Middle", "Large"], dtype=object)[segment],
            "plan": None,
            "region": None,
            "left_within": left.astype(float),
            "left_month": np.nan,
        }
    )
    found = held_equal(rows, silent, ~silent, horizon=6, contractual=False)
    assert found is not None
    truth = float((chance[1] - chance[0]).mean())
    return Trial(seed, "gap.held_equal", found.low <= truth <= found.high)


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """How often each held, over many companies."""
    return over(trials, seeds, workers)
