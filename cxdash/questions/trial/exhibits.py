"""The exhibits of ``trial``: eleven questions a sceptic asks of a metric, each with its finding.

Directions come from the grammar in :mod:`cxdash.facts.wording` alone.
"""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import Interval, wording
from cxdash.facts import format as fmt
from cxdash.facts.definitions import definition
from cxdash.facts.format import count
from cxdash.panel import month_end, month_index
from cxdash.panel.registers import Event
from cxdash.questions.trial.echo import MATERIAL
from cxdash.questions.trial.find import Case, Tried
from cxdash.questions.trial.link import Link
from cxdash.questions.trial.noise import AROUND, jump
from cxdash.questions.trial.units import Watched
from cxdash.questions.trial.words import (
    explained,
    followed,
    not_looked_at,
    reason,
    step_of,
    unsized,
    wanted,
    worth_acting_on,
)
from cxdash.stats.estimate import Estimate

__all__ = ["EXHIBITS", "WHO", "exhibits"]

#: Of whom a metric speaks, by its kind.
WHO: Final = {
    "survey": "who answered",
    "words": "who wrote a comment",
    "contacts": "with a contact",
}

#: The exhibits in the order a sceptic asks, and what each is called.
EXHIBITS: Final = {
    "leads": "Does it tell beforehand?",
    "echo": "Does it repeat money?",
    "adds": "Does it add to what finance knows?",
    "beside": "What is left beside the other metrics that work?",
    "money": "What goes with a realistic move?",
    "noise": "Does it move beyond noise?",
    "represents": "Whom does it speak for?",
    "honest": "Is it asked for or paid for?",
    "used": "Who uses it?",
    "steady": "Is it the same over time?",
    "mind": "What would change our mind?",
}


def exhibits(case: Case, tried: Tried) -> Iterator[tuple[str, str]]:
    """The exhibits of one metric: which, and its finding."""
    yield "leads", _leads(case, tried)
    yield "echo", _echo(case)
    yield "adds", _adds(case)
    yield "beside", _beside(case, tried)
    yield "money", _money(case, tried)
    yield "noise", _noise(case)
    yield "represents", _represents(case)
    yield "honest", _honest(case, tried)
    yield "used", _used(case)
    yield "steady", _steady(case)
    yield "mind", _mind(case, tried)


def _leads(case: Case, tried: Tried) -> str:
    if not case.links:
        return reason(case, tried)
    said = [followed(link, case, tried) for link in case.links]
    if case.lead_p is not None:
        tries = sum(len(one.links) for one in tried.cases)
        said.append(
            f"Allowing for {count(tries)} links tried, the chance of as much without any link is "
            f"{fmt.p_value(case.lead_p)}."
        )
    return " ".join([*said, not_looked_at(case)]).rstrip()


def _echo(case: Case) -> str:
    if case.metric.kind == "contacts":
        return "Not asked: it is counted from contacts, which operations know anyway."
    if case.echo is None:
        return wording.cannot_tell(
            "whether it repeats money", "too few answers have a month as a customer behind them"
        )
    if not case.echoes:
        return (
            f"No: past spend and contacts account for {fmt.number(case.echo.share, 'share')} of "
            f"its differences ({count(case.echo.n)} answers); {fmt.number(MATERIAL, 'share')} is "
            "where it would matter."
        )
    return f"Yes: {explained(case.echo)}."


def _adds(case: Case) -> str:
    link = case.link
    if link is None or not link.foretold:
        return wording.cannot_tell(
            "what it adds on later data", "no later window could be foretold"
        )
    if link.skill is None:
        return unsized(case)
    held = {
        True: f"What it added went with what then happened ({fmt.p_value(_later_p(link))}).",
        False: f"What it added did not go with what then happened beyond noise "
        f"({fmt.p_value(_later_p(link))}).",
    }[bool(case.confirmed)]
    around = Interval(link.skill.low, link.skill.high, link.skill.level)
    ends = fmt.spread(link.skill.low, link.skill.high, "share")
    return (
        f"On {count(link.skill.n)} later windows it took away "
        f"{fmt.number(link.skill.estimate, 'share', interval=around)} (range {ends}) of the "
        f"guesswork about what customers do, beside what finance and operations take. {held}"
    )


