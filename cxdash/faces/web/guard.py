"""No traceback reaches a visitor: errors of the tree speak, any other gets a reference."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cxdash.errors import CxdashError
from cxdash.faces.web import words
from cxdash.store.incident import record

__all__ = ["guarded"]

_log = logging.getLogger("cxdash.web")


@contextmanager
def guarded() -> Iterator[None]:
    """Draw what went wrong inside the block instead of raising it.

    The record of the error holds its type and the places in the code it passed, never its message,
    because a message can hold a row of customer data.
    """
    try:
        yield
    except CxdashError as error:
        words.problem(error)
    except Exception as error:  # noqa: BLE001 - the last net of the page
        incident = record(error)
        _log.error("%s, reference %s: %s", incident.kind, incident.reference, incident.file)
        with st.container(key=f"notice-{incident.reference}"):
            st.markdown(":red-badge[Problem] **This page could not be drawn.**")
            st.markdown(
                "No data was changed. Reload the page; if it happens again, report it with "
                f"reference **{incident.reference}**: the record of that name lies in the folder "
                "`logs` beside the database and holds none of your data."
            )
