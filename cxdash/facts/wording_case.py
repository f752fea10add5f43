"""The grammar of a business case: what a plan returns, what is only claimed, what promises came to.

As in :mod:`cxdash.facts.wording`, a direction comes out only where a range lies wholly on one side.
"""

from typing import Final

from cxdash.facts.fact import Fact
from cxdash.facts.format import counted, fact_interval, fact_text, number, printer
from cxdash.facts.wording import cannot_tell
from cxdash.facts.words import named, quoted

__all__ = [
    "claimed",
    "from_next_point",
    "kept",
    "realistic",
    "returns",
    "stops",
    "value_of",
    "waiting",
]

_NO_LIMIT: Final = "nobody gave a range"


def returns(name: str, npv: Fact, *, years: int, likely: Fact | None = None) -> str:
    """What a plan brings, by what was measured: ``“Calls” brings more than it costs: ...``

    ``likely`` is the share of simulated futures in which it does, said where the range holds zero.
    """
    span = counted(years, "year", "years")
    if npv.value is None:
        return cannot_tell(f"what {quoted(name)} returns", _why(npv))
    size = fact_text(npv)
    if npv.interval is None:
        return f"{quoted(name)}: {size} over {span}, if every amount is exactly right."
    if npv.interval.holds(0):
        chance = ""
        if likely is not None and likely.value is not None:
            chance = f", and in {round(100 * likely.value)} of 100 simulated futures it does"
        return (
            f"Cannot tell whether {quoted(name)} brings more than it costs: over {span} its net "
            f"present value lies anywhere in {fact_interval(npv)}{chance}."
        )
    side = "more" if npv.interval.low > 0 else "less"
    return f"{quoted(name)} brings {side} than it costs: {size} over {span}, worth today."


def claimed(npv: Fact, *, alone: bool) -> str:
    """What the case would be worth if claims were taken at their word; never called a finding.

    ``alone``: nothing was measured, so that this is all there is.
    """
    if npv.value is None:
        return ""
    first = (
        "What was typed in or borrowed comes to" if alone else "With claims typed in it would be"
    )
    unsure = f"; {_NO_LIMIT}" if npv.interval is None else ""
    return f"{first} {fact_text(npv)}{unsure}. That is claimed, not measured."


def kept(record: Fact) -> str:
    """What earlier promises came to: ``Earlier cases brought 62% of what they had promised ...``"""
    if record.value is None:
        return cannot_tell("how promises are kept here", _why(record))
    return (
        f"Earlier cases brought {fact_text(record)} of what they had promised by the same day, "
        f"{counted(record.n, 'case', 'cases')}."
    )


def waiting(cost: Fact) -> str:
    """What a month of waiting costs, where that can be told."""
    if cost.value is None or cost.interval is None:
        return ""
    if cost.interval.low > 0:
        return f"Starting a month later costs {fact_text(cost)}."
    if cost.interval.high < 0:
        return "Starting a month later costs nothing: the plan brings less than it costs."
    return (
        "Cannot tell whether starting a month later costs anything: it lies anywhere in "
        f"{fact_interval(cost)}."
    )


def from_next_point(rating: str, gain: Fact, cost: float | None, verdict: str) -> str:
    """What the next point of a rating goes with, beside what it costs."""
    what = named(rating)
    if gain.value is None or gain.interval is None:
        return cannot_tell(f"what the next point of {what} brings", _why(gain))
    said = f"The next point of {what} goes with {fact_text(gain)} a year"
    shape = {
        "quickening": ", and each further point with more: nothing seen here says where to stop",
        "slowing": ", and each further point with less",
    }.get(verdict, "; a straight line and a bend fit alike, so where to stop is not identifiable")
    if cost is None:
        return f"{said}{shape}."
    price = number(cost, gain.unit)
    if gain.interval.low > cost:
        return f"{said}, more than the {price} it costs{shape}."
    if gain.interval.high < cost:
        return f"{said}, less than the {price} it costs{shape}."
    return f"{said}; whether that is more than the {price} it costs cannot be told{shape}."


def stops(rating: str, stop: Fact, lowest: float, highest: float) -> str:
    """Where a further point stops paying, within the levels that were seen."""
    if stop.value is None or stop.interval is None:
        return ""
    scale = printer([lowest, highest], "score")
    seen = f"answers from {scale.digits(lowest)} to {scale.digits(highest)} were seen"
    if stop.interval.low <= lowest and stop.interval.high >= highest:
        return cannot_tell(
            f"where a further point of {named(rating)} stops paying",
            "the stop point may lie anywhere among the answers seen",
        )
    return f"A further point of {named(rating)} stops paying at {fact_text(stop)}; {seen}."


def realistic(line: str, *, beyond: bool, seen: str, size: str) -> str:
    """Whether a line promises more than was ever seen here."""
    if beyond:
        return f"{quoted(line)} promises more than was ever seen here: {seen} came to {size}."
    return f"{quoted(line)} stays within what was seen here: {seen} came to {size}."


def _why(fact: Fact) -> str:
    caveat = fact.caveats[0]
    return (caveat[:1].lower() + caveat[1:]).rstrip(".")


def value_of(fact: Fact | None) -> str:
    """A figure with its range as it stands in every brief, so that all briefs agree."""
    return "nothing" if fact is None else fact_text(fact)
