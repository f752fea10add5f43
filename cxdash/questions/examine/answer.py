"""What would a sceptic ask? Hostile questions about one claim, answered from the data.

The page's argument: the claim as its question states it, beside the same by a straight line; in how
many defensible ways of computing it it holds; then price, season, single accounts, other windows
and definitions, who answered, and how strong a cause nobody measured would have to be; and what
would make us withdraw it.
"""

from typing import Final

from cxdash.facts import Answer, Chart, Row, Scope, wording
from cxdash.facts import format as fmt
from cxdash.panel.registers import events
from cxdash.questions.examine.beside import apart, conflict, marked, own_doubt, rests, statement
from cxdash.questions.examine.doubt import doubts, unmeasured, withdrawal
from cxdash.questions.examine.exhibits import Exhibit, dominant, exhibits
from cxdash.questions.examine.facts import facts, own_figure
from cxdash.questions.examine.stand import Refused, Stand, interval, take_the_stand
from cxdash.questions.examine.ways import WHOLE, Way, controls_in_words
from cxdash.questions.guard import left_out_words
from cxdash.questions.guard import table as table_of_excluded
from cxdash.questions.progress import tell
from cxdash.questions.sampling import drawn_words
from cxdash.questions.setting import Setting, nothing_to_ask
from cxdash.store import Reader

__all__ = ["TITLE", "examine"]

TITLE: Final = "What would a sceptic ask?"
MOST_MARKS: Final = 60
_NO_PROOF: Final = (
    "This is an association, not proof: only a pilot by lot would show what follows from what. "
    "The questions test whether the association itself stands."
)
_NO_VOTES: Final = "The ways of computing it share their data, so their count is no probability."


def examine(view: Reader, scope: Scope) -> Answer:
    """Cross-examine the claim of the scope; says "cannot tell" where nothing can be computed."""
    found = take_the_stand(view, scope)
    if isinstance(found, Refused):
        return _refused(view, scope, found)
    tell("Asking what a sceptic would ask", 0.8)
    prices = [event for event in events(view) if event.kind == "price"]
    doubt = doubts(found)
    asked = (
        statement(found),
        *exhibits(found, prices),
        unmeasured(found, doubt),
        withdrawal(found, doubt),
    )
    rows = [_as_stated(found), *_specifications(found.curve.ways)]
    return Answer(
        question="examine",
        title=TITLE,
        as_of=found.setting.as_of,
        scope=scope,
        headline=" ".join(filter(None, (rests(found), _headline(found, asked)))),
        facts=facts(found, doubt),
        tables={
            "exhibits": _table(asked),
            "specifications": rows,
            "curve": _drawn(found),
            **_excluded(found.setting),
        },
        caveats=_caveats(found),
        charts=(_chart(found),),
    )


def _refused(view: Reader, scope: Scope, found: Refused) -> Answer:
    if found.setting is None:
        return nothing_to_ask(view, scope, "examine", TITLE)
    first = found.reasons[0]
    return Answer(
        question="examine",
        title=TITLE,
        as_of=found.setting.as_of,
        scope=scope,
        headline=wording.cannot_tell("whether the claim holds", first.short),
        status="cannot_tell",
        facts=own_figure(found.stated),
        tables={"exhibits": [], "specifications": [], **_excluded(found.setting)},
        caveats=(
            *_unexamined(found),
            *(reason.why for reason in found.reasons),
            *left_out_words(found.setting.excluded),
        ),
        missing=tuple(dict.fromkeys(reason.would_help for reason in found.reasons)),
    )


def _unexamined(found: Refused) -> tuple[str, ...]:
    """The claim's own figure is shown still, with the word that nothing was put to it."""
    said = found.stated.in_words if found.stated else ""
    return (f"The claim as stated, {said}. It could not be examined.",) if said else ()


def _excluded(setting: Setting) -> dict[str, list[Row]]:
    """The table of what knows the outcome, when there is anything of the kind."""
    rows = table_of_excluded(setting.excluded)
    return {"excluded": rows} if rows else {}


def _headline(stand: Stand, asked: tuple[Exhibit, ...]) -> str:
    counted, beside = stand.in_how_many_ways, conflict(stand)
    alone = dominant(stand)
    said = (stand.sentence, beside, counted) if stand.is_open else (counted, stand.sentence, beside)
    if not stand.clear:
        undone = f"It rests on one account: {wording.quoted(alone)}." if alone else ""
    else:
        broken = [exhibit.question for exhibit in asked if exhibit.verdict == "breaks"]
        questions = " ".join(f"“{question}”" for question in broken)
        undone = f"It does not stand up to: {questions}" if broken else ""
    return " ".join(filter(None, (own_doubt(stand), *said, undone)))


