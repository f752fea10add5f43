"""The application as a server runs it: `streamlit run app.py`.

The script behind every page is cxdash/faces/web/main.py. It lies away from pages/, because
Streamlit runs the pages beside a main script by themselves, until that script has run once.
"""

import streamlit as st

app = st.App("cxdash/faces/web/main.py")
