"""Which files should be read? Upload, decide, see what each becomes, load, read the receipt."""

import streamlit as st

from cxdash.faces.web import batch, imports, jobs, loaded, sending, words
from cxdash.faces.web.visitor import admit

admit("import")

sending.take_back()
waiting = batch.standings()
words.headline(loaded.headline(waiting))
jobs.progress()
if not waiting:
    st.markdown(
        "CSV, TSV, XLSX, Parquet, or a ZIP of them. A file is loaded whole or not at all. What is "
        "in doubt is asked, loading the same file twice counts nothing twice, and every import can "
        "be undone."
    )
    imports.receive(first=True)
imports.files(waiting)
if waiting:
    imports.receive(first=False)
loaded.results(waiting=bool(waiting))
imports.before(first=not waiting)
