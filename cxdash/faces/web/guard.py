"""No traceback reaches a visitor: errors of the tree speak, any other gets a reference."""

import logging
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cxdash.errors import CxdashError
from cxdash.faces.web import words

__all__ = ["guarded"]

_log = logging.getLogger("cxdash.web")


@contextmanager
def guarded() -> Iterator[None]:
    """Draw what went wrong inside the block instead of raising it.

    The log gets the type of the error and the places in the code it passed, never its message,
    because a message can hold a row of customer data.
    """
    try:
        yield
    except CxdashError as error:
        words.problem(error)
    except Exception as error:  # noqa: BLE001 - the last net of the page
        reference = secrets.token_hex(4)
        _log.error(
            "reference %s: %s\n%s",
            reference,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        with st.container(key=f"notice-{reference}"):
            st.markdown(":red-badge[Problem] **This page could not be drawn.**")
            st.markdown(
                "No data was changed. Reload the page; if it happens again, look for reference "
                f"**{reference}** in the program's log."
            )
