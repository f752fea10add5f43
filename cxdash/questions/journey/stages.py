"""The stages of the way: as people entered them, else the touchpoints the data names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts.words import quoted
from cxdash.panel.journey import Place
from cxdash.register import Kept
from cxdash.register.kinds.journey import Stage

__all__ = ["Stop", "stops", "unplaced"]

_MOST: Final = 40  # touchpoints shown where nobody entered stages
_NO_NAME: Final = {"answer": "survey without a name", "contact": "contact without a reason"}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage or a touchpoint.

    ``key`` is the id of the entry, or made of the place; ``position`` None where no order is known;
    ``goal`` the id of the goal it serves, empty for none.
    """

    key: str
    name: str
    position: int | None
    goal: str
    places: tuple[Place, ...]

    @property
    def said(self) -> str:
        """The name as it stands in a sentence: people typed it."""
        return quoted(self.name)

    @property
    def met(self) -> int:
        return sum(place.met for place in self.places)


def stops(entered: Sequence[Kept[Stage]], known: Sequence[Place]) -> tuple[Stop, ...]:
    """The stages in their order with the places that belong to them; without stages the places."""
    if not entered:
        return _from_places(known)
    found = [
        Stop(
            key=kept.id,
            name=kept.record.name,
            position=kept.record.position,
            goal=kept.record.goal,
            places=tuple(place for place in known if _belongs(place, kept.record)),
        )
        for kept in entered
    ]
    return tuple(sorted(found, key=lambda stop: (stop.position or 0, stop.name)))


def unplaced(entered: Sequence[Kept[Stage]], known: Sequence[Place]) -> tuple[Place, ...]:
    """Places that belong to no entered stage, the busiest first."""
    if not entered:
        return ()
    return tuple(
        place for place in known if not any(_belongs(place, kept.record) for kept in entered)
    )


def _belongs(place: Place, stage: Stage) -> bool:
    if place.what == "answer":
        return _plain(place.name) in {_plain(name) for name in stage.touchpoints}
    reasons = {_plain(name) for name in stage.reasons}
    channels = {_plain(name) for name in stage.channels}
    if not reasons and not channels:
        return False
    fits_reason = not reasons or _plain(place.name) in reasons
    return fits_reason and (not channels or _plain(place.channel) in channels)


def _plain(name: str) -> str:
    return fmt.spoken(name).casefold().strip()


def _from_places(known: Sequence[Place]) -> tuple[Stop, ...]:
    """One stop a touchpoint or reason of contact, all channels together, the busiest first."""
    held: dict[tuple[str, str], list[Place]] = {}
    for place in known:
        held.setdefault((place.what, place.name), []).append(place)
    busiest = sorted(held, key=lambda key: -sum(place.met for place in held[key]))[:_MOST]
    return tuple(
        Stop(
            key=f"{what}_{number}",
            name=_called(what, name),
            position=None,
            goal="",
            places=tuple(held[what, name]),
        )
        for number, (what, name) in enumerate(busiest, 1)
    )


def _called(what: str, name: str) -> str:
    if not name:
        return _NO_NAME[what]
    return fmt.spoken(name) if what == "answer" else f"contact: {fmt.spoken(name)}"
