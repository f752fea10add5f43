"""What makes customers spend more or less? What was kept, what moved, and what goes with it."""

import streamlit as st

from cxdash.faces.web import frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("revenue")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("revenue", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer, words.coverage(answer))
frames.chart_frames(reply)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer)
