"""What was refused for want of customers, and how many would satisfy it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cxdash.facts import HORIZONS, wording_pilots
from cxdash.panel import Panel
from cxdash.panel.pilot_units import customers_around
from cxdash.questions.pilots.planned import Planned
from cxdash.register import current
from cxdash.register.kinds.room import Ask
from cxdash.stats.pilot_power import Bar, needed_for_share
from cxdash.store import Reader

__all__ = ["Refused", "refused"]

_WANTED: Final = "sample"
_USUAL: Final = HORIZONS[1]  # months a pilot is taken to last before there is a plan
_FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A no that more customers would answer.

    ``wanted`` is the smallest effect on leaving that would convince, ``needed`` how many customers
    in both groups show it, ``months`` over how many; ``plan`` names the pilot that supplies it.
    """

    id: str
    title: str
    wanted: float | None
    needed: int | None
    months: int
    there_are: int
    plan: str

    @property
    def said(self) -> str:
        """In a sentence; empty where nobody said which effect would convince."""
        if self.wanted is None or not self.there_are:
            return ""
        return wording_pilots.would_satisfy(
            self.title, wanted=self.wanted, needed=self.needed, there_are=self.there_are
        )


def refused(view: Reader, built: Panel, pilots: Sequence[Planned]) -> tuple[Refused, ...]:
    """Every no that was given for want of customers, or that a pilot is to answer."""
    answering = {one.plan.ask: one for one in pilots if one.plan.ask}
    asks = [
        kept
        for kept in current(view, Ask)
        if kept.record.outcome == "no"
        and (kept.record.wanted == _WANTED or kept.id in answering or kept.record.pilot)
    ]
    if not asks or built.last_month is None:
        return ()
    found = []
    for kept in asks:
        one = answering.get(kept.id) or next(
            (own for own in pilots if own.id and own.id == kept.record.pilot), None
        )
        wanted = kept.record.least_effect
        months = _months(one)
        share, there_are = _usual(view, built, months)
        bar = one.bar if one else Bar()
        treated = (one.plan.treated_share if one else None) or 0.5
        needed = (
            needed_for_share(share, wanted, bar, treated_share=treated)
            if share is not None and wanted
            else None
        )
        found.append(
            Refused(kept.id, kept.title, wanted, needed, months, there_are, one.name if one else "")
        )
    return tuple(found)


def _months(one: Planned | None) -> int:
    if one is None or one.plan.starts is None or one.plan.reads_on is None:
        return _USUAL
    days = (one.plan.reads_on - one.plan.starts).days
    return max(1, min(HORIZONS[-1], round(days / 30.4375)))


def _usual(view: Reader, built: Panel, months: int) -> tuple[float | None, int]:
    """Share who left over the latest stretch as long, and how many customers there are now."""
    last = built.last_month or 0
    then = customers_around(view, last - months, last, by_fee=False)
    now = len(customers_around(view, last - 1, last, by_fee=False))
    return (float(then["gone"].mean()) if len(then) >= _FEWEST else None), now
