"""What is loaded, and what do the words mean? Rows, dates and files; definitions; lineage."""

import streamlit as st

from cxdash.faces.web import catalogue, receipts, state, words
from cxdash.faces.web.visitor import admit

admit("catalogue")

if state.has_rows():
    words.headline("Every number can be traced to a file and a line")
    words.section("What is loaded", "holdings")
    catalogue.holdings_table()
    catalogue.contact_details()
    words.section("Where it came from", "lineage")
    catalogue.lineage()
    receipts.history(undo=False)
else:
    words.nothing_loaded()

words.section("What the words mean", "definitions")
wanted = st.text_input("Find a definition", key="find", bind="query-params")
if not catalogue.definitions_list(wanted):
    words.notice(["No definition holds these words. Try one word, for example churn."], "none")
