"""Wins of the ledger, each with a card to take along that gives the team the credit."""

import streamlit as st

from cxdash.access import Action
from cxdash.faces import recognition
from cxdash.faces.web import deeds, tables
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may
from cxdash.facts import Answer, Row

__all__ = ["wins"]

_CARDS = 12  # cards offered at once, the first of the table


def wins(answer: Answer) -> None:
    """The table of wins, and a button for each card where the visitor may take data out."""
    tables.detail(answer, "wins")
    if not may(Action.EXPORT):
        return
    with st.container(horizontal=True, gap="small", key="recognition-cards"):
        for place, win in enumerate(answer.tables["wins"][:_CARDS], start=1):
            if win.get("amount") is not None:
                _card(answer, place, win)


def _card(answer: Answer, place: int, win: Row) -> None:
    st.download_button(
        md(f"Recognition card: {win['team']}", 60),
        data=deeds.handed_out(
            f"recognition card {place} of the ledger", lambda: recognition.card_of(answer, win)
        ),
        file_name=f"{recognition.card_stem(answer, place)}.html",
        mime="text/html",
        key=f"card-{place}",
        on_click="ignore",
    )
