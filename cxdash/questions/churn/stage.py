"""The stage of ``churn``: windows of customers with all their surveys, and what these may tell."""

from dataclasses import dataclass, replace

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.panel import Windows, ground, items, month_end, stamp
from cxdash.questions.basis import Basis, windows_until
from cxdash.questions.churn.guard import Cleared, cleared
from cxdash.questions.conditions import check
from cxdash.questions.guard import guarded
from cxdash.questions.setting import month_of, narrowed
from cxdash.store import Reader

__all__ = ["ChurnStage", "stage"]


@dataclass(frozen=True, slots=True)
class ChurnStage(Basis):
    """What the question stands on. ``cleared.seen`` is narrowed to the scope's filters."""

    cleared: Cleared

    @property
    def seen(self) -> Windows:
        return self.cleared.seen

    @property
    def period(self) -> str:
        """Windows the figures rest on."""
        return windows_until(self.seen.closed_months, self.horizon, self.as_of)


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
    guard = guarded(view, built, as_of_month=month, horizon=scope.horizon)
    if guard.seen.rows.empty:
        return None
    data = ground(view, built)
    conditions = check(built, data, None, scope.horizon)
    clear = cleared(guard, narrowed(guard.seen, scope))
    if not conditions.rates_allowed:
        # Where it cannot be told who left, nothing can be said to know it.
        clear = replace(clear, excluded=(), leaks=())
    return ChurnStage(
        scope=scope,
        panel=built,
        ground=data,
        cleared=clear,
        conditions=conditions,
        as_of=month_end(month),
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
