"""What was found about a change of a score: the estimates behind ``change``, before any words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Periods, month_end, month_index, periods
from cxdash.questions.change.chart import Point, points
from cxdash.questions.change.stage import Stage, by_person, during
from cxdash.questions.judgement import LEVEL
from cxdash.questions.progress import tell
from cxdash.stats.estimate import p_of_z, z_of_level
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.split import CHANGED, HEARD, JOINED, LEFT, STAYED, Answers, Split, split_change
from cxdash.stats.waves import Change, change_of_waves, later_answers_needed

__all__ = ["SMALLEST", "Findings", "Leavers", "Longest", "Season", "Step", "Wait", "find"]

Vector = NDArray[np.float64]

SMALLEST: Final = 10  # a score of fewer people is not shown
MOST_FALSE: Final = 0.05  # of the parts called clear at most this share is expected to be chance
_RARE: Final = 20  # answers of a rarer segment or occasion are counted with the commonest one
_LONGEST_WAIT: Final = 36  # months; beyond that waiting is no advice
_OUT_OF_REACH: Final = 100
_HALF: Final = 0.5
_SEED: Final = 20_119


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the change, in points (or on the item's scale for an average).

    ``clear`` says that it is more than chance when all parts are looked at together. ``revenue`` is
    what the ``payers`` it speaks of pay or paid a year; None where money is withheld or nobody in
    particular is meant. Everybody who left is counted with the leavers there, also who answered in
    both periods.
    """

    name: str
    estimate: float
    low: float
    high: float
    n: int
    clear: bool
    revenue: float | None
    payers: int | None


@dataclass(frozen=True, slots=True)
class Leavers:
    """Customers who answered in the earlier period, whether or not again, and left by the end.

    ``unhappy`` of the ``n`` had answered in the worst band; money is a year's, None where withheld.
    """

    n: int
    unhappy: int
    revenue: float | None
    revenue_unhappy: float | None


@dataclass(frozen=True, slots=True)
class Longest:
    """The last period against the first one with enough people.

    ``looks`` earlier periods could have been chosen; the interval of ``change`` allows for them.
    ``same`` is the same comparison among people who answered in both, at the same level; None where
    fewer than ten did.
    """

    before_from: date
    before_until: date
    looks: int
    change: Change
    same: Change | None

    @property
    def others_moved_it(self) -> bool:
        """Whether those who answered both times stayed within noise and make less than half of the
        move: in the sum of :mod:`cxdash.stats.split` the rest is other people answering.
        """
        if self.same is None:
            return False
        own, whole = self.same.difference, self.change.difference.estimate
        along = own.estimate if whole > 0 else -own.estimate
        return own.holds_zero and along < _HALF * abs(whole)


