"""Sentences about totals of finance and about what was delivered: sums, which need no range."""

from collections.abc import Sequence
from datetime import date

from cxdash.facts import format as fmt
from cxdash.facts.fact import Fact
from cxdash.facts.words import named

__all__ = [
    "delivered",
    "not_reconciled",
    "nothing_delivered",
    "nothing_to_reconcile",
    "paid_beside",
    "ties",
    "unmatched",
]


def nothing_to_reconcile() -> str:
    return (
        "There is nothing to reconcile with: no totals from finance are loaded or entered, so "
        "nobody has said that the money here is the money in the books."
    )


def ties(months: int, tolerance: float, total: Fact | None) -> str:
    """``What is loaded ties to finance: 30 months, each within 0.5% of its total.``"""
    whole = ""
    if total is not None and total.value is not None:
        whole = f", {fmt.number(total.value, total.unit)} in all"
    return (
        f"What is loaded ties to finance: {fmt.counted(months, 'month', 'months')}{whole}, "
        f"{'within' if months == 1 else 'each within'} {_per_cent(tolerance)} of "
        f"{'its total' if months == 1 else 'their totals'}."
    )


def not_reconciled(
    lines: Sequence[str],
    *,
    apart: int,
    months: int,
    tolerance: float,
    difference: Fact | None,
    worst: date | None,
) -> str:
    """What is not reconciled, where, and in money.

    ``Not reconciled: in 2 of 30 months what is loaded and the totals of finance differ by more than
    0.5% (revenue). They differ by $13,200 in all, most in May 2025.`` ``difference`` is the sum of
    money by which they differ, None where only counts do.
    """
    first = (
        f"Not reconciled: in {fmt.count(apart)} of {fmt.counted(months, 'month', 'months')} what "
        f"is loaded and the totals of finance differ by more than {_per_cent(tolerance)} "
        f"({fmt.listed([line.lower() for line in lines])})."
    )
    if difference is None or not difference.value:
        return first
    where = f", most in {fmt.month(worst)}" if worst is not None else ""
    return f"{first} They differ by {fmt.number(difference.value, difference.unit)} in all{where}."


def unmatched(amount: Fact) -> str:
    """``$12,000 of revenue belongs to no known customer or no month.``"""
    if not amount.value:
        return "Every amount that is loaded belongs to a known customer and a month."
    return (
        f"{fmt.number(amount.value, amount.unit)} of revenue belongs to no known customer or no "
        "month."
    )


def delivered(save: Fact, make: Fact, until: date) -> str:
    """``Verified up to June 2026: $120,000 saved and $40,000 made, each dollar counted once.``

    One of the two at least is above zero; what is not is left out.
    """
    parts = [
        f"{fmt.fact_text(fact)} {done}"
        for fact, done in ((save, "saved"), (make, "made"))
        if fact.value
    ]
    return (
        f"Verified up to {fmt.month(until)}: {fmt.listed(parts)}, each dollar counted once and no "
        "more than the accounts moved."
    )


def nothing_delivered(claims: int, until: date) -> str:
    """Nothing is verified; how much is claimed all the same."""
    if not claims:
        return f"Nothing has been claimed up to {fmt.month(until)}."
    return (
        f"Nothing is verified up to {fmt.month(until)}: "
        f"{fmt.counted(claims, 'claim is', 'claims are')} entered, and none that counts rests on a "
        "pilot that was read."
    )


def paid_beside(cost: Fact) -> str:
    """What it cost, beside what was delivered: two sums, with neither taken off the other."""
    if cost.value is None:
        return "What the programme cost has not been entered, so nothing stands beside it."
    return f"The programme has cost {fmt.number(cost.value, cost.unit)} so far."


def _per_cent(tolerance: float) -> str:
    return named(fmt.number(tolerance, "share"))
