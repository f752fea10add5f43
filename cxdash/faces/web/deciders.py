"""What the page of the room does beside drawing: its day, the way to a pilot, the suggestions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import streamlit as st

from cxdash.access import Action
from cxdash.faces.columns import columns
from cxdash.faces.web import state, tables, words
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.links import ENTRY
from cxdash.faces.web.navigation import PAGES, path_of
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Row, Scope
from cxdash.facts import format as printing
from cxdash.register.fields import Value

__all__ = ["dated", "pilots_wanted", "suggested"]

_SUGGESTED: Final = "suggested"
_NOES: Final = "noes"
_PILOTS: Final = "pilots"
_PLAN: Final = "pilot_plan"
_SHOWN: Final = 10


def dated(scope: Scope) -> Scope:
    """The scope on today's day, so that what a day brings back is told on that day.

    The clock of the demo company stands where its data ends.
    """
    if scope.as_of is not None or state.demo_is_loaded():
        return scope
    return replace(scope, as_of=datetime.now(UTC).date())


def pilots_wanted(answer: Answer) -> None:
    """For each no whose sample was too small, the way to the plan of a pilot that is not."""
    if all(page.name != _PILOTS for page in PAGES):
        return
    for row in answer.tables.get(_NOES, ()):
        needed = row["customers_in_each_half"]
        if not row["opens_pilot"]:
            continue
        told = f"{printing.count(int(needed))} customers in each half" if needed else "large enough"
        st.page_link(
            path_of(_PILOTS),
            label=md(f"Plan the pilot that would answer “{plain(str(row['title']), 60)}”: {told}"),
            query_params=_plan(row),
        )


def _plan(row: Row) -> dict[str, str]:
    """What the form of the plan begins with, as an address says it."""
    begun = {
        ENTRY: _PLAN,
        "ask": str(row["ask"]),
        "name": str(row["title"]),
        "design": "randomised",
        "outcome": "churn",
    }
    least = row["least_effect"]
    if isinstance(least, float):
        begun["least_effect"] = f"{100 * least:g} %"
    return begun


def suggested(answer: Answer) -> Mapping[str, Value]:
    """Accounts nobody looks after yet; values for the alert of the one that is chosen."""
    if not may(Action.SEE_PEOPLE):
        return {}
    rows = answer.tables.get(_SUGGESTED, ())
    if not rows:
        st.markdown("No account above the line is at risk or silent without somebody looking.")
        return {}
    shown = rows[:_SHOWN]
    if len(rows) > len(shown):
        words.notice(
            [f"The first {len(shown)} of {printing.count(len(rows))} are shown."], _SUGGESTED
        )
    tables.draw(columns(answer, _SUGGESTED), shown, key=_SUGGESTED)
    by_number = {str(row["customer_id"]): row for row in rows}
    number = st.selectbox(
        "Account to take into the list",
        by_number,
        format_func=lambda name: plain(name, 40),
        key="alert-account",
    )
    row = by_number.get(number or "")
    if row is None:
        return {}
    return {
        "customer": str(row["customer_id"]),
        "reason": str(row["reason"]),
        "revenue": Decimal(str(row["revenue"])),
        "status": "open",
    }
