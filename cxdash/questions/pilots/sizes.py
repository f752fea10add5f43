"""What a pilot can see, worked out from the months before: said before it starts."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Panel, month_end
from cxdash.panel.pilot_units import customers_around, ratings_since, units_by_month
from cxdash.questions.pilots.beside import picked
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import AFTER, CONTROL_WORDS, Sources, arms
from cxdash.questions.pilots.units import MOST_BEFORE, by_month
from cxdash.stats.permutation import assignments
from cxdash.stats.pilot_power import (
    detectable_mean,
    detectable_share,
    needed_for_mean,
    needed_for_share,
)
from cxdash.store import Reader

__all__ = ["Size", "size_of"]

_FEWEST: Final = 20  # customers from whom a usual rate can be learned
_MOST_MONTHS: Final = 12
_BEFORE: Final = {"revenue": "money_before", "contacts": "contacts_before"}


@dataclass(frozen=True, slots=True)
class Size:
    """What a plan can see.

    Parameters
    ----------
    treated, control
        How many would be in each group: customers, or whole units.
    customers
        How many customers that is.
    base
        What is usual without it: share who leave, or mean, over a stretch as long.
    detectable
        Smallest effect it is sure to see, in the unit of the outcome; None: not even the largest.
    wanted
        Smallest effect worth having, in the same unit.
    needed
        How many in both groups would show that one; None where none would.
    never
        Units only: there are too few for any difference to pass the bar.
    """

    treated: int
    control: int
    customers: int
    base: float
    detectable: float | None
    wanted: float | None
    needed: int | None
    never: bool = False

    @property
    def answers(self) -> bool:
        """Whether it is sure to see the smallest effect worth having."""
        if self.detectable is None or self.never:
            return False
        return self.wanted is None or self.detectable <= self.wanted


def size_of(
    view: Reader, built: Panel, one: Planned, stage: Stage, sources: Sources
) -> Size | None:
    """What the plan can see, by the latest stretch that was over before; None: not known."""
    last = min(stage.base, built.last_month or 0)
    months = min(max(1, stage.months), _MOST_MONTHS)
    if last - months < (built.first_month or 0):
        return None
    if one.plan.outcome == "score":
        return _of_ratings(view, one, last, months, sources)
    if one.design == "regions":
        return _of_units(view, one, last, months, sources)
    then = customers_around(view, last - months, last, by_fee=sources.by_fee)
    now = _taking_part(view, one, built, stage, sources)
    # Whoever takes part is still there, so a usual rate is learned from all who were there then.
    own = then[picked(one, then)] if one.design != "matched" else then
    if len(own) < _FEWEST or now.empty:
        return None
    treated = _treated(one, now)
    return _of_customers(one, own, (treated, len(now) - treated))


def _taking_part(
    view: Reader, one: Planned, built: Panel, stage: Stage, sources: Sources
) -> pd.DataFrame:
    """Customers of today, or of the day before it began, who take part or serve to compare."""
    base = min(stage.base, (built.last_month or 0) - 1)
    there = customers_around(view, base, base + 1, by_fee=sources.by_fee)
    if not one.members.empty and one.design != "matched":
        return there[there["customer_id"].isin(one.members["customer_id"])]
    if one.design == "matched":
        return there.assign(treated=_chosen(one, there))
    return there[picked(one, there)]


def _chosen(one: Planned, there: pd.DataFrame) -> NDArray[np.bool_]:
    if one.members.empty:
        return picked(one, there)
    groups = arms(one.members, one.plan.control)
    own = one.members[~one.members["arm"].str.casefold().isin(CONTROL_WORDS)]
    own = one.members[one.members["arm"].isin(groups[0])] if groups else own
    return there["customer_id"].isin(own["customer_id"]).to_numpy(dtype=bool)


def _treated(one: Planned, now: pd.DataFrame) -> int:
    if "treated" in now:
        return int(now["treated"].sum())
    groups = None if one.members.empty else arms(one.members, one.plan.control)
    if groups and groups[1]:
        own = one.members[one.members["arm"].isin(groups[0])]["customer_id"]
        return int(now["customer_id"].isin(own).sum())
    return round(len(now) * (one.plan.treated_share or 0.5))


def _of_customers(one: Planned, then: pd.DataFrame, sizes: tuple[int, int]) -> Size | None:
    if min(sizes) < 1:
        return None
    outcome = then[AFTER[one.plan.outcome]].to_numpy(dtype=np.float64)
    base, bar = float(outcome.mean()), one.bar
    wanted = _wanted(one, base)
    share = sizes[0] / sum(sizes)
    if one.plan.outcome == "churn":
        seen = detectable_share(base, *sizes, bar)
        needed = needed_for_share(base, wanted, bar, treated_share=share) if wanted else None
    else:
        before = then[_BEFORE[one.plan.outcome]].to_numpy(dtype=np.float64)
        spread = _left(outcome, before)
        seen = detectable_mean(spread, *sizes, bar)
        needed = needed_for_mean(spread, wanted, bar, treated_share=share) if wanted else None
    return Size(sizes[0], sizes[1], sum(sizes), base, seen, wanted, needed)


def _left(outcome: NDArray[np.float64], before: NDArray[np.float64]) -> float:
    """Spread of the outcome that the time before leaves open."""
    if not (np.ptp(before) > 0 and np.ptp(outcome) > 0):
        return float(outcome.std(ddof=1))
    slope = float(np.cov(outcome, before, ddof=1)[0, 1] / before.var(ddof=1))
    return float((outcome - slope * before).std(ddof=1))


def _of_units(view: Reader, one: Planned, last: int, months: int, sources: Sources) -> Size | None:
    """By how the same units moved apart in the latest stretch, against the months before it."""
    rows = units_by_month(
        view, one.plan.level, last - months - MOST_BEFORE, last, by_fee=sources.by_fee
    )
    if rows.empty:
        return None
    then = Stage("read", 1, 1, last - months, last, None)
    names, panel, customers = by_month(rows, one.plan.outcome, then)
    wanted_units = {unit.casefold() for unit in one.plan.units}
    sides = np.array([name.casefold() in wanted_units for name in names], dtype=bool)
    before = panel.shape[1] - months
    if before < 1 or not sides.any() or sides.all():
        return None
    change = panel[:, before:].mean(axis=1) - panel[:, :before].mean(axis=1)
    whole = months if one.plan.outcome == "churn" else 1
    base = float(panel[:, before:].mean()) * whole
    spread = float(change.std(ddof=1)) * whole if len(names) > 2 else 0.0
    sizes = (int(sides.sum()), int((~sides).sum()))
    wanted = _wanted(one, base)
    ways = len(assignments(len(names), sizes[0], rng=np.random.default_rng(0))[0])
    smallest = (2 if sizes[0] == sizes[1] else 1) / ways
    return Size(
        treated=sizes[0],
        control=sizes[1],
        customers=int(customers.sum()),
        base=base,
        detectable=detectable_mean(spread, *sizes, one.bar),
        wanted=wanted,
        needed=needed_for_mean(spread, wanted, one.bar, treated_share=sizes[0] / sum(sizes))
        if wanted
        else None,
        never=smallest > one.bar.alpha_at(one.bar.looks),
    )


def _of_ratings(
    view: Reader, one: Planned, last: int, months: int, sources: Sources
) -> Size | None:
    """By how the next ratings of those who rated low spread in the latest stretch as long."""
    item = sources.item
    if item is None:
        return None
    rows = ratings_since(view, item, month_end(last - months), month_end(last))
    low = rows[(rows["band_position"] == 0) & rows["value_next"].notna()]
    low = low.drop_duplicates("customer_id")
    if len(low) < _FEWEST:
        return None
    again = low["value_next"].to_numpy(dtype=np.float64)
    spread = _left(again, low["value"].to_numpy(dtype=np.float64))
    treated = round(len(low) * (one.plan.treated_share or 0.5))
    sizes = (treated, len(low) - treated)
    wanted = None if one.plan.least_effect is None else one.plan.least_effect * sources.width
    share = treated / len(low)
    return Size(
        treated=sizes[0],
        control=sizes[1],
        customers=len(low),
        base=float(again.mean()),
        detectable=detectable_mean(spread, *sizes, one.bar),
        wanted=wanted,
        needed=needed_for_mean(spread, wanted, one.bar, treated_share=share) if wanted else None,
    )


def _wanted(one: Planned, base: float) -> float | None:
    least = one.plan.least_effect
    if least is None:
        return None
    return least if one.plan.outcome == "churn" else least * base
