"""The application as a server runs it: `streamlit run app.py`.

The script behind every page is cxdash/faces/web/main.py. It lies away from pages/, because
Streamlit runs the pages beside a main script by themselves, until that script has run once.
"""

import streamlit as st

from cxdash.faces.web import logs

logs.begin()  # before the rest is loaded, because loading it may already say something

from cxdash.faces.web.application import parts

app = st.App("cxdash/faces/web/main.py", **parts())
