"""What was kept, what moved, what serving cost and what a customer is worth: finance's side.

None of it needs a survey answer, except cost by band. Money is a month's, the period is as long as
the horizon. Everything that is no exact sum has a range from drawing customers again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import purchase_history
from cxdash.questions.chance import months_of
from cxdash.questions.design import band_of, text_of
from cxdash.questions.leaving import LEVEL
from cxdash.questions.revenue_stage import Stage
from cxdash.stats.estimate import Estimate
from cxdash.stats.kept import Kept, Movements, kept, movements
from cxdash.stats.lasting import lasting_value
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.proportions import share
from cxdash.stats.ratio import Ratio, ratio_of_sums
from cxdash.stats.repeat import fit_buying, fit_spending, value_ahead
from cxdash.store import Reader

__all__ = [
    "AHEAD_MONTHS",
    "DISCOUNT",
    "Cost",
    "Flow",
    "Heavy",
    "Worth",
    "costs",
    "flows",
    "values",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

DISCOUNT: Final = 0.10  # of a year; an assumption, said wherever a value rests on it
AHEAD_MONTHS: Final = 36  # without contracts: how far ahead purchases are counted
SMALLEST: Final = 10  # customers, below which no range is shown
HEAVY: Final = 0.01  # an account that moves net retention by a point is named
SMALL_RISE: Final = 0.10  # a rise up to this at an unchanged contract may be written into it
MOST_BUYERS: Final = 3_000
_DRAWS: Final = 100
_COST_DRAWS: Final = 400
_DAYS_A_MONTH: Final = 30.4375
_SEED: Final = 20_132


@dataclass(frozen=True, slots=True)
class Heavy:
    """An account that moves net retention by a point or more, and retention without it."""

    customer_id: str
    share: float
    nrr: float
    without: float


@dataclass(frozen=True, slots=True)
class Flow:
    """One period.

    Parameters
    ----------
    lost
        Share of customers that left; told even where money is withheld.
    kept, moved
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


@dataclass(frozen=True, slots=True)
class Worth:
    """Value of a customer ahead, of a segment or of all (empty name)."""

    segment: str
    customers: int
    value: Estimate


def flows(on: Stage) -> tuple[Flow, ...]:
    """Every period, oldest first."""
    rng = np.random.default_rng(_SEED)
    return tuple(_flow(on, opens, rng) for opens in on.paid.opens)


def _flow(on: Stage, opens: int, rng: np.random.Generator) -> Flow:
    rows = on.paid.rows[on.paid.rows["opens"] == opens]
    there, stays = _flag(rows, "there"), _flag(rows, "stays")
    at_start = int(there.sum())
    lost = share(int((there & ~stays).sum()), at_start, level=LEVEL) if at_start else None
    if not on.money_shown:
        return Flow(opens, at_start, lost, None, None, 0.0, 0.0, 0.0, None)
    before, after = _real(rows, "before"), _real(rows, "after")
    came = _flag(rows, "came")
    stayed = there & stays
    grown = np.where(stayed, np.maximum(after - before, 0.0), 0.0)
    more = _flag(rows, "added")
    small = ~more & (after <= before * (1 + SMALL_RISE))
    found = kept(
        before, after, there=there, stays=stays, earned=_earned(rows, came), rng=rng, level=LEVEL
    )
    return Flow(
        opens=opens,
        customers=at_start,
        lost=lost,
        kept=found,
        moved=movements(before, after, there=there, stays=stays, came=came),
        added=float(grown[more].sum()),
        small_rises=float(grown[small].sum()) if on.paid.by_contract else 0.0,
        refunded=float(_real(rows, "refunded").sum()),
        heavy=_heavy(rows, before, after, there) if found else None,
    )


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
    rows = rows[rows["months_there"] > 0]
    cost, months = _real(rows, "contact_cost"), _real(rows, "months_there")
    codes = pd.factorize(rows["customer_id"])[0]
    everybody = _ratio(cost, months, codes)
    if everybody:
        yield Cost("all", "", "All customers", everybody)
    if on.setting and not on.setting.conditions.against_rates:
        closed = on.setting.marks.closed
        own, during = band_of(closed), months_of(closed, on.horizon)
        spent = closed["cost_after"].to_numpy(np.float64)
        who = pd.factorize(closed["customer_id"])[0]
        for band in on.setting.bands:
            hit = own == band.name
            found = _ratio(spent[hit], during[hit], who[hit])
            if found:
                yield Cost("answer", band.name, band.label, found)
    segment = text_of(rows["segment"]).to_numpy(dtype=object)
    for name in _groups(segment):
        hit = segment == name
        found = _ratio(cost[hit], months[hit], codes[hit])
        if found:
            yield Cost("segment", name, name, found)


