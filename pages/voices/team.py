"""How do employees and customers go together? Teams, their work, and which of them comes first."""

import streamlit as st

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.journey import StaffCost

admit("team")

if not state.has_rows():
    words.nothing_loaded(
        (
            "Teams by month",
            "team, month, employees; better with engagement, share who left, absence",
        )
    )
    st.stop()

looked_at = scope.current()
reply = state.reply("team", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(StaffCost)
frames.chart_frames(reply)
words.limits(answer)
if answer.tables.get("teams"):
    words.section("Teams: their work, signs of exhaustion, and their customers", "teams")
    tables.detail(answer, "teams")
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer, but=("teams",))
entries.listed(
    StaffCost,
    title="What a leaving employee costs",
    teaches=(
        "A claim of a person; it stands beside the employees who left and is never added up.",
    ),
    shown=("cost_per_leaver", "units"),
)
