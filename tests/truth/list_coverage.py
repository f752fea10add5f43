"""How often what ``churn`` says of a list without dates is true, where the truth is known."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from trial import Study, Trial, at_least, at_most, covers, over

from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn.list import ListFound, find_in_list

Reals = NDArray[np.float64]
Codes = NDArray[np.int64]

CUSTOMERS = 2_000
LEVELS = (2, 3, 4, 6, 8, 11, 15)
SHARE = -1.0  # log odds of having left of a customer without anything
OF_TENURE = -0.03  # a month
#: Log odds of having left by level of the planted traits, the commonest first.
PLANTED = {
    "Contract": (0.0, -0.9),
    "Service": (0.0, 0.7, -0.6),
    "Region": (0.0, 0.5, 0.5, -0.4, 0.6, 0.4),
}
STUDY = Study(
    title="A list without dates: what sets leavers apart",
    simulated="2,000 customers on one day, a quarter of whom had left; seven traits of 2 to 15 "
    "levels that say nothing, in one list beside nothing else and in another beside time as a "
    "customer and three traits that matter by known amounts.",
    targets=(
        at_most("noise.any", 0.05, "a list of pure noise shows a trait beyond noise"),
        at_most("noise.beside", 0.05, "a trait of pure noise is beyond noise beside real ones"),
        covers("effect."),
        covers("nothing"),
        at_least("found", 0.80, "a planted trait is beyond noise"),
    ),
    few=4,
)


def trials(seed: int) -> list[Trial]:
    """A list of pure noise, and one in which three traits and the time as a customer matter."""
    rng = np.random.default_rng(seed)
    noise = find_in_list(_people(rng, {}), in_months=True)
    assert noise.fit is not None
    told = any(driver.beyond_noise for driver in noise.drivers)
    return [Trial(seed, "noise.any", told), *_beside(seed, rng)]


def _levels(rng: np.random.Generator, many: int) -> Codes:
    """Levels of unequal size, the first the commonest."""
    weight = 1 / (1 + np.arange(many))
    weight[0] *= 1.5
    return np.asarray(rng.choice(many, CUSTOMERS, p=weight / weight.sum()), np.int64)


def _people(rng: np.random.Generator, real: dict[str, Codes]) -> CustomerList:
    own = real | {f"Noise {many}": _levels(rng, many) for many in LEVELS}
    tenure = rng.integers(1, 60, CUSTOMERS).astype(float)
    odds = _odds(real, tenure) if real else np.full(CUSTOMERS, SHARE)
    rows = pd.DataFrame(
        {
            "customer_id": [f"p{number:05}" for number in range(CUSTOMERS)],
            "has_left": rng.random(CUSTOMERS) < expit(odds),
            "taken_on": pd.NaT,
            "tenure_months": tenure,
            "monthly_amount": rng.uniform(20, 90, CUSTOMERS).round(2),
            "currency": "EUR",
        }
    )
    named = {name: [f"level {code:02}" for code in codes] for name, codes in own.items()}
    traits = pd.DataFrame(named).astype(object)
    return CustomerList(rows, traits, ("import 1: list.csv (snapshots)",), date(2026, 1, 2))


def _odds(real: dict[str, Codes], tenure: Reals) -> Reals:
    odds = SHARE + 0.6 + OF_TENURE * tenure
    for name, codes in real.items():
        odds = odds + np.array(PLANTED[name])[codes]
    return np.asarray(odds)


def _beside(seed: int, rng: np.random.Generator) -> Iterator[Trial]:
    real = {name: _levels(rng, len(odds)) for name, odds in PLANTED.items()}
    people = _people(rng, real)
    found = find_in_list(people, in_months=True)
    tenure = people.rows["tenure_months"].to_numpy(np.float64)
    odds = _odds(real, tenure)
    longer = _mean_change(odds, OF_TENURE * 12)
    for driver in found.drivers:
        effect = driver.effect
        if driver.name.startswith("Noise"):
            yield Trial(seed, "noise.beside", driver.beyond_noise)
            yield Trial(seed, "nothing", effect.low <= 0 <= effect.high)
        elif driver.name == "tenure_months":
            yield Trial(seed, "effect.tenure", bool(effect.low <= longer <= effect.high))
        elif driver.name in real:
            truth = _truth(found, driver.name, odds, real[driver.name])
            yield Trial(seed, f"effect.{driver.name}", bool(effect.low <= truth <= effect.high))
            yield Trial(seed, "found", driver.beyond_noise)


def _truth(found: ListFound, name: str, odds: Reals, codes: Codes) -> float:
    """The commonest level against the others as they are, in the direction that was told."""
    by_level = np.array(PLANTED[name])
    driver = next(driver for driver in found.drivers if driver.name == name)
    common, others = codes == 0, codes > 0
    if driver.change.startswith("“level 00”"):
        return _mean_change(odds[others], -by_level[codes[others]])
    return _mean_change(odds[common], float(by_level[codes[others]].mean()))


def _mean_change(odds: Reals, moved: Reals | float) -> float:
    return float((expit(odds + moved) - expit(odds)).mean())


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Share of lists in which each thing held, and out of how many."""
    return over(trials, seeds, workers)
