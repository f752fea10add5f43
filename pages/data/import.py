"""Which files should be read? Upload, decide what is in doubt, load, read the receipt."""

import streamlit as st

from cxdash.faces.web import imports, jobs, receipts, words
from cxdash.faces.web.visitor import admit

admit("import")

words.headline("Load your exports; every row gets an answer")
st.markdown(
    "CSV, TSV, XLSX or Parquet. A file is loaded whole or not at all. What is in doubt is asked, "
    "loading the same file twice counts nothing twice, and every import can be undone."
)
imports.receive()
imports.waiting_files()
jobs.progress()
imports.results()

words.section("What has been loaded", "history")
receipts.history(undo=True)
