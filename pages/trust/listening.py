"""Whom do we not hear? Answered, silent, never asked; the score as heard, weighted and bounded."""

import streamlit as st

from cxdash.faces.web import frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("listening")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("listening", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer, words.coverage(answer))
frames.chart_frames(reply)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer)
