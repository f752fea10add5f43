"""How much of a waiting file is known already: one sentence before anything is loaded."""

from typing import Final

import streamlit as st

from cxdash import intake
from cxdash.faces.web import state
from cxdash.faces.web.escape import md
from cxdash.faces.web.staging import Staged
from cxdash.faces.web.words import notice
from cxdash.facts.format import count, number
from cxdash.intake import Match, Proposal

__all__ = ["foresight", "in_words"]

_MOST_ROWS: Final = 100_000  # beyond that reading the file again takes more than a moment
_NOTHING: Final = {
    "customers": (
        "No customer is loaded yet, so nothing can be matched. If you have a list of customers or "
        "orders, load it first."
    ),
    "orders": "No order is loaded yet, so nothing can be matched. Load the orders first.",
}


def foresight(staged: Staged, proposal: Proposal) -> None:
    """Say it, loudly when it is little; silent for a file without names and for a large one."""
    undecided = any(question.id == "kind" for question in proposal.questions)
    if undecided or proposal.rows > _MOST_ROWS:
        return
    found = _match(staged, proposal)
    if found is None:
        return
    if found.is_low:
        notice([in_words(found)], f"match-{staged.token}")
    else:
        st.markdown(md(in_words(found)))


def in_words(match: Match) -> str:
    """The share as a sentence.

    >>> in_words(Match("customers", 200, 199, comparable=True))
    '99.5% of the customers in this file are already known (199 of 200).'
    """
    if not match.comparable:
        return _NOTHING[match.names]
    counted = f"({count(match.known)} of {count(match.total)})"
    share = number(match.share, "share")
    if match.is_low:
        return (
            f"Only {share} of the {match.names} in this file are known {counted}. Figures that "
            "join it with money would speak of that part only."
        )
    return f"{share} of the {match.names} in this file are already known {counted}."


def _match(staged: Staged, proposal: Proposal) -> Match | None:
    """Kept for as long as the file's names are read the same way and nothing new is loaded."""
    kept: dict[str, tuple[object, Match | None]] = st.session_state.setdefault("matches", {})
    mapping = proposal.mapping
    names = (mapping.columns.get("customer_id"), mapping.columns.get("order_id"))
    reading = (mapping.kind, names, mapping.file, state.database().data_version)
    if staged.token not in kept or kept[staged.token][0] != reading:
        with st.spinner("Comparing with what is loaded …"):
            found = intake.foresee_match(
                state.database(), staged.path, mapping, file_name=staged.name
            )
        kept[staged.token] = (reading, found)
    return kept[staged.token][1]
