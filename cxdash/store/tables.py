"""Names and columns of the canonical tables: the part of the schema other code may rely on."""

from dataclasses import dataclass
from typing import Final

__all__ = ["CANONICAL", "DAY", "LINEAGE", "CanonicalTable"]

LINEAGE: Final = ("row_key", "row_hash", "import_id", "line_no", "is_current")


@dataclass(frozen=True, slots=True)
class CanonicalTable:
    """A kind of extract: its table, its columns, and whether rows hang on a parent row.

    ``types`` maps each content column to its DuckDB type. ``required`` columns may not be null.
    """

    name: str
    types: dict[str, str]
    required: frozenset[str]
    parent: str | None = None


_TEXT, _DATE, _TIME, _MONEY, _NUM = "VARCHAR", "DATE", "TIMESTAMP", "DECIMAL(18,4)", "DOUBLE"


def _table(table: str, required: str, parent: str | None = None, /, **types: str) -> CanonicalTable:
    return CanonicalTable(table, types, frozenset(required.split()), parent)


CANONICAL: Final[dict[str, CanonicalTable]] = {
    table.name: table
    for table in (
        _table(
            "customers",
            "customer_id",
            customer_id=_TEXT,
            name=_TEXT,
            segment=_TEXT,
            plan=_TEXT,
            region=_TEXT,
            industry=_TEXT,
            owner=_TEXT,
            since=_DATE,
            acquired_by=_TEXT,
        ),
        _table("customer_keys", "alias customer_id", "customers", alias=_TEXT, customer_id=_TEXT),
        _table(
            "snapshots",
            "customer_id has_left",
            customer_id=_TEXT,
            has_left="BOOLEAN",
            taken_on=_DATE,
            tenure_months=_NUM,
            monthly_amount=_MONEY,
            currency=_TEXT,
        ),
        _table("traits", "trait content", "snapshots", trait=_TEXT, content=_TEXT),
        _table(
            "subscriptions",
            "subscription_id customer_id started_on",
            subscription_id=_TEXT,
            customer_id=_TEXT,
            plan=_TEXT,
            started_on=_DATE,
            ended_on=_DATE,
            cancelled_on=_DATE,
            reason=_TEXT,
            monthly_amount=_MONEY,
            currency=_TEXT,
        ),
        _table(
            "orders",
            "order_id customer_id",
            order_id=_TEXT,
            customer_id=_TEXT,
            ordered_at=_TIME,
            status=_TEXT,
            promised_at=_TIME,
            delivered_at=_TIME,
        ),
        _table(
            "revenue",
            "amount currency revenue_kind",
            customer_id=_TEXT,
            order_id=_TEXT,
            dated=_DATE,
            amount=_MONEY,
            currency=_TEXT,
            revenue_kind=_TEXT,
        ),
        _table(
            "responses",
            "response_id answered_at",
            response_id=_TEXT,
            customer_id=_TEXT,
            order_id=_TEXT,
            answered_at=_TIME,
            survey=_TEXT,
            channel=_TEXT,
            touchpoint=_TEXT,
            unit=_TEXT,
            agent=_TEXT,
        ),
        _table(
            "scores",
            "item variant value scale_low scale_high high_is_good",
            "responses",
            item=_TEXT,
            variant=_TEXT,
            value=_NUM,
            scale_low=_NUM,
            scale_high=_NUM,
            high_is_good="BOOLEAN",
        ),
        _table("comments", "item body", "responses", item=_TEXT, body=_TEXT),
        _table("choices", "item choice", "responses", item=_TEXT, choice=_TEXT),
        _table(
            "invitations",
            "invitation_id sent_at",
            invitation_id=_TEXT,
            customer_id=_TEXT,
            sent_at=_TIME,
            survey=_TEXT,
            channel=_TEXT,
            status=_TEXT,
        ),
        _table(
            "contacts",
            "contact_id contacted_at",
            contact_id=_TEXT,
            customer_id=_TEXT,
            contacted_at=_TIME,
            channel=_TEXT,
            reason=_TEXT,
            minutes=_NUM,
            resolved_first="BOOLEAN",
            cost=_MONEY,
            currency=_TEXT,
            unit=_TEXT,
        ),
        _table(
            "teams",
            "unit period",
            unit=_TEXT,
            period=_DATE,
            headcount=_NUM,
            engagement=_NUM,
            turnover=_NUM,
            absence=_NUM,
        ),
        _table(
            "pilot_roster",
            "pilot customer_id arm",
            pilot=_TEXT,
            customer_id=_TEXT,
            arm=_TEXT,
            assigned_on=_DATE,
        ),
        _table(
            "control_totals",
            "period measure amount",
            period=_DATE,
            measure=_TEXT,
            amount=_MONEY,
            currency=_TEXT,
            signed_by=_TEXT,
        ),
        _table(
            "fx",
            "currency to_currency dated rate",
            currency=_TEXT,
            to_currency=_TEXT,
            dated=_DATE,
            rate=_NUM,
        ),
        _table(
            "events",
            "event_id dated what",
            event_id=_TEXT,
            dated=_DATE,
            event_kind=_TEXT,
            what=_TEXT,
            metric=_TEXT,
            unit=_TEXT,
            segment=_TEXT,
            source=_TEXT,
        ),
        _table(
            "metric_register",
            "metric",
            metric=_TEXT,
            owner=_TEXT,
            goal=_TEXT,
            decision=_TEXT,
            decided_on=_DATE,
            note=_TEXT,
        ),
    )
}

# The column of each table that says on which day its rows count; the others carry no day.
DAY: Final[dict[str, str]] = {
    "customers": "since",
    "snapshots": "taken_on",
    "subscriptions": "started_on",
    "orders": "ordered_at",
    "revenue": "dated",
    "responses": "answered_at",
    "invitations": "sent_at",
    "contacts": "contacted_at",
    "teams": "period",
    "pilot_roster": "assigned_on",
    "control_totals": "period",
    "fx": "dated",
    "events": "dated",
    "metric_register": "decided_on",
}
