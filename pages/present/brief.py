"""What should this meeting decide? One screen for an executive."""

import streamlit as st

from cxdash.faces.web import claims, frames, navigation, scope, state, words
from cxdash.faces.web.cards import cards

asks = navigation.info("brief").asks
if not state.has_rows():
    words.kicker(asks)
    words.nothing_loaded()
    st.stop()

looked_at = scope.bar(asks)
answer = state.answer("brief", looked_at)
words.headline(answer.headline)
words.strip(answer, words.coverage(answer))
claims.front_page(answer, looked_at)
frames.chart_frames(answer)
words.limits(answer)
if answer.facts:
    words.section("The facts behind this page", "facts")
    cards(answer.facts)
