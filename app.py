"""The router: page config, style, menu, demo notice; then the page that was asked for."""

import streamlit as st

from cxdash.faces.web import frame, navigation
from cxdash.faces.web.guard import guarded

st.set_page_config(page_title="cxdash", page_icon=frame.ICON, layout="wide")
st.logo(frame.ICON, size="medium")
frame.style()
page = navigation.menu()
with guarded():
    frame.demo_banner()
    page.run()
