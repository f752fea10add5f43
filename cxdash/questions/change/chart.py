"""The score of every month or wave, and which of them stand out from its ordinary ups and downs.

Surveys come as a stream (some answers every month) or in waves (all answers in a few weeks, then
nothing for months). In waves, neighbouring months with answers are one point.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import month_end
from cxdash.questions.change.stage import Stage
from cxdash.questions.judgement import LEVEL
from cxdash.stats.control import individuals
from cxdash.stats.waves import Wave, wave

__all__ = ["FEWEST_FOR_LIMITS", "Point", "points"]

FEWEST_FOR_LIMITS: Final = 6  # limits from fewer points are themselves mostly chance
_FEWEST: Final = 10  # people of a point
_WAVES: Final = 0.5  # with answers in fewer than half of the months, they come in waves


@dataclass(frozen=True, slots=True)
class Point:
    """The score of one month or wave.

    ``month`` is the index of its first month, ``months`` how many it spans. ``centre``, ``low`` and
    ``high`` are the control chart's, None where there are too few points for limits. ``outside``
    marks a point beyond them, ``in_run`` one of eight or more in a row on one side of the centre.
    """

    month: int
    months: int
    wave: Wave
    centre: float | None
    low: float | None
    high: float | None
    outside: bool
    in_run: bool

    @property
    def label(self) -> str:
        day = month_end(self.month)
        return f"{day.year}-{day.month:02d}"


def points(stage: Stage) -> tuple[Point, ...]:
    """Every month or wave with at least ten people up to the day of the question, in order."""
    rows = stage.answers
    if rows.empty:
        return ()
    day = rows["answered_on"].to_numpy(dtype="datetime64[M]").astype(np.int64)
    month = day + 12 * 1970
    span = _spans(np.asarray(month))
    start = np.array([span.get(int(each), -1) for each in month])
    kept = rows.assign(start=start)[start >= 0]
    people = kept.groupby(["start", "person"])["adds"].mean()
    found = {
        int(str(begin)): values.to_numpy(np.float64)
        for begin, values in people.groupby(level=0)
        if len(values) >= _FEWEST
    }
    waves = {at: wave(values, stage.measure.kind, level=LEVEL) for at, values in found.items()}
    lengths = pd.Series(span).groupby(pd.Series(span)).size()
    return _judged(waves, {int(str(at)): int(n) for at, n in lengths.items()})


def _spans(month: NDArray[np.int64]) -> dict[int, int]:
    """Month to the first month of the point it belongs to; months of too few answers are left out
    of a stream.
    """
    counted, numbers = np.unique(month, return_counts=True)
    full = {int(at) for at, n in zip(counted, numbers, strict=True) if n >= _FEWEST}
    if not full:
        return {}
    if len(full) > _WAVES * (max(full) - min(full) + 1) or len(full) < 3:
        return {at: at for at in full}
    spans: dict[int, int] = {}
    for at in sorted(full):
        spans[at] = spans.get(at - 1, at)
    return spans


def _judged(waves: dict[int, Wave], lengths: dict[int, int]) -> tuple[Point, ...]:
    months = sorted(waves)
    n = np.array([waves[at].n for at in months], dtype=np.float64)
    variance = np.array([waves[at].variance for at in months])
    pooled = float(n @ variance / n.sum()) if months else 0.0
    if len(months) < FEWEST_FOR_LIMITS or pooled == 0:
        return tuple(
            Point(at, lengths[at], waves[at], None, None, None, outside=False, in_run=False)
            for at in months
        )
    scores = np.array([waves[at].estimate for at in months])
    chart = individuals(scores, np.sqrt(pooled / n))
    return tuple(
        Point(
            at,
            lengths[at],
            waves[at],
            chart.centre,
            float(chart.low[place]),
            float(chart.high[place]),
            outside=bool(chart.outside[place]),
            in_run=bool(chart.in_run[place]),
        )
        for place, at in enumerate(months)
    )
