"""What was kept, what moved and what serving cost: finance's side.

None of it needs a survey answer, except cost by band. Money is a month's, the period is as long as
the horizon. Everything that is no exact sum has a range from drawing customers again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Spending
from cxdash.questions.design import band_of, text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.stage import Stage
from cxdash.questions.worth.bands import SMALLEST, cost_to_serve
from cxdash.stats.estimate import Estimate
from cxdash.stats.kept import Kept, Movements, kept, movements
from cxdash.stats.proportions import share
from cxdash.stats.ratio import Ratio, ratio_of_sums

__all__ = [
    "SMALL_RISE",
    "Cost",
    "Flow",
    "Heavy",
    "Movers",
    "costs",
    "flag",
    "flow_of_year",
    "flows",
    "groups_of",
    "real",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

HEAVY: Final = 0.01  # an account that moves net retention by a point is named
SMALL_RISE: Final = 0.10  # a rise up to this at an unchanged contract may be written into it
_SEED: Final = 20_132


@dataclass(frozen=True, slots=True)
class Heavy:
    """An account that moves net retention by a point or more, and retention without it."""

    customer_id: str
    share: float
    nrr: float
    without: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """How many customers stand behind each movement of money."""

    start: int
    expansion: int
    contraction: int
    churned: int
    new: int
    returned: int
    end: int
    added: int
    small_rises: int
    refunded: int


@dataclass(frozen=True, slots=True)
class Flow:
    """One period.

    Parameters
    ----------
    lost
        Share of customers that left; told even where money is withheld.
    kept, moved, movers
        None where money is withheld or nobody paid.
    added
        Part of the expansion at customers who added a contract or changed their plan.
    small_rises
        Part of the expansion in rises of at most a tenth at customers who added nothing.
    refunded
        Money paid back in the period, in all.
    heavy
        The account that moves net retention most, if by a point or more.
    """

    opens: int
    customers: int
    lost: Estimate | None
    kept: Kept | None
    moved: Movements | None
    movers: Movers | None
    added: float
    small_rises: float
    refunded: float
    heavy: Heavy | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost to serve, per customer and month, of a group: a band of the metric or a segment."""

    by: str
    group: str
    label: str
    cost: Ratio


def flows(on: Stage) -> tuple[Flow, ...]:
    """Every period, oldest first."""
    rng = np.random.default_rng(_SEED)
    return tuple(_flow(on, on.paid, opens, rng) for opens in on.paid.opens)


def flow_of_year(on: Stage) -> Flow | None:
    """The twelve months to the day of the question; None where the data do not reach."""
    rng = np.random.default_rng(_SEED)
    found = [_flow(on, on.year, opens, rng) for opens in on.year.opens]
    return next((flow for flow in found if flow.customers), None)


def _flow(on: Stage, paid: Spending, opens: int, rng: np.random.Generator) -> Flow:
    rows = paid.rows[paid.rows["opens"] == opens]
    there, stays = flag(rows, "there"), flag(rows, "stays")
    at_start = int(there.sum())
    lost = share(int((there & ~stays).sum()), at_start, level=LEVEL) if at_start else None
    if not on.money_shown:
        return Flow(opens, at_start, lost, None, None, None, 0.0, 0.0, 0.0, None)
    before, after = real(rows, "before"), real(rows, "after")
    came = flag(rows, "came")
    stayed = there & stays
    grown = np.where(stayed, np.maximum(after - before, 0.0), 0.0)
    more = flag(rows, "added")
    small = ~more & (after <= before * (1 + SMALL_RISE))
    refunds = real(rows, "refunded")
    fresh, back = ~there & came, ~there & ~came
    found = kept(
        before, after, there=there, stays=stays, earned=_earned(rows, came), rng=rng, level=LEVEL
    )
    return Flow(
        opens=opens,
        customers=at_start,
        lost=lost,
        kept=found,
        moved=movements(before, after, there=there, stays=stays, came=came),
        movers=Movers(
            start=_some(before[there]),
            expansion=_some(grown),
            contraction=_some(np.where(stayed, np.minimum(after - before, 0.0), 0.0)),
            churned=_some((before - after)[there & ~stays]),
            new=_some(after[fresh]),
            returned=_some(after[back]),
            end=_some(after),
            added=_some(grown[more]),
            small_rises=_some(grown[small]) if paid.by_contract else 0,
            refunded=_some(refunds),
        ),
        added=float(grown[more].sum()),
        small_rises=float(grown[small].sum()) if paid.by_contract else 0.0,
        refunded=float(refunds.sum()),
        heavy=_heavy(rows, before, after, there) if found else None,
    )


