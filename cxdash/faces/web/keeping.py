"""What every page says about the database itself: that committed work is missing."""

import streamlit as st

from cxdash import upkeep
from cxdash.access import Action
from cxdash.faces.web import deeds, state
from cxdash.faces.web.escape import md
from cxdash.faces.web.visitor import may

__all__ = ["notice"]


def notice() -> None:
    """Draw it, nothing when all is well; whoever looks after the database may accept it.

    The first page of a process also has what is due done in the background.
    """
    db = state.database()
    _begin(str(db.path))
    told = upkeep.notices(db)
    if not told:
        return
    with st.container(key="notice-missing"):
        st.markdown(f":red-badge[Data is missing] **{md(told[0])}**")
        for sentence in told[1:]:
            st.markdown(md(sentence))
        if may(Action.MAINTAIN) and st.button("Go on without it", key="accept-missing"):
            deeds.accept_loss()
            st.rerun()


@st.cache_resource(show_spinner=False, max_entries=2)
def _begin(path: str) -> bool:  # noqa: ARG001 - once for each database
    upkeep.begin(state.database())
    return True
