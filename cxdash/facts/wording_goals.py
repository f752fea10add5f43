"""The grammar of goals: how far a figure came since a goal was set, and whether it is reached.

As in :mod:`cxdash.facts.wording`, a direction comes out only where a range lies wholly on one side.
What a person wrote down as the start or the target counts as known.
"""

from typing import Final

from cxdash.facts.definitions import Better, definition
from cxdash.facts.fact import Fact, Interval
from cxdash.facts.format import count, counted, fact_text, fact_value, listed, number, printer
from cxdash.facts.wording import cannot_tell
from cxdash.facts.words import begun, named, neutral, quoted

__all__ = ["gap", "reached", "served", "since"]

_MOVED: Final[dict[Better, tuple[str, str]]] = {
    "higher": ("improved", "worsened"),
    "lower": ("worsened", "improved"),
    "neither": ("rose", "fell"),
}


def since(measure: str, now: Fact, start: float, difference: Interval | None) -> str:
    """How a figure moved since a goal was set.

    ``Customers lost within a year improved from 21% to 18%, by 3 percentage points (range 1–5),
    since the goal was set.``

    Parameters
    ----------
    start
        Where it stood, in the unit of ``now``, as a person wrote it down.
    difference
        Now minus then; None where nothing is known of now.
    """
    what = named(measure)
    stood = number(start, now.unit)
    if now.value is None or difference is None:
        return cannot_tell(f"whether {what} moved since the goal was set", _why(now))
    size = _size(now.value - start, difference, now.unit)
    if size is None:
        return (
            f"Cannot tell whether {what} moved since the goal was set: it stood at {stood} and is "
            f"{fact_text(now)}."
        )
    word = _MOVED[definition(now.definition).better][0 if difference.low > 0 else 1]
    return (
        f"{begun(what)} {word} from {stood} to {fact_value(now)}, by {size}, since the goal was "
        "set."
    )


def reached(measure: str, now: Fact, target: float, verdict: str) -> str:
    """Whether a target is met: ``The target of 15% is not met: ... is 18% (range 16–20%).``

    ``verdict`` is ``met``, ``not met`` or ``cannot tell``, judged by the whole range.
    """
    what, wanted = named(measure), number(target, now.unit)
    if now.value is None:
        return cannot_tell(f"whether the target of {wanted} is met", _why(now))
    if verdict == "cannot tell":
        return f"Cannot tell whether the target of {wanted} is met: {what} is {fact_text(now)}."
    return f"The target of {wanted} is {verdict}: {what} is {fact_text(now)}."


def served(goals: int, told: int, met: int, missed: int, ahead: int = 0) -> str:
    """How the goals stand: ``Of 4 goals 1 is met, 1 is not met and 2 cannot be told.``

    ``ahead`` counts those not met whose day is still to come.
    """
    if not goals:
        return "No goal is written down yet, so nothing can be held against one."
    if not told:
        each = "it" if goals == 1 else "any of them"
        return (
            f"{counted(goals, 'goal is', 'goals are')} written down; none has a figure and a "
            f"target, so nobody can tell whether {each} is met."
        )
    open_ones = told - met - missed
    parts = [
        text
        for n, text in (
            (met, f"{count(met)} {_is(met)} met"),
            (missed, f"{count(missed)} {_is(missed)} not met{' yet' if ahead == missed else ''}"),
            (open_ones, f"{count(open_ones)} cannot be told"),
        )
        if n
    ]
    said = f"Of {counted(told, 'goal', 'goals')} with a figure and a target {listed(parts)}."
    if not ahead:
        return said
    whose = (
        "the day of that goal is"
        if missed == 1
        else "the day of those not met is"
        if ahead == missed
        else f"the day of {count(ahead)} of those not met is"
    )
    return f"{said[:-1]}; {whose} still to come."


def gap(said: int, unpaid: tuple[str, ...], idle: tuple[str, ...]) -> str:
    """What the strategy says against what is paid for and done.

    ``Of 3 goals the strategy puts first, 1 has no money behind it: “Solve it the first time”.``
    """
    if not said:
        return ""
    if not unpaid and not idle:
        each = "The goal" if said == 1 else f"Each of the {count(said)} goals"
        return f"{each} the strategy puts first has money behind it and somebody at work on it."
    first = f"Of {counted(said, 'goal', 'goals')} the strategy puts first,"
    parts = []
    if unpaid:
        has = "has" if len(unpaid) == 1 else "have"
        parts.append(
            f"{count(len(unpaid))} {has} no money behind {_them(unpaid)}: {_names(unpaid)}"
        )
    if idle:
        parts.append(f"nobody is at work on {count(len(idle))}: {_names(idle)}")
    return f"{first} {'; '.join(neutral(part) for part in parts)}."


def _names(goals: tuple[str, ...]) -> str:
    return listed([quoted(goal) for goal in goals])


def _them(goals: tuple[str, ...]) -> str:
    return "it" if len(goals) == 1 else "them"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _size(estimate: float, difference: Interval, unit: str) -> str | None:
    """Size of a clear difference with its range, without sign; None when nothing is clear."""
    if difference.holds(0) or not estimate * difference.low > 0:
        return None
    near, far = sorted((abs(difference.low), abs(difference.high)))
    scale = printer([near, far, abs(estimate)], unit, width=difference.width, difference=True)
    if scale.digits(near) == scale.digits(0.0):
        return None
    size = scale.number(abs(estimate))
    if difference.width == 0:
        return size
    # The unit was said just before, as a word; a sign such as % stays.
    reach = scale.spread(near, far)
    reach = reach.removesuffix(scale.after) if scale.after.startswith(" ") else reach
    return f"{size} (range {reach})"


def _why(fact: Fact) -> str:
    return fact.caveats[0][:1].lower() + fact.caveats[0][1:].rstrip(".")
