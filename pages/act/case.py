"""What would it return? Save and make apart, claims apart from what was measured, promises kept."""

from cxdash.faces.web import casing, entries, frames, scope, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.cases import Case, CaseLine, Realised

admit("case")

looked_at = casing.chosen(scope.current())
reply = state.reply("case", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(Case, *((CaseLine, Realised) if looked_at.claim else ()))
frames.chart_frames(reply)
words.limits(answer)
casing.briefs(answer)
shown = {
    "lines": "What it is made of",
    "cashflows": "Money by year, by what was measured",
    "claimed_cashflows": "Money by year, with claims typed in",
    "promises": "What was promised, and what came",
    "realism": "Beside what was ever seen here",
}
tables.sections(answer, shown)
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=(*shown, "audiences"))
casing.approval(answer)
entries.listed(
    Case,
    title="Business cases",
    teaches=("A case says what a plan saves, what it makes and what it costs, line by line.",),
    shown=("starts", "years", "discount_rate"),
)
if looked_at.claim:
    entries.listed(
        CaseLine,
        title="Lines of this case",
        teaches=("One amount a line: one column, one line of the accounts, one source.",),
        shown=("side", "source", "amount"),
        only=lambda one: one.record.case == looked_at.claim,
        preset={"case": looked_at.claim},
    )
    entries.listed(
        Realised,
        title="What came of it",
        teaches=("After 3, 6, 12 and 24 months: what finance saw, also where it fell short.",),
        shown=("case_line", "after", "amount"),
        only=lambda one: one.record.case_line in casing.lines(looked_at.claim),
    )
