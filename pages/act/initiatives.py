"""What are we doing, for whom, and does it pay? Wishes, the right question, cost moved or saved."""

from cxdash.faces.web import entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.initiatives import Initiative, Step

admit("initiatives")

reply = state.reply("initiatives", scope.current())
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Initiative, Step)
frames.chart_frames(reply)
words.limits(answer)
shown = {
    "saved_parts": "What was saved, moved and lost",
    "guardrails": "What must not get worse where cost is cut",
    "overlaps": "Where initiatives meet on the same customers",
    "overrides": "Who went past the right question",
    "steps": "Phases and steps",
    "resistance": "What people object to",
    "initiatives": "All initiatives",
}
tables.sections(answer, shown)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=(*shown,))
entries.listed(
    Initiative,
    title="Enter and change initiatives",
    teaches=(
        "The question comes first: whose need, which behaviour, which line of the accounts.",
        "Money is asked about after that, when the saved entry is opened again.",
    ),
    shown=("status", "owner", "starts"),
)
entries.listed(
    Step,
    title="Their steps",
    teaches=("Phases with an owner and a day, and steps that help people to take it up.",),
    shown=("initiative", "owner", "due"),
)
