"""Which units' answers should be looked at, and what the score is without them.

Units are teams, desks or shops, never persons: a unit whose answers are known to be about fewer
than ten people is neither judged nor shown. What is found is a reason to look, not a verdict, and
is worded so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts.definitions import Definition, definition
from cxdash.facts.fewest import FEWEST_PEOPLE
from cxdash.panel.registers import Event
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trial.stage import Metric
from cxdash.stats.begging import begs
from cxdash.stats.estimate import Estimate
from cxdash.stats.gaming import Watch, watch
from cxdash.stats.ladder import Ladder, ladder
from cxdash.stats.proportions import share
from cxdash.stats.scores import mean_score, nps_of_counts
from cxdash.stats.unit_signals import Day, UnitAnswers, tally

__all__ = ["FEWEST_PEOPLE", "Unit", "Watched", "watched"]

Matrix = NDArray[np.float64]

_SEED: Final = 71_233


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit, judged.

    ``observed`` is its score as it is; ``restated`` without the best answers that its other answers
    cannot explain, for units to look at; for all others None: their score stands. ``pointing`` are
    the signs (:mod:`cxdash.stats.unit_signals`) that point to it.
    """

    name: str
    n: int
    observed: Estimate
    restated: Estimate | None
    look: bool
    pointing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """One metric's units.

    Parameters
    ----------
    units
        Those with at least thirty answers, the ones to look at first.
    seen
        Signs that could be looked at.
    few, persons
        Units left out for having fewer than thirty answers, or being about fewer than ten people.
    observed, restated
        Score of all answers that name a unit, and of those of units not to be looked at; None
        without any to look at.
    unit
        ``points``, ``share`` or ``score``.
    """

    metric: Metric
    units: tuple[Unit, ...]
    seen: tuple[str, ...]
    few: int
    persons: int
    observed: Estimate
    restated: Estimate | None
    unit: str

    @property
    def to_look_at(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.look)


def watched(
    metric: Metric,
    answers: pd.DataFrame,
    people: Mapping[str, int],
    tone: pd.Series,
    paid_since: Sequence[Event],
) -> Watched | None:
    """Judge the units of one metric.

    Parameters
    ----------
    answers
        See :func:`cxdash.panel.units.unit_answers`; those to this metric.
    people
        Unit to how many people its answers are about; 0 where not known.
    tone
        Row key to how good the words sound.
    paid_since
        Events that tied pay to this metric, each for one unit or for all.

    Returns
    -------
    None where no unit has enough answers.
    """
    persons = {name for name, count in people.items() if 0 < count < FEWEST_PEOPLE}
    about_persons = answers["unit"].isin(persons)
    left = answers[~about_persons].reset_index(drop=True)
    if left.empty:
        return None
    names, unit = np.unique(left["unit"].to_numpy(str), return_inverse=True)
    seen = _as_answers(left, unit, len(names), tone, metric)
    found = watch(
        seen,
        days=_days(paid_since, names),
        rng=np.random.default_rng(_SEED),
    )
    if not found.judged.any():
        return None
    meant = definition(metric.item.variant)
    return Watched(
        metric=metric,
        units=_units(names, unit, _added(left, meant), seen, found, meant),
        seen=found.seen,
        few=int((~found.judged).sum()),
        persons=int(answers["unit"][about_persons].nunique()),
        observed=_score(_added(left, meant), meant),
        restated=_score(_added(left, meant)[~found.look[unit]], meant)
        if found.look.any()
        else None,
        unit=_unit_of(meant),
    )


def _days(paid_since: Sequence[Event], names: NDArray[np.str_]) -> list[Day]:
    place = {str(name): number for number, name in enumerate(names)}
    return [
        (event.day.toordinal(), None if event.unit is None else place[event.unit])
        for event in paid_since
        if event.unit is None or event.unit in place
    ]


