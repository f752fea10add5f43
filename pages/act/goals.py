"""What do we want, and does what we do serve it? Goals, the strategy, and what serves neither."""

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.goals import Criterion, Goal, Strategy

admit("goals")

looked_at = scope.current()
reply = state.reply("goals", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Goal, Strategy, Criterion)
tables.sections(answer, {"goals": "Where each goal stands"})
if answer.tables.get("goals"):
    told = [(str(row["statement"]), str(row["progress"])) for row in answer.tables["goals"]]
    tables.text_table(("What is wanted", "How far it came"), told, key="progress")
tables.sections(
    answer,
    {
        "criteria": "What would show that the strategy works",
        "say_do": "What is said, and what is paid for and done",
    },
)
frames.chart_frames(reply)
words.limits(answer)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=("goals", "criteria", "say_do"))
entries.listed(
    Goal,
    title="The goals",
    teaches=("A goal of the business is what a finding, a pilot or an initiative can serve.",),
)
entries.listed(
    Strategy,
    title="The strategy",
    teaches=("One promise to customers, and how everybody would know that it came true.",),
    shown=("since",),
)
entries.listed(
    Criterion,
    title="What would show it",
    teaches=("One figure to reach at a time; it is held against what is loaded.",),
)
