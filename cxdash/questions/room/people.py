"""Who decides: how they stand, what they look at, in which words to speak, who is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from cxdash.register import Kept
from cxdash.register.kinds.room import Executive

__all__ = ["LANGUAGE", "Seat", "has_sponsor", "seats"]

_USUAL_DAYS: Final = 45
#: What each function wants to hear first, in words of its own; the numbers stay the same.
LANGUAGE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ceo": "Where the company stands among its competitors, and the one decision to take",
        "cfo": "Cash, payback, the range of the return and what would break it",
        "coo": "Contacts, work done twice, cost of a case, time of staff",
        "cro": "Renewals at risk this quarter, accounts by name, room to sell more",
        "chro": "Who leaves, the load on teams, what hiring and training cost",
        "cio": "Which data, how complete it is, what has to be built and run",
        "other": "What it changes in the work they answer for",
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One executive on a day.

    ``days`` since somebody spoke with them (None: never noted); ``overdue`` by what they said, or
    45 days.
    """

    kept: Kept[Executive]
    days: int | None
    overdue: bool

    @property
    def name(self) -> str:
        return self.kept.record.name


def seats(people: Sequence[Kept[Executive]], today: date) -> tuple[Seat, ...]:
    """Every executive, in the order they were entered."""
    return tuple(_seat(one, today) for one in people)


def has_sponsor(found: Sequence[Seat]) -> bool:
    """Whether anybody at the table speaks for the work."""
    return any(seat.kept.record.is_sponsor for seat in found)


def _seat(kept: Kept[Executive], today: date) -> Seat:
    last = kept.record.last_contact
    days = max(0, (today - last).days) if last else None
    most = kept.record.contact_every or _USUAL_DAYS
    return Seat(kept, days, days is None or days > most)
