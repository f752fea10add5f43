"""What is said of priorities: the headline, what to keep in mind, and what is missing."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording, wording_initiatives
from cxdash.questions.priorities.facts import Findings, chosen_value, pilot_fact
from cxdash.questions.priorities.ranking import Room

__all__ = ["caveats", "headline", "missing"]

_DRAWN: Final = (
    "Initiatives on the same evidence are drawn together, all others independently of each other."
)
_ONCE: Final = (
    "What two initiatives would bring with the same customers in the same line of the accounts is "
    "counted once, the larger of the two."
)


def headline(told: Findings) -> str:
    """What comes first, what to do within the limits, and which pilot would tell most."""
    ranking, entered = told.ranking, len(told.candidates)
    if not entered:
        return wording.cannot_tell("what comes first", "no live initiative has been entered")
    said = []
    if not ranking.ranked:
        said.append(
            wording.cannot_tell(
                "what comes first",
                "of no initiative both the value was measured and the working days were entered",
            )
        )
    else:
        first = [place for place in ranking.places if place.place_low == 1]
        names = [ranking.ranked[place.row].plan.name for place in first]
        said.append(wording_initiatives.places(names, len(first) > 1, len(ranking.ranked), entered))
        if ranking.room.is_limited:
            said.append(
                wording_initiatives.best_choice(
                    [one.plan.name for one in ranking.chosen],
                    chosen_value(told) if ranking.chosen else None,
                    limits(ranking.room, told.found.currency),
                )
            )
    if told.trials:
        best = told.trials[0]
        said.append(
            wording_initiatives.worth_a_pilot(
                best.candidate.plan.name, pilot_fact(told, best), best.pilot.changes, best.each
            )
        )
    return " ".join(said)


def limits(room: Room, currency: str) -> str:
    """``$40,000, 60 working days and 3 at a time``."""
    parts = []
    if room.budget is not None:
        parts.append(fmt.number(room.budget, currency))
    if room.days is not None:
        parts.append(f"{fmt.count(round(room.days))} working days")
    if room.at_once is not None:
        parts.append(f"{fmt.count(room.at_once)} at a time")
    return fmt.listed(parts)


def caveats(told: Findings) -> Iterator[str]:
    """What to keep in mind."""
    ranking = told.ranking
    if ranking.ranked:
        yield _DRAWN
    if ranking.shared:
        yield _ONCE
    apart = [one for one in ranking.apart if one.worth]
    if apart:
        are = fmt.counted(len(apart), "initiative stands", "initiatives stand")
        yield (
            f"{are} apart from the ranking, because the value is claimed or only observed: "
            f"{fmt.listed([wording.quoted(one.plan.name) for one in apart])}."
        )
    free = [one.plan.name for one in ranking.ranked if not one.plan.record.cost]
    if free:
        yield (
            "No cost is entered, so none is taken off, for "
            f"{fmt.listed([wording.quoted(name) for name in free])}."
        )
    if told.found.scope.where:
        yield "Initiatives are ranked for all customers; the filters of this page do not apply."
    if ranking.ranked:
        yield (
            f"Money is that of {fmt.number(told.months, 'months')}; what pays back later counts "
            "for so much of it as falls into them. The cost that was entered counts in full."
        )
        yield (
            "Revenue counts as it is paid, before the cost of providing it. A business case takes "
            "that off and looks years ahead, so its figures are others."
        )


def missing(told: Findings) -> Iterator[str]:
    """What would let more be told."""
    if not told.candidates:
        yield "Enter initiatives on the page Initiatives, with whom they touch."
        return
    if told.found.built is None:
        yield "Import customers and what they pay, so that it can be told whom initiatives touch."
    unknown = [one for one in told.ranking.apart if one.worth is None and not one.reached.why_not]
    for one in unknown:
        lever = one.plan.record.lever.strip()
        if lever:
            yield f"Nothing called {wording.quoted(lever)} is compared on Who leaves or Revenue."
        yield (
            f"For {wording.quoted(one.plan.name)}: plan a pilot of it, or name the driver it "
            "works on as it stands on the pages Who leaves or Revenue."
        )
    no_days = [one for one in told.candidates if not one.days]
    if no_days:
        names = fmt.listed([wording.quoted(one.plan.name) for one in no_days])
        yield f"Enter the working days of {names}."
    if not told.ranking.room.is_limited:
        yield "Enter what there is to spend, so that a choice can be made within it."
