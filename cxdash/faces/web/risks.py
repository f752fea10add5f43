"""The list of customers with their chance of leaving: sorted, searched, taken along as a file.

Only the customer number, the chance, the money and the reasons are shown or leave the page; who
the customer is stays in the company's own systems.
"""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cxdash.faces.columns import columns
from cxdash.faces.web import tables
from cxdash.faces.web.escape import md
from cxdash.faces.web.guard import guarded
from cxdash.faces.web.takeaway import downloads
from cxdash.facts import Answer, Row
from cxdash.facts import format as printing

__all__ = ["TABLE", "allowed", "risk_list", "sought", "title"]

TABLE: Final = "risks"
_ALLOWED: Final = (
    "customer_id",
    "risk",
    "low",
    "high",
    "risk_low",
    "risk_high",
    "revenue",
    "reasons",
)
_A_PAGE: Final = 20
_MOST_AT_STAKE, _LIKELIEST = "Money at stake first", "Likeliest to leave first"
_WEIGHED, _MOST_ALIKE = "Weighed by amount", "Most like those who had left first"


def title(answer: Answer) -> str:
    """The heading of the list; a list without dates shows a likeness and foresees nothing."""
    if answer.dated:
        return "Who may leave next, the largest expected loss first"
    return "Who looks like those who had left, weighed by what they pay"


def risk_list(answer: Answer) -> None:
    """The list with its search, its order, its pages and its download; nothing if it is empty."""
    if answer.tables.get(TABLE):
        _list(answer)


@st.fragment
def _list(answer: Answer) -> None:
    with guarded():
        rows = allowed(answer.tables[TABLE])
        with st.container(horizontal=True, vertical_alignment="bottom", key="risks-controls"):
            wanted = st.text_input(
                "Find a customer number or a reason", key="risks-find", live=True
            )
            orders = [_MOST_AT_STAKE, _LIKELIEST] if answer.dated else [_WEIGHED, _MOST_ALIKE]
            by = st.selectbox("Order", orders, key="risks-order")
        downloads(answer, TABLE, rows, what="the list")
        found = sought(rows, wanted or "", by_money=by == orders[0])
        _page(answer, found, len(rows))


def _page(answer: Answer, found: Sequence[Row], of: int) -> None:
    if not found:
        st.markdown("No customer of the list matches these words.")
        return
    pages = -(-len(found) // _A_PAGE)
    told = f"{printing.count(len(found))} of {printing.count(of)} customers"
    st.markdown(md(told))
    number = st.pagination(pages, key="risks-page") if pages > 1 else 1
    start = (min(number, pages) - 1) * _A_PAGE
    shown = [one for one in columns(answer, TABLE) if one.name in found[0]]
    tables.draw(shown, found[start : start + _A_PAGE], key="risks")


def allowed(rows: Sequence[Row]) -> list[Row]:
    """The rows without any column that could name a person."""
    return [{name: cell for name, cell in row.items() if name in _ALLOWED} for row in rows]


def sought(rows: Sequence[Row], wanted: str, *, by_money: bool) -> list[Row]:
    """Rows whose number or reasons hold ``wanted``, the most money or the highest chance first.

    Money at stake is chance times revenue; without money the chance alone orders the list.
    """
    words = wanted.casefold().split()
    found = [
        row
        for row in rows
        if all(
            word in f"{row.get('customer_id')} {row.get('reasons')}".casefold() for word in words
        )
    ]
    return sorted(found, key=lambda row: -_weight(row, by_money=by_money))


def _weight(row: Row, *, by_money: bool) -> float:
    risk, revenue = row.get("risk"), row.get("revenue")
    chance = float(risk) if isinstance(risk, int | float) else 0.0
    return chance * float(revenue) if by_money and isinstance(revenue, int | float) else chance
