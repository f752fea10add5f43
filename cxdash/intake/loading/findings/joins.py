"""Ids that stand on several rows: what a careless join of this file with revenue would count.

cxdash sums money by customer and month before it sets anything beside it; whoever joins the same
files in a spreadsheet or a report may not. And money that two files tell counts twice here, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from cxdash.facts.format import counted, number
from cxdash.intake.loading.findings.case import PAID, Case, money_of
from cxdash.intake.loading.receipt import NO_CURRENCY, Finding
from cxdash.intake.loading.written import amounts

__all__ = ["counted_twice", "fan_out"]

_BY_CUSTOMER: Final = {"responses": "answers", "subscriptions": "subscriptions"}
_SMALL: Final = 0.01  # share of the money below which a careless join misleads nobody
_MANY_TWICE: Final = 0.2  # share of a file's rows beyond which equal amounts are no chance
_DAYS_TO_PAY: Final = 92
_ONCE: Final = (
    "SELECT customer_id, currency, amount, min(dated) AS dated FROM {rows} "
    "WHERE customer_id IS NOT NULL AND dated IS NOT NULL AND amount <> 0 "
    "GROUP BY 1, 2, 3 HAVING count(*) = 1"
)

# Revenue by order and layout, and how often a row-by-row join with the other layouts' rows and with
# the answers to the order repeats it.
_BY_ORDER: Final = """
    WITH mine AS (
      -- The import under account is not written down yet.
      SELECT r.order_id, r.currency, coalesce(i.layout, $layout) AS layout,
        sum(r.amount) AS amount, count(*) AS times
      FROM revenue AS r LEFT JOIN imports AS i ON i.import_id = r.import_id
      WHERE r.is_current AND r.order_id IS NOT NULL GROUP BY ALL
    ), lists AS (
      SELECT order_id, layout, sum(times) AS times FROM mine GROUP BY ALL
    ), answers AS (
      SELECT order_id, count(*) AS times FROM responses
      WHERE is_current AND order_id IS NOT NULL GROUP BY 1
    ), joined AS (
      SELECT m.order_id, m.layout, m.currency, m.amount,
        coalesce(a.times, 1) * coalesce((SELECT CAST(product(l.times) AS BIGINT) FROM lists AS l
          WHERE l.order_id = m.order_id AND l.layout <> m.layout), 1) AS times
      FROM mine AS m LEFT JOIN answers AS a ON a.order_id = m.order_id
      WHERE a.order_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM answers)
    )
    SELECT layout, currency, sum(amount), sum(amount * times),
      count(DISTINCT order_id) FILTER (times > 1), grouping(currency) = 1
    FROM joined GROUP BY GROUPING SETS ((layout, currency), (layout)) ORDER BY 1, 2
"""
_BY_NAME: Final = """
    WITH beside AS (
      SELECT customer_id, count(*) AS times FROM {kind}
      WHERE is_current AND customer_id IS NOT NULL{apart} GROUP BY 1
    ), paid AS ({paid}), sums AS (
      SELECT customer_id, currency, sum(amount) AS amount FROM paid GROUP BY 1, 2
    )
    SELECT '', s.currency, sum(s.amount), sum(s.amount * b.times),
      count(DISTINCT s.customer_id) FILTER (b.times > 1), grouping(s.currency) = 1
    FROM sums AS s JOIN beside AS b ON b.customer_id = s.customer_id
    GROUP BY GROUPING SETS ((s.currency), ()) ORDER BY 2
