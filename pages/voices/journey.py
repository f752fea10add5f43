"""Where does it hurt? Stages with score, effort, cost, money at stake, and who is lost."""

import streamlit as st

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.journey import Stage

admit("journey")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("journey", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Stage)
tables.sections(
    answer,
    {
        "stages": "Stage by stage",
        "stage_work": "Work, cost and money of each stage",
        "losses": "Between the stages",
    },
)
frames.chart_frames(reply)
words.limits(answer)
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer, but=("stages", "stage_work", "losses"))
entries.listed(
    Stage,
    title="The stages",
    teaches=(
        "A stage holds touchpoints and reasons of contact, and serves a goal of the business.",
    ),
    shown=("position", "goal"),
)
