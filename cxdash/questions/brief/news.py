"""Good news that passes the noise gate: what got better, and what customers already like.

Every candidate is tested, whatever it shows, and all p-values are adjusted together (Benjamini
and Hochberg), so that in a company where nothing happens a brief announces something in at most
one case in twenty. A score is compared only among customers who answered in both periods: an
average that rises because unhappy customers left is no good news.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import Interval
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.panel import Landmarks, Periods, first_contacts, waves
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Difference
from cxdash.stats.paired import paired_mean_difference
from cxdash.stats.proportions import adjusted_p_values, share, share_difference
from cxdash.store import Reader

__all__ = ["FALSE_ALARMS", "Candidate", "News", "news"]

FALSE_ALARMS: Final = 0.05
FEWEST_PAIRS: Final = 30
FEWEST_COUNTED: Final = 50
MOST: Final = 0.5

Kind = Literal["change", "strength"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be good news.

    ``difference`` is after minus before, or item minus other items, turned so that positive is
    better; ``unit`` is its unit, ``definition`` the measure in the catalogue. ``p_adjusted``
    accounts for all candidates looked at. ``doubt`` says why its answers should be looked at before
    it is told as good news; empty when nothing speaks against them.
    """

    kind: Kind
    subject: str
    item: str | None
    difference: Difference
    unit: str
    definition: str
    before: float
    after: float
    p_adjusted: float = 1.0
    doubt: str = ""

    @property
    def turned(self) -> bool:
        """Whether a low answer is the good one, so that ``difference`` runs against the scale."""
        return (self.after - self.before) * self.difference.estimate < 0

    @property
    def as_rated(self) -> Difference:
        """The difference on the item's own scale."""
        gap = self.difference
        if not self.turned:
            return gap
        return replace(gap, estimate=-gap.estimate, low=-gap.high, high=-gap.low)

    @property
    def twice(self) -> bool:
        """Whether it compares the customers who answered in both periods, and nobody else."""
        return self.kind == "change" and self.item is not None

    @property
    def is_better(self) -> bool:
        return self.difference.estimate > 0

    @property
    def looks_better(self) -> bool:
        """Whether a reader sees more than no difference: one printed as 0.0 looks like nothing."""
        gap = self.difference
        reach = Interval(gap.low, gap.high)
        shown, none = (
            fmt.number(value, self.unit, interval=reach) for value in (gap.estimate, 0.0)
        )
        return self.is_better and shown != none

    @property
    def passes(self) -> bool:
        return self.is_better and self.p_adjusted <= FALSE_ALARMS and not self.doubt


@dataclass(frozen=True, slots=True)
class News:
    """All candidates, best first, and how they fared."""

    candidates: tuple[Candidate, ...]

    @property
    def good(self) -> tuple[Candidate, ...]:
        """Changes for the better that pass, the surest first."""
        return self._passing("change")

    @property
    def liked(self) -> tuple[Candidate, ...]:
        """What customers like most, the surest first. It ranks items and is no news."""
        return self._passing("strength")

    @property
    def held_back(self) -> tuple[Candidate, ...]:
        """Candidates that look better, as they are printed, but do not pass."""
        return tuple(c for c in self.candidates if c.looks_better and not c.passes)

    @property
    def doubted(self) -> tuple[Candidate, ...]:
        """Those of them that chance does not explain, but whose answers should be checked."""
        return tuple(c for c in self.held_back if c.doubt and c.p_adjusted <= FALSE_ALARMS)

    def _passing(self, kind: Kind) -> tuple[Candidate, ...]:
        passing = [c for c in self.candidates if c.passes and c.kind == kind]
        return tuple(sorted(passing, key=lambda c: c.p_adjusted))

    @property
    def worse(self) -> tuple[Candidate, ...]:
        """Changes for the worse that pass the same gate."""
        return tuple(
            c
            for c in self.candidates
            if c.kind == "change" and not c.is_better and c.p_adjusted <= FALSE_ALARMS
        )


def news(
    view: Reader,
    both: Periods,
    marks: Landmarks,
    where: Sequence[str] = (),
    *,
    rates_allowed: bool = True,
) -> News:
    """Test every candidate.

    Parameters
    ----------
    both
        The two periods compared.
    marks
        Customer-windows, already narrowed to the scope; their customers bound the answers too.
    where
        Filter columns in use; with a filter, candidates are not split by segment again.
    rates_allowed
        Whether the data can tell who left.
    """
    answers = waves(view, both)
    if where:
        answers = answers[answers["customer_id"].isin(set(marks.rows["customer_id"]))]
    found = [
        *_changes(answers, by_segment=not where),
        *_strengths(answers),
        *(_staying(marks, by_segment=not where) if rates_allowed else ()),
        *([] if where else _contacts(view, both)),
    ]
    if not found:
        return News(())
    adjusted = adjusted_p_values([c.difference.p_value for c in found])
    return News(
        tuple(replace(c, p_adjusted=float(p)) for c, p in zip(found, adjusted, strict=True))
    )


