"""How many units that ask for full marks are found, and how many honest ones are named in vain."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from gaming_worlds import World, company
from trial import Study, Trial, at_least, at_most, over

from cxdash.stats.gaming import Watch, watch

STUDY = Study(
    title="Units that ask for good marks",
    simulated="60 units with 100 to 400 answers each over two years. Five of them ask for full "
    "marks in 50 to 90 % of the answers, half of these from a month in the middle on. Honest units "
    "differ in skill by 8 points of a top share of 50 %, in the spread of their customers, in "
    "slow drift and in how often problems come back; in the hard company skill differs by 12 "
    "points. A unit is to be found when at least half of its answers were asked for. With scores "
    "and days alone the hard company hides more of them: units of great skill look alike.",
    targets=(
        at_least("found.scores alone, hard", 0.5, "from scores and days alone, skill differs much"),
        at_least("found.scores alone", 0.65, "a begging unit is found from scores and days alone"),
        at_least("found.", 0.7, "a unit that begs for at least half of its answers is found"),
        at_most("honest.", 0.1, "units named in a company of 60 honest ones", counted=True),
        at_most("in vain.", 0.1, "a unit that is named is an honest one"),
    ),
    few=4,
)

_COMPANIES: Final[dict[str, dict[str, Any]]] = {
    "nps": {"scale": "nps"},
    "csat": {"scale": "csat"},
    "hard csat": {"scale": "csat", "skill": 0.3, "drift": 0.15, "differing": 0.12},
}
_SOURCES: Final[dict[str, dict[str, Any]]] = {
    "all signs": {},
    "no comments": {"comments": 0.0},
    "scores alone": {"comments": 0.0, "outcomes": False},
}


def trials(seed: int) -> list[Trial]:
    """Each kind of company with and without begging units, seen with fewer and fewer sources."""
    return [
        trial
        for number, (kind, what) in enumerate(_COMPANIES.items())
        for source, seen in _SOURCES.items()
        for trial in _company(seed, f"{source}, {kind}", {**what, **seen}, number)
    ]


def _company(seed: int, name: str, what: dict[str, Any], number: int) -> Iterable[Trial]:
    world, found = _watched(seed, number, what)
    for unit in np.flatnonzero(world.to_be_found):
        yield Trial(seed, f"found.{name}", bool(found.look[unit]))
    for unit in np.flatnonzero(found.look):
        yield Trial(seed, f"in vain.{name}", bool(~world.begs[unit]))
    _, honest = _watched(seed, number + 100, {**what, "begging": 0})
    yield Trial(seed, f"honest.{name}", float(honest.look.sum()))


def _watched(seed: int, number: int, what: dict[str, Any]) -> tuple[World, Watch]:
    world = company(np.random.default_rng([seed, number]), **what)
    return world, watch(world.answers, rng=np.random.default_rng(seed))


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Shares by what was looked for, over many companies."""
    return over(trials, seeds, workers)
