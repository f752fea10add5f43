"""The stage of ``churn``: windows of customers with all their surveys, and what these may tell."""

from dataclasses import dataclass, replace
from datetime import date

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.panel import Ground, Panel, Windows, ground, items, month_end, stamp, windows
from cxdash.questions.churn_guard import Cleared, cleared
from cxdash.questions.conditions import Conditions, check
from cxdash.questions.setting import month_of, narrowed
from cxdash.store import Reader

__all__ = ["ChurnStage", "stage"]


@dataclass(frozen=True, slots=True)
class ChurnStage:
    """What the question stands on. ``cleared.seen`` is narrowed to the scope's filters."""

    scope: Scope
    panel: Panel
    ground: Ground
    cleared: Cleared
    conditions: Conditions
    as_of: date

    @property
    def seen(self) -> Windows:
        return self.cleared.seen

    @property
    def horizon(self) -> int:
        return self.scope.horizon

    @property
    def currency(self) -> str | None:
        return self.panel.currency

    @property
    def population(self) -> str:
        """Whom the Answer speaks of."""
        if not self.scope.where:
            return "all customers"
        return "customers with " + ", ".join(f"{c} {v}" for c, v in self.scope.where)

    @property
    def period(self) -> str:
        """Windows the figures rest on."""
        months = self.seen.closed_months
        if not months:
            return f"no {self.horizon}-month window is over by {self.as_of.isoformat()}"
        first, last = month_end(months[0]), month_end(months[-1] + self.horizon)
        return (
            f"{len(months)} windows of {self.horizon} months, "
            f"{first.isoformat()} to {last.isoformat()}"
        )

    @property
    def coming(self) -> str:
        """The window whose outcome nobody knows yet."""
        return f"the {self.horizon} months after {self.as_of.isoformat()}"


def stage(view: Reader, scope: Scope) -> ChurnStage | None:
    """The stage, or None when the data holds no customer with a beginning and possibly an end.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    built = stamp(view)
    if built is None or built.last_month is None or built.first_month is None:
        return None
    _refuse_unknown(view, scope)
    month = month_of(built, scope.as_of)
    seen = windows(view, built, as_of_month=month, horizon=scope.horizon)
    if seen.rows.empty:
        return None
    data = ground(view, built)
    conditions = check(built, data, None)
    as_of = month_end(month)
    clear = cleared(view, narrowed(seen, scope), as_of)
    if not conditions.rates_allowed:
        # Where it cannot be told who left, nothing can be said to know it.
        clear = replace(clear, excluded=(), leaks=())
    return ChurnStage(
        scope=scope,
        panel=built,
        ground=data,
        cleared=clear,
        conditions=conditions,
        as_of=as_of,
    )


def _refuse_unknown(view: Reader, scope: Scope) -> None:
    """The question looks at every item; still, a name nobody imported is a mistake to tell."""
    known = [item.name for item in items(view)]
    if scope.metric is not None and scope.metric.split("@")[0] not in known:
        raise UsageError(
            f"No survey item {scope.metric!r} was imported.",
            do_next=f"Choose one of: {', '.join(dict.fromkeys(known))}."
            if known
            else "Import a survey export first.",
        )
