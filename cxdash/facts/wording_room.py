"""The grammar of the room: what presses, what does not, and what it is time to ask again.

A step is said with a direction only where the gate let it pass, and then its range lies wholly on
one side of zero.
"""

from collections.abc import Sequence
from datetime import date

from cxdash.facts.fact import Fact
from cxdash.facts.format import count, counted, fact_text, listed, month, printer
from cxdash.facts.words import begun, named, neutral, quoted

__all__ = ["again", "pressing", "quiet", "sponsor", "step", "waiting"]


def step(measure: str, fact: Fact, before: float, after: float, since: date) -> str:
    """A step that passed: ``Customers lost in a month rose from 1.4% to 2.9%, by 1.5 percentage
    points (range 0.8–2.2), since March 2026.``

    Raises
    ------
    ValueError
        The range of the step holds zero, or its ends do not lie where the levels do.
    """
    reach = fact.interval
    if fact.value is None or reach is None or reach.holds(0) or fact.value * reach.low <= 0:
        raise ValueError(f"{fact.id}: a step that may be nothing is not told as one")
    scale = printer([before, after], fact.unit, width=abs(after - before))
    verb = "rose" if fact.value > 0 else "fell"
    return (
        f"{begun(named(measure))} {verb} from {scale.number(before)} to {scale.number(after)}, a "
        f"step of {fact_text(fact)}, since {month(since)}."
    )


def waiting(fact: Fact) -> str:
    """What a month of waiting may lose: ``Each month up to $45K (range $20K–$70K) of revenue goes
    with unhappy customers leaving more often.`` What it would cost to wait with a plan is for its
    business case to tell.
    """
    if fact.value is None or fact.interval is None or fact.interval.low <= 0:
        raise ValueError(f"{fact.id}: money that may be nothing is not told as a cost")
    return (
        f"Each month up to {fact_text(fact)} of revenue goes with unhappy customers leaving more "
        "often; no remedy would keep all of it."
    )


def pressing(labels: Sequence[str], looked_at: int, untold: int = 0) -> str:
    """How many sources of urgency press: ``1 of 5 sources of urgency presses: ...``

    ``untold`` is of how many nothing can be told: silence of those is no all-clear.
    """
    if not looked_at:
        return "Nothing is loaded yet, so nothing can press."
    sources = counted(looked_at, "source", "sources")
    if labels:
        verb = "presses" if len(labels) == 1 else "press"
        return f"{count(len(labels))} of {sources} of urgency {verb}: {_small(labels)}."
    if untold >= looked_at:
        return f"Cannot tell whether anything presses: none of {sources} of urgency can be read."
    if untold:
        return (
            f"Nothing presses of what can be told: {count(untold)} of {sources} of urgency "
            "cannot be read."
        )
    return f"Nothing presses: of {sources} of urgency none passes the tests."


def quiet(label: str, verdict: str, why: str) -> str:
    """Why a source does not press: ``Employees who leave in a month: not urgent, ...``"""
    return f"{begun(named(label))}: {verdict}, {neutral(why)}."


def again(titles: Sequence[tuple[str, str]]) -> str:
    """What it is time to ask again: ``Ask again now: “Named contacts”, because the day has come.``

    ``titles`` are asks with the reason, which begins in the middle of a sentence.
    """
    if not titles:
        return ""
    parts = [f"{quoted(title)}, because {why}" for title, why in titles]
    return f"Ask again now: {'; '.join(parts)}."


def sponsor(executives: int, *, there_is: bool) -> str:
    """Whether anybody at the table speaks for the work."""
    if not executives:
        return "No executive is written down yet."
    if there_is:
        return ""
    people = counted(executives, "executive", "executives")
    return f"No sponsor: none of {people} speaks for this work."


def _small(labels: Sequence[str]) -> str:
    return listed([named(label)[:1].lower() + named(label)[1:] for label in labels])
