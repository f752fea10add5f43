"""Ids that stand on several rows: what a careless join of this file with revenue would count.

cxdash sums money by customer and month before it sets anything beside it; whoever joins the same
files in a spreadsheet or a report may not.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from cxdash.facts.format import counted, number
from cxdash.intake.loading.findings.case import PAID, Case, amounts
from cxdash.intake.loading.receipt import Finding

__all__ = ["fan_out"]

_BESIDE: Final = {
    "responses": ("answers", "responses"),
    "subscriptions": ("subscriptions", "subscriptions"),
    "contacts": ("contacts", "contacts"),
}


def fan_out(case: Case) -> Iterator[Finding]:
    """How much revenue a join by order, else by customer, would count more than once."""
    found = None
    if case.kind in _BESIDE:
        found = _inflated(case, case.kind)
    elif case.kind == "revenue":
        # The answers may have been loaded before the money.
        found = _inflated(case, "responses")
    if found is not None:
        yield found


def _inflated(case: Case, kind: str) -> Finding | None:
    what = _BESIDE[kind][0]
    for by in ("order_id", "customer_id"):
        if by == "order_id" and kind != "responses":
            continue
        rows = case.rows(
            f"""
            WITH beside AS (
              SELECT {by}, count(*) AS times FROM {kind}
              WHERE is_current AND {by} IS NOT NULL GROUP BY 1
            ), paid AS ({PAID})
            SELECT p.currency, sum(p.amount), sum(p.amount * b.times),
              count(DISTINCT p.{by}) FILTER (b.times > 1)
            FROM paid AS p JOIN beside AS b ON b.{by} = p.{by} GROUP BY 1 ORDER BY 1
            """
        )
        if rows:
            return _told(rows, what, by)
    return None


def _told(rows: list[tuple[Any, ...]], what: str, by: str) -> Finding | None:
    several = max(row[3] for row in rows)
    more = {currency: joined - once for currency, once, joined, _ in rows if joined != once}
    if not several or not more:
        return None
    name = by.removesuffix("_id")
    worst = max(float(Decimal(joined) / once) - 1 for _, once, joined, _ in rows if once > 0)
    stands = counted(several, f"{name} stands", f"{name}s stand")
    counting = amounts({currency: once for currency, once, _, _ in rows})
    sentence = (
        f"{stands} on several {what}. Joining them with revenue row by row would count "
        f"{amounts(more)} too much, {number(worst, 'share')} more than the {counting} those "
        f"{name}s paid. cxdash sums money before it joins, so no figure here does."
    )
    return Finding("fan_out", several, sentence, "info", more)
