"""Which of today's customers an initiative touches, and which it shares with another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash import register
from cxdash.panel import FILTERS, Panel, known_at
from cxdash.panel.exposures import treated
from cxdash.questions.initiatives.reading import Plan
from cxdash.store import Reader

__all__ = ["Overlap", "Reach", "customers_today", "nobody", "overlaps", "passing", "reach"]

Flags = NDArray[np.bool_]
Kind = Literal["contradicting aims", "same line", "same customers"]

_GROWING: Final = frozenset({"keep", "grow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Today's customers an initiative touches: flags over them, how many, and what they pay.

    ``revenue`` is money a month; ``why_not`` says in words why nobody can be counted, else it is
    empty.
    """

    inside: Flags
    revenue: float
    why_not: str = ""

    @property
    def customers(self) -> int:
        return int(self.inside.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two initiatives that touch the same customers at the same time.

    ``money_twice``: both are to show in the same line of the accounts, so what they bring with the
    customers they share could be counted twice.
    """

    first: Plan
    second: Plan
    shared: int
    customers_first: int
    customers_second: int
    kind: Kind

    @property
    def money_twice(self) -> bool:
        return bool(self.first.record.line) and self.first.record.line == self.second.record.line


def customers_today(view: Reader, built: Panel, month: int) -> pd.DataFrame:
    """One row a customer at the end of the month who has not said goodbye: customer_id, rate (money
    a month) and the columns customers can be narrowed by.
    """
    rows = known_at(view, built, month)
    return rows[rows["under_notice"] == 0].reset_index(drop=True)


def passing(rows: pd.DataFrame, filters: str) -> Flags | None:
    """Which rows such filters pass; None where one names a column there is not."""
    inside = np.ones(len(rows), dtype=bool)
    for column, value in register.filters(filters):
        if column not in FILTERS:
            return None
        inside &= (rows[column].fillna("") == value).to_numpy(dtype=bool)
    return inside


def reach(view: Reader, plan: Plan, today: pd.DataFrame, *, listed: bool = True) -> Reach:
    """Whom an initiative touches among today's customers.

    Where a list says who was given it, those; without ``listed`` all whom its filters choose, as if
    it was given to all of them.
    """
    inside = passing(today, plan.record.customers)
    if inside is None:
        return nobody(
            len(today),
            f"customers can be chosen by {', '.join(FILTERS)} only, and “{plan.record.customers}” "
            "names something else",
        )
    if plan.record.roster and listed:
        given = treated(view, plan.record.roster)
        if not given:
            return nobody(
                len(today),
                f"no loaded list of pilots has treated customers of “{plan.record.roster}”",
            )
        inside = inside & today["customer_id"].isin(given).to_numpy(dtype=bool)
    if not inside.any():
        return nobody(len(today), "none of today's customers is chosen by it")
    rate = today["rate"].fillna(0.0).to_numpy(dtype=np.float64)
    return Reach(inside=inside, revenue=float(rate[inside].sum()))


def nobody(customers: int, why: str) -> Reach:
    """Of so many customers none, and why."""
    return Reach(inside=np.zeros(customers, dtype=bool), revenue=0.0, why_not=why)


def overlaps(plans: Sequence[Plan], reached: Sequence[Reach]) -> tuple[Overlap, ...]:
    """Pairs of live initiatives with customers in common, contradicting aims first.

    A wish meets nobody: nothing is decided about it.
    """
    live = [
        (plan, one)
        for plan, one in zip(plans, reached, strict=True)
        if plan.is_live and not plan.is_wish
    ]
    found = list(_pairs(live))
    order = ("contradicting aims", "same line", "same customers")
    return tuple(sorted(found, key=lambda pair: (order.index(pair.kind), -pair.shared)))


def _pairs(live: Sequence[tuple[Plan, Reach]]) -> Iterator[Overlap]:
    for (first, one), (second, other) in combinations(live, 2):
        shared = int((one.inside & other.inside).sum())
        if shared and _at_once(first, second):
            yield Overlap(
                first=first,
                second=second,
                shared=shared,
                customers_first=one.customers,
                customers_second=other.customers,
                kind=_kind(first, second),
            )


def _at_once(first: Plan, second: Plan) -> bool:
    """Whether they can be under way on the same day; where a day is open they can."""
    starts = max(plan.record.starts or date.min for plan in (first, second))
    ends = min(plan.record.ends or date.max for plan in (first, second))
    return starts <= ends


def _kind(first: Plan, second: Plan) -> Kind:
    aims = {first.record.aim, second.record.aim}
    if "cut_cost" in aims and aims & _GROWING:
        return "contradicting aims"
    if first.record.line and first.record.line == second.record.line:
        return "same line"
    return "same customers"
