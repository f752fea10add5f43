"""The figures of what ties to finance and what does not, in money."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from cxdash.facts import Fact, Method
from cxdash.facts import format as fmt
from cxdash.panel import month_end
from cxdash.questions.reconcile.compare import Compared, Reconciled
from cxdash.questions.reconcile.measures import MONEY_LINES

__all__ = ["difference_of", "facts", "period_of", "worst_month"]

_SUMS: Final = "Exact sums of what is loaded, month by month, beside the totals of finance."


def facts(found: Reconciled, sources: tuple[str, ...], until: int) -> tuple[Fact, ...]:
    """All Facts; ``until`` is the index of the last month the data covers whole."""
    return (*_tying(found, sources), *_lost(found, sources, until))


def _counted_once(months: Iterable[Compared], currency: str | None) -> list[Compared]:
    """Money rows in that currency that no other row of the month holds a part of.

    Revenue as a whole where finance states it, else its kinds.
    """
    money = [one for one in months if one.line in MONEY_LINES and one.currency == currency]
    whole = {one.month for one in money if one.line == "revenue"}
    return [one for one in money if one.line == "revenue" or one.month not in whole]


def difference_of(found: Reconciled) -> Fact | None:
    """By how much money both sides differ in the reporting currency; None without such totals."""
    rows = _counted_once(found.months, found.currency)
    if not rows or found.currency is None:
        return None
    return Fact(
        id="reconcile.difference",
        label="Difference to the totals of finance",
        value=float(sum((abs(one.difference) for one in rows), Decimal(0))),
        unit=found.currency,
        method=Method(description=_SUMS),
        n=_rows_behind(found, rows),
        population="all revenue rows in the reporting currency",
        period=period_of(rows),
        definition="books_difference",
    )


def period_of(rows: Iterable[Compared]) -> str:
    """From the first to the last month that is compared."""
    months = sorted({one.month for one in rows})
    if not months:
        return "no month is compared"
    first, last = (fmt.month(month_end(index)) for index in (months[0], months[-1]))
    return first if first == last else f"{first} to {last}"


def worst_month(found: Reconciled) -> date | None:
    """The month with the largest difference in money; None where money does not differ."""
    rows = _counted_once(found.apart, found.currency)
    worst = max(rows, key=lambda one: (abs(one.difference), one.month), default=None)
    return month_end(worst.month) if worst is not None else None


def _tying(found: Reconciled, sources: tuple[str, ...]) -> Iterator[Fact]:
    rows = _counted_once(found.months, found.currency)
    difference = difference_of(found)
    if difference is None:
        return
    difference = replace(difference, sources=sources)
    # Refunds stand below zero: what they are wrong by weighs beside their size, and the totals
    # themselves are told net, as finance has them.
    weight = sum((abs(one.control) for one in rows), Decimal(0))
    if weight:
        yield replace(
            difference,
            id="reconcile.match",
            label="Match with finance",
            value=max(0.0, 1 - (difference.value or 0.0) / float(weight)),
            unit="share",
            definition="books_match",
        )
    yield difference
    yield replace(
        difference,
        id="reconcile.control",
        label="Totals of finance, refunds taken off",
        value=float(sum((one.control for one in rows), Decimal(0))),
        definition="revenue",
    )


def _lost(found: Reconciled, sources: tuple[str, ...], until: int) -> Iterator[Fact]:
    currency, orphans = found.currency, found.books.orphans
    period = f"everything loaded, up to {fmt.day(month_end(until))}"
    if currency is not None and found.books.booked:
        lost = [one for one in found.books.unmatched if one.currency == currency]
        yield Fact(
            id="reconcile.unmatched",
            label="Revenue of no known customer or no month",
            value=float(sum((one.amount for one in lost), Decimal(0))),
            unit=currency,
            method=Method(description="Exact sum of revenue rows whose customer is not known."),
            n=sum(one.rows for one in found.books.booked),
            population="all revenue rows in the reporting currency",
            period=period,
            definition="unmatched_revenue",
            sources=sources,
        )
    answers = sum(orphans.answers.values())
    if not answers:
        return
    without = {what: n for what, n in orphans.answers.items() if what != "pays"}
    yield Fact(
        id="reconcile.orphans",
        label="Survey answers without money",
        value=float(sum(without.values())),
        unit="count",
        method=Method(description="Exact count of survey answers whose customer has no money."),
        n=answers,
        population="all survey answers",
        period=period,
        definition="orphan_answers",
        sources=sources,
    )
    people = sum(orphans.customers.get(what, 0) for what in without)
    if currency is not None and orphans.usual is not None and people:
        yield Fact(
            id="reconcile.orphan_money",
            label="What the customers behind them would pay a year, at the mean of the others",
            value=people * orphans.usual,
            unit=currency,
            method=Method(
                description="Customers behind such answers times what a customer who answered and "
                "pays, pays a year on average; nothing of it is loaded."
            ),
            n=orphans.payers,
            population="customers who answered and pay",
            period=f"at the end of {fmt.month(month_end(until))}",
            definition="orphan_money",
            caveats=(
                "A guess at the size of the gap: these customers may be quite unlike others.",
            ),
            sources=sources,
        )


def _rows_behind(found: Reconciled, rows: Iterable[Compared]) -> int:
    months = {one.month for one in rows}
    return sum(one.rows for one in found.books.booked if one.month in months)
