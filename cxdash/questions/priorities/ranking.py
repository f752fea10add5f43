"""What comes first under budget and capacity, and what is left out, with how sure that is.

Every initiative that was measured is drawn from its range, those on the same evidence together. In
each draw they are ranked by value for each working day, and the best choice is found that keeps to
the limits. The choice itself is the best for the values as they are believed today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash import register
from cxdash.questions.initiatives.find import Found
from cxdash.questions.initiatives.reach import Reach
from cxdash.questions.initiatives.reading import Plan
from cxdash.questions.judgement import LEVEL
from cxdash.questions.priorities.evidence import Worth
from cxdash.register.kinds.initiatives import Capacity
from cxdash.stats.portfolio import Limit, Portfolio, Shared, best_choice, chosen_shares
from cxdash.stats.ranking import Placed, joint_draws, ranked
from cxdash.store import Reader

__all__ = ["Candidate", "Ranking", "Room", "rank", "room"]

Draws = NDArray[np.float64]

_DRAWS: Final = 4000
_SEED: Final = 20_240
_FIRST: Final = 3  # how many count as the first ones where nothing limits them


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A live initiative: whom it touches, what it is worth, what it takes."""

    plan: Plan
    reached: Reach
    worth: Worth | None

    @property
    def cost(self) -> float:
        return float(self.plan.record.cost or 0)

    @property
    def days(self) -> float:
        return float(self.plan.record.effort_days or 0)

    @property
    def net(self) -> float:
        """Value less cost; without a value minus the cost."""
        return (self.worth.value if self.worth else 0.0) - self.cost

    @property
    def is_ranked(self) -> bool:
        return self.worth is not None and self.worth.is_measured and self.days > 0

    @property
    def why_not(self) -> str:
        """Why it stands apart from those that are ranked."""
        if self.is_ranked:
            return ""
        if self.reached.why_not:
            return "cannot tell whom it touches"
        if self.worth is None:
            return "cannot tell: nothing measured"
        if not self.worth.is_measured:
            return "claimed" if self.worth.grade.name == "F" else "observed, not confirmed"
        return "cannot tell: no working days entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What there is to spend, as it was entered last; None: no limit."""

    name: str = ""
    budget: float | None = None
    days: float | None = None
    at_once: int | None = None

    @property
    def is_limited(self) -> bool:
        return not (self.budget is None and self.days is None and self.at_once is None)

    def limits(self, rows: Sequence[Candidate]) -> list[Limit]:
        wanted = (
            (self.budget, [one.cost for one in rows]),
            (self.days, [one.days for one in rows]),
            (self.at_once, [1.0 for _ in rows]),
        )
        return [Limit(uses=uses, most=most) for most, uses in wanted if most is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The initiatives that can be ranked, the best choice among them, and the others.

    Parameters
    ----------
    ranked
        In the order of ``draws``' columns, which are value less cost.
    places
        From first to last; ``row`` counts in ``ranked``.
    first
        How many count as the first ones.
    best
        The best choice; ``chosen`` counts in ``ranked``.
    shares
        In which share of draws the best choice holds each.
    shared
        What pairs would bring with the same customers in the same line.
    apart
        Live initiatives that cannot be ranked.
    """

    room: Room
    ranked: tuple[Candidate, ...]
    apart: tuple[Candidate, ...]
    draws: Draws
    places: tuple[Placed, ...]
    first: int
    best: Portfolio
    shares: Draws
    shared: tuple[Shared, ...]

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(self.ranked[row] for row in self.best.chosen)

    def sum_of_chosen(self) -> tuple[float, float]:
        """The range of what the choice brings beyond its cost."""
        twice = sum(
            pair.amount
            for pair in self.shared
            if {pair.first, pair.second} <= set(self.best.chosen)
        )
        sums = self.draws[:, list(self.best.chosen)].sum(axis=1) - twice
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(sums, [tail, 1 - tail])
        return float(low), float(high)


def room(view: Reader) -> Room:
    """The limits that were entered last."""
    entered = register.current(view, Capacity)
    if not entered:
        return Room()
    newest = max(entered, key=lambda one: one.at).record
    return Room(
        name=newest.name,
        budget=None if newest.budget is None else float(newest.budget),
        days=newest.days,
        at_once=newest.at_once,
    )


def rank(found: Found, worths: Mapping[str, Worth], limits: Room) -> Ranking:
    """Rank what was measured, and choose."""
    live = [
        Candidate(plan=plan, reached=reached, worth=worths.get(plan.id))
        for plan, reached in zip(found.plans, found.meant, strict=True)
        if plan.is_live
    ]
    rows = tuple(one for one in live if one.is_ranked)
    apart = tuple(one for one in live if not one.is_ranked)
    if not rows:
        nothing = Portfolio(chosen=(), value=0.0, cost=0.0)
        return Ranking(
            room=limits,
            ranked=(),
            apart=apart,
            draws=np.zeros((1, 0)),
            places=(),
            first=0,
            best=nothing,
            shares=np.zeros(0),
            shared=(),
        )
    value, cost = _drawn(rows), np.array([one.cost for one in rows])
    days = np.array([one.days for one in rows])
    within, shared = limits.limits(rows), tuple(_shared(rows))
    best = best_choice([one.net for one in rows], within, shared=shared)
    first = len(best.chosen) if limits.is_limited and best.chosen else min(_FIRST, len(rows))
    return Ranking(
        room=limits,
        ranked=rows,
        apart=apart,
        draws=value - cost,
        places=ranked(value / days, first, level=LEVEL),
        first=first,
        best=best,
        shares=chosen_shares(value - cost, within, shared=shared),
        shared=shared,
    )


def _drawn(rows: Sequence[Candidate]) -> Draws:
    worths = [one.worth for one in rows if one.worth]
    return joint_draws(
        [one.value for one in worths],
        [one.error for one in worths],
        [one.source for one in worths],
        draws=_DRAWS,
        rng=np.random.default_rng(_SEED),
    )


def _shared(rows: Sequence[Candidate]) -> list[Shared]:
    """What two initiatives would bring with customers they share, where it shows in one line."""
    pairs = []
    for first, one in enumerate(rows):
        for second, other in enumerate(rows[first + 1 :], first + 1):
            both = int((one.reached.inside & other.reached.inside).sum())
            same = one.plan.record.line and one.plan.record.line == other.plan.record.line
            if both and same:
                amounts = [
                    max(0.0, each.worth.value if each.worth else 0.0)
                    * both
                    / each.reached.customers
                    for each in (one, other)
                ]
                pairs.append(Shared(first=first, second=second, amount=min(amounts)))
    return pairs
