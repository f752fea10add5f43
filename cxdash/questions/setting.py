"""Everything a question needs before it estimates: the panel, the item, the day, the
conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from cxdash.errors import UsageError
from cxdash.facts import Answer, Scope
from cxdash.facts.definitions import Band, Definition, definition
from cxdash.panel import (
    Item,
    Landmarks,
    Panel,
    Windows,
    ground,
    items,
    month_end,
    month_index,
    stamp,
)
from cxdash.questions.basis import Basis, windows_until
from cxdash.questions.choices import main_metric
from cxdash.questions.conditions import Conditions, Reason, check
from cxdash.questions.guard import Excluded, guarded
from cxdash.store import Reader

__all__ = ["Setting", "chosen", "month_of", "narrowed", "nothing_to_ask", "prepare"]


@dataclass(frozen=True, slots=True)
class Setting(Basis):
    """The stage a question is answered on.

    Parameters
    ----------
    bands
        From worst to best.
    windows
        Every item, narrowed to the scope's filters; answers that know the outcome are taken out.
    marks
        The windows of the item in question.
    excluded
        What knows the outcome and was left out.
    """

    item: Item
    variant: Definition
    bands: tuple[Band, ...]
    windows: Windows
    marks: Landmarks
    excluded: tuple[Excluded, ...]

    @property
    def period(self) -> str:
        """Windows the rates rest on."""
        return windows_until(self.marks.closed_months, self.horizon, self.as_of)


def prepare(view: Reader, scope: Scope) -> Setting | None:
    """The stage for the scope's metric, or None when no survey answer is loaded.

    Raises
    ------
    UsageError
        The metric was not imported, the day lies before the data, or the filters pass nobody.
    """
    built = stamp(view)
    imported = items(view)
    if built is None or not imported or built.last_month is None:
        return None
    month = month_of(built, scope.as_of)
    guard = guarded(view, built, as_of_month=month, horizon=scope.horizon)
    usable = tuple(one for one in _fitting(imported, scope.metric) if not guard.why_not(one))
    wanted = chosen(usable or imported, scope.metric)
    item = guard.seen.items[guard.seen.number_of(wanted)]
    variant = definition(item.variant)
    bands = variant.bands if variant.high_is_good else variant.bands[::-1]
    seen = narrowed(guard.predictors, scope)
    data = ground(view, built)
    conditions = check(built, data, item, scope.horizon)
    return Setting(
        scope=scope,
        panel=built,
        ground=data,
        item=item,
        variant=variant,
        bands=bands,
        windows=seen,
        marks=seen.of(item),
        conditions=_guarding(conditions, guard.why_not(item)),
        as_of=month_end(month),
        # Where it cannot be told who left, nothing can be said to know it.
        excluded=guard.excluded if conditions.rates_allowed else (),
    )


def _guarding(conditions: Conditions, why: str) -> Conditions:
    """The conditions, and that answers which know the outcome are set beside no outcome."""
    if not why or not conditions.rates_allowed:
        return conditions
    knows = Reason(
        "the answers know who left",
        why,
        "Ask about another metric, or import answers that were given before customers said "
        "goodbye.",
    )
    return replace(conditions, against_rates=(knows,))


def nothing_to_ask(view: Reader, scope: Scope, question: str, title: str) -> Answer:
    """The Answer when there is no survey answer to speak of."""
    built = stamp(view)
    last = built.last_day if built else None
    return Answer(
        question=question,
        title=title,
        as_of=scope.as_of or last or datetime.now(UTC).date(),
        scope=scope,
        headline="There is nothing to tell yet: no survey answers are loaded.",
        status="cannot_tell",
        missing=tuple(_lacking(view)),
    )


def _lacking(view: Reader) -> Iterator[str]:
    """What is not loaded at all."""
    yield "Import a survey export with a customer key, a date and at least one rating."
    paid = view.rows(
        "SELECT (SELECT count(*) FROM revenue WHERE is_current) + "
        "(SELECT count(*) FROM subscriptions WHERE is_current) AS n"
    )[0]["n"]
    if not paid:
        yield "Import what customers pay: subscriptions, invoices or payments."


def chosen(imported: tuple[Item, ...], metric: str | None) -> Item:
    """The item asked for; without a wish the main one.

    Raises
    ------
    UsageError
        The metric was not imported.
    """
    if metric is None:
        return main_metric(imported)
    found = _fitting(imported, metric)
    if not found:
        raise UsageError(
            f"No survey item {metric!r} was imported.",
            do_next=f"Choose one of: {', '.join(dict.fromkeys(item.name for item in imported))}.",
        )
    return found[0]


def _fitting(imported: tuple[Item, ...], metric: str | None) -> tuple[Item, ...]:
    """Items of that name, or name and variant; all of them without a wish."""
    return tuple(
        item for item in imported if metric in (None, item.name, f"{item.name}@{item.variant}")
    )


def month_of(built: Panel, as_of: date | None) -> int:
    """The last month that ends by that day and is covered by the data.

    Raises
    ------
    UsageError
        The day lies before the data.
    """
    last = built.last_month or 0
    if as_of is None:
        return last
    month = month_index(as_of)
    if month_end(month) > as_of:
        month -= 1
    if month < (built.first_month or 0):
        raise UsageError(
            f"The data begins after {as_of.isoformat()}.",
            do_next=f"Choose a day from {month_end(built.first_month or 0).isoformat()} on.",
        )
    return min(month, last)


def narrowed(seen: Windows, scope: Scope) -> Windows:
    """The windows of the customers the scope's filters pass.

    Raises
    ------
    UsageError
        They pass nobody.
    """
    for column, value in scope.where:
        seen = seen.where(column, value)
    if scope.where and seen.rows.empty:
        wish = ", ".join(f"{column}={value}" for column, value in scope.where)
        raise UsageError(
            f"No customer has {wish}.",
            do_next="See the values on the Catalogue page, or drop the filter.",
        )
    return seen