def _changes(answers: pd.DataFrame, *, by_segment: bool) -> Iterator[Candidate]:
    """Each item among customers who answered in both periods, in all and by segment."""
    for (item, variant, good), rows in answers.groupby(["item", "variant", "high_is_good"]):
        for segment, part in _parts(rows, by_segment=by_segment):
            before, after = _both_periods(part)
            if len(before) < FEWEST_PAIRS:
                continue
            gap = _paired(after, before, turned=not good)
            if gap:
                subject = f"{item} in {segment}" if segment else str(item)
                yield Candidate(
                    "change",
                    subject,
                    str(item),
                    gap,
                    "score",
                    str(variant),
                    float(before.mean()),
                    float(after.mean()),
                )


def _strengths(answers: pd.DataFrame) -> Iterator[Candidate]:
    """Items customers like, against the same customers' other items on the same scale.

    Of several items one is always the best; it is a strength only if most customers also put it in
    the best band of its scale.
    """
    recent = answers[answers["period"] == 1]
    for (variant, good), rows in recent.groupby(["variant", "high_is_good"]):
        wide = rows.pivot_table(index="customer_id", columns="item", values="value").dropna()
        if len(wide) < FEWEST_PAIRS or wide.shape[1] < 3:
            continue
        for item in wide.columns:
            own = wide[item].to_numpy(np.float64)
            if not _liked(str(variant), own, good=bool(good)):
                continue
            others = wide.drop(columns=item).mean(axis=1).to_numpy(np.float64)
            gap = _paired(own, others, turned=not good)
            if gap:
                yield Candidate(
                    "strength",
                    str(item),
                    str(item),
                    gap,
                    "score",
                    str(variant),
                    float(others.mean()),
                    float(own.mean()),
                )


def _liked(variant: str, values: NDArray[np.float64], *, good: bool) -> bool:
    """Whether most customers, beyond noise, rate it in the best band of its scale."""
    entry = definition(variant)
    if not good:
        values = (entry.scale_low or 0.0) + (entry.scale_high or 0.0) - values
    best = entry.bands[-1] if entry.high_is_good else entry.bands[0]
    happy = int(((values >= best.low) & (values <= best.high)).sum())
    return share(happy, values.size, level=LEVEL).low > MOST


def _staying(marks: Landmarks, *, by_segment: bool) -> Iterator[Candidate]:
    """Share of customers who stayed through the last window against the one before."""
    if len(marks.closed_months) < 2:
        return
    earlier, later = marks.closed_months[-2:]
    closed = marks.closed.assign(segment=marks.closed["segment"].fillna(""))
    for segment, rows in _parts(closed, by_segment=by_segment):
        one, two = rows[rows["landmark"] == later], rows[rows["landmark"] == earlier]
        if min(len(one), len(two)) < FEWEST_COUNTED:
            continue
        stayed = [int((part["left_within"] == 0).sum()) for part in (one, two)]
        gap = share_difference(stayed[0], len(one), stayed[1], len(two), level=LEVEL)
        subject = "customers who stayed" + (f" in {segment}" if segment else "")
        yield Candidate(
            "change",
            subject,
            None,
            gap,
            "share",
            "retention_rate",
            stayed[1] / len(two),
            stayed[0] / len(one),
        )


def _contacts(view: Reader, both: Periods) -> Iterator[Candidate]:
    counts = first_contacts(view, both)
    if min((counts.get(period, (0, 0))[1] for period in (0, 1)), default=0) < FEWEST_COUNTED:
        return
    (solved_before, before), (solved_after, after) = counts[0], counts[1]
    gap = share_difference(solved_after, after, solved_before, before, level=LEVEL)
    yield Candidate(
        "change",
        "problems solved at the first contact",
        None,
        gap,
        "share",
        "fcr.gross",
        solved_before / before,
        solved_after / after,
    )


def _both_periods(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values before and after of customers who have both, in the same order."""
    by_period = rows.set_index("customer_id").groupby("period")["value"]
    values = {int(str(period)): series for period, series in by_period}
    if set(values) != {0, 1}:
        return np.empty(0), np.empty(0)
    both = values[0].index.intersection(values[1].index)
    return values[0].loc[both].to_numpy(np.float64), values[1].loc[both].to_numpy(np.float64)


def _parts(rows: pd.DataFrame, *, by_segment: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    """All rows under the empty name, then each segment; a single segment is not repeated."""
    yield "", rows
    names = sorted(set(rows["segment"]))
    if by_segment and len(names) > 1:
        for name in names:
            if name:
                yield str(name), rows[rows["segment"] == name]


def _paired(
    first: NDArray[np.float64], second: NDArray[np.float64], *, turned: bool
) -> Difference | None:
    """Paired difference, turned so that positive is better; None if nobody's answer differs."""
    if (
        np.ptp(first - second) == 0
    ):  # nobody changed, or everybody by the same: no spread to judge by
        return None
    if turned:
        first, second = second, first
    return paired_mean_difference(first, second, level=LEVEL)