"""
# Answers that are about an order of the revenue are joined by that order.
_ABOUT_NO_ORDER: Final = """
      AND (order_id IS NULL OR order_id NOT IN (
        SELECT order_id FROM revenue WHERE is_current AND order_id IS NOT NULL))"""


@dataclass(frozen=True, slots=True)
class _Join:
    """Money as it is, what a join makes of it, and how many names it repeats, by currency."""

    once: dict[str, Decimal]
    joined: dict[str, Decimal]
    several: int

    @property
    def more(self) -> dict[str, Decimal]:
        return {
            currency: self.joined[currency] - amount
            for currency, amount in self.once.items()
            if self.joined[currency] != amount
        }

    @property
    def share(self) -> float:
        """How much more, in the currency where it is worst."""
        shares = (
            float(self.joined[currency] / amount) - 1
            for currency, amount in self.once.items()
            if amount > 0
        )
        return max(shares, default=0.0)

    @property
    def is_small(self) -> bool:
        """Whether it would mislead nobody, as far as a share can be told."""
        return any(amount > 0 for amount in self.once.values()) and self.share < _SMALL


def fan_out(case: Case) -> Iterator[Finding]:
    """How much revenue a join by order, and one by customer, would count more than once."""
    if case.kind in ("responses", "revenue"):
        mine = case.layout if case.kind == "revenue" else ""
        joins = _joins(case, _BY_ORDER, layout=mine)
        if joins:
            worst = max(joins, key=lambda one: one.share)
            yield from _told(worst, "order", "several rows of another file")
    kind = case.kind if case.kind in _BY_CUSTOMER else "responses"
    if case.kind in _BY_CUSTOMER or case.kind == "revenue":
        apart = _ABOUT_NO_ORDER if kind == "responses" else ""
        for join in _joins(case, _BY_NAME.format(kind=kind, paid=PAID, apart=apart)):
            yield from _told(join, "customer", f"several {_BY_CUSTOMER[kind]}")


def _joins(case: Case, sql: str, **given: str) -> list[_Join]:
    found: dict[str, _Join] = {}
    for layout, currency, once, joined, several, is_all in case.rows(sql, **given):
        one = found.setdefault(layout, _Join({}, {}, 0))
        if is_all:
            found[layout] = replace(one, several=several)
        elif once is not None:
            name = currency or NO_CURRENCY
            found[layout] = replace(
                one,
                once={**one.once, name: Decimal(once)},
                joined={**one.joined, name: Decimal(joined)},
            )
    return [one for one in found.values() if one.once]


def _told(join: _Join, name: str, where: str) -> Iterator[Finding]:
    if not join.several or not join.more or join.is_small:
        return
    touched = {currency: join.once[currency] for currency in join.more}
    if len(touched) == 1 and min(touched.values()) > 0:
        effect = (
            f"count {amounts(join.more)} too much, {number(join.share, 'share')} more than the "
            f"{amounts(touched)} the {name}s joined so paid"
        )
    else:
        # Shares of several currencies, or of a sum of refunds, cannot be told as one.
        told = {currency: join.joined[currency] for currency in join.more}
        effect = f"make {amounts(told)} of the {amounts(touched)} the {name}s joined so paid"
    sentence = (
        "No figure here counts this twice, because cxdash sums money before it joins: "
        f"{counted(join.several, f'{name} stands', f'{name}s stand')} on {where}. A spreadsheet "
        f"that joins by {name} with revenue row by row would {effect}."
    )
    yield Finding("fan_out", join.several, sentence, "info", join.more)


def counted_twice(case: Case) -> Iterator[Finding]:
    """Revenue that a file of another layout tells too: payments and invoices, orders and items."""
    if case.kind != "revenue" or not case.receipt.rows_loaded:
        return
    mine = (
        "SELECT r.row_key, r.order_id, r.customer_id, date_trunc('month', r.dated) AS month, "
        "r.dated, r.currency, r.amount FROM revenue AS r WHERE r.is_current AND r.import_id = $id"
    )
    other = (
        "SELECT r.order_id, r.customer_id, date_trunc('month', r.dated) AS month, r.dated, "
        "r.currency, r.amount FROM revenue AS r JOIN imports AS i ON i.import_id = r.import_id "
        "WHERE r.is_current AND i.layout <> $layout"
    )
    if not case.rows(
        "SELECT EXISTS (SELECT 1 FROM imports WHERE kind = 'revenue' AND undone_at IS NULL "
        "AND layout <> $layout)",
        layout=case.layout,
    )[0][0]:
        return
    twice = f"""
        WITH mine AS ({mine}), other AS ({other}),
        -- An invoice is often paid in a later month. Amounts that a customer has once in either
        -- file can be told apart from those that come back every month.
        settled AS (
          SELECT m.customer_id, m.currency, m.amount
          FROM ({_ONCE.format(rows="mine")}) AS m JOIN ({_ONCE.format(rows="other")}) AS o
            ON o.customer_id = m.customer_id AND o.currency = m.currency AND o.amount = m.amount
          WHERE abs(date_diff('day', m.dated, o.dated)) <= {_DAYS_TO_PAY}
        )
        SELECT * FROM mine AS m WHERE
          EXISTS (SELECT 1 FROM settled AS s WHERE s.customer_id = m.customer_id
            AND s.currency = m.currency AND s.amount = m.amount) OR
          (m.order_id IS NOT NULL AND EXISTS (SELECT 1 FROM other AS o
            WHERE o.order_id = m.order_id))
          OR (m.customer_id IS NOT NULL AND m.month IS NOT NULL AND m.amount <> 0 AND EXISTS (
            SELECT 1 FROM other AS o WHERE o.customer_id = m.customer_id AND o.month = m.month
            AND o.currency = m.currency AND o.amount = m.amount))
    """
    count = case.rows(f"SELECT count(*) FROM ({twice})", layout=case.layout)[0][0]
    if count < _MANY_TWICE * case.receipt.rows_loaded:
        return
    money = money_of(
        case.rows(
            f"SELECT currency, sum(amount) FROM ({twice}) GROUP BY 1 ORDER BY 1", layout=case.layout
        )
    )
    sentence = (
        f"{counted(count, 'row tells', 'rows tell')} of revenue that a file of another layout "
        "tells too (the same orders, or the same customer and amount at about the same time). If "
        f"both are the same money, such as invoices and their payments, {amounts(money)} counts "
        "twice: undo one of the two imports."
    )
    yield Finding("counted_twice", count, sentence, "stop", money)
