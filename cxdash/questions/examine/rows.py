"""What the cross-examination looks at: closed windows of customers told apart, as arrays.

One fixed way of computing the claim has three parts that a sceptic may change: who counts as
unhappy (``definition``), how old an answer may be (``memory``) and what is held equal
(``controls``). All of them give the same kind of number, customers of the bad end minus those of
the good one, so that they can stand on one scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cxdash.panel import DAYS_A_MONTH, MEMORY_MONTHS
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.design import Leak
from cxdash.questions.judgement import LEVEL
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.weighting import inverse_propensity

__all__ = ["DEFINITIONS", "FEWEST", "MEMORIES", "Heard", "Held", "Mask", "Measure", "Taken"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Taken = Literal["bands", "line", "top"]
Held = Literal["finance", "all", "answers", "windows"]
Measure = Literal["money", "share"]

DEFINITIONS: Final[tuple[Taken, ...]] = ("bands", "line", "top")
MEMORIES: Final = (MEMORY_MONTHS, 6)
FEWEST: Final = 10  # windows in each of the two groups that are compared
_MOST_WEIGHT: Final = 10.0
_MOST_KEPT: Final = 2.0  # spend that more than doubled counts as that, where shares are taken


@dataclass(frozen=True)
class Heard:
    """Closed windows of one horizon, one row a customer and landmark.

    For a claim about an answer only customers who had given one; else all.

    Parameters
    ----------
    outcome
        Shape (rows,): 1 for left and 0 for stayed; or what was paid a month at the end of the
        window minus at its start.
    place, places
        Shape (rows,): from 0 for the bad end to ``places`` − 1 for the good one.
    figure
        Shape (rows,): the same as a number, turned so that more is better.
    age_days
        Shape (rows,): how old the answer was; 0 where the claim is about no answer.
    rate, moved
        What is paid a month at the start; how that had moved in the months before (logs, nan: new).
    finance, operations, answers
        What each had told when the window began, shape (rows, columns); ``answers`` are those to
        the other items.
    groups
        What is held equal, in words, to its columns in :meth:`held` of the base.
    share_answered
        Shape (rows,): chance of having answered, from what finance and operations knew.
    ends
        Customers of the bad and of the good end, in plain words.
    """

    horizon: int
    outcome: Matrix
    place: NDArray[np.int64]
    places: int
    figure: Matrix
    age_days: Matrix
    landmark: NDArray[np.int64]
    customer: NDArray[np.int64]
    ids: NDArray[np.object_]
    rate: Matrix
    moved: Matrix
    left_month: Matrix
    finance: Matrix
    operations: Matrix
    answers: Matrix
    groups: Mapping[str, tuple[int, ...]]
    share_answered: Matrix
    ends: tuple[str, str]
    leaving: bool
    by_answer: bool
    beyond_others: bool
    known_leaks: tuple[Leak, ...]

    @property
    def rows(self) -> int:
        return self.outcome.size

    @property
    def months(self) -> tuple[int, ...]:
        """Landmarks that have rows, oldest first."""
        return tuple(int(month) for month in np.unique(self.landmark))

    @property
    def base(self) -> Held:
        """What the claim itself holds equal."""
        return "answers" if self.beyond_others and self.answers.shape[1] else "all"

    @property
    def controls(self) -> tuple[Held, ...]:
        """The ways of holding things equal that differ from each other here."""
        found: list[Held] = ["finance"]
        if self.operations.shape[1]:
            found.append("all")
        if self.base == "answers":
            found.append("answers")
        if len(self.months) > 1:
            found.append("windows")
        return tuple(found)

    @property
    def definitions(self) -> tuple[Taken, ...]:
        """The definitions that differ from each other here."""
        if self.places > 2:
            return DEFINITIONS
        return DEFINITIONS[:2] if np.unique(self.figure).size > 2 else DEFINITIONS[:1]

    @property
    def memories(self) -> tuple[int, ...]:
        """How old an answer may be, in months, where that makes a difference."""
        return tuple(m for m in MEMORIES if m == MEMORIES[0] or not self.recent(m).all())

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
        names = (
            *("outcome", "place", "figure", "age_days", "landmark", "customer", "rate", "moved"),
            *("left_month", "finance", "operations", "answers", "share_answered"),
        )
        return replace(self, **{name: getattr(self, name)[keep] for name in names})

    def within(self, months: int) -> "Heard":
        """The same windows looked at for fewer months; for leaving with a known month only."""
        gone = (self.outcome == 1) & (self.left_month <= months)
        return replace(
            self,
            horizon=months,
            outcome=gone.astype(np.float64),
            left_month=np.where(gone, self.left_month, np.nan),
        )

    def held(self, controls: Held) -> Matrix:
        """What is held equal, shape (rows, columns)."""
        if controls == "finance":
            return self.finance
        parts = [self.finance, self.operations]
        if "answers" in (controls, self.base if controls == "windows" else ""):
            parts.append(self.answers)
        if controls == "windows":
            parts.append(self.by_window)
        return np.column_stack(parts)

    def exposed(self, definition: Taken) -> tuple[Matrix, Matrix]:
        """How near the bad end each row is, 0 to about 1, and columns to hold equal for that."""
        nothing = np.empty((self.rows, 0))
        worst, best = self.place == 0, self.place == self.places - 1
        if definition == "top":
            return (~best).astype(np.float64), nothing
        if definition == "line":
            low = float(self.figure[worst].mean()) if worst.any() else 0.0
            high = float(self.figure[best].mean()) if best.any() else low
            span = high - low
            return (high - self.figure) / span if span > 0 else np.zeros(self.rows), nothing
        between = [self.place == middle for middle in range(1, self.places - 1)]
        others = np.column_stack(between).astype(np.float64) if between else nothing
        return worst.astype(np.float64), others

    def recent(self, memory: int) -> Mask:
        """Rows whose answer is at most so many months old, shape (rows,)."""
        return np.asarray(self.age_days <= memory * DAYS_A_MONTH)

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
        controls: Held | None = None,
        *,
        measure: Measure = "money",
        weight: Matrix | None = None,
    ) -> Association | None:
        """Bad end minus good end with others held equal; None when that cannot be told.

        ``controls``: None for what the claim itself holds equal. Cannot be told: fewer than ten
        windows at either end, for leaving fewer than ten leavers or stayers, or nothing left of
        what tells customers apart once the others are held equal.
        """
        own, others = self.exposed(definition)
        held = np.column_stack([self.held(controls or self.base), others])
        return self._associated(own, held, self.measured(measure), weight)

    def counted(self) -> Association | None:
        """Bad end minus good end with nothing held equal; None when that cannot be told."""
        own, others = self.exposed("bands")
        return self._associated(own, others, self.outcome, None)

    @property
    def enough(self) -> bool:
        """Whether both ends and, for leaving, both outcomes have at least ten windows."""
        worst, best = int((self.place == 0).sum()), int((self.place == self.places - 1).sum())
        if min(worst, best) < FEWEST:
            return False
        left = int(self.outcome.sum()) if self.leaving else 0
        return not self.leaving or min(left, self.rows - left) >= MIN_EVENTS

    def _associated(
        self, own: Matrix, held: Matrix, outcome: Matrix, weight: Matrix | None
    ) -> Association | None:
        if not self.enough:
            return None
        try:
            return associate(outcome, own, held, self.customer, weight=weight, level=LEVEL)
        except NothingLeftError:
            return None
