"""The stage ``revenue`` is answered on: with survey answers or without, as finance alone is enough
to say what was kept.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cxdash.facts import Scope
from cxdash.panel import Spending, Windows, ground, month_end, spending, stamp
from cxdash.questions.basis import Basis
from cxdash.questions.conditions import Reason, check
from cxdash.questions.guard import Excluded, guarded
from cxdash.questions.setting import Setting, month_of, narrowed, prepare
from cxdash.store import Reader

__all__ = ["YEAR", "Stage", "stage"]

YEAR: Final = 12  # months


@dataclass(frozen=True, slots=True)
class Stage(Basis):
    """What is known before anything is estimated.

    Parameters
    ----------
    setting
        The survey's side; None without any usable survey answer.
    seen
        Customer-windows, narrowed to the scope's filters.
    paid
        Money by customer and period, narrowed likewise.
    year
        The same over the twelve months to the day of the question; no period where money does not
        reach back so far.
    conditions
        Reasons against rates and money that hold whatever the survey.
    """

    setting: Setting | None
    seen: Windows
    paid: Spending
    year: Spending

    @property
    def unit(self) -> str:
        """Unit of money Facts; without any currency nothing of the kind has a value."""
        return self.panel.currency or "count"

    @property
    def money_shown(self) -> bool:
        return self.conditions.money_allowed and bool(self.paid.opens)

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """What knows the outcome and was left out."""
        return self.setting.excluded if self.setting else ()

    @property
    def against_links(self) -> tuple[Reason, ...]:
        """Reasons against setting answers beside money."""
        if self.setting is None:
            return ()
        own = self.setting.conditions
        return own.against_rates + own.against_money


def stage(view: Reader, scope: Scope) -> Stage | None:
    """The stage; None when nothing with a day is loaded.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    built = stamp(view)
    if built is None or built.last_month is None or built.first_month is None:
        return None
    setting = prepare(view, scope)
    month = month_of(built, scope.as_of)
    seen = (
        setting.windows
        if setting
        else narrowed(
            guarded(view, built, as_of_month=month, horizon=scope.horizon).predictors, scope
        )
    )
    data = ground(view, built)
    return Stage(
        scope=scope,
        panel=built,
        ground=data,
        setting=setting,
        seen=seen,
        paid=_narrowed(spending(view, built, as_of_month=month, months=scope.horizon), scope),
        year=_narrowed(spending(view, built, as_of_month=month, months=YEAR, most=1), scope),
        conditions=check(built, data, None, scope.horizon),
        as_of=month_end(month),
    )


def _narrowed(paid: Spending, scope: Scope) -> Spending:
    rows = paid.rows
    for column, value in scope.where:
        rows = rows[(rows[column].fillna("").astype(str) == value).to_numpy(np.bool_)]
    return replace(paid, rows=rows.reset_index(drop=True))