@dataclass(frozen=True, slots=True)
class Season:
    """The same step one year before, and the later period against the same months then."""

    year_before: Change
    same_months: Change
    explains: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the later period would have to go on for a change of this size to be read."""

    months: int
    until: date


@dataclass(frozen=True, slots=True)
class Findings:
    """Estimates for one stage.

    Parameters
    ----------
    n_before, n_after
        People who answered in each period.
    change
        The change of the score; None when a period has fewer than ten people.
    stayers, same
        The change among customers of both periods, and among people who answered in both; None
        where a period has fewer than ten of them.
    split, steps
        The exact split, and its parts in the unit of a change.
    leavers
        None where nobody is known to have left.
    longest
        None where the earlier of the two periods is the first.
    season
        None when the same months a year earlier have too few people, or a period is a whole year.
    points
        The score of every month or wave.
    needed
        People needed in each period to read a change as large as this one; None where it is read.
    wait
        None when waiting would not help within three years.
    matched
        Share of the people of both periods whose customer is known.
    """

    stage: Stage
    n_before: int
    n_after: int
    change: Change | None
    stayers: Change | None
    same: Change | None
    split: Split | None
    steps: tuple[Step, ...]
    leavers: Leavers | None
    longest: Longest | None
    season: Season | None
    points: tuple[Point, ...]
    needed: int | None
    wait: Wait | None
    matched: float

    @property
    def moved(self) -> bool:
        """Whether the score moved beyond noise."""
        return self.change is not None and not self.change.difference.holds_zero

    @property
    def total(self) -> float:
        """The change in points, or on the item's scale for an average."""
        gap = self.change.difference.estimate if self.change else 0.0
        return gap * self.stage.measure.factor

    @property
    def out_of_reach(self) -> bool:
        """Whether reading a change this small would take a hundred times the people there are."""
        people = min(self.n_before, self.n_after)
        return self.needed is not None and self.needed > _OUT_OF_REACH * people

    @property
    def beyond_customers(self) -> bool:
        """Whether it would take more people in each period than there are customers."""
        there_are = self.stage.customers
        return self.needed is not None and 0 < there_are < self.needed

    @property
    def anonymous(self) -> bool:
        """Whether of no answer the customer is known: answers can be counted then, not people."""
        return self.matched == 0 and self.n_before + self.n_after > 0

    @property
    def counted(self) -> str:
        """What the periods are made of, in a word."""
        return "answers" if self.anonymous else "people"

    @property
    def money_shown(self) -> bool:
        return self.stage.conditions.money_allowed

    @property
    def standings_known(self) -> bool:
        """Whether it is known of anybody when he or she was a customer."""
        return bool((self.stage.standings["known"] == 1).any())

    def step(self, name: str) -> Step | None:
        """The part of that name; None where this data has no such part."""
        return next((step for step in self.steps if step.name == name), None)

    @property
    def clear_steps(self) -> tuple[Step, ...]:
        """Parts beyond noise, the largest first."""
        found = [step for step in self.steps if step.clear]
        return tuple(sorted(found, key=lambda step: -abs(step.estimate)))

    def leads(self, name: str) -> bool:
        """Whether a clear part goes the way of the change, is at least half of it, and no other
        part that goes that way is larger.
        """
        step = self.step(name)
        along = [each for each in self.steps if each.estimate * self.total > 0]
        return bool(
            step and step.clear and step in along
            and abs(step.estimate) >= _HALF * abs(self.total)
            and abs(step.estimate) >= max(abs(each.estimate) for each in along)
        )  # fmt: skip

    @property
    def by_size(self) -> tuple[Step, ...]:
        """Parts that speak of anybody, clear or not, the largest first."""
        found = [step for step in self.steps if step.n]
        return tuple(sorted(found, key=lambda step: -abs(step.estimate)))

    @property
    def flattered(self) -> bool:
        """The alarm: leavers lifted the score by at least half of what it moved, either way."""
        left = self.step(LEFT)
        return bool(
            left and left.clear and left.estimate > 0 and left.estimate >= _HALF * abs(self.total)
        )

    @property
    def events_between(self) -> tuple[int, ...]:
        """Positions of the events that fall into one of the two periods."""
        both = self.stage.both
        return tuple(
            at
            for at, event in enumerate(self.stage.events)
            if both.before_from < event.day <= both.until
        )


def find(stage: Stage) -> Findings:
    """Estimate everything the stage allows."""
    tell("Comparing the two periods", 0.3)
    both = stage.both
    before = by_person(during(stage.answers, both.before_from, both.before_until))
    after = by_person(during(stage.answers, both.before_until, both.until))
    change = _change(stage, before, after)
    tell("Splitting the change", 0.5)
    split = _split(stage) if change else None
    steps = _steps(stage, split) if split else ()
    tell("Looking at every month", 0.8)
    gap = change.difference.estimate if change else 0.0
    read = change is None or not change.difference.holds_zero or gap == 0
    people = pd.Index(before.index).union(after.index)
    twice = before.index.intersection(after.index)
    known = set(stage.answers.loc[stage.answers["customer_id"].notna(), "person"])
    return Findings(
        stage=stage,
        n_before=len(before),
        n_after=len(after),
        change=change,
        stayers=_stayers(stage, before, after),
        same=_change(stage, *(scores[scores.index.isin(twice)] for scores in (before, after))),
        split=split,
        steps=steps,
        leavers=_leavers(stage),
        longest=_longest(stage, after) if change else None,
        season=_season(stage, after, change) if change else None,
        points=points(stage),
        needed=None if read or change is None else change.needed(gap),
        wait=None if read or change is None else _wait(stage, change),
        matched=float(people.isin(known).mean()) if len(people) else 0.0,
    )


