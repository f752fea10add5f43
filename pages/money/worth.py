"""What is the customer's voice worth? Churn, revenue and cost by score band, with its limits."""

import streamlit as st

from cxdash.faces.web import frames, scope, state, tables, words
from cxdash.faces.web.cards import cards

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
answer = state.answer("worth", looked_at)
words.headline(answer.headline)
words.strip(answer, words.coverage(answer))
frames.chart_frames(answer)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer)
