"""Which metrics deserve attention? Each on trial, with exhibits and what would change our mind."""

import streamlit as st

from cxdash.faces.web import frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit

admit("trial")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("trial", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
metrics = answer.tables.get("metrics", ())
if metrics:
    words.section("The verdicts", "verdicts")
    tables.detail(answer, "verdicts")
frames.chart_frames(reply)
words.limits(answer)
if metrics:
    words.section("The exhibits", "exhibits")
    labels = {str(row["metric"]): str(row["label"]) for row in metrics}
    name = st.selectbox("Metric", labels, format_func=labels.__getitem__, key="on-trial")
    findings = [row for row in answer.tables["exhibits"] if row["metric"] == name]
    tables.text_table(
        ("Question", "Finding"),
        [(str(row["exhibit"]), str(row["finding"])) for row in findings],
        key="findings",
    )
    words.section("The facts", "facts")
    cards(
        [
            fact
            for fact in answer.facts
            if fact.id.startswith(("trial.working", "trial.own_signal", f"trial.{name}."))
        ]
    )
tables.every(answer, but=("exhibits", "verdicts"))
