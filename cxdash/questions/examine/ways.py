"""Every defensible way of computing the claim: the specification curve.

All combinations of what a fair critic could prefer: how far one looks ahead, how old an answer may
be, who counts as unhappy, what is held equal, and which customers or windows are left out. No way
is chosen for its result, and those the data cannot carry are counted too.

Source: U. Simonsohn, J. Simmons and L. Nelson, Nature Human Behaviour 4 (2020).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np

from cxdash.questions.examine.rows import Heard, Held, Mask, Measure, Taken
from cxdash.stats.estimate import Estimate

__all__ = [
    "HALF",
    "LARGEST",
    "WHOLE",
    "Curve",
    "Sample",
    "Way",
    "controls_in_words",
    "curve",
    "largest",
    "verdict",
]

Sample = Literal["all", "small", "late", "early"]
Verdict = Literal["holds", "weaker", "breaks", "cannot tell"]

SAMPLES: Final[tuple[Sample, ...]] = ("all", "small", "late", "early")
LARGEST: Final = 10
HALF: Final = 0.5  # a claim of which less is left is another claim

_DEFINED: Final[Mapping[Taken, str]] = {
    "bands": "one end against the other",
    "line": "straight line over the scale",
    "top": "everybody not at the good end",
}
_HELD: Final[Mapping[Held, str]] = {
    "finance": "finance",
    "all": "finance and operations",
    "answers": "finance, operations and the other answers",
    "windows": "all that, and each window by itself",
}
WHOLE: Final = "all customers and windows"
_SAMPLED: Final[Mapping[Sample, str]] = {
    "all": WHOLE,
    "small": f"without the {LARGEST} largest accounts",
    "late": "without the oldest window",
    "early": "without the newest window",
}
_MEASURED: Final[Mapping[Measure, str]] = {"money": "in money", "share": "as a share of spend"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way of computing the claim and what it gives.

    ``estimate`` is unhappy minus happy customers, brought to the pace of the claim's own horizon;
    in shares for leaving, in money a month for spend.
    """

    horizon: int
    memory: int
    definition: Taken
    measure: Measure | None
    controls: Held
    sample: Sample
    estimate: Estimate

    @property
    def words(self) -> tuple[str, str, str]:
        """Definition, what is held equal and sample, for people."""
        defined = _DEFINED[self.definition]
        if self.measure is not None:
            defined = f"{defined}, {_MEASURED[self.measure]}"
        return defined, _HELD[self.controls], _SAMPLED[self.sample]

    @property
    def name(self) -> str:
        defined, held, sampled = self.words
        return (
            f"{self.horizon} months ahead, answers of {self.memory} months, {defined}, held equal: "
            f"{held}, {sampled}"
        )


@dataclass(frozen=True, slots=True)
class Curve:
    """All ways that could be computed, in the order of their estimates, and how many could not.

    ``expected`` is the claim's own estimate: its sign is what the others are held against.
    """

    ways: tuple[Way, ...]
    failed: int
    expected: float

    @property
    def agreeing(self) -> int:
        """Ways whose estimate has the claim's sign."""
        return sum(way.estimate.estimate * self.expected > 0 for way in self.ways)

    @property
    def holding(self) -> int:
        """Ways whose range lies wholly on the claim's side of zero."""
        return sum(_clear(way.estimate, self.expected) for way in self.ways)

    @property
    def opposing(self) -> int:
        """Ways whose range lies wholly on the other side."""
        return sum(_clear(way.estimate, -self.expected) for way in self.ways)

    @property
    def above(self) -> int:
        """Ways whose range lies wholly above zero, whatever the claim says."""
        return sum(way.estimate.low > 0 for way in self.ways)

    @property
    def below(self) -> int:
        """Ways whose range lies wholly below zero."""
        return sum(way.estimate.high < 0 for way in self.ways)


def controls_in_words(held: Held) -> str:
    """What is held equal, for people."""
    return _HELD[held]


def curve(heard: Mapping[int, Heard], horizon: int, expected: float) -> Curve:
    """Compute the claim in every way.

    ``heard`` holds the rows of each horizon that has any; ``horizon`` is the claim's own.
    """
    found = [way for months, rows in heard.items() for way in _ways(rows, months, horizon)]
    ways = [way for way in found if way is not None]
    ways.sort(key=lambda way: (way.estimate.estimate, way.name))
    return Curve(tuple(ways), len(found) - len(ways), expected)


def verdict(base: Estimate, other: Estimate | None) -> Verdict:
    """What another look leaves of the claim.

    ``breaks``: it clearly points the other way, or it may be nothing and cannot be what was
    claimed. ``weaker``: clear, but less than half is left; or so vague that it may be nothing as
    well as what was claimed.
    """
    if other is None or base.low <= 0 <= base.high:
        return "cannot tell"
    if _clear(other, base.estimate):
        return "holds" if other.estimate / base.estimate >= HALF else "weaker"
    if _clear(other, -base.estimate) or not other.low <= base.estimate <= other.high:
        return "breaks"
    return "weaker"


def largest(rows: Heard, count: int) -> Mask:
    """Rows of the so many customers who pay most, shape (rows,)."""
    most = np.zeros(len(rows.ids))
    np.maximum.at(most, rows.customer, rows.rate)
    top = np.argsort(-most, kind="stable")[:count]
    return np.isin(rows.customer, top)


def _ways(rows: Heard, months: int, horizon: int) -> Iterator[Way | None]:
    measures: tuple[Measure | None, ...] = (None,) if rows.leaving else ("money", "share")
    for memory, sample in product(rows.memories, SAMPLES):
        kept = rows.only(rows.recent(memory) & _sampled(rows, sample))
        for definition, measure, held in product(rows.definitions, measures, rows.controls):
            found = None
            if sample in ("all", "small") or len(rows.months) > 1:
                found = kept.difference(definition, held, measure=measure or "money")
            if found is None:
                yield None
                continue
            pace = horizon / months
            own = found.estimate
            yield Way(
                horizon=months,
                memory=memory,
                definition=definition,
                measure=measure,
                controls=held,
                sample=sample,
                estimate=Estimate(
                    estimate=own.estimate * pace,
                    low=own.low * pace,
                    high=own.high * pace,
                    n=own.n,
                    level=own.level,
                ),
            )


def _sampled(rows: Heard, sample: Sample) -> Mask:
    if sample == "small":
        return ~largest(rows, LARGEST)
    if sample == "late":
        return np.asarray(rows.landmark != rows.months[0])
    if sample == "early":
        return np.asarray(rows.landmark != rows.months[-1])
    return np.ones(rows.rows, dtype=bool)


def _clear(estimate: Estimate, expected: float) -> bool:
    return estimate.low > 0 if expected > 0 else estimate.high < 0
