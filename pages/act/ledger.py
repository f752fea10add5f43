"""What was delivered, by whom, and what did it cost? Each dollar is counted once."""

from cxdash.faces.web import credit, entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.ledger import Claim, Funding

admit("ledger")

looked_at = scope.current()
reply = state.reply("ledger", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Claim, Funding)
frames.chart_frames(reply)
if answer.tables.get("wins"):
    words.section("Who delivered it", "wins")
    credit.wins(answer)
tables.sections(
    answer,
    {
        "credit": "The same dollars by the team that acted",
        "cx_roles": "The same dollars by what customer experience did",
        "without_result": "Begun, and nothing counts so far",
        "by_claim": "Every claim, and what is counted of it",
    },
)
words.limits(answer)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=("wins", "credit", "cx_roles", "without_result", "by_claim"))
entries.listed(
    Claim,
    title="Claims",
    teaches=(
        "A claim says what an initiative delivered, to whom, when, and how it is known.",
        "What rests on a pilot that was read is verified; what is only judged is never summed.",
    ),
    shown=("line", "team", "month"),
)
entries.listed(
    Funding,
    title="Budgets",
    teaches=(
        "The budget of the programme stands beside what it delivered; the two are not netted.",
    ),
    shown=("status", "starts", "ends"),
)
