"""Which pilot would most change what is chosen?

What is believed of an initiative today has a range; the best choice without it brings so much. A
pilot of half the customers it touches against the other half would narrow the range. What is only
claimed is not chosen today, whatever is claimed; a pilot could let it in.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cxdash.panel import Panel, windows
from cxdash.questions.priorities.ranking import Candidate, Ranking
from cxdash.stats.information import Knowing, worth_of_knowing
from cxdash.stats.portfolio import Portfolio, best_choice
from cxdash.store import Reader

__all__ = ["Trial", "trials"]

_FEWEST: Final = 30  # customers in each group, below which no pilot is proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A pilot that could be made: of whom, what it would be worth, and what knowing exactly would.

    ``each`` is the number of customers in each group; ``error`` the standard error it would leave,
    in money over the horizon.
    """

    candidate: Candidate
    each: int
    error: float
    pilot: Knowing
    exact: Knowing


def trials(
    view: Reader, built: Panel, ranking: Ranking, *, month: int, months: int
) -> tuple[Trial, ...]:
    """Every pilot that could be made, the one worth most first."""
    behind = windows(view, built, as_of_month=month, horizon=months)
    closed = behind.rows[behind.is_closed]
    made = [
        trial
        for one in (*ranking.ranked, *ranking.apart)
        for trial in _trial(one, ranking, closed, months)
    ]
    return tuple(sorted(made, key=lambda one: (-one.pilot.worth, -one.exact.worth)))


def _trial(one: Candidate, ranking: Ranking, closed: pd.DataFrame, months: int) -> Iterator[Trial]:
    each = one.reached.customers // 2
    if one.worth is None or one.days <= 0 or each < _FEWEST:
        return
    spread = _spread(one, closed, months)
    choice = _choices(one, ranking)
    if spread is None or choice is None:
        return
    without, with_it = choice
    # What the others bring beside it is less than without it, where limits make room for one only.
    instead = without.value - (with_it.value - one.net)
    error = spread * math.sqrt(2 / each) * one.reached.customers
    chosen = None if one.is_ranked else False
    yield Trial(
        candidate=one,
        each=each,
        error=error,
        pilot=worth_of_knowing(one.net, one.worth.error, instead, error=error, chosen=chosen),
        exact=worth_of_knowing(one.net, one.worth.error, instead, chosen=chosen),
    )


def _choices(one: Candidate, ranking: Ranking) -> tuple[Portfolio, Portfolio] | None:
    """The best choice without it and with it; None where it does not fit by itself."""
    rows: Sequence[Candidate] = ranking.ranked if one.is_ranked else (*ranking.ranked, one)
    place = next(number for number, row in enumerate(rows) if row.plan.id == one.plan.id)
    limits = ranking.room.limits(rows)
    if any(np.asarray(limit.uses)[place] > limit.most for limit in limits):
        return None
    nets = [row.net for row in rows]
    return (
        best_choice(nets, limits, shared=ranking.shared, never=[place]),
        best_choice(nets, limits, shared=ranking.shared, must=[place]),
    )


def _spread(one: Candidate, closed: pd.DataFrame, months: int) -> float | None:
    """Standard deviation over customers of the money a pilot would look at; None if not known."""
    newest = closed[closed["landmark"] == closed["landmark"].max()] if len(closed) else closed
    if len(newest) < _FEWEST:
        return None
    aim, rate = one.plan.record.aim, newest["rate"].fillna(0.0)
    if aim == "keep":
        money = newest["left_within"] * rate * months
    elif aim == "grow":
        money = (newest["rate_after"] - rate)[newest["left_within"] == 0] * months
    else:
        money = newest["cost_after"]
    spread = float(money.astype(float).std())
    return spread if math.isfinite(spread) and spread > 0 else None