def _table(asked: tuple[Exhibit, ...]) -> list[Row]:
    return [
        {
            "order": number,
            "question": exhibit.question,
            "reply": exhibit.reply,
            "verdict": exhibit.verdict,
        }
        for number, exhibit in enumerate(asked, start=1)
    ]


def _as_stated(stand: Stand) -> Row:
    """The claim itself, on the scale of all ways of computing it: the first row, of number 0."""
    own, rows = stand.own, stand.rows
    return {
        "specification": 0,
        "horizon": rows.horizon,
        "memory": rows.memories[0],
        "definition": marked(stand).lower(),
        "controls": controls_in_words(rows.base) if stand.held_by_claim else "nothing",
        "sample": WHOLE,
        "estimate": own.estimate,
        "low": own.low,
        "high": own.high,
        "n": own.n,
    }


def _specifications(ways: tuple[Way, ...]) -> list[Row]:
    rows: list[Row] = []
    for number, way in enumerate(ways, start=1):
        defined, held, sampled = way.words
        rows.append(
            {
                "specification": number,
                "horizon": way.horizon,
                "memory": way.memory,
                "definition": defined,
                "controls": held,
                "sample": sampled,
                "estimate": way.estimate.estimate,
                "low": way.estimate.low,
                "high": way.estimate.high,
                "n": way.estimate.n,
            }
        )
    return rows


def _drawn(stand: Stand) -> list[Row]:
    """The claim first; then at most sixty marks, evenly chosen along the curve with both ends."""
    ways = stand.curve.ways
    count = min(MOST_MARKS, len(ways))
    places = sorted({round(k * (len(ways) - 1) / max(count - 1, 1)) for k in range(count)})
    own = stand.own
    claimed: Row = {
        "name": marked(stand),
        "estimate": own.estimate,
        "low": own.low,
        "high": own.high,
        "group": marked(stand),
    }
    return [claimed, *(_mark(ways[place], stand) for place in places)]


def _mark(way: Way, stand: Stand) -> Row:
    return {
        "name": way.name,
        "estimate": way.estimate.estimate,
        "low": way.estimate.low,
        "high": way.estimate.high,
        "group": _group(way, stand),
    }


def _group(way: Way, stand: Stand) -> str:
    if way.estimate.low <= 0 <= way.estimate.high:
        return "Range holds zero"
    if stand.is_open:
        return "Above zero" if way.estimate.low > 0 else "Below zero"
    same = way.estimate.estimate * stand.own.estimate > 0
    return "Points the claim's way" if same else "Points the other way"


def _chart(stand: Stand) -> Chart:
    curve = stand.curve
    title = stand.in_how_many_ways
    first, last = curve.ways[0].estimate, curve.ways[-1].estimate
    ends = " to ".join(fmt.number(each.estimate, stand.unit) for each in (first, last))
    thinned = f" {MOST_MARKS} of them are drawn." if len(curve.ways) > MOST_MARKS else ""
    own = stand.own
    size = fmt.gap(own.estimate, stand.unit, interval=interval(own))
    reach = fmt.spread(own.low, own.high, stand.unit)
    return Chart(
        id="curve",
        title=title,
        kind="interval",
        table="curve",
        category="name",
        value="estimate",
        low="low",
        high="high",
        group="group",
        unit=stand.unit,
        category_title="Way of computing it",
        category_order=(marked(stand),),
        value_title=(
            f"Difference, at the pace of {stand.setting.horizon} months"
            if stand.rows.leaving
            else f"Difference in monthly spend, at the pace of {stand.setting.horizon} months"
        ),
        alt=f"{title} {marked(stand)}: {size} (range {reach}). Estimates run from {ends}.{thinned}",
    )


def _caveats(stand: Stand) -> tuple[str, ...]:
    said = [_NO_PROOF, _NO_VOTES]
    if differs := apart(stand):
        said.append(
            f"The claim and the straight line beside it: {differs[:1].lower()}{differs[1:]}"
        )
    if stand.sampled:
        said.append(drawn_words(stand.customers, stand.known))
    if not stand.setting.panel.contractual:
        said.append(stand.setting.without_contracts)
    elif not stand.setting.ground.has_notices:
        said.append(
            "The subscriptions name no day of cancelling, only ends: an answer given after the "
            "decision to leave cannot be told from one given before."
        )
    leaks = [
        f"The {leak.column} {wording.quoted(leak.value)} knows the outcome, so {leak.column} is "
        "not held equal."
        for leak in stand.rows.known_leaks
    ]
    return (*said, *left_out_words(stand.setting.excluded), *leaks)