def _as_answers(
    rows: pd.DataFrame, unit: NDArray[np.int64], units: int, tone: pd.Series, metric: Metric
) -> UnitAnswers:
    meant = definition(metric.item.variant)
    sign = 1.0 if metric.item.high_is_good else -1.0
    value = sign * rows["value"].to_numpy(np.float64)
    best = rows["band"].to_numpy(dtype=object) == _best(meant)
    below = np.unique(value[~best])
    # Every answer below the best band is a step of its own; the best band is one step.
    step = np.where(best, len(below), np.searchsorted(below, value))
    written = rows["body"].notna().to_numpy()
    asked = np.full(len(rows), np.nan)
    asked[written] = begs(rows["body"][written])
    return UnitAnswers(
        units=units,
        unit=unit.astype(np.int64),
        step=step.astype(np.int64),
        day=_ordinals(rows["answered_on"]),
        outcome=rows["bad_after"].to_numpy(np.float64, na_value=np.nan),
        tone=rows["row_key"].map(tone).to_numpy(np.float64, na_value=np.nan),
        asked=asked,
        wait_hours=rows["wait_hours"].to_numpy(np.float64, na_value=np.nan),
    )


def _ordinals(days: pd.Series) -> NDArray[np.int64]:
    """Days as :meth:`datetime.date.toordinal` counts them."""
    since = pd.to_datetime(days).to_numpy("datetime64[D]").astype(np.int64)
    return np.asarray(since + date(1970, 1, 1).toordinal())


def _units(
    names: NDArray[np.str_],
    unit: NDArray[np.int64],
    added: Matrix,
    seen: UnitAnswers,
    found: Watch,
    meant: Definition,
) -> tuple[Unit, ...]:
    counts = tally(seen)
    steps = ladder(counts) if counts.shape[1] > 2 else None
    weights = _weights(added, seen, counts.shape[1])
    units = []
    for number in np.flatnonzero(found.judged):
        look = bool(found.look[number])
        units.append(
            Unit(
                name=str(names[number]),
                n=int(seen.n[number]),
                observed=_score(added[unit == number], meant),
                restated=_restated(steps, counts, number, weights, found) if look else None,
                look=look,
                pointing=found.pointing(int(number)) if look else (),
            )
        )
    return tuple(sorted(units, key=lambda one: (not one.look, -one.observed.estimate, one.name)))


def _restated(
    steps: Ladder | None, counts: Matrix, number: np.int64, weights: Matrix, found: Watch
) -> Estimate | None:
    """The unit's score without the pushed answers; None on a scale of two steps."""
    if steps is None:
        return None
    others = steps.levels(counts[found.judged & ~found.look])
    if others.size < 2:
        return None
    plain = steps.plain(
        counts[number],
        weights,
        centre=float(np.median(others)),
        spread=float(others.std()),
        level=LEVEL,
    )
    return Estimate(
        estimate=plain.score,
        low=plain.low,
        high=plain.high,
        n=int(counts[number].sum()),
        level=LEVEL,
    )


def _weights(added: Matrix, seen: UnitAnswers, steps: int) -> Matrix:
    """What an answer on each step adds to the score: the mean of what those on it added."""
    known = np.unique(seen.step)
    place = np.searchsorted(known, seen.step)
    return np.asarray(
        np.bincount(place, added, steps) / np.maximum(np.bincount(place, minlength=steps), 1)
    )


def _added(rows: pd.DataFrame, meant: Definition) -> Matrix:
    band = rows["band"].to_numpy(dtype=object)
    liked = np.asarray(band == _best(meant), np.float64)
    if meant.unit == "points":
        return np.asarray(100 * (liked - (band == _worst(meant))))
    if meant.unit == "share":
        return liked
    return np.asarray(rows["value"].to_numpy(np.float64))


def _score(added: Matrix, meant: Definition) -> Estimate:
    if meant.unit == "points":
        good, bad = int((added > 0).sum()), int((added < 0).sum())
        net = nps_of_counts(good, added.size - good - bad, bad, level=LEVEL)
        return Estimate(estimate=net.estimate, low=net.low, high=net.high, n=net.n, level=LEVEL)
    if meant.unit == "share":
        return share(int(added.sum()), added.size, level=LEVEL)
    return mean_score(added, level=LEVEL)


def _unit_of(meant: Definition) -> str:
    return meant.unit if meant.unit in ("points", "share") else "score"


def _best(meant: Definition) -> str:
    return (meant.bands[-1] if meant.high_is_good else meant.bands[0]).name


def _worst(meant: Definition) -> str:
    return (meant.bands[0] if meant.high_is_good else meant.bands[-1]).name
