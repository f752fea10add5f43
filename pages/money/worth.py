"""What is the customer's voice worth? Churn, revenue and cost by score band, with its limits."""

import streamlit as st

from cxdash.faces.web import frames, navigation, scope, state, tables, words
from cxdash.faces.web.cards import cards

asks = navigation.info("worth").asks
if not state.has_rows():
    words.kicker(asks)
    words.nothing_loaded()
    st.stop()

looked_at = scope.bar(asks)
answer = state.answer("worth", looked_at)
words.headline(answer.headline)
words.strip(answer)
frames.chart_frames(answer)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
words.section("The tables", "tables")
for name in answer.tables:
    with st.expander(tables.title(name), type="compact"):
        tables.detail(answer, name)
