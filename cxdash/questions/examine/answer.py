"""What would a sceptic ask? Hostile questions about one claim, answered from the data.

The page's argument: the claim as it stands; in how many defensible ways of computing it it holds;
then price, season, single accounts, other windows and definitions, who answered, and how strong a
cause nobody measured would have to be; and what would make us withdraw it.
"""

from typing import Final

from cxdash.facts import Answer, Chart, Row, Scope, wording
from cxdash.facts import format as fmt
from cxdash.panel.registers import events
from cxdash.questions.examine.doubt import doubts, unmeasured, withdrawal
from cxdash.questions.examine.exhibits import Exhibit, dominant, exhibits
from cxdash.questions.examine.facts import facts
from cxdash.questions.examine.stand import Refused, Stand, take_the_stand
from cxdash.questions.examine.ways import Way
from cxdash.questions.guard import left_out_words
from cxdash.questions.guard import table as table_of_excluded
from cxdash.questions.progress import tell
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
    asked = (*exhibits(found, prices), unmeasured(found, doubt), withdrawal(found, doubt))
    rows = _specifications(found.curve.ways)
    return Answer(
        question="examine",
        title=TITLE,
        as_of=found.setting.as_of,
        scope=scope,
        headline=_headline(found, asked),
        facts=facts(found, doubt),
        tables={
            "exhibits": _table(asked),
            "specifications": rows,
            "curve": _drawn(found),
            **_excluded(found.setting),
        },
        caveats=_caveats(found),
        charts=(_chart(found, rows),),
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
        tables={"exhibits": [], "specifications": [], **_excluded(found.setting)},
        caveats=(
            *(reason.why for reason in found.reasons),
            *left_out_words(found.setting.excluded),
        ),
        missing=tuple(dict.fromkeys(reason.would_help for reason in found.reasons)),
    )


def _excluded(setting: Setting) -> dict[str, list[Row]]:
    """The table of what knows the outcome, when there is anything of the kind."""
    rows = table_of_excluded(setting.excluded)
    return {"excluded": rows} if rows else {}


def _headline(stand: Stand, asked: tuple[Exhibit, ...]) -> str:
    curve = stand.curve
    counted = wording.examined(curve.holding, curve.agreeing, len(curve.ways))
    alone = dominant(stand)
    if not stand.clear:
        clear = fmt.count(curve.holding + curve.opposing)
        said = (
            f"{stand.sentence} In {clear} of {fmt.count(len(curve.ways))} defensible ways of "
            "computing it a difference shows."
        )
        return f"{said} It rests on one account: {wording.quoted(alone)}." if alone else said
    broken = [exhibit.question for exhibit in asked if exhibit.verdict == "breaks"]
    if not broken:
        return f"{counted} {stand.sentence}"
    questions = " ".join(f"“{question}”" for question in broken)
    return f"{counted} {stand.sentence} It does not stand up to: {questions}"


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
    """At most sixty marks, evenly chosen along the curve, both ends included."""
    ways = stand.curve.ways
    count = min(MOST_MARKS, len(ways))
    places = sorted({round(k * (len(ways) - 1) / max(count - 1, 1)) for k in range(count)})
    return [
        {
            "name": ways[place].name,
            "estimate": ways[place].estimate.estimate,
            "low": ways[place].estimate.low,
            "high": ways[place].estimate.high,
            "group": _group(ways[place], stand),
        }
        for place in places
    ]


def _group(way: Way, stand: Stand) -> str:
    if way.estimate.low <= 0 <= way.estimate.high:
        return "Range holds zero"
    same = way.estimate.estimate * stand.base.estimate.estimate > 0
    return "Points the claim's way" if same else "Points the other way"


def _chart(stand: Stand, rows: list[Row]) -> Chart:
    curve = stand.curve
    title = wording.examined(curve.holding, curve.agreeing, len(curve.ways))
    first, last = curve.ways[0].estimate, curve.ways[-1].estimate
    ends = " to ".join(fmt.number(each.estimate, stand.unit) for each in (first, last))
    thinned = f" {MOST_MARKS} of them are drawn." if len(rows) > MOST_MARKS else ""
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
        value_title=(
            f"Difference, at the pace of {stand.setting.horizon} months"
            if stand.rows.leaving
            else f"Difference in monthly spend, at the pace of {stand.setting.horizon} months"
        ),
        alt=f"{title} Estimates run from {ends}.{thinned}",
    )


def _caveats(stand: Stand) -> tuple[str, ...]:
    said = [_NO_PROOF, _NO_VOTES]
    if stand.sampled:
        wider = (stand.known / stand.customers) ** 0.5
        said.append(
            f"To answer in time, {fmt.count(stand.customers)} of {fmt.count(stand.known)} "
            "customers were looked at, chosen by a hash of their number. The ranges shown hold the "
            f"doubt this adds: they are about {fmt.number(wider, 'ratio')} times as wide as those "
            "of all customers would be."
        )
    if not stand.setting.ground.has_notices and stand.setting.panel.contractual:
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