def _some(money: Matrix) -> int:
    """How many of them there is any money of."""
    return int(np.count_nonzero(money))


def _earned(rows: pd.DataFrame, came: Mask) -> Mask | None:
    """Who came by recommendation; None where nobody wrote down how customers came."""
    how = text_of(rows["acquired_by"])
    if not (how != "").any():
        return None
    return np.asarray(came & (how == "earned").to_numpy(np.bool_))


def _heavy(rows: pd.DataFrame, before: Matrix, after: Matrix, there: Mask) -> Heavy | None:
    first, then = np.where(there, before, 0.0), np.where(there, after, 0.0)
    start, end = float(first.sum()), float(then.sum())
    rest = start - first
    without = np.divide(end - then, rest, out=np.full(len(first), np.nan), where=rest > 0)
    moved = np.abs(np.nan_to_num(without - end / start))
    place = int(moved.argmax())
    if moved[place] < HEAVY:
        return None
    return Heavy(
        customer_id=str(rows["customer_id"].iloc[place]),
        share=float(first[place] / start),
        nrr=end / start,
        without=float(without[place]),
    )


def costs(on: Stage) -> tuple[Cost, ...]:
    """Cost to serve of all, by the band answered before and by segment, over all periods."""
    if not on.ground.has_costs or on.ground.costs_unconverted:
        return ()
    return tuple(_costs(on))


def _costs(on: Stage) -> Iterator[Cost]:
    rows = on.paid.rows
    months = _months_of(rows) if on.panel.contractual else real(rows, "months_there")
    rows, months = rows[months > 0], months[months > 0]
    cost = real(rows, "contact_cost")
    codes = pd.factorize(rows["customer_id"])[0]
    everybody = _ratio(cost, months, codes)
    if everybody:
        yield Cost("all", "", "All customers", everybody)
    if on.setting and not on.setting.conditions.against_rates:
        closed = on.setting.marks.closed
        own = band_of(closed)
        for band in on.setting.bands:
            found = cost_to_serve(closed[own == band.name], on.horizon)
            if found:
                yield Cost("answer", band.name, band.label, found)
    segment = text_of(rows["segment"]).to_numpy(dtype=object)
    for name in groups_of(segment):
        hit = segment == name
        found = _ratio(cost[hit], months[hit], codes[hit])
        if found:
            yield Cost("segment", name, name, found)


def _months_of(rows: pd.DataFrame) -> Matrix:
    """Months as a customer in the period, the month of leaving counted; shape (rows,)."""
    whole = real(rows, "months_there")
    left = ~flag(rows, "stays") & (flag(rows, "there") | (whole > 0))
    return whole + left


def _ratio(top: Matrix, bottom: Matrix, codes: NDArray[np.int64]) -> Ratio | None:
    if np.unique(codes).size < SMALLEST:
        return None
    rng = np.random.default_rng(_SEED)
    return ratio_of_sums(top, bottom, codes, rng=rng, level=LEVEL)


def groups_of(names: NDArray[np.object_]) -> list[str]:
    """Segments with a name, if there are at least two."""
    found = sorted({str(name) for name in names if name})
    return found if len(found) > 1 else []


def flag(rows: pd.DataFrame, column: str) -> Mask:
    return np.asarray(rows[column].to_numpy(np.int64) == 1)


def real(rows: pd.DataFrame, column: str) -> Matrix:
    return np.asarray(rows[column].to_numpy(np.float64))
