"""The verdict on a metric, from what was found about it. Pure rules, in the order they are asked.

=========  =====================================================================================
working    It goes before what customers do, beyond what finance and operations know and beyond
           chance over all metrics; windows nobody had seen showed it again; and no unit's answers
           look asked for.
echo       It does not go before anything, and past money or operations predict it.
vanity     It does not go before anything, and one of: leaving and spend were both looked at and
           an effect worth acting on would have been seen; it is tied to pay or its answers look
           asked for; or the register of metrics lists it without an owner, a goal or a decision
           it changed, and there is not even a hint of a link.
unproven   Everything else: what would settle it is said beside it.
=========  =====================================================================================

An answer that may have been asked for cannot be working, however well it predicts: what would be
rewarded next is the asking. It stays unproven until those units have been looked at.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Evidence", "Reason", "Verdict", "verdict"]

Verdict = Literal["working", "unproven", "echo", "vanity"]
Reason = Literal[
    "confirmed",
    "gamed",
    "not_confirmed",
    "not_checked",
    "echo",
    "excluded",
    "paid_for",
    "asked_for",
    "unused",
    "half_tried",
    "too_few",
    "not_tried",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found about one metric.

    Parameters
    ----------
    leads
        Whether it goes before leaving or spend, judged over all metrics; None: could not be tried.
    confirmed
        Whether unseen windows showed it again; None where there were none.
    echoes
        Whether past money or operations predict it, beyond chance and by an amount that matters.
    excluded
        Whether an effect worth acting on would have been seen, leaving and spend both looked at.
    half
        Whether it would have been seen where one of the two could be looked at.
    gamed
        Whether a unit's answers should be looked at.
    paid
        Whether pay is tied to it.
    hinted
        Whether a link, looked at alone, leaves out "nothing": then being unused does not settle it.
    unused
        Whether the register of metrics lists it without an owner, a goal or a decision.
    """

    leads: bool | None
    confirmed: bool | None = None
    echoes: bool = False
    excluded: bool = False
    gamed: bool = False
    paid: bool = False
    hinted: bool = False
    unused: bool = False
    half: bool = False


def verdict(found: Evidence) -> tuple[Verdict, Reason]:
    """The verdict and which rule gave it: the first that holds."""
    rules: tuple[tuple[bool, Verdict, Reason], ...] = (
        (found.leads is None, "unproven", "not_tried"),
        (bool(found.leads and found.gamed), "unproven", "gamed"),
        (bool(found.leads and found.confirmed is None), "unproven", "not_checked"),
        (bool(found.leads and found.confirmed), "working", "confirmed"),
        (bool(found.leads), "unproven", "not_confirmed"),
        (found.echoes, "echo", "echo"),
        (found.excluded, "vanity", "excluded"),
        (found.gamed, "vanity", "asked_for"),
        (found.paid, "vanity", "paid_for"),
        (found.unused and not found.hinted, "vanity", "unused"),
        (found.half, "unproven", "half_tried"),
    )
    fallback: tuple[Verdict, Reason] = ("unproven", "too_few")
    return next(((said, why) for holds, said, why in rules if holds), fallback)
