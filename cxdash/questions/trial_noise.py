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
from cxdash.questions.leaving import LEVEL
from cxdash.questions.trial_stage import Metric, TrialStage
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.waves import Change, Kind, change_of_waves

__all__ = ["Movement", "movement"]

Vector = NDArray[np.float64]

MONTHS: Final = 3
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
    past = stage.past
    rows = past[(past["item"] == metric.item.name) & (past["variant"] == metric.item.variant)]
    last = month_index(stage.base.as_of)
    rows = rows[rows["month"] <= last]
    if rows.empty:
        return None
    meant = definition(metric.item.variant)
    each = rows.assign(
        added=_contributions(rows, meant),
        quarter=(last - rows["month"]) // MONTHS,
    )
    table = each.pivot_table(index="customer_id", columns="quarter", values="added")
    answers = table.notna().sum()
    # A quarter that a wave only touched is no quarter of this metric.
    enough = max(float(FEWEST), _TOUCHED * float(answers.median()))
    table = table.loc[:, answers >= enough]
    kind = _KINDS.get(meant.unit, "mean")
    quarters = sorted(table.columns, reverse=True)
    found = [_change(table[before], table[after], kind) for before, after in pairwise(quarters)]
    if not found:
        return None
    passing = adjusted_p_values([change.difference.p_value for change in found]) <= _FALSE_ALARMS
    return Movement(
        unit=meant.unit if meant.unit in ("points", "share") else "score",
        usual_n=int(np.median(table.notna().sum())),
        readable=float(np.median([change.smallest_readable() for change in found])),
        largest=max(abs(change.difference.estimate) for change in found),
        changes=len(found),
        beyond=int(passing.sum()),
    )


def _change(before: pd.Series, after: pd.Series, kind: Kind) -> Change:
    there = before.notna() | after.notna()
    return change_of_waves(
        before[there].to_numpy(np.float64), after[there].to_numpy(np.float64), kind, level=LEVEL
    )


def _contributions(rows: pd.DataFrame, meant: Definition) -> Vector:
    """What each answer adds to the score: −100, 0, 100 points, 0 or 1, or the answer itself."""
    if meant.unit not in _KINDS or not meant.bands:
        return rows["value"].to_numpy(np.float64)
    names = [band.name for band in meant.bands]
    worst, best = (names[0], names[-1]) if meant.high_is_good else (names[-1], names[0])
    band = rows["band"].to_numpy(dtype=object)
    liked, disliked = (band == best).astype(np.float64), (band == worst).astype(np.float64)
    return np.asarray(100 * (liked - disliked)) if meant.unit == "points" else liked
