"""Which units should be looked at because their good answers may have been asked for?

One sign alone cannot tell skill from begging. The signs of :mod:`cxdash.stats.unit_signals` are
nearly independent where nobody begs, so their p-values are combined by Fisher's method, and the
units are then judged together so that few are named in vain (Benjamini and Hochberg). A unit whose
score is merely high is never named: the other signs must point the same way by themselves.

Sources: R. A. Fisher, Statistical Methods for Research Workers (1932); Y. Benjamini and Y.
Hochberg (1995). How often honest units are named, and begging ones found, was measured on
made-up companies: docs/calibration.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import chi2

from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.unit_signals import SIGNS, Day, UnitAnswers, signs

__all__ = ["FEWEST_ANSWERS", "Watch", "watch"]

Matrix = NDArray[np.float64]

FEWEST_ANSWERS: Final = 30  # units with fewer are not judged
NAMED_IN_VAIN: Final = 0.05  # share of named units that may be honest ones
_CLEAR: Final = 0.05  # p-value below which a sign, or all but the level, points to a unit
_TINY: Final = 1e-15


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen of the units. Arrays have shape (units,).

    Parameters
    ----------
    judged
        Units with enough answers.
    look
        Units to look at.
    p_value
        Of "this unit is an ordinary one", all signs together; nan where not judged.
    signs
        Normal scores by sign, high when unusual; nan where a sign cannot be seen.
    """

    judged: NDArray[np.bool_]
    look: NDArray[np.bool_]
    p_value: Matrix
    signs: Mapping[str, Matrix]

    @property
    def seen(self) -> tuple[str, ...]:
        """The signs that could be looked at for at least one unit."""
        return tuple(name for name in SIGNS if not np.isnan(self.signs[name]).all())

    def pointing(self, unit: int) -> tuple[str, ...]:
        """The signs that point to a unit by themselves."""
        return tuple(name for name in SIGNS if ndtr(-self.signs[name][unit]) <= _CLEAR)


def watch(answers: UnitAnswers, *, days: Sequence[Day] = (), rng: np.random.Generator) -> Watch:
    """Judge units by all signs that can be seen.

    Parameters
    ----------
    days
        Days on which pay was tied to the score.

    Units with fewer than 30 answers are left out of every comparison.
    """
    judged = answers.n >= FEWEST_ANSWERS
    blank = np.full(answers.units, np.nan)
    if not judged.any():
        return Watch(judged, np.zeros(answers.units, bool), blank, dict.fromkeys(SIGNS, blank))
    number = np.cumsum(judged) - 1
    kept = [
        (day, None if unit is None else int(number[unit]))
        for day, unit in days
        if unit is None or judged[unit]
    ]
    found = signs(_only(answers, judged), days=kept, rng=rng)
    spread = {}
    for name, scores in found.items():
        spread[name] = blank.copy()
        spread[name][judged] = scores
    together = _together([spread[name] for name in SIGNS])
    without_level = _together([spread[name] for name in SIGNS if name != "level"])
    look = np.zeros(answers.units, dtype=bool)
    known = ~np.isnan(together)
    if known.any():
        look[known] = adjusted_p_values(together[known]) <= NAMED_IN_VAIN
    look &= np.nan_to_num(without_level, nan=1.0) <= _CLEAR
    return Watch(judged, look, together, spread)


def _only(answers: UnitAnswers, units: NDArray[np.bool_]) -> UnitAnswers:
    """The answers of some units, numbered anew."""
    keep = units[answers.unit]
    number = np.cumsum(units) - 1
    return UnitAnswers(
        units=int(units.sum()),
        unit=number[answers.unit[keep]],
        step=answers.step[keep],
        day=answers.day[keep],
        outcome=answers.outcome[keep],
        tone=answers.tone[keep],
        asked=answers.asked[keep],
        wait_hours=answers.wait_hours[keep],
    )


def _together(scores: Sequence[Matrix]) -> Matrix:
    """Fisher's combined p-value of the signs each unit has; nan where it has none."""
    table = np.vstack(scores)
    there = ~np.isnan(table)
    tail = np.clip(ndtr(-np.where(there, table, 0.0)), _TINY, 1.0)
    statistic = -2 * np.where(there, np.log(tail), 0.0).sum(axis=0)
    count = there.sum(axis=0)
    return np.where(count > 0, chi2.sf(statistic, np.maximum(2 * count, 1)), np.nan)
