"""Which part of what people claim can be counted, so that no dollar is counted twice?

A rule of our own; nothing in it is estimated. Claims on one line of the accounts in one month are
allotted in the order of their evidence. What a claim says is spread evenly over the customers it
names. Where several claims name the same customers, those customers count once, with the largest
of the claims, and that is split among them in proportion to what each says. What has stronger
evidence is counted before, so weaker claims on the same customers only add what goes beyond it.
Whatever the claims say, no more is counted in all than the line moved; what does not fit is taken
off the weakest evidence, within it from all in proportion.

All of it is whole numbers, so the order in which claims were entered cannot change a cent.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Allotted", "Claimed", "allotted"]

_FINE: Final = 10**9  # parts of a cent, so that spreading over customers loses nothing that shows


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim on a line in a month.

    Parameters
    ----------
    cents
        What is claimed, not below zero.
    tier
        Strength of the evidence: 0 is counted first.
    blocks
        Which blocks of customers the claim names; a block is customers whom the same claims name.
    """

    cents: int
    tier: int
    blocks: frozenset[int]


@dataclass(frozen=True, slots=True)
class Allotted:
    """What became of a claim, in cents: ``counted + shared + beyond`` is what was claimed.

    ``shared`` is counted with other claims on the same customers, or names nobody; ``beyond`` is
    more than the line moved.
    """

    counted: int
    shared: int
    beyond: int


def allotted(claims: Sequence[Claimed], sizes: Sequence[int], moved: int) -> tuple[Allotted, ...]:
    """What of each claim is counted, in the order given.

    Parameters
    ----------
    sizes
        Customers in each block.
    moved
        By how many cents the line moved for the company's good; below zero counts as zero.

    Raises
    ------
    ValueError
        A claim is below zero.
    """
    if any(claim.cents < 0 for claim in claims):
        raise ValueError("a claim below zero is a loss, which nobody claims")
    spread = [_spread(claim, sizes) for claim in claims]
    own = _once(claims, spread)
    room = max(moved, 0) * _FINE
    slack = _FINE // (2 * (len(claims) + 1))  # of all claims together less than a cent
    counted = [0] * len(claims)
    for tier in sorted({claim.tier for claim in claims}):
        members = [place for place, claim in enumerate(claims) if claim.tier == tier]
        wanted = sum(own[place] for place in members)
        fits = min(wanted, room)
        for place in members:
            part = own[place] * fits // wanted if wanted else 0
            counted[place] = (part + slack) // _FINE
        room -= fits
    return tuple(
        _told(claim.cents, mine, whole // _FINE + (whole % _FINE + slack) // _FINE)
        for claim, mine, whole in zip(claims, counted, own, strict=True)
    )


def _told(claimed: int, counted: int, own: int) -> Allotted:
    """``own`` is what would be counted if the line had moved enough."""
    return Allotted(counted, claimed - max(own, counted), max(own, counted) - counted)


def _spread(claim: Claimed, sizes: Sequence[int]) -> dict[int, int]:
    """Block to what the claim says of it, in the finest parts."""
    customers = sum(sizes[block] for block in claim.blocks)
    if not customers:
        return {}
    return {block: claim.cents * _FINE * sizes[block] // customers for block in claim.blocks}


def _once(claims: Sequence[Claimed], spread: Sequence[dict[int, int]]) -> list[int]:
    """What of each claim is its own once every customer counts once, in the finest parts."""
    own = [0] * len(claims)
    height: dict[int, int] = defaultdict(int)  # what is counted of a block so far
    for tier in sorted({claim.tier for claim in claims}):
        members = [place for place, claim in enumerate(claims) if claim.tier == tier]
        for block in {block for place in members for block in spread[place]}:
            said = {place: spread[place][block] for place in members if block in spread[place]}
            added = max(*said.values(), height[block]) - height[block]
            together = sum(said.values())
            for place, part in said.items():
                own[place] += part * added // together if together else 0
            height[block] += added
    return own
