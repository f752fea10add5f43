"""How often what comes first is told rightly, employees or customers, and how often in vain."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from trial import Study, Target, Trial, at_least, at_most, over

from cxdash.questions.team.find import verdict_of
from cxdash.stats.lead_lag import LeadLag, Pair, lead_lag

Matrix = NDArray[np.float64]

STUDY = Study(
    title="Employees and customers: what comes first",
    simulated="14 units over 30 months; a slow wave of engagement in each, about 6 answers a month "
    "with a spread of 1.1 on a scale of five steps, a slow wave of their own in the scores. "
    "Engagement is what is asked; turnover, absence and workload, without any link, are looked at "
    "beside it. Scores follow engagement two months later by 0.35 for its usual spread (team); "
    "engagement follows scores two months later (reverse); neither follows the other (null); both "
    "follow a third thing at once (third). Few: the null world with 6 units.",
    targets=(
        at_most("in vain.null", 0.06, "anything is said to come first where nothing does"),
        at_most("in vain.few", 0.06, "the same with 6 units"),
        at_least("found.team", 0.8, "scores that follow engagement are found"),
        at_most("turned round.team", 0.05, "customers are said to come first where teams do"),
        at_least("flagged.reverse", 0.9, "engagement that only follows is flagged"),
        at_most("team first.reverse", 0.05, "teams are said to come first where customers do"),
        at_most("team first.third", 0.1, "teams are said to come first where a third thing moves"),
        Target("lag.", "the range of the lag holds the planted one", 0.85, 1.0),
        Target("effect.", "a 90 % interval holds the truth", 0.85, 0.97),
    ),
    few=6,
)

_MONTHS: Final = 30
_BURN: Final = 8
_LAG: Final = 2
_EFFECT: Final = 0.35
_BESIDE: Final = 3


def trials(seed: int) -> list[Trial]:
    """Every kind of company once."""
    found = {
        kind: _found(np.random.default_rng([seed, number]), kind)
        for number, kind in enumerate(("team", "reverse", "null", "third", "few"))
    }
    verdicts = {kind: [verdict_of(one) for one in looked] for kind, looked in found.items()}
    asked = {kind: looked[0] for kind, looked in verdicts.items()}
    told = [
        Trial(seed, f"in vain.{kind}", any(one != "cannot tell" for one in verdicts[kind]))
        for kind in ("null", "few")
    ]
    told += [
        Trial(seed, "found.team", asked["team"] == "team first"),
        Trial(seed, "turned round.team", asked["team"] == "customers first"),
        Trial(seed, "flagged.reverse", asked["reverse"] in ("customers first", "together")),
        Trial(seed, "team first.reverse", asked["reverse"] == "team first"),
        Trial(seed, "team first.third", asked["third"] == "team first"),
    ]
    for kind in ("null", "few"):
        before = found[kind][0].before
        told.append(Trial(seed, f"effect.{kind}", before.low <= 0 <= before.high))
    lag = found["team"][0].lag
    if lag is not None:
        told.append(Trial(seed, "lag.team", lag.low <= _LAG <= lag.high))
    return told


def _found(rng: np.random.Generator, kind: str) -> tuple[LeadLag, ...]:
    units = 6 if kind == "few" else 14
    engagement, true = _world(rng, kind, units)
    n = rng.poisson(6, true.shape)
    answers = true + 1.1 * rng.standard_normal(true.shape) / np.sqrt(np.maximum(n, 1))
    answers[n == 0] = np.nan
    causes = [engagement, *(_waves(rng, units, 0.7) for _ in range(_BESIDE))]
    pairs = [
        Pair(
            name=f"{number}.score",
            cause=cause[:, _BURN:],
            outcome=answers,
            weight=n / (n + 5.0),
            window=3,
            furthest=6,
            main=number == 0,
        )
        for number, cause in enumerate(causes)
    ]
    return lead_lag(pairs, rng=rng)


def _world(rng: np.random.Generator, kind: str, units: int) -> tuple[Matrix, Matrix]:
    """Engagement with months before the first, and the scores everybody would give."""
    wave = _waves(rng, units, 0.9)
    own = 0.2 * _waves(rng, units, 0.8)
    scores = own
    if kind == "team":
        scores = own + _EFFECT * np.roll(wave, _LAG, axis=1)
    elif kind == "third":
        scores = own + _EFFECT * wave
        wave = wave + 0.3 * rng.standard_normal(wave.shape)
    elif kind == "reverse":
        scores = own + _EFFECT * _waves(rng, units, 0.8)
        wave = 0.5 * wave + 2 * np.roll(scores, _LAG, axis=1)
    return wave, scores[:, _BURN:]


def _waves(rng: np.random.Generator, units: int, memory: float) -> Matrix:
    found = np.empty((units, _MONTHS + _BURN))
    found[:, 0] = rng.standard_normal(units)
    for month in range(1, found.shape[1]):
        step = np.sqrt(1 - memory**2) * rng.standard_normal(units)
        found[:, month] = memory * found[:, month - 1] + step
    return found


def run(seeds: Iterable[int], workers: int = 2) -> dict[str, tuple[float, int]]:
    """Shares by what was tried, over many companies."""
    return over(trials, seeds, workers)
