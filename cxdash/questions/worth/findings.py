"""What was found about one metric: the estimates behind ``worth``, before any words are put to
them.
"""

from dataclasses import dataclass
from typing import Final

from cxdash.facts import format as fmt
from cxdash.facts.definitions import Band
from cxdash.panel import Ground, paid_so_far
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.conditions import Reason
from cxdash.questions.setting import Setting
from cxdash.questions.validation import COIN, ModelCheck
from cxdash.questions.worth.bands import BandOutcome, outcomes, paid_by_band, raw_gap
from cxdash.questions.worth.leaving import (
    ALL,
    WITH_ANSWERS,
    Backtest,
    Group,
    Leaving,
    leaving,
)
from cxdash.stats.estimate import Difference
from cxdash.stats.ratio import Ratio
from cxdash.store import Reader

__all__ = ["Coverage", "Findings", "find", "too_little"]

_KEPT_ESTIMATES: Final = 64  # scopes; they hold figures and no rows


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of today's customers answered anything in the last year, and what they pay.

    ``answered`` counts those who answered the item in question; ``invited_unheard`` those who
    were invited in that year and answered nothing. Revenue is a month's.
    """

    customers: int
    heard: int
    answered: int
    invited_unheard: int
    revenue: float
    revenue_heard: float

    @property
    def unheard(self) -> int:
        return self.customers - self.heard


@dataclass(frozen=True, slots=True)
class Findings:
    """Estimates for one setting.

    ``bands`` holds the metric's bands from worst to best and ``silent`` the customers not heard.
    ``model`` is None when leaving cannot be told; ``leaving_now`` counts customers who have
    already said goodbye, with what they would pay over the horizon. ``paid`` is what customers of
    each band paid so far, which can be said even where leaving cannot.
    """

    setting: Setting
    bands: tuple[BandOutcome, ...]
    silent: BandOutcome
    gap: Difference | None
    model: Leaving | None
    coverage: Coverage
    leaving_now: int
    leaving_now_revenue: float
    paid: tuple[tuple[Band, Ratio], ...]

    @property
    def worst(self) -> BandOutcome:
        return self.bands[0]

    @property
    def best(self) -> BandOutcome:
        return self.bands[-1]

    @property
    def all_bands(self) -> tuple[BandOutcome, ...]:
        return (*self.bands, self.silent)

    @property
    def rates_shown(self) -> bool:
        return self.setting.conditions.rates_allowed and bool(self.setting.marks.closed_months)

    @property
    def money_shown(self) -> bool:
        return self.setting.conditions.money_allowed and self.model is not None

    @property
    def ground(self) -> Ground:
        return self.setting.ground

    @property
    def backtest(self) -> Backtest | None:
        return self.model.backtest if self.model else None

    @property
    def record(self) -> ModelCheck | None:
        """How right the model with answers was about windows it had not seen."""
        checks = self.backtest.checks if self.backtest else ()
        return next((entry for entry in checks if entry.model == WITH_ANSWERS), None)

    @property
    def ranks(self) -> bool:
        """Whether, on later windows, leavers had larger chances than stayers beyond noise."""
        return bool(self.record and self.record.ranks)

    @property
    def spread_right(self) -> bool:
        """Whether, on later windows, chances lay as far apart as they should, within noise."""
        told = self.record.calibration if self.record else None
        if told is None or told.slope_low is None or told.slope_high is None:
            return False
        return told.slope_low <= 1 <= told.slope_high

    def confirmed(self, group: Group) -> bool:
        """Whether the method was right about this group's later window.

        A part of the whole is confirmed only under a model that ranks customers and puts their
        chances as far apart as they should be: a total can be right while it sits at the wrong
        accounts. The whole needs a model that does not rank them the wrong way round.
        """
        if self.backtest is None or not self.backtest.confirms(group):
            return False
        if group == ALL:
            return bool(self.record and self.record.auc and self.record.auc.estimate >= COIN)
        return self.ranks and self.spread_right

    @property
    def gap_clear(self) -> bool:
        """Whether the gap is beyond noise, as counted and with what finance knows held equal."""
        if self.model is None or self.gap is None:
            return False
        ends = (self.gap, self.model.gap)
        return all(not one.low <= 0 <= one.high for one in ends)

    @property
    def gap_confirmed(self) -> bool:
        """Whether the gap between worst and best band showed on later windows too."""
        if self.model is None or self.backtest is None or not self.gap_clear:
            return False
        return self.ranks and self.backtest.confirms_gap(self.model.gap)

    @property
    def excess_confirmed(self) -> bool:
        """Whether what the gap stands for in money may be taken as confirmed with it."""
        return self.gap_confirmed and self.spread_right


def find(view: Reader, setting: Setting) -> Findings:
    """Estimate everything the setting allows.

    The estimates are worked out once for each state of the data and scope: ``brief`` rests on the
    same ones.
    """
    found, model = view.kept(
        "worth", setting.scope, lambda: _estimates(setting), room=_KEPT_ESTIMATES
    )
    bands, silent = tuple(found[:-1]), found[-1]
    allowed = setting.conditions.rates_allowed
    base, gone = setting.marks.base, setting.marks.leaving
    heard = base[base["heard"] == 1]
    return Findings(
        setting=setting,
        bands=bands,
        silent=silent,
        gap=raw_gap(bands[0], bands[-1]) if allowed else None,
        model=model,
        coverage=Coverage(
            customers=len(base),
            heard=len(heard),
            answered=int(base["band"].notna().sum()),
            invited_unheard=int(((base["heard"] == 0) & (base["invited"] == 1)).sum()),
            revenue=float(base["rate"].sum()),
            revenue_heard=float(heard["rate"].sum()),
        ),
        leaving_now=len(gone),
        leaving_now_revenue=float(gone["rate"].sum()) * setting.horizon,
        paid=_paid(view, setting),
    )


def _estimates(setting: Setting) -> tuple[list[BandOutcome], Leaving | None]:
    """What takes long: every band's outcome, and the model where leaving can be told."""
    contractual = setting.panel.contractual
    found = outcomes(setting.marks, setting.bands, contractual=contractual)
    if not setting.conditions.rates_allowed:
        return found, None
    names = [band.name for band in setting.bands]
    return found, leaving(setting.marks, names, contractual=contractual)


