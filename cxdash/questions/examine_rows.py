"""What the cross-examination looks at: closed windows of customers who answered, as arrays.

One fixed way of computing the claim has three parts that a sceptic may change: what counts as
unhappy (``definition``), how old an answer may be (``memory``) and what is held equal
(``controls``). All of them give the same kind of number, unhappy minus happy customers, so that
they can stand on one scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Windows
from cxdash.questions.chance import MIN_EVENTS, left_of
from cxdash.questions.design import Controls, Leak, Predictor, leaks
from cxdash.questions.examine_claim import Outcome
from cxdash.questions.leaving import LEVEL
from cxdash.questions.setting import Setting
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.logistic import NoConvergenceError, fit_logistic
from cxdash.stats.weighting import inverse_propensity

__all__ = ["CONTROLS", "DEFINITIONS", "Heard", "Held", "Mask", "Measure", "Taken", "heard"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Taken = Literal["bands", "line", "top"]
Held = Literal["finance", "all", "windows"]
Measure = Literal["money", "share"]

DEFINITIONS: Final[tuple[Taken, ...]] = ("bands", "line", "top")
CONTROLS: Final[tuple[Held, ...]] = ("finance", "all", "windows")
MONTH_DAYS: Final = 30.4375
FEWEST: Final = 10  # windows in each of the two groups that are compared
_MOST_WEIGHT: Final = 10.0
_MOST_KEPT: Final = 2.0  # spend that more than doubled counts as that, where shares are taken


@dataclass(frozen=True)
class Heard:
    """Closed windows of one horizon, one row a customer who had answered and landmark.

    Parameters
    ----------
    outcome
        Shape (rows,): 1 for left and 0 for stayed; or what was paid a month at the end of the
        window minus at its start.
    place
        Band of the last answer, from 0 for the worst.
    bands
        How many bands there are.
    score
        The answer, turned so that more is better.
    rate, moved
        What is paid a month at the start; how that had moved in the months before (logs, nan: new).
    finance, operations
        What each had known when the window began, shape (rows, columns).
    groups
        What is held equal, in words, to its columns in ``finance`` and ``operations`` put together.
    share_answered
        Shape (rows,): chance of having answered, from what finance and operations knew.
    """

    horizon: int
    outcome: Matrix
    place: NDArray[np.int64]
    bands: int
    score: Matrix
    age_days: Matrix
    landmark: NDArray[np.int64]
    customer: NDArray[np.int64]
    ids: NDArray[np.object_]
    rate: Matrix
    moved: Matrix
    left_month: Matrix
    finance: Matrix
    operations: Matrix
    groups: Mapping[str, tuple[int, ...]]
    share_answered: Matrix
    leaving: bool
    known_leaks: tuple[Leak, ...]

    @property
    def rows(self) -> int:
        return self.outcome.size

    @property
    def months(self) -> tuple[int, ...]:
        """Landmarks that have rows, oldest first."""
        return tuple(int(month) for month in np.unique(self.landmark))

    @property
    def controls(self) -> tuple[Held, ...]:
        """The ways of holding things equal that differ from each other here."""
        found: list[Held] = ["finance"]
        if self.operations.shape[1]:
            found.append("all")
        if len(self.months) > 1:
            found.append("windows")
        return tuple(found)

    @property
    def definitions(self) -> tuple[Taken, ...]:
        """The definitions of unhappy that differ from each other here."""
        return DEFINITIONS if self.bands > 2 else DEFINITIONS[:1]

    @cached_property
    def by_window(self) -> Matrix:
        """A column for each landmark but the first, shape (rows, landmarks - 1)."""
        later = np.array(self.months[1:], dtype=np.int64)
        return np.asarray(self.landmark[:, None] == later, dtype=np.float64)

    @cached_property
    def weight(self) -> Matrix:
        """Weights that make those who answered look like all customers, shape (rows,)."""
        found = inverse_propensity(self.share_answered).weights
        return np.asarray(np.minimum(found / found.mean(), _MOST_WEIGHT))

    def only(self, keep: Mask) -> "Heard":
        """The rows for which ``keep`` (shape (rows,)) holds."""
        each = ("outcome", "place", "score", "age_days", "landmark", "customer", "rate", "moved")
        more = ("left_month", "finance", "operations", "share_answered")
        return replace(self, **{name: getattr(self, name)[keep] for name in (*each, *more)})

    def held(self, controls: Held) -> Matrix:
        """What is held equal, shape (rows, columns)."""
        if controls == "finance":
            return self.finance
        parts = [self.finance, self.operations]
        return np.column_stack([*parts, self.by_window] if controls == "windows" else parts)

    def exposed(self, definition: Taken) -> tuple[Matrix, Matrix]:
        """How unhappy each row is, from 0 to about 1, and further columns to hold equal for it."""
        nothing = np.empty((self.rows, 0))
        if definition == "top":
            return (self.place < self.bands - 1).astype(np.float64), nothing
        if definition == "line":
            worst, best = self.place == 0, self.place == self.bands - 1
            low = float(self.score[worst].mean()) if worst.any() else 0.0
            high = float(self.score[best].mean()) if best.any() else low
            span = high - low
            return (high - self.score) / span if span > 0 else np.zeros(self.rows), nothing
        between = [self.place == middle for middle in range(1, self.bands - 1)]
        others = np.column_stack(between).astype(np.float64) if between else nothing
        return (self.place == 0).astype(np.float64), others

    def recent(self, memory: int) -> Mask:
        """Rows whose answer is at most so many months old, shape (rows,)."""
        return np.asarray(self.age_days <= memory * MONTH_DAYS)

    def measured(self, measure: Measure) -> Matrix:
        """The outcome; for spend in money a month, or as a share of spend times usual spend."""
        if self.leaving or measure == "money":
            return self.outcome
        before = np.where(self.rate > 0, self.rate, np.nan)
        share = np.nan_to_num(self.outcome / before).clip(-1.0, _MOST_KEPT - 1.0)
        return np.asarray(share * float(self.rate.mean()))

    def difference(
        self,
        definition: Taken = "bands",
        controls: Held = "all",
        *,
        measure: Measure = "money",
        weight: Matrix | None = None,
    ) -> Association | None:
        """Unhappy minus happy customers with others held equal; None when that cannot be told.

        Cannot be told: fewer than ten windows in either group, for leaving fewer than ten leavers
        or stayers, or nothing left of the answers once the others are held equal.
        """
        if not self.enough:
            return None
        own, others = self.exposed(definition)
        held = np.column_stack([self.held(controls), others])
        outcome = self.measured(measure)
        try:
            return associate(outcome, own, held, self.customer, weight=weight, level=LEVEL)
        except NothingLeftError:
            return None

    def counted(self) -> Association | None:
        """Bottom against top band with nothing held equal; None when that cannot be told."""
        if not self.enough:
            return None
        own, others = self.exposed("bands")
        try:
            return associate(self.outcome, own, others, self.customer, level=LEVEL)
        except NothingLeftError:
            return None

    @property
    def enough(self) -> bool:
        """Whether both groups and, for leaving, both outcomes have at least ten windows."""
        worst, best = int((self.place == 0).sum()), int((self.place == self.bands - 1).sum())
        if min(worst, best) < FEWEST:
            return False
        left = int(self.outcome.sum()) if self.leaving else 0
        return not self.leaving or min(left, self.rows - left) >= MIN_EVENTS


def heard(setting: Setting, seen: Windows, outcome: Outcome) -> Heard | None:
    """The rows of one horizon; None when no window of a customer who answered is over.

    ``seen`` are the setting's windows, or a sample of them.
    """
    marks = seen.of(setting.item)
    closed = marks.closed
    if outcome == "spend":
        closed = closed[closed["rate"].to_numpy(np.float64) > 0]
    closed = closed.reset_index(drop=True)
    answered = closed["band"].notna().to_numpy(np.bool_)
    if not answered.any():
        return None
    known = leaks(closed)
    learned = Controls.learned(closed, known)
    matrix = learned.matrix(closed)
    operational = np.array([one.kind == "operations" for one in learned.predictors], dtype=bool)
    chance = _chance_of_answering(matrix, answered)
    rows = closed[answered].reset_index(drop=True)
    codes, ids = pd.factorize(rows["customer_id"], sort=True)
    names = [band.name for band in setting.bands]
    earlier = rows["rate_earlier"].to_numpy(np.float64, na_value=np.nan)
    rate = rows["rate"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(earlier > 0, np.log(rate / earlier), np.nan)
    predictors = np.array(learned.predictors, dtype=object)
    sign = 1.0 if setting.item.high_is_good else -1.0
    return Heard(
        horizon=marks.horizon,
        outcome=_outcome(rows, outcome, marks.horizon, contractual=setting.panel.contractual),
        place=np.asarray(rows["band"].map({name: n for n, name in enumerate(names)}), np.int64),
        bands=len(names),
        score=sign * rows["score"].to_numpy(np.float64),
        age_days=rows["answered_days_ago"].to_numpy(np.float64),
        landmark=rows["landmark"].to_numpy(np.int64),
        customer=codes.astype(np.int64),
        ids=np.asarray(ids, dtype=object),
        rate=rate,
        moved=moved,
        left_month=rows["left_month"].to_numpy(np.float64, na_value=np.nan),
        finance=matrix[answered][:, ~operational],
        operations=matrix[answered][:, operational],
        groups=_groups([*predictors[~operational], *predictors[operational]]),
        share_answered=chance[answered],
        leaving=outcome == "leaving",
        known_leaks=known,
    )


def _outcome(rows: pd.DataFrame, outcome: Outcome, horizon: int, *, contractual: bool) -> Matrix:
    if outcome == "leaving":
        return left_of(rows).astype(np.float64)
    if contractual:
        after = rows["rate_after"].to_numpy(np.float64)
    else:
        after = rows["revenue_after"].to_numpy(np.float64) / horizon
    return np.asarray(after - rows["rate"].to_numpy(np.float64))


def _groups(predictors: Sequence[Predictor]) -> dict[str, tuple[int, ...]]:
    """All columns that stand for one thing under its name; the period is no cause."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(predictors):
        column, equals, _ = one.name.partition("=")
        if one.kind != "time":
            found.setdefault(column if equals else one.words, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _chance_of_answering(matrix: Matrix, answered: Mask) -> Matrix:
    """From what finance and operations knew; the same for all where that tells nothing."""
    if answered.all() or not matrix.shape[1]:
        return np.full(answered.size, float(answered.mean()))
    try:
        return fit_logistic(matrix, answered).probabilities(matrix)
    except NoConvergenceError:
        return np.full(answered.size, float(answered.mean()))
