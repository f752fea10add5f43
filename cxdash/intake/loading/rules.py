"""Rows that are refused for what they are: totals, rows a person named, what a kind cannot hold."""

from typing import Final

from cxdash.intake import cells
from cxdash.intake.cells import Parameters
from cxdash.intake.events import EVENT_WORDS
from cxdash.intake.loading.parts import Parts
from cxdash.intake.mapping import Mapping, RejectRule
from cxdash.intake.reading.staging import column
from cxdash.intake.reading.table import Table
from cxdash.store import erasure

__all__ = ["erased_names", "kind_rules", "refuse_rule", "refuse_totals"]

_KINDS_OF_REVENUE: Final = ("recurring", "one-off", "refund")
_SIGNS: Final = (("€", "EUR"), ("£", "GBP"), ("R$", "BRL"), ("₹", "INR"), ("₩", "KRW"))


def refuse_rule(parts: Parts, table: Table, parameters: Parameters, rule: RejectRule) -> None:
    """Rows a person wants refused by what a column says."""
    place = column(table, rule.column)
    listed = f"CAST({parameters.add([word.strip().lower() for word in rule.values])} AS VARCHAR[])"
    found = f"list_contains({listed}, lower({place}))"
    when = f"{place} IS NOT NULL AND NOT {found}" if rule.unless else found
    parts.refuse(when, parameters.add(rule.reason))


def refuse_totals(parts: Parts, table: Table, mapping: Mapping) -> None:
    """A line of totals is no row, however well it is filled."""
    looked_at = {"c0"}
    for role in ("customer_id", "order_id"):
        if role in mapping.columns:
            looked_at.add(column(table, mapping.columns[role].column))
    pattern = cells.TOTAL_LINE.replace("'", "''")
    found = " OR ".join(f"regexp_full_match({place}, '{pattern}')" for place in sorted(looked_at))
    parts.refuse(f"coalesce({found}, false)", "'the row looks like a line of totals'")


def kind_rules(parts: Parts, mapping: Mapping) -> None:
    """What the kind of extract demands beyond its columns."""
    if mapping.kind == "events":
        _event_rules(parts)
    if mapping.kind == "revenue":
        _revenue_rules(parts, mapping)


def _event_rules(parts: Parts) -> None:
    """An event is of a known kind; people say price rise or downtime for price and outage."""
    words = ", ".join(f"'{word}'" for word in EVENT_WORDS)
    kinds = ", ".join(f"'{kind}'" for kind in EVENT_WORDS.values())
    meant = f"map_extract_value(map([{words}], [{kinds}]), lower(event_kind))"
    parts.replace("event_kind", f"CASE WHEN event_kind IS NULL THEN 'other' ELSE {meant} END")
    known = ", ".join(dict.fromkeys(EVENT_WORDS.values()))
    parts.refuse("event_kind IS NULL", f"'the kind of event is none of {known}'")


def _revenue_rules(parts: Parts, mapping: Mapping) -> None:
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS_OF_REVENUE)
    # Money that flows back is a refund, whatever the column says.
    parts.replace("revenue_kind", "CASE WHEN amount < 0 THEN 'refund' ELSE lower(revenue_kind) END")
    parts.refuse(
        f"revenue_kind NOT IN ({kinds})",
        "revenue_kind || ' is none of recurring, one-off and refund'",
    )
    if "order_id" in mapping.columns:
        parts.refuse(
            "problem IS NULL AND customer_id IS NULL AND order_id IS NULL",
            "'the row names neither a customer nor an order'",
        )
    else:
        for role, what in (("customer_id", "customer"), ("dated", "date")):
            if role in mapping.columns:
                parts.refuse(f"problem IS NULL AND text_{role} IS NULL", f"'the row has no {what}'")
    if "amount" in mapping.columns:
        for sign, code in _SIGNS:
            parts.refuse(
                f"contains(text_amount, '{sign}') AND currency <> '{code}'",
                f"'the amount is written in {sign}, the currency is ' || currency",
            )


def erased_names(mapping: Mapping) -> list[str]:
    """Conditions that a name in the row belongs to somebody who was erased on request."""
    names = [role for role in ("customer_id",) if role in mapping.columns]
    names += [f"a{at}" for at in range(len(mapping.aliases))]
    orders = [erasure.erased("order_id", "order")] if "order_id" in mapping.columns else []
    return [*(erasure.erased(name) for name in names), *orders]
