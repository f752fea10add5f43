"""No traceback reaches a visitor: errors of the tree speak, any other gets a reference."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cxdash.errors import CxdashError
from cxdash.faces.web import words
from cxdash.store.incident import record

__all__ = ["guarded", "last_net"]


@contextmanager
def guarded() -> Iterator[None]:
    """Draw what went wrong inside the block instead of raising it.

    The record of the error holds its type and the places in the code it passed, never its message,
    because a message can hold a row of customer data.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - no page shows more of an error than this
        last_net(error)


def last_net(error: Exception) -> bool:
    """Draw an error, also one outside of any block, such as in a callback of a widget.

    Returns True, which tells Streamlit that nothing more is to be shown.
    """
    if isinstance(error, CxdashError):
        words.problem(error)
        return True
    incident = record(error)
    with st.container(key=f"notice-{incident.reference}"):
        st.markdown(":red-badge[Problem] **This page could not be drawn.**")
        st.markdown(
            "No data was changed. Reload the page; if it happens again, report it with "
            f"reference **{incident.reference}**: the record of that name lies in the folder "
            "`logs` beside the database and holds none of your data."
        )
    return True
