"""Made-up companies of many units, of which some ask customers for full marks.

Honest units differ in skill, in how much their customers differ, in how things drift over time and
in how often problems come back, so that a good score is no evidence by itself. A customer's hidden
satisfaction decides the answer, the words, what happens later and, where the unit begs, nothing but
the mark: a begged answer is a top answer whatever was lived.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cxdash.stats.unit_signals import UnitAnswers

__all__ = ["MONTHS", "World", "company"]

Matrix = NDArray[np.float64]
Hidden = Literal["normal", "logistic", "skewed"]

#: Shares of answers from the worst to the best step in an ordinary unit; NPS with 9 and 10 apart.
SHARES: Final = {
    "nps": np.array([0.02, 0.01, 0.02, 0.02, 0.03, 0.07, 0.08, 0.14, 0.21, 0.16, 0.24]),
    "csat": np.array([0.06, 0.07, 0.13, 0.28, 0.46]),
}
MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class World:
    """The answers as cxdash sees them, and the truth about the units (shape (units,)).

    ``pushed`` is the share of each unit's answers that were asked for, ``since`` the month in which
    it began (0: always).
    """

    answers: UnitAnswers
    begs: NDArray[np.bool_]
    pushed: Matrix
    since: NDArray[np.int64]

    @property
    def to_be_found(self) -> NDArray[np.bool_]:
        """At least 100 answers, at least half of them asked for."""
        return self.begs & (self.answers.n >= 100) & (self.pushed >= 0.5)


def company(
    rng: np.random.Generator,
    *,
    scale: str = "nps",
    units: int = 60,
    begging: int = 5,
    skill: float = 0.2,
    drift: float = 0.1,
    differing: float = 0.08,
    hidden: Hidden = "normal",
    push: tuple[float, float] = (0.5, 0.9),
    starts_late: float = 0.5,
    comments: float = 0.35,
    outcomes: bool = True,
) -> World:
    """One company.

    Parameters
    ----------
    skill, drift
        Spread of the units' hidden means, and of their slow change over time, in units of the
        customers' own spread: 0.2 is about 8 points of a top share of 50 %.
    differing
        Spread, in logs, of how much customers within a unit differ.
    hidden
        Shape of customers' satisfaction. The method presumes "normal".
    push
        Chance that an answer is asked for in a begging unit, drawn between these.
    starts_late
        Share of begging units that begin in the middle of the time rather than before it.
    """
    shares = SHARES[scale]
    count = rng.integers(100, 401, units)
    unit = np.repeat(np.arange(units), count)
    month = rng.integers(0, MONTHS, unit.size)
    skills = skill * rng.standard_normal(units)
    slow = _drift(units, drift, rng)
    width = np.exp(differing * rng.standard_normal(units))
    lived = skills[unit] + slow[unit, month] + width[unit] * _draw(hidden, unit.size, rng)
    usual = _draw(hidden, 200_000, rng) + np.hypot(skill, drift) * rng.standard_normal(200_000)
    honest = np.searchsorted(np.quantile(usual, np.cumsum(shares)[:-1]), lived)
    begs = np.arange(units) < begging
    since = np.where(rng.random(units) < starts_late, rng.integers(6, 18, units), 0)
    eager = rng.uniform(*push, units)
    pushed = begs[unit] & (month >= since[unit]) & (rng.random(unit.size) < eager[unit])
    step = np.where(pushed, len(shares) - 1, honest)
    if scale == "nps":
        step = np.minimum(step, len(shares) - 2)  # 9 and 10 are one band
    says = rng.random(unit.size) < comments
    tells = rng.random(unit.size) < np.where(pushed, 0.06, 0.001)
    trouble = -0.9 + 0.1 * rng.standard_normal(units)[unit] - 0.5 * lived
    bad = (rng.random(unit.size) < ndtr(trouble)).astype(np.float64)
    wait = rng.standard_normal(unit.size) + 0.2 * rng.standard_normal(units)[unit]
    return World(
        answers=UnitAnswers(
            units=units,
            unit=unit,
            step=step,
            day=30 * month + rng.integers(0, 30, unit.size),
            outcome=bad if outcomes else np.full(unit.size, np.nan),
            tone=np.where(says, 0.6 * lived + 0.8 * rng.standard_normal(unit.size), np.nan),
            asked=np.where(says, tells.astype(np.float64), np.nan),
            wait_hours=np.exp(wait) if outcomes else np.full(unit.size, np.nan),
        ),
        begs=begs,
        pushed=np.bincount(unit, pushed, units) / count,
        since=since,
    )


def _drift(units: int, drift: float, rng: np.random.Generator) -> Matrix:
    level = np.empty((units, MONTHS))
    level[:, 0] = drift * rng.standard_normal(units)
    for month in range(1, MONTHS):
        step = drift * np.sqrt(1 - 0.9**2) * rng.standard_normal(units)
        level[:, month] = 0.9 * level[:, month - 1] + step
    return level


def _draw(hidden: Hidden, size: int, rng: np.random.Generator) -> Matrix:
    if hidden == "normal":
        return rng.standard_normal(size)
    if hidden == "logistic":
        return rng.logistic(size=size) * np.sqrt(3) / np.pi
    return (4 - rng.gamma(4, size=size)) / 2
