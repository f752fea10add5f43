"""What each kind of extract needs: roles, their types, which must be there, what names a row."""

from dataclasses import dataclass
from typing import Final

from cxdash.store.tables import CANONICAL

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of extract.

    Parameters
    ----------
    name, title
        Name as in the contract, and in plain words.
    roles
        Role to DuckDB type: the columns of the canonical table.
    required
        Roles a mapping must give by a column or a constant.
    key
        The role or roles that name a row by nature; empty when the kind has none.
    own_id
        A required id that may be made up from the row when the file has none.
    past
        Date roles that cannot lie in the future.
    """

    name: str
    title: str
    roles: dict[str, str]
    required: tuple[str, ...]
    key: tuple[str, ...]
    own_id: str = ""
    past: tuple[str, ...] = ()


def _kind(
    name: str,
    title: str,
    required: str,
    key: str = "",
    own_id: str = "",
    past: str = "",
) -> Kind:
    return Kind(
        name,
        title,
        CANONICAL[name].types,
        tuple(required.split()),
        tuple(key.split()),
        own_id,
        tuple(past.split()),
    )


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        _kind("customers", "customer accounts", "customer_id", "customer_id", past="since"),
        _kind(
            "snapshots",
            "customers on one day, and who had left",
            "customer_id has_left",
            "customer_id",
            past="taken_on",
        ),
        _kind(
            "subscriptions",
            "subscriptions or contracts",
            "customer_id started_on",
            "subscription_id",
            "subscription_id",
        ),
        _kind(
            "orders",
            "orders",
            "order_id customer_id",
            "order_id",
            past="ordered_at delivered_at",
        ),
        _kind(
            "revenue",
            "payments, invoices or revenue by month",
            "amount currency revenue_kind",
            past="dated",
        ),
        _kind(
            "responses",
            "survey answers",
            "answered_at",
            "response_id",
            "response_id",
            past="answered_at",
        ),
        _kind(
            "invitations",
            "survey invitations",
            "sent_at",
            "invitation_id",
            "invitation_id",
            past="sent_at",
        ),
        _kind(
            "contacts",
            "customer contacts or support tickets",
            "contacted_at",
            "contact_id",
            "contact_id",
            past="contacted_at",
        ),
        _kind("teams", "team figures", "unit period", "unit period", past="period"),
        _kind(
            "pilot_roster",
            "list of pilot participants",
            "pilot customer_id arm",
            "pilot customer_id",
        ),
        _kind(
            "control_totals",
            "totals signed off by finance",
            "period measure amount",
            "period measure currency",
        ),
        _kind(
            "fx",
            "exchange rates",
            "currency to_currency dated rate",
            "currency to_currency dated",
            past="dated",
        ),
        _kind(
            "events", "events that may stand behind a change", "dated what", "event_id", "event_id"
        ),
        _kind("metric_register", "metrics and who answers for them", "metric", "metric"),
    )
}