def _beside(case: Case, tried: Tried) -> str:
    found = case.beside
    if case.verdict != "working" or case.link is None:
        return "Not asked: only metrics that work are held beside each other."
    if len(tried.with_verdict("working")) == 1:
        return "No other metric works."
    if found is None:
        return wording.cannot_tell(
            "what is left of it",
            "too few windows have an answer to it and to so many others",
        )
    others = f"{count(found.others)} other metric{'s' if found.others > 1 else ''} that work"
    if found.others == 1:
        others += "s"
    held = f"figures of finance and operations and the same {others}"
    left = (
        "it tells something the others do not"
        if found.own_signal
        else "nothing of its own stands out from noise"
    )
    return (
        f"{followed(case.link, case, tried, effect=found.effect, held=held)} Allowing for all "
        f"metrics held beside each other, {left} ({fmt.p_value(found.p_value)}, {count(found.n)} "
        "windows with an answer to all of them)."
    )


def _later_p(link: Link) -> float:
    return link.later.p_value if link.later else 1.0


def _money(case: Case, tried: Tried) -> str:
    link = case.link
    if link is None:
        return wording.withheld("money for a realistic move", "no link could be estimated")
    if link.money is None:
        against = tried.stage.base.conditions.against_money
        why = against[0].short if against else "no customer of today has answered it"
        return wording.withheld("money for a realistic move", why)
    unit = tried.stage.base.currency or "count"
    around = Interval(link.money.low, link.money.high, link.money.level)
    low = fmt.number(link.money.low, unit, interval=around)
    high = fmt.number(link.money.high, unit, interval=around)
    middle = fmt.number(link.money.estimate, unit, interval=around)
    kept = "kept" if link.outcome == "leaving" else "won"
    return (
        f"If each of the {count(link.moved)} customers {WHO[case.metric.kind]} moved by "
        f"{step_of(case)}, {middle} (range {low} to {high}) of revenue {kept} over "
        f"{tried.stage.horizon} months goes with it."
    )


def _noise(case: Case) -> str:
    moved = case.movement
    if moved is None:
        return wording.cannot_tell(
            "whether it moves beyond noise", "there are not two quarters with ten answers each"
        )
    readable = fmt.gap(moved.readable, moved.unit).lstrip("+")
    largest = fmt.gap(moved.largest, moved.unit).lstrip("+")
    return (
        f"With the usual {count(moved.usual_n)} answers a quarter only changes of {readable} can "
        f"be read. The largest of {count(moved.changes)} changes was {largest}; "
        f"{count(moved.beyond) if moved.beyond else 'none'} went beyond noise."
    )


def _represents(case: Case) -> str:
    spoken = case.represented
    if not spoken.customers:
        return wording.cannot_tell("whom it speaks for", "there are no customers today")
    share = fmt.number(spoken.heard / spoken.customers, "share")
    said = (
        f"{count(spoken.heard)} of {count(spoken.customers)} customers of today ({share}) are "
        f"those {WHO[case.metric.kind]} in the last twelve months"
    )
    if not spoken.revenue > 0:
        return f"{said}."
    paid = fmt.number(spoken.revenue_heard / spoken.revenue, "share")
    return f"{said}; they bring {paid} of revenue."


def _paid(event: Event, case: Case, tried: Tried) -> str:
    """That pay was tied to the metric, and what the score did then."""
    day = fmt.day(event.day)
    if event.unit:
        return f"Pay was tied to it on {day} for {wording.quoted(event.unit)}."
    found = jump(tried.stage, case.metric, month_index(event.day))
    difference = found.difference if found else None
    meant = definition(case.metric.item.variant).unit
    after = wording.again(
        f"In the {AROUND} months from then on, against the {AROUND} before",
        difference=Interval(difference.low, difference.high, difference.level)
        if difference
        else None,
        estimate=difference.estimate if difference else None,
        unit=meant if meant in ("points", "share") else "score",
        expected=difference.estimate if difference else 0.0,
    )
    return f"Pay was tied to it on {day}. {after}"


