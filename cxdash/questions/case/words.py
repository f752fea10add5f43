"""The sentences of ``case``: its headline, what it leaves open, what would let it tell more."""

from collections.abc import Iterator, Mapping

from cxdash.facts import Fact, wording
from cxdash.facts import format as fmt
from cxdash.facts import wording_case as grammar
from cxdash.facts.words import quoted
from cxdash.questions.case.facts import CLAIMED
from cxdash.questions.case.found import Found
from cxdash.questions.case.next_facts import why_unknown
from cxdash.questions.case.plan import Part

__all__ = ["caveats", "headline", "missing", "next_sentence"]

Facts = Mapping[str, Fact]


def headline(found: Found, facts: Facts) -> str:
    """What was measured first; what is claimed in a sentence of its own."""
    name = found.plan.case.title
    if found.main is None:
        return wording.cannot_tell(
            f"what {quoted(name)} returns", "none of its benefits has an amount yet"
        )
    likely = facts.get("case.likely")
    said = [grammar.returns(name, facts["npv"], years=found.plan.years, likely=likely)]
    if found.claimed is not None:
        said.append(grammar.claimed(facts[f"{CLAIMED}npv"], alone=found.own is None))
    if found.own is not None:
        said.append(grammar.waiting(facts["case.waiting"]))
    return " ".join(sentence for sentence in said if sentence)


def caveats(found: Found, facts: Facts) -> tuple[str, ...]:
    return tuple(sentence for sentence in _caveats(found, facts) if sentence)


def _caveats(found: Found, facts: Facts) -> Iterator[str]:
    yield from _approval(found)
    yield grammar.kept(facts["case.record"])
    if found.tracked.silent:
        n = fmt.counted(found.tracked.silent, "approved case is", "approved cases are")
        ratios = [ratio for _, ratio in found.tracked.ratios]
        worst = (
            f"; had nothing come of it, earlier cases would stand at "
            f"{fmt.number(sum(ratios) / (len(ratios) + found.tracked.silent), 'share')}"
            if ratios
            else ""
        )
        yield (
            f"{n} due and nobody has reported what came of it, so the record does not know of "
            f"it{worst}."
        )
    yield next_sentence(found, facts)
    yield from _of_lines(found)
    yield from _of_terms(found)


def _approval(found: Found) -> Iterator[str]:
    if found.approved:
        yield (
            f"Approved and frozen: version digest {found.plan.case.frozen_as[:12]}. What stands "
            "here is worked out from the data of today; what was promised stands beside what came."
        )
    if found.tracked.changed:
        names = fmt.listed([quoted(name) for name in found.tracked.changed])
        yield f"Changed after the approval: {names}. The promises stay as they were approved."


def _of_lines(found: Found) -> Iterator[str]:
    """What is not counted, not in full, or may be nothing."""
    shown = [part.line.title for part in found.plan.shown]
    if shown and found.own is not None:
        yield (
            f"Shown and not added up: {fmt.listed([quoted(name) for name in shown])}, because it "
            "was not measured here."
        )
    for part in found.plan.parts:
        name = quoted(part.line.title)
        if part.found.why_not:
            yield f"{name} has no amount. {part.found.why_not}"
        elif part.taken < 1:
            yield (
                f"{name} counts for {fmt.number(part.taken, 'share')} of its amount: other lines "
                "rest on the same dollars."
            )
        elif part.found.low < 0 < part.found.high:
            yield f"The range of {name} holds zero: it may bring nothing."
        if part.found.treated and part.found.amount is not None:
            yield _carried(name, part)


def _carried(name: str, part: Part) -> str:
    """What is assumed between what a pilot measured and what the case counts."""
    record = part.line.record
    years = (record.last_year or 0) - (record.first_year or 0) + 1
    return (
        f"{name} was measured on {fmt.counted(part.found.treated, 'customer', 'customers')} "
        f"treated, {part.found.over.replace(' to ', ' until ')}. That it holds for "
        f"{fmt.count(record.reach or 0)} customers and {fmt.counted(years, 'year', 'years')}, in "
        "full from the first day, is assumed and not measured."
    )


def _of_terms(found: Found) -> Iterator[str]:
    plan = found.plan
    if plan.case.record.margin is None and any(part.found.pool for part in plan.parts):
        yield (
            "What was measured is revenue and counts in full. Say in the case what is left of a "
            "dollar of it after the cost of providing it."
        )
    if found.scope.where or found.scope.metric:
        yield (
            "The case speaks of whom its lines speak of. The rating and the customers chosen above "
            "do not change it."
        )
    if found.currency == "XXX":
        yield "No money is loaded, so it is not known in which currency the amounts are."
    if not any(part.is_cost for part in plan.valued):
        yield "The case has no cost. Nothing is free: at least the time of those who do it is not."


def next_sentence(found: Found, facts: Facts) -> str:
    """What the next point of the rating brings, and where it stops paying."""
    told = found.next_point
    if isinstance(told, str):
        return wording.cannot_tell("what the next point of a rating brings", told)
    rating = fmt.spoken(told.setting.item.name)
    if not told.found.is_readable:
        return wording.cannot_tell(
            f"what the next point of {wording.quoted(rating)} brings",
            _plain(why_unknown(told)),
        )
    said = grammar.from_next_point(rating, facts["case.next_point"], told.cost, told.found.verdict)
    if "case.stop_point" not in facts:
        return said
    stops = grammar.stops(rating, facts["case.stop_point"], told.found.lowest, told.found.highest)
    return f"{said} {stops}".strip()


def _plain(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def missing(found: Found) -> tuple[str, ...]:
    """What would let the case be told better."""
    wanted = []
    if not found.plan.parts:
        wanted.append("Enter the lines of the case: what it saves, what it makes, what it costs.")
    elif found.own is None:
        wanted.append(
            "Run a pilot and let a line rest on it, or on a figure of worth that was confirmed on "
            "later data."
        )
    told = found.next_point
    if not isinstance(told, str) and told.cost is None:
        wanted.append("Say in the case what one more point of the rating would cost a year.")
    return tuple(wanted)
