"""What would a sceptic ask? Hostile questions about one claim, and every way of computing it."""

import streamlit as st

from cxdash.faces.web import doubts, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("examine")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("examine", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer, words.coverage(answer))
frames.chart_frames(reply)
words.section("The questions, and what the data answer", "questions")
doubts.exhibits(answer)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer, but=(doubts.EXHIBITS,))
