"""What an answer says of pilots: that only one could tell, and which are in the data already."""

from datetime import date

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.panel import Ground
from cxdash.panel.pilots import Pilot

__all__ = ["only_a_pilot"]


def only_a_pilot(whether: str, ground: Ground, as_of: date) -> str:
    """What only a pilot can tell; a pilot that has begun by ``as_of`` is named.

    ``whether`` begins the sentence: ``Whether better experience would keep these customers``.
    """
    begun = [one for one in ground.pilots if one.since is None or one.since <= as_of]
    said = (
        f"{whether}: only a pilot in which some customers, drawn by lot, are treated differently "
        "can tell."
    )
    if not begun:
        return said
    these = "One is" if len(begun) == 1 else f"{len(begun)} are"
    return (
        f"{said} {these} in the data: {'; '.join(_named(one) for one in begun)}. What it showed, "
        "by the groups as they were drawn, is not part of this answer."
    )


def _named(pilot: Pilot) -> str:
    since = f", from {fmt.day(pilot.since)}" if pilot.since else ""
    return f"{wording.quoted(pilot.name)}, {fmt.count(pilot.customers)} customers{since}"