def _ratio(top: Matrix, bottom: Matrix, codes: NDArray[np.int64]) -> Ratio | None:
    if np.unique(codes).size < SMALLEST:
        return None
    rng = np.random.default_rng(_SEED)
    return ratio_of_sums(top, bottom, codes, rng=rng, draws=_COST_DRAWS, level=LEVEL)


def values(view: Reader, on: Stage) -> tuple[Worth, ...]:
    """Value ahead of a customer: of all, then by segment."""
    if not on.money_shown:
        return ()
    return tuple(_contract_values(on) if on.panel.contractual else _buyer_values(view, on))


def _contract_values(on: Stage) -> Iterator[Worth]:
    today = on.seen.rows[on.seen.is_base]
    looks = on.paid.rows
    looks = looks[(looks["there"] == 1) & (looks["under_notice"] == 0)]
    names = pd.Index(pd.unique(pd.concat([today["customer_id"], looks["customer_id"]])))
    payer, leaver = names.get_indexer(today["customer_id"]), names.get_indexer(looks["customer_id"])
    paid = _real(today, "rate")
    left = ~_flag(looks, "stays")
    own = text_of(today["segment"]).to_numpy(dtype=object)
    theirs = text_of(looks["segment"]).to_numpy(dtype=object)
    for name in ("", *_groups(own)):
        here, there = (own == name, theirs == name) if name else (own == own, theirs == theirs)  # noqa: PLR0124
        if min(here.sum(), there.sum()) < SMALLEST:
            continue
        found = lasting_value(
            paid[here],
            payer[here],
            left[there],
            leaver[there],
            months=on.horizon,
            discount=DISCOUNT,
            level=LEVEL,
        )
        if found:
            yield Worth(name, int(here.sum()), found)


def _buyer_values(view: Reader, on: Stage) -> Iterator[Worth]:
    history = purchase_history(view, as_of=on.as_of)
    for column, value in on.scope.where:
        history = history[text_of(history[column]) == value]
    whole = len(history)
    if whole > MOST_BUYERS:
        history = history.sample(MOST_BUYERS, random_state=_SEED)
    repeats = _real(history, "repeats")
    recency = _real(history, "recency_days") / _DAYS_A_MONTH
    age = _real(history, "age_days") / _DAYS_A_MONTH
    mean = np.maximum(_real(history, "mean_spend"), 0.0)
    again = (repeats > 0) & (mean > 0)
    try:
        buying = fit_buying(repeats, recency, age)
        spent = fit_spending(repeats[again], mean[again])
    except (ValueError, NoConvergenceError):
        return  # too few bought again to tell; the Fact then says so
    own = text_of(history["segment"]).to_numpy(dtype=object)
    for name in ("", *_groups(own)):
        here = own == name if name else np.ones(len(own), dtype=np.bool_)
        if here.sum() < SMALLEST:
            continue
        found = value_ahead(
            buying,
            spent,
            repeats[here],
            recency[here],
            age[here],
            mean[here],
            periods=AHEAD_MONTHS,
            discount=(1 + DISCOUNT) ** (1 / 12) - 1,
            rng=np.random.default_rng(_SEED),
            draws=_DRAWS,
            level=LEVEL,
        )
        yield Worth(name, round(float(here.sum()) * whole / len(history)), found)


def _groups(names: NDArray[np.object_]) -> list[str]:
    """Segments with a name, if there are at least two."""
    found = sorted({str(name) for name in names if name})
    return found if len(found) > 1 else []


def _flag(rows: pd.DataFrame, column: str) -> Mask:
    return np.asarray(rows[column].to_numpy(np.int64) == 1)


def _real(rows: pd.DataFrame, column: str) -> Matrix:
    return np.asarray(rows[column].to_numpy(np.float64))
