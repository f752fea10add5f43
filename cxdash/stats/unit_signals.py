"""Signs that a unit's good answers may not be its customers' own, one figure a unit and sign.

Each sign compares units with one another (:mod:`cxdash.stats.spread`), because honest units differ
too: in skill, in the customers they get, in how things went over time. A sign says how unusual a
unit is; none is a verdict, and together they are weighed in :mod:`cxdash.stats.gaming`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, ndtr, ndtri
from scipy.stats import binom

from cxdash.stats.ladder import Ladder, ladder
from cxdash.stats.spread import FEWEST_UNITS, beyond_ordinary

__all__ = ["SIGNS", "Day", "UnitAnswers", "signs", "tally"]

Matrix = NDArray[np.float64]

#: A day on which pay was tied to the score, on the scale of ``UnitAnswers.day``, and the number of
#: the unit it concerns; None: all of them.
Day = tuple[int, int | None]

#: The signs in order; the level comes first because a good score alone is never a reason.
SIGNS: Final = ("level", "bunching", "break", "outcome", "words", "asked", "speed")

_FEWEST_EACH_SIDE: Final = 25  # answers before and after a day, for a break there
_FEWEST_TOP: Final = 8  # top answers with an outcome or a comment, to speak of them
_FEWEST_COMMENTS: Final = 5
_DRAWS: Final = 400
_USUAL_ASKING: Final = 0.004  # share of comments that sound like it where nobody asks
_GREATEST: Final = 6.0  # a normal score beyond this adds nothing
_MOST_UNUSUAL: Final = 1e-12


@dataclass(frozen=True, slots=True)
class UnitAnswers:
    """Answers to one survey item with the unit each is about. All arrays have shape (answers,).

    Parameters
    ----------
    units
        How many units there are.
    unit
        Number of the unit, 0 to units − 1.
    step
        Step of the scale, 0 for the worst; all answers of the best band are the highest step.
    day
        Days since any fixed day.
    outcome
        1.0 if what followed was bad (the customer came back with the problem, or left), 0.0 if
        not, nan if it is not known.
    tone
        How good the words sound, any scale; nan without a comment.
    asked
        1.0 if the comment says a mark was asked for, 0.0 if not, nan without a comment.
    wait_hours
        Hours from the end of the contact to the answer; nan if not known.
    """

    units: int
    unit: NDArray[np.int64]
    step: NDArray[np.int64]
    day: NDArray[np.int64]
    outcome: Matrix
    tone: Matrix
    asked: Matrix
    wait_hours: Matrix

    @property
    def top(self) -> NDArray[np.bool_]:
        """Whether each answer is in the best band."""
        return np.asarray(self.step == self.step.max())

    @property
    def n(self) -> NDArray[np.int64]:
        """Answers of each unit, shape (units,)."""
        return np.bincount(self.unit, minlength=self.units)


def signs(
    answers: UnitAnswers, *, days: Sequence[Day] = (), rng: np.random.Generator
) -> dict[str, Matrix]:
    """Normal score of each sign for each unit, high when unusual; nan where a sign cannot be seen.

    ``days`` are days on which pay was tied to the score.
    """
    counts = tally(answers)
    return {
        "level": _level(counts),
        "bunching": _bunching(counts),
        "break": _break(answers, days, rng),
        "outcome": _at_top(answers, answers.outcome, high_is_odd=True),
        "words": _at_top(answers, answers.tone, high_is_odd=False),
        "asked": _asked(answers),
        "speed": _speed(answers),
    }


def tally(answers: UnitAnswers) -> Matrix:
    """Answers by unit and step, shape (units, steps); steps nobody chose are left out."""
    steps = int(answers.step.max()) + 1
    flat = np.bincount(answers.unit * steps + answers.step, minlength=answers.units * steps)
    counts = flat.reshape(answers.units, steps).astype(np.float64)
    return counts[:, counts.sum(axis=0) > 0]


def _level(counts: Matrix) -> Matrix:
    """Share of top answers, on the scale of log odds."""
    n = counts.sum(axis=1)
    share = (counts[:, -1] + 0.5) / (n + 1)
    figure = np.where(n > 0, logit(share), np.nan)
    return beyond_ordinary(figure, 1 / np.sqrt((n + 1) * share * (1 - share))).scores


def _bunching(counts: Matrix) -> Matrix:
    """Top answers beyond what the unit's other answers explain."""
    if counts.shape[1] < 3:
        return np.full(len(counts), np.nan)
    steps: Ladder = ladder(counts)
    return beyond_ordinary(*steps.bunching(counts)).scores


def _break(answers: UnitAnswers, days: Sequence[Day], rng: np.random.Generator) -> Matrix:
    """A sudden rise of the share of top answers: at a named day, or at any month's border.

    The largest rise over all borders is held against the largest rises in the same answers with
    their order drawn again, so that looking at many borders is paid for; units drift, so what
    remains is held against the other units.
    """
    top = answers.top.astype(np.int64)
    first = int(answers.day.min())
    block = (answers.day - first) // 30
    blocks = int(block.max()) + 1
    place = answers.unit * blocks + block
    n = np.bincount(place, minlength=answers.units * blocks).reshape(answers.units, blocks)
    hits = np.bincount(place, top, answers.units * blocks).reshape(answers.units, blocks)
    scanned = np.array([_scan(n[u], hits[u], rng) for u in range(answers.units)])
    looks = [beyond_ordinary(scanned, np.ones(answers.units)).scores]
    for day, unit in days:
        rise = _at_day(answers, top, day)
        others = np.arange(answers.units) != unit
        looks.append(np.where(others, np.nan, rise) if unit is not None else rise)
    return _sharpest(np.vstack(looks))


