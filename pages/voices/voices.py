"""What do customers say, and what goes with it? Themes in money, and quotes drawn by lot."""

import streamlit as st

from cxdash.faces.web import entries, frames, quotes, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.voices import Theme

admit("voices")

if not state.has_rows():
    words.nothing_loaded()
    st.stop()

looked_at = scope.current()
reply = state.reply("voices", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Theme)
frames.chart_frames(reply)
words.limits(answer)
quotes.of_the_day(answer)
if answer.tables.get("themes"):
    words.section("What the comments speak of", "themes")
    tables.detail(answer, "themes")
quotes.by_theme(answer)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=("themes", quotes.BY_THEME, quotes.OF_THE_DAY))
entries.listed(
    Theme,
    title="Themes of your own",
    teaches=(
        "Name what you want to follow and the words customers use for it, in all their languages.",
        "Such a theme comes before those found in the words.",
    ),
    shown=("words",),
)
