"""Who decides, what did they say, and does anything press? Executives, asks, noes, alerts."""

from cxdash.faces.web import deciders, entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.room import Alert, Ask, Executive, Signal, Watch

admit("room")

looked_at = deciders.dated(scope.current())
reply = state.reply("room", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Alert, Watch, Executive, Ask, Signal)
if answer.tables.get("urgency"):
    words.section("Does anything press?", "urgency")
    tables.detail(answer, "urgency")
frames.chart_frames(reply)
if answer.tables.get("noes"):
    words.section("Every no, and what brings it back", "noes")
    tables.detail(answer, "noes")
    deciders.pilots_wanted(answer)
words.limits(answer)
tables.sections(
    answer,
    {
        "executives": "Who decides",
        "by_reason": "Noes by reason",
    },
)
words.section("Accounts to look after", "alerts", entries.anchor(Alert))
chosen = deciders.suggested(answer)
entries.listed(
    Alert,
    teaches=("An account at risk or silent, with somebody who looks after it and a day.",),
    shown=("owner", "due", "status"),
    preset=chosen,
)
entries.listed(Watch, title="From which accounts on", shown=("revenue", "risk"))
entries.listed(
    Executive,
    title="The executives",
    teaches=("Whoever can say yes or no, and how they stand. At least one has to be a sponsor.",),
    shown=("function", "stance", "last_contact"),
)
entries.listed(
    Ask,
    title="What was asked",
    teaches=("One decision, one amount, one day; and what came of it, a no as well.",),
    shown=("executive", "asked_on", "outcome"),
)
entries.listed(Signal, title="Noted from outside", shown=("kind_of", "noted_on", "source"))
words.section("The facts", "facts")
cards(answer.facts)
tables.every(answer, but=("urgency", "noes", "executives", "by_reason", "suggested"))
