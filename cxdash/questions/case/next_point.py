"""What does the next point of experience bring, and where does it stop paying?

Customers who rated the company differently a year ago are set beside each other: how many stayed,
and by which shape that goes with the rating, with what finance and operations knew held equal. It
describes customers; whether lifting a rating keeps them, only a pilot can tell.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.questions.design import Controls
from cxdash.questions.setting import Setting, prepare
from cxdash.register.kinds.cases import Case
from cxdash.stats.marginal import Marginal, next_point
from cxdash.store import Reader

__all__ = ["NextPoint", "looked_at"]

_YEAR: Final = 12  # months
_SEED: Final = 41_206
_MOST: Final = 12_000  # windows; more make ranges no narrower that anybody would act on
_ALIKE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class NextPoint:
    """What was found about one rating.

    Parameters
    ----------
    setting
        The stage, at a horizon of a year.
    found
        Outcome is the share of customers who stay a year.
    revenue
        What all customers of today pay in a year; times the case's margin, if it has one.
    customers
        Customers of today.
    cost
        What a point costs a year; None where the case does not say.
    held_equal
        What is held equal, in plain words.
    """

    setting: Setting
    found: Marginal
    revenue: float
    customers: int
    cost: float | None
    held_equal: tuple[str, ...]

    @property
    def cost_share(self) -> float | None:
        """The share of customers a point has to keep to bring what it costs."""
        if self.cost is None or self.revenue <= 0:
            return None
        return self.cost / self.revenue


def looked_at(view: Reader, case: Case, as_of: date | None) -> NextPoint | str:
    """What the next point brings, or why that cannot be told, as a sentence without full stop."""
    try:
        setting = prepare(view, Scope(metric=case.rating or None, horizon=_YEAR, as_of=as_of))
    except UsageError:
        return f"there is no survey item {case.rating!r}"
    if setting is None:
        return "no survey answers are loaded"
    if not setting.conditions.rates_allowed:
        return setting.conditions.against_rates[0].short
    if not setting.conditions.money_allowed:
        return setting.conditions.against_money[0].short
    rows = setting.marks.closed
    rows = rows[rows["score"].notna()]
    if len(rows) > _MOST:
        rows = rows.iloc[np.random.default_rng(_SEED).choice(len(rows), _MOST, replace=False)]
    base = setting.marks.base
    margin = 1.0 if case.margin is None else case.margin
    revenue = float(base["rate"].fillna(0).sum()) * _YEAR * margin
    cost = None if case.cost_per_point is None else float(case.cost_per_point)
    share = cost / revenue if cost is not None and revenue > 0 else None
    if rows.empty:
        return "no answer is old enough to tell what became of the customer within a year"
    controls = Controls.learned(rows)
    known = controls.matrix(rows)
    known = known[:, known.std(axis=0) > _ALIKE]
    _, who = np.unique(rows["customer_id"].astype(str).to_numpy(), return_inverse=True)
    today = base["score"].mean()
    found = next_point(
        rows["score"].to_numpy(np.float64),
        1.0 - rows["left_within"].to_numpy(np.float64),
        who,
        known=known,
        at=float(today) if np.isfinite(today) else None,
        cost=share,
        rng=np.random.default_rng(_SEED),
    )
    return NextPoint(setting, found, revenue, len(base), cost, controls.held_equal)
