"""What every page has around it: the style sheet, and the notice that this is the demo company."""

from pathlib import Path
from typing import Final

import streamlit as st

from cxdash.access import Action
from cxdash.faces.web import deeds, signin, state
from cxdash.faces.web.escape import md, plain
from cxdash.faces.web.navigation import path_of
from cxdash.faces.web.visitor import may, visitor

__all__ = ["ICON", "demo_banner", "signed_in_as", "style"]

_HERE: Final = Path(__file__).parent
ICON: Final = str(_HERE / "icon.png")


def style() -> None:
    """Layout and type. A file of ours without any text from outside; nothing else is ever HTML."""
    st.html(_HERE / "style.css")


def demo_banner() -> None:
    """Say on every page that the numbers are the demo company's, with the one way out."""
    if not state.demo_is_loaded():
        return
    with st.container(
        key="notice-demo", horizontal=True, vertical_alignment="center", gap="medium"
    ):
        st.markdown("**Demo company.** Every number on this page is invented.")
        if may(Action.UNDO) and st.button("Replace by my own data", key="replace-demo"):
            _confirm_replacing()


def signed_in_as() -> None:
    """Who is signed in, with which role, and the way out; nothing where there is no sign-in."""
    if not signin.configuration().sign_in:
        return
    who = visitor()
    with st.container(
        key="signed-in", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        role = who.role.value if who.role else "no role"
        st.markdown(md(f"{plain(who.name, 80)}, {role}"))
        if st.button("Sign out", key="sign-out", type="tertiary"):
            st.logout()


@st.dialog("Replace the demo company")
def _confirm_replacing() -> None:
    st.markdown(
        "The demo company's rows are taken out and you are brought to Import, where you load your "
        "own files. Files of your own that are already loaded stay."
    )
    if st.button("Take the demo company out", type="primary", key="replace-demo-now"):
        # In the background and as one: a closed tab cannot leave half a company behind.
        with st.spinner("Taking the demo company out …"):
            job = deeds.take_out_demo()
            job.wait()
        if job.error:
            raise job.error
        st.switch_page(path_of("import"))
