"""The claim on the stand: its estimate, its rows for every horizon, all ways of computing it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from cxdash.errors import UsageError
from cxdash.facts import HORIZONS, Interval, Scope, wording
from cxdash.facts import format as fmt
from cxdash.panel import Windows, items
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.conditions import Reason
from cxdash.questions.examine.build import heard
from cxdash.questions.examine.claim import Claim, claim_of
from cxdash.questions.examine.rows import FEWEST, Heard
from cxdash.questions.examine.stated import Stated, stated
from cxdash.questions.examine.ways import Curve, curve
from cxdash.questions.progress import tell
from cxdash.questions.setting import Setting, prepare
from cxdash.stats.association import Association
from cxdash.stats.estimate import Estimate
from cxdash.store import Reader

__all__ = ["Refused", "Stand", "take_the_stand"]

_NAMED: Final = 2
MOST_CUSTOMERS: Final = 40_000  # more than so many are sampled, so that all ways are done in time


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing can be examined: the setting, if there is any data at all, why, what is claimed."""

    setting: Setting | None
    reasons: tuple[Reason, ...] = ()
    stated: Stated | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """A claim ready to be examined.

    Parameters
    ----------
    stated
        What the claim says in its own words and by its own model.
    rows, base
        The rows of the claim's own horizon and the plain estimate there, by a straight line:
        bottom against top band, answers of twelve months, everything finance and operations know
        held equal.
    raw
        The same as counted, with nothing held equal.
    earlier, newest
        The same on all windows but the newest, and on the newest alone; None with one window.
    heard
        Rows of every horizon that has any.
    curve
        All ways of computing it.
    customers, known
        Customers looked at, and how many there are; they differ where a sample was drawn.
    """

    setting: Setting
    claim: Claim
    stated: Stated
    rows: Heard
    base: Association
    raw: Association
    earlier: Association | None
    newest: Association | None
    heard: Mapping[int, Heard]
    curve: Curve
    customers: int
    known: int

    @property
    def own(self) -> Estimate:
        """The difference that is examined: as the claim states it, else the plain estimate."""
        return self.stated.estimate or self.base.estimate

    @property
    def clear(self) -> bool:
        """Whether the range of what is examined leaves zero out."""
        return not self.own.low <= 0 <= self.own.high

    @property
    def is_open(self) -> bool:
        """Whether the claim cannot be told: its own figure, or what is examined, holds zero."""
        figure = self.stated.figure
        own = figure is not None and figure.interval is not None and figure.interval.holds(0.0)
        return own or not self.clear

    @property
    def in_how_many_ways(self) -> str:
        """How many ways bear the claim out; of an open one, in how many a difference shows."""
        found = self.curve
        if not self.is_open:
            return wording.examined(found.holding, found.agreeing, len(found.ways))
        (first, second), leaving = self.ends, self.rows.leaving
        return wording.examined_open(
            found.above,
            found.below,
            len(found.ways),
            first=first,
            second=second,
            did="left" if leaving else "",
            measure="" if leaving else "the change of monthly spend",
        )

    @property
    def plainly_clear(self) -> bool:
        """Whether the range of the plain estimate leaves zero out."""
        return not self.base.estimate.low <= 0 <= self.base.estimate.high

    @property
    def stands(self) -> bool:
        """Whether both leave zero out, so that there is something to undo."""
        return self.clear and self.plainly_clear

    @property
    def confirmed(self) -> bool:
        """Whether the newest window shows what the windows before it had shown, both clearly."""
        if self.earlier is None or self.newest is None or not self.plainly_clear:
            return False
        sign = self.base.estimate.estimate
        ends = [one.estimate for one in (self.earlier, self.newest)]
        return all(one.low > 0 if sign > 0 else one.high < 0 for one in ends)

    @property
    def sampled(self) -> bool:
        return self.customers < self.known

    @property
    def unit(self) -> str:
        return "share" if self.rows.leaving else self.setting.currency or "count"

    @property
    def ends(self) -> tuple[str, str]:
        """Customers of the bad and of the good end, in plain words."""
        return self.rows.ends

    @property
    def held_equal(self) -> tuple[str, ...]:
        return tuple(self.rows.groups)

    @property
    def held_by_claim(self) -> tuple[str, ...]:
        """What the figure that is examined holds equal: nothing, where the claim counts only."""
        figure = self.stated.figure
        if self.stated.estimate is not None and figure and not figure.method.adjusted_for:
            return ()
        return self.held_equal

    @property
    def sentence(self) -> str:
        """The claim as it stands, or that it cannot be told."""
        own, (first, second) = self.own, self.ends
        reach, months = interval(own), self.setting.horizon
        if self.rows.leaving:
            return wording.compare_rates(
                first,
                second,
                did=f"left within {months} months",
                difference=reach,
                estimate=own.estimate,
                held_constant=_shortly(self.held_by_claim),
            )
        return wording.compare(
            first,
            second,
            measure=f"the change of monthly spend over {months} months",
            unit=self.unit,
            difference=reach,
            estimate=own.estimate,
        )


