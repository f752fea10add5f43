"""What should this meeting decide? One screen for an executive."""

import streamlit as st

from cxdash.faces.web import claims, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("brief")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("brief", looked_at)
answer = reply.answer
with st.container(key="front", gap="xsmall"):
    words.headline(answer.headline)
    words.strip(answer, words.coverage(answer))
    claims.front_page(answer, looked_at)
frames.chart_frames(reply)
words.section("Ask further", "further")
claims.further(looked_at)
if answer.tables.get("claims"):  # without a claim, what is missing stands at the top already
    words.limits(answer)
if answer.facts:
    words.section("The facts behind this page", "facts")
    cards(answer.facts)
tables.every(answer, but=("claims",))
