"""Does it tie to finance? Totals of finance beside what is loaded, and whose name stands for it."""

from cxdash.faces.web import entries, frames, scope, signing, state, tables, words
from cxdash.faces.web.cards import cards
from cxdash.faces.web.visitor import admit
from cxdash.register.kinds.ledger import SignOff, Tolerance

admit("reconcile")

looked_at = scope.current()
reply = state.reply("reconcile", looked_at)
answer = reply.answer
words.headline(answer.headline)
words.strip(answer)
entries.ways(SignOff, Tolerance)
frames.chart_frames(reply)
tables.sections(
    answer,
    {
        "signatures": "Who has signed, and what was loaded since",
        "unmatched": "Revenue that belongs to nobody",
        "orphans": "Answers by whether their customer has money",
    },
)
words.limits(answer)
signing.sign()
if answer.facts:
    words.section("The facts", "facts")
    cards(answer.facts)
tables.every(answer, but=("signatures", "unmatched", "orphans"))
entries.listed(
    SignOff,
    title="Signatures",
    teaches=(
        (
            "Finance's totals, on the page Import, have a row for each month: month, measure "
            "(revenue, customers or contacts), amount, currency."
        ),
        "Somebody in finance signs a month's total by name.",
        "A file that is loaded later voids it: what was signed may no longer be what is here.",
    ),
    shown=("month", "line"),
)
entries.listed(
    Tolerance,
    title="Tolerance",
    teaches=("Without an entry, a month may be 0.5 % apart before every dollar says so.",),
    shown=("most",),
)
