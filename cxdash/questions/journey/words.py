"""What ``journey`` says in sentences."""

from collections.abc import Iterator
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts import wording, wording_team
from cxdash.questions.journey.facts import left_fact
from cxdash.questions.journey.find import Found

__all__ = ["caveats", "headline", "leak", "missing"]

_ENTER: Final = (
    "Enter the stages of the way, in their order, with the touchpoints and the reasons of contact "
    "that belong to each and the goal it serves."
)
_STAND: Final = "touchpoints of the data stand"
_MET: Final = (
    "Import survey answers that name their touchpoint or survey, and contacts with their reason."
)


def headline(found: Found) -> str:
    """Where most are lost between two stages, or that there is no order to be lost in; then what
    serves no goal.
    """
    said = [_lost(found)]
    if found.entered:
        without = [stop for stop in found.stops if stop.goal not in found.goals]
        if without:
            names = fmt.listed([stop.said for stop in without])
            said.append(f"No goal of the business is served by {names}.")
    return " ".join(said)


def _lost(found: Found) -> str:
    if not found.entered:
        return wording.cannot_tell(
            "where customers are lost between stages",
            "nobody entered stages, so "
            + fmt.counted(len(found.stops), "touchpoint of the data stands", _STAND)
            + " here in no order",
            "stages in their order",
        )
    place = leak(found)
    if place is None:
        return wording.cannot_tell(
            "where customers are lost between stages",
            "no two stages have an order, or nobody was met at one long enough ago",
        )
    return wording_team.lost(
        found.stops[place].said,
        fmt.listed([found.stops[after].said for after in found.losses[place].following]),
        left_fact(found, place),
        found.stage.horizon,
    )


def leak(found: Found) -> int | None:
    """The stage with a next one that the largest share left before reaching it."""
    known = [
        (loss.left.estimate, loss.stage)
        for loss in found.losses
        if loss.following and loss.left is not None
    ]
    return max(known)[1] if known else None


def caveats(found: Found) -> tuple[str, ...]:
    return tuple(_caveats(found))


def _caveats(found: Found) -> Iterator[str]:
    if not found.entered:
        yield (
            "Nobody entered stages. What stands here are the touchpoints and reasons of contact "
            "that the data names, the busiest first; that is no order in which customers go."
        )
    yield (
        "Customers count as met at a stage when they answered a survey or got in touch there. "
        "Whoever passes a stage without either leaves no trace, so “not seen at the next stage” "
        "does not mean that it was not reached."
    )
    if found.ordered:
        yield (
            "The first time a customer is met at a stage is the first in the data; what happened "
            "before the data begins is not known."
        )
    if any(at.stake for at in found.stakes):
        yield (
            "Money at stake at a stage is what customers met there pay, as far as they are "
            "expected to leave for any reason. It overlaps between stages and is never added up."
        )
    if not found.stage.conditions.money_allowed:
        reasons = found.stage.conditions.against_rates + found.stage.conditions.against_money
        yield from dict.fromkeys(reason.why for reason in reasons)
    if found.unplaced:
        busiest = found.unplaced[0]
        yield (
            f"{fmt.counted(len(found.unplaced), 'place belongs', 'places belong')} to no stage, "
            f"the busiest with {fmt.count(busiest.met)} answers or contacts; see the table below."
        )
    empty = [stop.said for stop in found.stops if not stop.met]
    if empty:
        yield f"Nothing that is loaded belongs to {fmt.listed(empty)}."


def missing(found: Found) -> tuple[str, ...]:
    """What would let the question be answered, or answered in full."""
    told = []
    if not found.entered:
        told.append(_ENTER)
    if not any(stop.met for stop in found.stops):
        told.append(_MET)
    told += found.stage.conditions.would_help
    return tuple(dict.fromkeys(told))