def _scan(n: NDArray[np.int64], hits: Matrix, rng: np.random.Generator) -> float:
    """Normal score of the largest rise over all borders, against answers in random order."""
    total = int(n.sum())
    before = np.cumsum(n)[:-1]
    borders = np.flatnonzero(
        (before >= _FEWEST_EACH_SIDE) & (total - before >= _FEWEST_EACH_SIDE) & (n[1:] > 0)
    )
    good = int(hits.sum())
    if not borders.size or good in (0, total):
        return np.nan
    drawn = rng.multivariate_hypergeometric(n, good, size=_DRAWS)
    seen = np.vstack([hits, drawn])
    earlier = np.cumsum(seen, axis=1)[:, borders]
    spread = np.sqrt(1 / before[borders] + 1 / (total - before[borders]))
    rise = ((good - earlier) / (total - before[borders]) - earlier / before[borders]) / spread
    largest = rise.max(axis=1)
    centre, deviation = largest[1:].mean(), largest[1:].std()
    if not deviation > 0:
        return np.nan
    # The largest of many is Gumbel; its tail is needed further out than the draws reach.
    standard = (largest[0] - centre) / deviation * np.pi / np.sqrt(6) + np.euler_gamma
    tail = -np.expm1(-np.exp(-standard))
    return float(-ndtri(np.clip(tail, _MOST_UNUSUAL, 1 - _MOST_UNUSUAL)))


def _at_day(answers: UnitAnswers, top: NDArray[np.int64], day: int) -> Matrix:
    """Rise of the share of top answers at one day, held against the other units' rises."""
    after = answers.day >= day
    sides = []
    for part in (~after, after):
        n = np.bincount(answers.unit[part], minlength=answers.units)
        hits = np.bincount(answers.unit[part], top[part], answers.units)
        share = (hits + 0.5) / (n + 1)
        enough = n >= _FEWEST_EACH_SIDE
        variance = 1 / ((n + 1) * share * (1 - share))
        sides.append((np.where(enough, logit(share), np.nan), variance))
    rise = sides[1][0] - sides[0][0]
    return beyond_ordinary(rise, np.sqrt(sides[0][1] + sides[1][1])).scores


def _sharpest(looks: Matrix) -> Matrix:
    """The most unusual of several looks at each unit, paid for with that many times its p-value."""
    count = (~np.isnan(looks)).sum(axis=0)
    most = np.max(np.where(np.isnan(looks), -np.inf, looks), axis=0)
    tail = np.clip(count * ndtr(-most), _MOST_UNUSUAL, 1 - _MOST_UNUSUAL)
    return np.where(count > 0, -ndtri(tail), np.nan)


def _at_top(answers: UnitAnswers, values: Matrix, *, high_is_odd: bool) -> Matrix:
    """What goes with a unit's top answers, beyond what goes with that answer elsewhere.

    Where top answers were asked for, they come from customers of whom some were not satisfied: more
    of them come back or leave, and their words are cooler than their mark.
    """
    known = ~np.isnan(values) & answers.top
    n = np.bincount(answers.unit[known], minlength=answers.units)
    if (n >= _FEWEST_TOP).sum() < FEWEST_UNITS or not np.ptp(values[known]) > 0:
        return np.full(answers.units, np.nan)
    sums = np.bincount(answers.unit[known], values[known], answers.units)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n >= _FEWEST_TOP, sums / n, np.nan)
        error = np.sqrt(values[known].var() / n)
    return beyond_ordinary(mean if high_is_odd else -mean, error).scores


def _asked(answers: UnitAnswers) -> Matrix:
    """Comments that say a mark was asked for, against the usual share of such comments.

    The usual share is that of the three quarters of units with the fewest, and at least 0.4 %:
    a phrase list also finds what only sounds alike.
    """
    known = ~np.isnan(answers.asked)
    n = np.bincount(answers.unit[known], minlength=answers.units)
    hits = np.bincount(answers.unit[known], answers.asked[known], answers.units)
    spoken = n >= _FEWEST_COMMENTS
    if not spoken.any():
        return np.full(answers.units, np.nan)
    share = hits / np.maximum(n, 1)
    quiet = spoken & (share <= np.quantile(share[spoken], 0.75))
    usual = max(_USUAL_ASKING, float(hits[quiet].sum() / n[quiet].sum()))
    tail = np.where(hits < 1, 0.5, binom.sf(hits - 1, n, min(usual, 0.5)))
    score = -ndtri(np.clip(tail, _MOST_UNUSUAL, 0.5))
    return np.where(spoken, np.minimum(score, _GREATEST), np.nan)


def _speed(answers: UnitAnswers) -> Matrix:
    """How soon after the contact answers came, in logs: an answer given under someone's eyes."""
    known = answers.wait_hours > 0
    n = np.bincount(answers.unit[known], minlength=answers.units)
    if (n >= _FEWEST_TOP).sum() < FEWEST_UNITS:
        return np.full(answers.units, np.nan)
    hours = np.log(answers.wait_hours[known])
    if not np.ptp(hours) > 0:
        return np.full(answers.units, np.nan)
    sums = np.bincount(answers.unit[known], hours, answers.units)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n >= _FEWEST_TOP, sums / n, np.nan)
        error = np.sqrt(hours.var() / n)
    return beyond_ordinary(-mean, error).scores
