"""What every study of a known truth hands back, and the loop over its made-up companies.

A study is a module ``NAME_coverage.py`` with ``run(seeds, workers=2) -> {what: (share, n)}``: how
often each thing held, and out of how many. It may say in ``STUDY`` what was simulated and which
shares are good enough; without one, every share is taken for the coverage of a 90 % interval.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

LOWEST, HIGHEST = 0.85, 0.95  # a 90 % interval may cover this much


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing tried in one simulated company, and whether it held.

    ``what`` names it with the kind first, for example ``rate.detractor`` or ``noise.working``.
    ``held`` may also be a number where the mean of a count is asked for (false flags a company).
    """

    seed: int
    what: str
    held: bool | float


@dataclass(frozen=True, slots=True)
class Target:
    """Which shares are good enough for everything whose name begins with ``what``.

    ``low`` and ``high`` are shares, ends included. ``counted`` marks the mean of a count.
    """

    what: str
    says: str
    low: float = 0.0
    high: float = 1.0
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """What one module simulates and what must come out.

    Parameters
    ----------
    title
        For the heading in docs/calibration.md.
    simulated
        What one seed is: the size of the company and the truth planted in it.
    targets
        The first whose ``what`` begins the name of a result judges it.
    few
        Seeds of the ordinary test run, which must stay within seconds.
    """

    title: str
    simulated: str
    targets: tuple[Target, ...]
    few: int = 16


def covers(what: str = "") -> Target:
    """The target of every 90 % interval."""
    return Target(what, "a 90 % interval holds the truth", LOWEST, HIGHEST)


def at_least(what: str, low: float, says: str) -> Target:
    return Target(what, says, low=low)


def at_most(what: str, high: float, says: str, *, counted: bool = False) -> Target:
    return Target(what, says, high=high, counted=counted)


INTERVALS: Final = (covers(),)


def shares(found: Iterable[Trial]) -> dict[str, tuple[float, int]]:
    """Share of trials that held and how many there were, by what was tried."""
    by_name: dict[str, list[float]] = {}
    for trial in found:
        by_name.setdefault(trial.what, []).append(float(trial.held))
    return {name: (float(np.mean(held)), len(held)) for name, held in by_name.items()}


def over(
    trials: Callable[[int], Sequence[Trial]], seeds: Iterable[int], workers: int = 2
) -> dict[str, tuple[float, int]]:
    """The shares over many companies, so many at a time. ``trials`` is a function of a module."""
    if workers == 1:
        return shares(trial for seed in seeds for trial in trials(seed))
    with ProcessPoolExecutor(workers, initializer=threadpool_limits, initargs=(1,)) as pool:
        return shares(trial for found in pool.map(trials, seeds) for trial in found)
