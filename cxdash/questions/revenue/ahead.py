"""What a customer will pay from today on, discounted: of all customers and by segment.

Segments leave at different rates, so the mean of all is the sum of the segments' means, each
weighted by its customers. Segments with too few who left are looked at together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import DAYS_A_MONTH, purchase_history
from cxdash.questions.design import text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.flows import flag, groups_of, real
from cxdash.questions.revenue.stage import Stage
from cxdash.questions.worth.bands import SMALLEST
from cxdash.stats.estimate import Estimate
from cxdash.stats.lasting import Alike, lasting_value, lasting_value_of_all
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.repeat import fit_buying, fit_spending, value_ahead
from cxdash.store import Reader

__all__ = ["AHEAD_MONTHS", "DISCOUNT", "Worth", "apart_and_together", "values"]

Names = NDArray[np.object_]

DISCOUNT: Final = 0.10  # of a year; an assumption, said wherever a value rests on it
AHEAD_MONTHS: Final = 36  # without contracts: how far ahead purchases are counted
MOST_BUYERS: Final = 3_000
_FEW_LEFT: Final = 5  # leavers, below which a segment's own rate of leaving says too little
_DRAWS: Final = 100
_SEED: Final = 20_132


@dataclass(frozen=True, slots=True)
class Worth:
    """Discounted revenue of a customer, of all (no segments), one or several looked at together.

    The figure rests on ``value.n`` of the ``customers``.
    """

    segments: tuple[str, ...]
    customers: int
    value: Estimate


def values(view: Reader, on: Stage) -> tuple[Worth, ...]:
    """Revenue ahead of a customer: of all, then by segment."""
    if not on.money_shown:
        return ()
    return tuple(_contract_values(on) if on.panel.contractual else _buyer_values(view, on))


def _contract_values(on: Stage) -> Iterator[Worth]:
    today = on.seen.rows[on.seen.is_base]
    looks = on.paid.rows
    looks = looks[(looks["there"] == 1) & (looks["under_notice"] == 0)]
    names = pd.Index(pd.unique(pd.concat([today["customer_id"], looks["customer_id"]])))
    payer, leaver = names.get_indexer(today["customer_id"]), names.get_indexer(looks["customer_id"])
    paid, left = real(today, "rate"), ~flag(looks, "stays")
    own = text_of(today["segment"]).to_numpy(dtype=object)
    theirs = text_of(looks["segment"]).to_numpy(dtype=object)
    if min(own.size, theirs.size) < SMALLEST:
        return

    def part(segments: list[str]) -> Alike:
        here, there = np.isin(own, segments), np.isin(theirs, segments)
        return Alike(paid[here], payer[here], left[there], leaver[there])

    def tells(segments: list[str]) -> bool:
        one = part(segments)
        gone = int(one.left.sum())
        enough = one.paid.size >= SMALLEST and min(gone, one.left.size - gone) >= _FEW_LEFT
        return enough and bool(one.paid.sum() > 0)

    told = apart_and_together(own, tells)
    parts = [part(segments) for segments in told]
    if len(told) < 2:
        parts = [Alike(paid, payer, left, leaver)]
    whole = lasting_value_of_all(parts, months=on.horizon, discount=DISCOUNT, level=LEVEL)
    if whole is None:
        return
    yield Worth((), own.size, whole)
    for segments, one in zip(told, parts, strict=True) if len(told) > 1 else ():
        found = lasting_value(one, months=on.horizon, discount=DISCOUNT, level=LEVEL)
        if found:
            yield Worth(tuple(segments), one.paid.size, found)


def apart_and_together(own: Names, tells: Callable[[list[str]], bool]) -> list[list[str]]:
    """Segments to look at by themselves, and at the end those to look at together.

    Parameters
    ----------
    own
        Shape (customers,): the segment of each; empty where not given.
    tells
        Whether these segments, looked at together, have enough customers to say something.

    Notes
    -----
    While those that say too little by themselves do not say enough together, the smallest of the
    others joins them, so that every customer is in exactly one group.
    """
    sizes = pd.Series(own, dtype=object).value_counts()
    names = sorted((str(name) for name in sizes.index), key=lambda name: (-sizes[name], name))
    apart = [name for name in names if name and tells([name])]
    together = [name for name in names if name not in apart]
    while together and apart and not tells(together):
        together.append(apart.pop())
    return [[name] for name in sorted(apart)] + ([sorted(together)] if together else [])


def _buyer_values(view: Reader, on: Stage) -> Iterator[Worth]:
    """One model for all, told customer by customer, so segments add up to all by themselves."""
    history = purchase_history(view, as_of=on.as_of)
    for column, value in on.scope.where:
        history = history[text_of(history[column]) == value]
    whole = len(history)
    if whole > MOST_BUYERS:
        history = history.sample(MOST_BUYERS, random_state=_SEED)
    repeats = real(history, "repeats")
    recency = real(history, "recency_days") / DAYS_A_MONTH
    age = real(history, "age_days") / DAYS_A_MONTH
    mean = np.maximum(real(history, "mean_spend"), 0.0)
    again = (repeats > 0) & (mean > 0)
    try:
        buying = fit_buying(repeats, recency, age)
        spent = fit_spending(repeats[again], mean[again])
    except (ValueError, NoConvergenceError):
        return  # too few bought again to tell; the Fact then says so
    own = text_of(history["segment"]).to_numpy(dtype=object)
    for name in ("", *groups_of(own)):
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
        segments = (name,) if name else ()
        yield Worth(segments, round(float(here.sum()) * whole / len(history)), found)
