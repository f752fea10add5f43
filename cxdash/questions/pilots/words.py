"""What ``pilots`` says: the newest result first, then all verdicts, then what cannot answer."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from cxdash.facts import Fact, Interval, wording, wording_pilots
from cxdash.facts import format as fmt
from cxdash.questions.pilots.asked import Refused
from cxdash.questions.pilots.facts import MEASURES, paid_said, unit_of
from cxdash.questions.pilots.read import Found
from cxdash.questions.pilots.verdicts import SAID

__all__ = ["caveats", "effect_said", "headline", "missing", "size_said"]

_MOST_NAMED: Final = 3
_WAITING: Final = frozenset({"running", "not_started"})


def headline(
    pilots: Sequence[Found],
    asks: Sequence[Refused],
    currency: str | None,
    facts: Sequence[Fact] = (),
) -> str:
    """The pilot that matters most, then the others, then what is refused or cannot answer."""
    return " ".join(_sentences(pilots, asks, currency, {fact.id: fact for fact in facts}))


def _sentences(
    pilots: Sequence[Found],
    asks: Sequence[Refused],
    currency: str | None,
    facts: Mapping[str, Fact],
) -> Iterator[str]:
    if not pilots:
        yield wording.cannot_tell(
            "what a pilot showed", "none is planned and no file of participants is loaded"
        )
    read = sorted((found for found in pilots if found.reading), key=_weight, reverse=True)
    if read:
        yield from _best(read[0], currency, facts)
    yield from _rest(read[1:], pilots)
    waiting = [found for found in pilots if found.verdict.word in _WAITING]
    yield from (said for found in waiting[-1:] if (said := size_said(found, currency)))
    planned = {one.plan for one in asks if one.plan}
    yield from (one.said for one in asks[:1] if one.said and (not pilots or planned - _done(read)))


def _done(read: Sequence[Found]) -> set[str]:
    return {found.one.name for found in read}


def _weight(found: Found) -> tuple[bool, bool, bool, float]:
    """What matters most: judged by a rule, one written before, beyond chance, and in money."""
    reading = found.reading
    ends = reading.gain_ends if reading else None
    beyond = ends is not None and (ends[0] > 0 or ends[1] < 0)
    money = abs(reading.gain) * (reading.yearly or 0.0) if reading else 0.0
    return found.one.is_planned, found.one.frozen_in_time, beyond, money


def _best(found: Found, currency: str | None, facts: Mapping[str, Fact]) -> Iterator[str]:
    yield effect_said(found, currency)
    money = facts.get(f"pilots.{found.one.key}.per_customer_year")
    paid = found.reading.paid if found.reading else None
    shows = paid is None or paid.low is None or paid.low > 0
    if money is not None and (said := wording_pilots.worth(money, shows=shows)):
        yield said
    if found.one.plan.least_effect is not None:
        yield wording_pilots.follows(SAID[found.verdict.word], in_time=found.one.frozen_in_time)


def _rest(read: Sequence[Found], pilots: Sequence[Found]) -> Iterator[str]:
    """Each of a few others by name; of many only how many."""
    if len(read) > _MOST_NAMED:
        counted = Counter(SAID[found.verdict.word] for found in pilots)
        yield wording_pilots.tally({word: counted[word] for word in SAID.values()})
    elif read:
        yield wording_pilots.others({found.one.name: SAID[found.verdict.word] for found in read})


def effect_said(found: Found, currency: str | None) -> str:
    """What a pilot did, in words of cause only where the evidence is verified."""
    reading, outcome = found.reading, found.one.plan.outcome
    ends = None
    if reading and reading.effect.low is not None and reading.effect.high is not None:
        ends = Interval(reading.effect.low, reading.effect.high, reading.level)
    needed = found.size.needed if found.size else None
    return wording.effect(
        wording.quoted(found.one.name),
        MEASURES[outcome],
        unit=unit_of(outcome, currency),
        difference=ends,
        estimate=reading.effect.estimate if reading and ends else None,
        grade=found.grade,
        needed=needed // 2 if needed and found.one.design != "regions" else None,
    )


def size_said(found: Found, currency: str | None) -> str:
    """What a pilot that is not read yet can answer; empty where it is not known."""
    size, one = found.size, found.one
    if size is None:
        return ""
    unit = unit_of(one.plan.outcome, currency)
    if size.never:
        return wording_pilots.never_answers(one.name, units=size.treated + size.control)
    if size.answers and size.detectable is not None:
        return wording_pilots.can_answer(
            one.name, customers=size.customers, detectable=size.detectable, unit=unit
        )
    return wording_pilots.cannot_answer(
        one.name,
        customers=size.customers,
        detectable=size.detectable,
        wanted=size.wanted,
        needed=size.needed,
        unit=unit,
        of="units" if one.design == "regions" else "customers",
    )


def caveats(
    pilots: Sequence[Found], asks: Sequence[Refused], currency: str | None
) -> tuple[str, ...]:
    """What must be known beside the verdicts."""
    said = [
        f"Changed after the start of {wording.quoted(found.one.name)}: {change.field}, from "
        f"{wording.quoted(change.before)} to {wording.quoted(change.after)}, on "
        f"{change.on.isoformat()}. It is read as it was frozen."
        for found in pilots
        for change in found.one.changes
    ]
    said += [
        f"The plan of {wording.quoted(found.one.name)} was taken out on "
        f"{found.one.gone_on.isoformat()}, after it had begun. It is read all the same."
        for found in pilots
        if found.one.gone_on is not None
    ]
    said += [
        f"{wording.quoted(found.one.name)}: no plan was frozen, so what is measured and when was "
        "chosen afterwards. No verdict follows from it."
        for found in pilots
        if not found.one.is_planned
    ]
    said += [
        text for found in pilots if found.reading is None and (text := size_said(found, currency))
    ]
    said += [note for found in pilots if found.reading for note in found.reading.notes]
    said += [
        text
        for found in pilots
        if found.reading and (ends := found.reading.gain_ends) and ends[0] > 0
        for text in paid_said(found, currency)
    ]
    read = _done([found for found in pilots if found.reading])
    said += [one.said for one in asks if one.said and one.plan not in read]
    said += list(_shared(pilots))
    return tuple(dict.fromkeys(said))


def _shared(pilots: Sequence[Found]) -> Iterator[str]:
    """Customers who took part in two pilots at once."""
    known = [found.one for found in pilots if found.stage and len(found.one.members)]
    for first, second in combinations(known, 2):
        if first.lot == second.lot:
            yield (
                f"{wording.quoted(first.name)} and {wording.quoted(second.name)} look at the same "
                "customers: the more is looked at, the sooner chance alone finds something. So all "
                "plans of these customers share one chance of a false alarm."
            )
            continue
        apart = first.reads_on < second.starts or second.reads_on < first.starts
        both = first.members["customer_id"].isin(second.members["customer_id"])
        if not apart and both.any():
            yield (
                f"{wording.quoted(first.name)} and {wording.quoted(second.name)} ran at the same "
                f"time with {fmt.counted(int(both.sum()), 'customer', 'customers')} in both. "
                "Where both were drawn by lot neither favours a group of the other; the effect is "
                "that beside the other pilot."
            )


def missing(pilots: Sequence[Found]) -> Iterator[str]:
    """What would let more be told."""
    if not pilots:
        yield (
            "Enter the plan of a pilot below, freeze it before its first day, and import the file "
            "that says which customer is in which group (kind pilot_roster)."
        )
    for found in pilots:
        if found.one.is_planned and found.one.frozen_on is None and found.reading is None:
            yield f"Freeze the plan of {wording.quoted(found.one.name)} before its first day."