def _change(
    stage: Stage,
    before: "pd.Series[float]",
    after: "pd.Series[float]",
    *,
    level: float = LEVEL,
) -> Change | None:
    if min(len(before), len(after)) < SMALLEST:
        return None
    people = before.index.union(after.index)
    return change_of_waves(
        _numbers(before.reindex(people)),
        _numbers(after.reindex(people)),
        stage.measure.kind,
        level=level,
    )


def _stayers(stage: Stage, before: "pd.Series[float]", after: "pd.Series[float]") -> Change | None:
    """The change among customers of both periods; whoever answered in both was one."""
    people = stage.standings[stage.standings["known"] == 1]
    twice = set(before.index.intersection(after.index))
    stayed = set(people.loc[people["gone"] == 0, "customer_id"]) | twice
    were_there = set(people.loc[people["is_new"] == 0, "customer_id"]) | twice
    return _change(stage, before[before.index.isin(stayed)], after[after.index.isin(were_there)])


def _numbers(scores: "pd.Series[float]") -> Vector:
    return np.asarray(scores.to_numpy(), dtype=np.float64)


def _wait(stage: Stage, change: Change) -> Wait | None:
    later = later_answers_needed(change.difference.estimate, change.before, change.after)
    if later is None or 0 < stage.customers < later:
        return None
    pace = change.after.n / stage.horizon
    months = max(1, math.ceil((later - change.after.n) / pace))
    if months > _LONGEST_WAIT:
        return None
    return Wait(months, month_end(stage.month + months))


def _split(stage: Stage) -> Split:
    both = stage.both
    rows = during(stage.answers, both.before_from, both.until).merge(
        stage.standings, on="customer_id", how="left"
    )
    later = rows["answered_on"].to_numpy(dtype="datetime64[D]") > np.datetime64(both.before_until)
    return split_change(
        Answers(
            person=pd.factorize(rows["person"])[0].astype(np.int64),
            later=later,
            value=rows["adds"].to_numpy(np.float64),
            known=_flag(rows["known"]),
            left=_flag(rows["gone"]),
            joined=_flag(rows["is_new"]),
            segment=_codes(rows["segment"]),
            occasion=_codes(_occasion(rows)),
        ),
        rng=np.random.default_rng(_SEED),
        level=LEVEL,
    )


def _flag(column: "pd.Series[float]") -> NDArray[np.bool_]:
    return np.asarray(column.fillna(0).to_numpy(np.float64) == 1)


def _occasion(rows: pd.DataFrame) -> "pd.Series[str]":
    """What an answer was asked about: survey, touchpoint and channel."""
    parts = [rows[name].fillna("").astype(str) for name in ("survey", "touchpoint", "channel")]
    return parts[0] + "\n" + parts[1] + "\n" + parts[2]


def _codes(column: "pd.Series[str]") -> NDArray[np.int64]:
    """Codes from 0; what hardly anybody has is counted with what most have."""
    text = column.fillna("").astype(str)
    counts = text.value_counts()
    common = sorted(counts.index[counts >= _RARE])
    if len(common) < 2:
        return np.zeros(len(text), dtype=np.int64)
    places = {name: at for at, name in enumerate(common)}
    return text.map(places).fillna(places[counts.index[0]]).to_numpy(np.int64)


def _steps(stage: Stage, split: Split) -> tuple[Step, ...]:
    factor = stage.measure.factor
    nobody = not (stage.standings["known"] == 1).any()
    kept = {
        name: part
        for name, part in split.parts.items()
        # Without contracts or purchases nobody can be known to have left or joined.
        if not (nobody and name in (LEFT, JOINED, HEARD))
    }
    z = z_of_level(LEVEL)
    told = [name for name, part in kept.items() if part.high > part.low]
    p = {
        name: p_of_z(z * kept[name].estimate / (kept[name].high - kept[name].estimate))
        for name in told
    }
    adjusted = dict(zip(told, adjusted_p_values(list(p.values())), strict=True)) if told else {}
    money = _revenue(stage) if stage.conditions.money_allowed else {}
    return tuple(
        Step(
            name,
            part.estimate * factor,
            part.low * factor,
            part.high * factor,
            part.n,
            bool(adjusted.get(name, 1.0) <= MOST_FALSE),
            *money.get(name, (None, None)),
        )
        for name, part in kept.items()
    )


