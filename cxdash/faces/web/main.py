"""The router: page config, style, menu, demo notice, scope; then the page that was asked for."""

import streamlit as st

from cxdash.faces.web import frame, keeping, navigation, scope
from cxdash.faces.web.guard import guarded
from cxdash.faces.web.visitor import demand, visitor

st.set_page_config(page_title="cxdash", page_icon=frame.ICON, layout="wide")
frame.style()
with guarded():
    who = visitor()
    st.logo(frame.ICON, size="medium")  # not drawn for a stranger, to whom no file is given
    page = navigation.menu(who, demand)
    st.set_page_config(page_title=f"{page.title} – cxdash")
    keeping.notice()
    frame.demo_banner()
    scope.head(navigation.entry_of(page))
    try:
        with guarded():
            page.run()
    finally:  # also where a page stops early, because nothing is loaded
        frame.signed_in_as()
