"""The grammar of teams and journeys: what comes first, and where customers are lost.

As in :mod:`cxdash.facts.wording`, a direction comes out only where a range lies wholly on one side.
"""

from cxdash.facts.fact import Fact, Interval
from cxdash.facts.format import count, counted, fact_text, number, printer
from cxdash.facts.wording import cannot_tell
from cxdash.facts.words import begun, named

__all__ = ["customers_first", "lost", "nothing_first", "team_first", "together"]


def team_first(
    outcome: str,
    measure: str,
    *,
    unit: str,
    difference: Interval,
    estimate: float,
    periods: tuple[int, int, int],
    step: str,
) -> str:
    """What customers do follows what employees say, and not the other way round.

    ``CSAT is higher by 0.21 (range 0.08–0.34) after months in which engagement of a team was above
    its own usual level; it shows about 2 months later (1 to 4).``

    Parameters
    ----------
    difference, estimate
        Of the outcome, for a usual move of the measure.
    periods
        After how many periods, and the range of that; ``step`` names one period, ``month``.
    """
    size = _size(difference, estimate, unit)
    if size is None:
        return nothing_first(measure, outcome, f"the range {_range(difference, unit)} holds zero")
    word = "higher" if difference.low > 0 else "lower"
    after, low, high = periods
    late = counted(after, step, f"{step}s")
    between = "" if low == high else f" ({count(low)} to {count(high)})"
    return (
        f"{begun(named(outcome))} is {word} by {size} after {step}s in which {named(measure)} of "
        f"a team was above its own usual level; it shows about {late} later{between}."
    )


def customers_first(outcome: str, measure: str) -> str:
    """What customers do moves before what employees say, so that the latter foretells nothing."""
    return (
        f"Customers come first: {named(outcome)} moves before {named(measure)} of a team does, so "
        f"{named(measure)} does not foretell it."
    )


def together(outcome: str, measure: str, units: int) -> str:
    """Both move together; nothing is said of which comes first."""
    return (
        f"{begun(named(measure))} of a team and {named(outcome)} move together; which of them "
        f"comes first cannot be told from {counted(units, 'unit', 'units')}."
    )


def nothing_first(measure: str, outcome: str, reason: str, would_need: str = "") -> str:
    """``Cannot tell whether engagement goes before CSAT: ...``"""
    return cannot_tell(
        f"whether {named(measure)} of a team goes before {named(outcome)}", reason, would_need
    )


def lost(stage: str, following: str, left: Fact, months: int) -> str:
    """How many customers of a stage left without being seen at the next one.

    ``Of customers seen at “Support”, 6.1% (range 5.2–7.1%) left within 6 months before they were
    seen at “Renewal”.``
    """
    if left.value is None:
        return cannot_tell(
            f"how many customers leave between {named(stage)} and {named(following)}",
            "too few were seen there long enough ago",
        )
    return (
        f"Of customers seen at {named(stage)}, {fact_text(left)} left within "
        f"{number(months, 'months')} before they were seen at {named(following)}."
    )


def _size(difference: Interval, estimate: float, unit: str) -> str | None:
    """Size with its range, without signs; None where nothing is clear."""
    if difference.holds(0) or estimate * difference.low <= 0:
        return None
    near, far = sorted((abs(difference.low), abs(difference.high)))
    values = [abs(estimate), near, far]
    scale = printer(values, unit, width=difference.width, difference=True)
    return f"{scale.number(abs(estimate))} (range {scale.spread(near, far)})"


def _range(difference: Interval, unit: str) -> str:
    scale = printer([difference.low, difference.high], unit, difference=True)
    return f"{scale.number(difference.low)} to {scale.number(difference.high)}"