def _honest(case: Case, tried: Tried) -> str:
    said = [_paid(event, case, tried) for event in case.incentives]
    if case.units is None:
        said.append(
            "Its answers name no unit with thirty answers, so units were not compared."
            if case.metric.kind == "survey"
            else "Nobody is asked for a mark, so no mark can be asked for."
        )
    else:
        own = case.units
        said.append(wording.to_check(len(own.to_look_at), len(own.units), case.metric.label))
        if own.restated is not None:
            said.append(_without(own, own.restated))
    return " ".join(said)


def _without(own: Watched, restated: Estimate) -> str:
    whole = Interval(own.observed.low, own.observed.high, own.observed.level)
    rest = Interval(restated.low, restated.high, restated.level)
    return (
        f"The score is {fmt.number(own.observed.estimate, own.unit, interval=whole)} (range "
        f"{fmt.spread(whole.low, whole.high, own.unit)}), without them "
        f"{fmt.number(restated.estimate, own.unit, interval=rest)} (range "
        f"{fmt.spread(rest.low, rest.high, own.unit)})."
    )


def _used(case: Case) -> str:
    if not case.registered:
        return wording.cannot_tell("who uses it", "no register of metrics is loaded")
    keeper = case.steward
    if keeper is None:
        return "It is not in the register of metrics."
    parts = [
        f"owner {wording.quoted(keeper.owner)}" if keeper.owner else "no owner",
        f"goal {wording.quoted(keeper.goal)}" if keeper.goal else "no goal",
    ]
    if keeper.decision:
        when = f" on {fmt.day(keeper.decided_on)}" if keeper.decided_on else ""
        parts.append(f"last decision {wording.quoted(keeper.decision)}{when}")
    else:
        parts.append("no decision it changed")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _steady(case: Case) -> str:
    link = case.link
    if link is None or link.unsteady_p is None:
        return wording.cannot_tell("whether the link is a steady one", "there is only one window")
    told = (
        "differs between windows beyond noise"
        if link.unsteady_p <= 0.05
        else ("does not differ between windows beyond noise")
    )
    return f"The link {told} ({fmt.p_value(link.unsteady_p)})."


def _mind(case: Case, tried: Tried) -> str:
    next_window = fmt.day(month_end(tried.stage.seen.today + tried.stage.horizon))
    after = f"the windows that end on {next_window}"
    said = {
        "confirmed": f"If {after} do not show it again, or its answers turn out to be asked for.",
        "gamed": "If the answers of the units named hold on inspection, it is working.",
        "not_confirmed": f"If {after} show it again beyond noise, it is working.",
        "not_checked": f"If {after} show it beyond noise, it is working.",
        "echo": "If it goes before leaving or spend with past money held equal.",
        "excluded": f"If another group of customers or another outcome shows a link worth acting "
        f"on: {worth_acting_on()}.",
        "asked_for": "If, with the units named left out, something follows from it beyond noise.",
        "paid_for": "If it is no longer tied to pay and something follows from it beyond noise.",
        "unused": f"If somebody owns it and a decision turns on it, or with {wanted(case, tried)}.",
        "half_tried": f"If what is lacking is imported: {_lacking(tried)}",
        "too_few": f"With {wanted(case, tried)} it can be told.",
        "not_tried": f"If what is lacking is imported: {_lacking(tried)}",
    }
    return said[case.reason]


def _lacking(tried: Tried) -> str:
    if tried.stage.base.conditions.would_help:
        return tried.stage.base.conditions.would_help[0]
    return "answers from before customers leave, with a customer key."