def _paid(view: Reader, setting: Setting) -> tuple[tuple[Band, Ratio], ...]:
    """Only where leaving cannot be told: otherwise it would tempt to read a level as a lever."""
    if setting.conditions.rates_allowed or not setting.conditions.payments_allowed:
        return ()
    item, variant = setting.item.name, setting.item.variant
    paid = paid_so_far(view, item=item, variant=variant, as_of=setting.as_of)
    if setting.scope.where:
        paid = paid[paid["customer_id"].isin(set(setting.marks.rows["customer_id"]))]
    return tuple(paid_by_band(paid, setting.bands))


def too_little(found: Findings) -> Reason:
    """Why leaving cannot be told: a condition on the data, or too little of it."""
    if found.setting.conditions.against_rates:
        return found.setting.conditions.against_rates[0]
    horizon = found.setting.horizon
    if not found.setting.marks.closed_months:
        return Reason(
            f"no {horizon} months after an answer are over yet",
            f"No {horizon}-month window after an answer is over by "
            f"{fmt.day(found.setting.as_of)}, so nothing is known yet about who left after "
            "answering.",
            f"Import answers that are at least {horizon} months older than the newest revenue, or "
            "choose a shorter horizon.",
        )
    left, n = (sum(getattr(band, part) for band in found.all_bands) for part in ("left", "n"))
    side = "left" if left < MIN_EVENTS else "stayed"
    few = left if side == "left" else n - left
    return Reason(
        f"only {fmt.count(few)} of {fmt.count(n)} observed windows ended with a customer who "
        f"{side}",
        f"{fmt.count(n)} windows of {horizon} months were observed, and in {fmt.count(few)} of "
        f"them the customer {side}; {MIN_EVENTS} of each kind are needed to learn from.",
        "Import a longer history, or drop filters.",
    )
