"""What should we do first, and what not? Ranks with ties, one choice, and what a pilot is worth."""

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.initiatives import Capacity

admit("priorities")

reply = state.reply("priorities", scope.current())
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Capacity)
frames.chart_frames(reply)
words.limits(answer)
shown = {
    "ranking": "What comes first",
    "not_doing": "What is not done now, and what waiting costs",
    "pilots_worth": "What finding out would be worth",
}
tables.sections(answer, shown)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=(*shown,))
entries.listed(
    Capacity,
    title="What there is to spend",
    teaches=("Money, working days and how many at a time; the newest entry bounds the choice.",),
    shown=("budget", "days", "at_once"),
)