def take_the_stand(view: Reader, scope: Scope) -> Stand | Refused:
    """Compute the claim of a scope in every way.

    Raises
    ------
    UsageError
        The claim, the metric, the day or a filter does not exist.
    """
    claim, asked = claim_of(scope, items(view)), scope
    if claim.metric is not None:
        scope = replace(scope, metric=claim.metric)
    setting = prepare(view, scope)
    if setting is None:
        return Refused(None)
    against = setting.conditions.against_rates
    if claim.outcome == "spend":
        against = (*against, *setting.conditions.against_money)
    if against:
        return Refused(setting, against)
    tell("Looking up what the claim says", 0.05)
    said = stated(view, asked, claim)
    drawn = setting.windows.sample(MOST_CUSTOMERS)
    own = heard(setting, drawn, claim)
    found = _every_horizon(view, setting, claim, own)
    base = own.difference() if own else None
    raw = own.counted() if own else None
    if own is None or base is None or raw is None:
        return Refused(setting, (_too_little(setting, claim, own),), said)
    tell("Computing the claim in every defensible way", 0.6)
    return Stand(
        setting=setting,
        claim=claim,
        stated=said,
        rows=own,
        base=base,
        raw=raw,
        earlier=own.only(own.landmark != own.months[-1]).difference(),
        newest=own.only(own.landmark == own.months[-1]).difference(),
        heard=found,
        curve=curve(found, setting.horizon, (said.estimate or base.estimate).estimate),
        customers=drawn.rows["customer_id"].nunique(),
        known=setting.windows.rows["customer_id"].nunique(),
    )


def _every_horizon(
    view: Reader, setting: Setting, claim: Claim, own: Heard | None
) -> dict[int, Heard]:
    """The rows of each horizon, shortest first.

    With contracts the month of leaving is known, so a shorter look needs no windows of its own.
    """
    found: dict[int, Heard] = {}
    for step, months in enumerate(HORIZONS):
        tell(f"Looking {months} months ahead", 0.1 + 0.15 * step)
        dated = claim.outcome == "leaving" and setting.panel.contractual
        if months == setting.horizon:
            rows = own
        elif own is not None and dated and months < setting.horizon:
            rows = own.within(months)
        else:
            seen = _windows(view, setting, months)
            rows = heard(setting, seen, claim) if seen else None
        if rows is not None:
            found[months] = rows
    return found


def interval(of: Estimate) -> Interval:
    return Interval(of.low, of.high, of.level)


def _shortly(parts: tuple[str, ...]) -> str:
    """``a, b and 6 other things``: the whole list is told with the Facts."""
    if len(parts) <= _NAMED + 1:
        return fmt.listed(parts) if parts else ""
    return f"{', '.join(parts[:_NAMED])} and {fmt.count(len(parts) - _NAMED)} other things"


def _windows(view: Reader, setting: Setting, months: int) -> Windows | None:
    """The windows of another horizon; None when they hold nobody the filters pass."""
    try:
        other = prepare(view, replace(setting.scope, horizon=months, claim=None))
    except UsageError:
        return None
    return None if other is None else other.windows.sample(MOST_CUSTOMERS)


def _too_little(setting: Setting, claim: Claim, rows: Heard | None) -> Reason:
    months = setting.horizon
    if rows is None:
        return Reason(
            f"no {months} months after an answer are over yet",
            f"No {months}-month window after an answer is over by {fmt.day(setting.as_of)}, so "
            "there is nothing to examine.",
            f"Import answers that are at least {months} months older than the newest revenue, or "
            "choose a shorter horizon.",
        )
    worst, best = int((rows.place == 0).sum()), int((rows.place == rows.places - 1).sum())
    counted = (
        f"{fmt.count(worst)} windows of customers at one end and {fmt.count(best)} at the other"
    )
    if claim.outcome == "leaving":
        left = int(rows.outcome.sum())
        counted += f", {fmt.count(left)} of {fmt.count(rows.rows)} ended with the customer gone"
    return Reason(
        "there is too little to compare",
        f"There are {counted}; at least {FEWEST} windows of each kind, and for leaving "
        f"{MIN_EVENTS} leavers and {MIN_EVENTS} stayers, are needed, and answers that vary.",
        "Import a longer history, or drop filters.",
    )
