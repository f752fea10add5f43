"""Does a metric move beyond its own noise, at the number of answers and the period it is used with?

Scores of neighbouring quarters are compared, with customers who answered in both counted once. The
smallest change that usual quarters show is set beside the changes that happened; how many of these
were more than noise is judged for all changes together.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts.definitions import Definition, definition
from cxdash.panel import month_index
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trial.stage import Metric, TrialStage
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.waves import Change, Kind, change_of_waves

__all__ = ["AROUND", "Movement", "jump", "movement"]

Vector = NDArray[np.float64]

MONTHS: Final = 3
AROUND: Final = 6  # months before and after a day that are compared
FEWEST: Final = 10  # answers in a quarter, to speak of its score
_TOUCHED: Final = 1 / 3  # of the usual number of answers
_FALSE_ALARMS: Final = 0.05
_KINDS: Final[dict[str, Kind]] = {"points": "net", "share": "share"}


@dataclass(frozen=True, slots=True)
class Movement:
    """How a metric moved from quarter to quarter.

    Parameters
    ----------
    unit
        Of the changes: ``points``, ``share`` or ``score``.
    usual_n
        Answers of a usual quarter.
    readable
        Smallest true change that usual quarters show in four cases of five.
    largest
        Largest change that happened, without sign.
    changes, beyond
        Changes looked at, and how many of them were beyond noise.
    """

    unit: str
    usual_n: int
    readable: float
    largest: float
    changes: int
    beyond: int


def movement(stage: TrialStage, metric: Metric) -> Movement | None:
    """None with fewer than two quarters that have at least ten answers each."""
    rows = stage.past.get(metric.number)
    last = month_index(stage.base.as_of)
    rows = None if rows is None else rows[rows["month"] <= last]
    if rows is None or rows.empty:
        return None
    meant = definition(metric.item.variant)
    table = _by_quarter(rows, _contributions(rows, meant), last)
    answers = (~np.isnan(table)).sum(axis=0)
    # A quarter that a wave only touched is no quarter of this metric.
    enough = max(float(FEWEST), _TOUCHED * float(np.median(answers[answers > 0])))
    table = table[:, answers >= enough]
    if table.shape[1] < 2:
        return None
    kind = _KINDS.get(meant.unit, "mean")
    found = [_change(before, after, kind) for before, after in pairwise(table.T)]
    passing = adjusted_p_values([change.difference.p_value for change in found]) <= _FALSE_ALARMS
    return Movement(
        unit=meant.unit if meant.unit in ("points", "share") else "score",
        usual_n=int(np.median((~np.isnan(table)).sum(axis=0))),
        readable=float(np.median([change.smallest_readable() for change in found])),
        largest=max(abs(change.difference.estimate) for change in found),
        changes=len(found),
        beyond=int(passing.sum()),
    )


def jump(stage: TrialStage, metric: Metric, month: int) -> Change | None:
    """The score of the six months from a month on, against the six before it.

    None where one of them has fewer than ten answers.
    """
    rows = stage.past.get(metric.number)
    if rows is None:
        return None
    meant = definition(metric.item.variant)
    near = rows[(rows["month"] >= month - AROUND) & (rows["month"] < month + AROUND)]
    if near.empty:
        return None
    after = near["month"].to_numpy(np.int64) >= month
    table = _means(near, _contributions(near, meant), after.astype(np.int64), 2)
    if (~np.isnan(table)).sum(axis=0).min() < FEWEST:
        return None
    return _change(table[:, 0], table[:, 1], _KINDS.get(meant.unit, "mean"))


def _by_quarter(rows: pd.DataFrame, added: Vector, last: int) -> Vector:
    """Mean contribution of each customer in each quarter, oldest first; nan: no answer."""
    back = (last - rows["month"].to_numpy(np.int64)) // MONTHS
    return _means(rows, added, back.max() - back, int(back.max() - back.min()) + 1)


def _means(rows: pd.DataFrame, added: Vector, period: NDArray[np.int64], periods: int) -> Vector:
    """Mean contribution of each customer in each period; nan: no answer."""
    customer = np.unique(rows["customer"].to_numpy(np.int64), return_inverse=True)[1]
    cells = customer * periods + period
    size = (int(customer.max()) + 1) * periods
    n = np.bincount(cells, minlength=size)
    sums = np.bincount(cells, added, size)
    return np.where(n > 0, sums / np.maximum(n, 1), np.nan).reshape(-1, periods)


def _change(before: Vector, after: Vector, kind: Kind) -> Change:
    there = ~(np.isnan(before) & np.isnan(after))
    return change_of_waves(before[there], after[there], kind, level=LEVEL)


def _contributions(rows: pd.DataFrame, meant: Definition) -> Vector:
    """What each answer adds to the score: −100, 0, 100 points, 0 or 1, or the answer itself."""
    if meant.unit not in _KINDS or not meant.bands:
        return np.asarray(rows["value"].to_numpy(np.float64))
    ends = (0, len(meant.bands) - 1)
    worst, best = ends if meant.high_is_good else ends[::-1]
    band = rows["band_position"].to_numpy(np.int64)
    liked, disliked = (band == best).astype(np.float64), (band == worst).astype(np.float64)
    return np.asarray(100 * (liked - disliked)) if meant.unit == "points" else liked
