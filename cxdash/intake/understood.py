"""How a cell was understood, in words a person can check: ``03/04/2026`` as ``3 April 2026``."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from cxdash.facts.definitions import definition
from cxdash.facts.format import day, month, spoken
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import DATE_ORDERS, ColumnSpec, Mapping, ScoreSpec

__all__ = ["MONEY", "form_of_role", "form_of_score", "in_words", "score_in_words", "title_of"]

MONEY: Final = "DECIMAL(18,4)"
_DATES: Final = ("DATE", "TIMESTAMP")
_TITLES: Final = {
    "customer_id": "the customer",
    "order_id": "the order",
    "invoice_id": "the invoice",
    "response_id": "number of the answer",
    "answered_at": "day of the answer",
    "amount": "amount of money",
    "monthly_amount": "amount a month",
    "dated": "day of the money",
    "started_on": "first day of the contract",
    "ended_on": "day after which it ended",
    "cancelled_on": "day of the goodbye",
    "since": "customer since",
    "sent_at": "day of the invitation",
    "contacted_at": "day of the contact",
    "ordered_at": "day of the order",
    "has_left": "whether the customer had left",
    "revenue_kind": "kind of revenue",
}
_RATING: Final = "score "
_SIGNS: Final = {".": "decimals after a point", ",": "decimals after a comma"}
_MONTHLY: Final = ("ym", "my")


def title_of(role: str) -> str:
    """What a role is, as a reader says it.

    >>> title_of("answered_at"), title_of("segment")
    ('day of the answer', 'segment')
    """
    if role.startswith(_RATING):
        return f"rating: {spoken(role.removeprefix(_RATING))}"
    return _TITLES.get(role, spoken(role))


def in_words(value: Any, sql_type: str, spec: ColumnSpec | None = None, currency: str = "") -> str:
    """A typed value as it will be used.

    >>> in_words(Decimal("1234.5"), MONEY, currency="EUR")
    'EUR 1,234.50'
    """
    if isinstance(value, datetime):
        clock = "" if value.time() == datetime.min.time() else f", {value:%H:%M}"
        return day(value.date()) + clock
    if isinstance(value, date):
        return month(value) if spec and spec.dates in _MONTHLY else day(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if sql_type == MONEY and isinstance(value, Decimal):
        return f"{currency} {_to_the_cent(value)}".strip()
    if isinstance(value, float | Decimal):
        return f"{value:,.10g}"
    return str(value)


def score_in_words(value: float, score: ScoreSpec) -> str:
    """A rating on its scale, the good end always the high one.

    >>> from cxdash.intake.mapping import ScoreSpec
    >>> score_in_words(9.0, ScoreSpec("nps", "How likely?", "nps.0-10", 0, 10))
    '9 of 10'
    """
    return f"{value:g} of {score.scale_high:g}"


def form_of_role(role: str, spec: ColumnSpec, mapping: Mapping) -> str:
    """In which form a column is written; empty where there is only one."""
    sql_type = KINDS[mapping.kind].roles[role]
    parts = []
    if sql_type in _DATES:
        parts.append(DATE_ORDERS[spec.dates or "ymd"].partition(":")[0])
        if mapping.time_zone:
            parts.append(f"times of {mapping.time_zone}")
    elif sql_type.startswith("DECIMAL") or sql_type == "DOUBLE":
        parts.append(_SIGNS[spec.decimal or "."])
        if sql_type == MONEY and "currency" in KINDS[mapping.kind].roles:
            parts.append(_currency(mapping))
    if spec.minus:
        parts.append(f"less {spec.minus}")
    if spec.times:
        parts.append(f"times {spec.times}")
    return ", ".join(parts)


def form_of_score(score: ScoreSpec) -> str:
    """The scale in words.

    >>> from cxdash.intake.mapping import ScoreSpec
    >>> form_of_score(ScoreSpec("nps", "How likely?", "nps.0-10", 0, 10))
    'Net Promoter Score, 0 to 10, high is good'
    """
    low, high = f"{score.scale_low:g}", f"{score.scale_high:g}"
    end = "high is good" if score.high_is_good else "low is good in this file, so it is turned"
    return f"{definition(score.variant).name}, {low} to {high}, {end}"


def _currency(mapping: Mapping) -> str:
    if "currency" in mapping.columns:
        return f"currency from the column {mapping.columns['currency'].column}"
    return mapping.constants.get("currency", "currency not decided")


def _to_the_cent(amount: Decimal) -> str:
    """Every digit that is not a trailing zero, and at least the cents."""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents if cents == amount else amount.normalize():,f}"
