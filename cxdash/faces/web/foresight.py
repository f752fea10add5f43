"""How much of a waiting file belongs to customers that are known: one sentence before loading."""

from collections.abc import Sequence
from typing import Final

from cxdash.facts.format import count, listed, number
from cxdash.intake import Preview
from cxdash.intake.tally import RowMatch, Sum

__all__ = ["in_words"]

_NOTHING: Final = {
    "customers": (
        "No customer is loaded yet, so nothing can be matched. If you have a list of customers or "
        "orders, bring it along: it is loaded first."
    ),
    "orders": "No order is loaded yet, so nothing can be matched. Bring the orders along.",
}

_CHOOSE: Final = (
    " If another column names the customer as your other files do, choose it as the customer id "
    "under “Correct a column” before loading."
)


def in_words(view: Preview, beside: Sequence[str] = (), *, asked: bool = False) -> str:
    """The share of rows, and of money where the file holds any; empty without anybody to match.

    ``beside`` names waiting files whose customers are counted as known. ``asked``: the page asks
    already which column is the customer.
    """
    match = view.match
    if match is None:
        return ""
    if not match.comparable:
        return _NOTHING[match.names]
    counting = f", counting {listed(list(beside))}" if beside else ""
    rows = f"{_rows(match)}{_money(view.sums)}{counting}."
    if match.is_low:
        advice = "" if asked or match.names != "customers" else _CHOOSE
        return f"Only {rows} Figures that join it with money would speak of that part only.{advice}"
    return rows


def _rows(match: RowMatch) -> str:
    share = number(match.share, "share")
    what = "customer" if match.names == "customers" else "order"
    counted = f"({count(match.rows_known)} of {count(match.rows)} rows"
    return f"{share} of the rows belong to a known {what} {counted}{_distinct(match)})"


def _distinct(match: RowMatch) -> str:
    return f"; {count(match.distinct_known)} of {count(match.distinct)} {match.names}"


def _money(sums: Sequence[Sum]) -> str:
    """How much of the money belongs to them, currency by currency; never added up."""
    counted = [one for one in sums if one.currency and one.amount]
    parts = [f"{one.currency} {one.known:,.2f} of {one.amount:,.2f}" for one in counted]
    if not parts:
        return ""
    if all(one.known == one.amount for one in counted):
        return ", and so does all the money"
    return f", and so does {listed(parts)}"