def _revenue(stage: Stage) -> Mapping[str, tuple[float, int]]:
    """What the people of each part pay a year, at the last month end they were customers, and how
    many they are; whoever left is counted with the leavers.
    """
    people, before, after = _who_answered(stage)
    gone, new = people["gone"] == 1, people["is_new"] == 1
    twice = before & after & ~gone
    once = (before & ~after & ~gone) | (after & ~before & ~new)
    groups = {
        CHANGED: twice,
        LEFT: before & gone,
        JOINED: after & ~before & new,
        HEARD: once,
        STAYED: once | twice,
    }
    yearly = _yearly(people)
    return {name: (float(yearly[rows].sum()), int(rows.sum())) for name, rows in groups.items()}


def _who_answered(stage: Stage) -> tuple[pd.DataFrame, "pd.Series[bool]", "pd.Series[bool]"]:
    """Known customers, and whether each answered in the earlier and in the later period."""
    both, heard = stage.both, stage.answers
    people = stage.standings[stage.standings["known"] == 1]
    asked_before = during(heard, both.before_from, both.before_until)["customer_id"].dropna()
    asked_after = during(heard, both.before_until, both.until)["customer_id"].dropna()
    who = people["customer_id"]
    return people, who.isin(set(asked_before)), who.isin(set(asked_after))


def _yearly(people: pd.DataFrame) -> "pd.Series[float]":
    return people["rate"].fillna(0.0) * 12


def _leavers(stage: Stage) -> Leavers | None:
    people, before, _ = _who_answered(stage)
    gone = people[before & (people["gone"] == 1)]
    if gone.empty:
        return None
    both = stage.both
    said = during(stage.answers, both.before_from, both.before_until)
    mean = said.groupby("customer_id")["value"].mean()
    own = mean.reindex(gone["customer_id"]).to_numpy(np.float64)
    unhappy = stage.measure.is_unhappy(np.asarray(own))
    yearly = _yearly(gone).to_numpy(np.float64)
    told = stage.conditions.money_allowed
    return Leavers(
        n=len(gone),
        unhappy=int(unhappy.sum()),
        revenue=float(yearly.sum()) if told else None,
        revenue_unhappy=float(yearly[unhappy].sum()) if told else None,
    )


def _longest(stage: Stage, after: "pd.Series[float]") -> Longest | None:
    """The last period against the first, at a level that allows for all that could be chosen.

    Every earlier period with enough people is a look (Bonferroni). None with a single one, which is
    the change itself.
    """
    if stage.answers.empty:
        return None
    first_month = month_index(pd.Timestamp(stage.answers["answered_on"].min()).date())
    found = []
    for back in range(stage.horizon, stage.month - first_month + 1, stage.horizon):
        ends = periods(stage.month - back + stage.horizon, stage.horizon)
        people = by_person(during(stage.answers, ends.before_from, ends.before_until))
        if len(people) >= SMALLEST:
            found.append((ends, people))
    if len(found) < 2:
        return None
    ends, people = found[-1]
    level = 1 - (1 - LEVEL) / len(found)
    change = _change(stage, people, after, level=level)
    if change is None:
        return None
    twice = people.index.intersection(after.index)
    same = _change(stage, people.loc[twice], after.loc[twice], level=level)
    return Longest(ends.before_from, ends.before_until, len(found), change, same)


def _season(stage: Stage, after: "pd.Series[float]", change: Change) -> Season | None:
    """The same months a year earlier; periods of a whole year have no season to compare."""
    if stage.horizon >= 12:
        return None
    then: Periods = periods(month_index(stage.as_of) - 12, stage.horizon)
    earlier = by_person(during(stage.answers, then.before_from, then.before_until))
    later = by_person(during(stage.answers, then.before_until, then.until))
    year_before = _change(stage, earlier, later)
    same_months = _change(stage, later, after)
    if year_before is None or same_months is None:
        return None
    now, old = change.difference, year_before.difference
    beyond = abs(now.estimate - old.estimate)
    noise = z_of_level(LEVEL) * math.hypot(change.error, year_before.error)
    alike = not now.holds_zero and not old.holds_zero and now.estimate * old.estimate > 0
    return Season(year_before, same_months, alike and beyond <= noise)
