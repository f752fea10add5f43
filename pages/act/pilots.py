"""What did the pilots show? Whether they could answer, what they did, and scale, adjust or stop."""

import re
from dataclasses import replace

import streamlit as st

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.pilots import PilotPlan

admit("pilots")

asked = st.query_params.get("pilot", "")
looked_at = scope.current()
if re.fullmatch(r"pilot_plan-\d{1,9}", asked):
    looked_at = replace(looked_at, claim=asked)
reply = state.reply("pilots", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(PilotPlan)
shown = {
    "one_page": "Scale, adjust or stop",
    "sizes": "What those still to be read can show",
    "checks": "What was checked",
    "changes": "Changed after the start",
    "refused": "What was refused for want of customers",
}
tables.sections(answer, {name: shown[name] for name in ("one_page", "sizes")})
frames.chart_frames(reply)
words.limits(answer)
tables.sections(answer, {name: shown[name] for name in ("checks", "changes", "refused")})
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=tuple(shown))
entries.listed(
    PilotPlan,
    title="Plans",
    teaches=(
        "A plan says who is treated, beside whom, what is measured, when it is read, and what for.",
        "It is then said, before anything begins, whether so many customers can answer at all.",
        "Freeze it before the first day: a plan that is written afterwards follows the result.",
        (
            "The file of participants, on the page Import, has a row for each customer: name of "
            "the pilot, customer number, group, first day."
        ),
    ),
    shown=("design", "outcome", "reads_on"),
    freezes="Freezing keeps what the plan says now, with its hash. The pilot is read by that, and "
    "what is changed after the first day is shown.",
)
