"""How often a stop point is found where one was planted, and how often one is made up."""

import math
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.stats.marginal import FEWEST, next_point
from cxdash.stats.promised import kept_promises

Reals = NDArray[np.float64]

ROWS: Final = 4_000
COST: Final = 0.02  # share kept that a point costs
PACE: Final = 0.3
RISE: Final = 0.35
BEST: Final = 10 * PACE * math.log(RISE / (PACE * 10 * COST))
REPEATS: Final = 120
PROMISES: Final = 7
STUDY = Study(
    title="The next point, and promises kept",
    simulated=f"Companies of {ROWS:,} customers with answers from 0 to 10. How many stay rises "
    "with the answer and flattens, rises ever faster, rises along a straight line, or does not "
    f"depend on it. And teams of whom {PROMISES} promises are known, and what the next one came "
    "to.",
    targets=(
        covers("stop point"),
        covers("next promise"),
        at_least("quickening: keep going", 0.95, "says that each point brings more"),
        at_most("straight: stop point made up", 0.10, "claims a stop point on a straight line"),
        at_most("flat: slope made up", 0.05, "claims a slope where there is none"),
        at_most("few: verdict made up", 0.0, "claims anything on too few observations"),
    ),
    few=10,
)


def trials(seed: int) -> list[Trial]:
    """Each shape once."""
    draw = np.random.default_rng([seed, 23])
    slowing = _look(draw, lambda share: 0.55 + RISE * (1 - np.exp(-share / PACE)))
    quickening = _look(draw, lambda share: 0.5 + 0.45 * np.expm1(share / PACE) / 27.03)
    straight = _look(draw, lambda share: 0.6 + 0.3 * share)
    flat = _look(draw, lambda share: 0.8 + 0 * share)
    few = _look(draw, lambda share: 0.6 + 0.3 * share, rows=FEWEST - 1)
    found = [
        Trial(seed, "quickening: keep going", quickening.verdict == "quickening"),
        Trial(seed, "straight: stop point made up", straight.best is not None),
        Trial(seed, "flat: slope made up", flat.is_readable),
        Trial(seed, "few: verdict made up", few.verdict != "too_few"),
        _promise(seed, draw),
    ]
    if slowing.best is not None:
        held = slowing.best.low <= BEST <= slowing.best.high
        found.append(Trial(seed, "stop point", held))
    return found


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of ranges that held the truth, of rightful and of made-up claims."""
    return over(trials, seeds, workers)


def _look(draw: np.random.Generator, shape: Callable[[Reals], Reals], rows: int = ROWS):
    level = np.clip(np.round(draw.normal(6.5, 2.4, rows)), 0, 10)
    stays = (draw.random(rows) < shape(level / 10)).astype(np.float64)
    return next_point(level, stays, np.arange(rows), cost=COST, rng=draw, repeats=REPEATS)


def _promise(seed: int, draw: np.random.Generator) -> Trial:
    kept, spread = draw.uniform(0.3, 1.1), draw.uniform(0.05, 0.4)
    found = kept_promises(draw.normal(kept, spread, PROMISES))
    assert found is not None
    held = found.next_low <= draw.normal(kept, spread) <= found.next_high
    return Trial(seed, "next promise", held)
