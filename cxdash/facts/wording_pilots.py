"""The grammar of pilots: what one can answer before it begins, and what follows once it was read.

What a pilot did is said by :func:`cxdash.facts.wording.effect`, which has words of cause for
verified evidence only.
"""

from collections.abc import Mapping

from cxdash.facts import format as fmt
from cxdash.facts.fact import Fact, Interval
from cxdash.facts.words import quoted

__all__ = [
    "can_answer",
    "cannot_answer",
    "follows",
    "never_answers",
    "others",
    "paid_beside",
    "tally",
    "worth",
    "would_satisfy",
]


def can_answer(name: str, *, customers: int, detectable: float, unit: str) -> str:
    """``The pilot “Named contact” can answer: 545 customers are sure to show 4.1 points.``"""
    return (
        f"The pilot {quoted(name)} can answer: {fmt.count(customers)} customers are all but sure "
        f"to show a difference of {fmt.gap(detectable, unit)}."
    )


def cannot_answer(
    name: str,
    *,
    customers: int,
    detectable: float | None,
    wanted: float | None,
    needed: int | None,
    unit: str,
    of: str = "customers",
) -> str:
    """``The pilot “x” cannot answer: 200 customers detect only 6.9 percentage points.``

    ``needed`` counts ``of`` in both groups together; ``detectable`` None says that not even the
    largest difference there can be would show.
    """
    said = (
        f"detect only {fmt.gap(detectable, unit)}"
        if detectable is not None
        else "would not show it even if nobody left"
    )
    lead = f"The pilot {quoted(name)} cannot answer: {fmt.count(customers)} customers {said}"
    if wanted is None:
        return f"{lead}."
    if needed is None:
        return f"{lead}, and no number of them shows {fmt.gap(wanted, unit)}."
    return f"{lead}; to show {fmt.gap(wanted, unit)} takes {fmt.count(needed)} {of} together."


def never_answers(name: str, *, units: int) -> str:
    """Too few units: ``The pilot “x” cannot answer: with 6 units chance alone ...``"""
    return (
        f"The pilot {quoted(name)} cannot answer: with {fmt.count(units)} units chance alone gives "
        "the largest difference there can be too often. Draw customers, or treat some of many."
    )


def follows(said: str, *, in_time: bool = True) -> str:
    """What the rule says: ``By the rule written before: scale it up.``

    ``in_time`` says that the plan was frozen by the first day, so that nobody knew the outcome.
    """
    rule = "the rule written before" if in_time else "the rule of a plan not frozen before it began"
    return f"By {rule}: {said}."


def paid_beside(name: str, estimate: float, reach: Interval, currency: str) -> str:
    """What the treated paid beside the untreated while a pilot on leaving went on."""
    size = fmt.number(estimate, currency, interval=reach)
    spread = fmt.spread(reach.low, reach.high, currency)
    lead = (
        f"The money of {quoted(name)} takes whoever stayed as paying like the average, in full "
        "from the first day. What the treated paid meanwhile, minus the untreated, was "
        f"{size} a month and customer (range {spread})"
    )
    return f"{lead}, which is not told from nothing." if reach.holds(0) else f"{lead}."


def worth(fact: Fact, *, shows: bool = True) -> str:
    """What that is in money: ``That is $3,200 (range $1,000–5,400) a customer treated and year.``

    Empty where there is none, or where its range holds zero.
    """
    if fact.value is None or fact.interval is None or fact.interval.holds(0):
        return ""
    said = f"That is {fmt.fact_text(fact)} a year for each customer treated, before any cost"
    return f"{said}." if shows else f"{said}; what they paid so far does not show it yet."


def others(verdicts: Mapping[str, str]) -> str:
    """What the rule says of other pilots: ``“Check-in e-mail”: stop it.``"""
    return " ".join(f"{quoted(name)}: {said}." for name, said in verdicts.items())


def tally(words: Mapping[str, int]) -> str:
    """``Of 4 pilots: 1 scale it up, 1 stop it, 2 under way.`` ``words`` says how many of each."""
    total = sum(words.values())
    parts = [f"{fmt.count(number)} {word}" for word, number in words.items() if number]
    return f"Of {fmt.counted(total, 'pilot', 'pilots')}: {', '.join(parts)}."


def would_satisfy(title: str, *, wanted: float, needed: int | None, there_are: int) -> str:
    """What a refusal for want of customers takes: how many show the effect that was asked for."""
    lead = f"{quoted(title)} was refused for want of customers: to show "
    size = fmt.gap(wanted, "share")
    if needed is None:
        return f"{lead}{size} in leaving, no number is enough, as fewer leave than that."
    have = f"there are {fmt.count(there_are)} customers"
    return f"{lead}{size} in leaving takes {fmt.count(needed)} in both groups together; {have}."
