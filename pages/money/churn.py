"""Who leaves, and what goes before it? Drivers, who may leave next, and how right that was."""

import streamlit as st

from cxdash.faces.web import frames, risks, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("churn")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("churn", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
frames.chart_frames(reply)
words.limits(answer)
if answer.tables.get("excluded"):
    words.section("Left out: they know who left", "excluded")
    tables.detail(answer, "excluded")
if answer.tables.get("risks"):
    words.section(risks.title(answer), "risks")
    words.notice(
        ["The reasons are signs, not causes: what sets a customer apart from the average one."],
        "risks",
    )
    risks.risk_list(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer, but=("excluded", "risks"))
