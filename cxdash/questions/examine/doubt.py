"""What would undo the claim: a cause nobody measured, a few customers, the next window, a pilot."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.facts.words import named
from cxdash.panel import month_end
from cxdash.questions.examine.exhibits import Exhibit, accounts_to_undo
from cxdash.questions.examine.rows import FEWEST
from cxdash.questions.examine.stand import Stand, interval
from cxdash.questions.examine.ways import Verdict, verdict
from cxdash.stats.association import MeasuredCause, measured_causes
from cxdash.stats.estimate import Estimate, z_of_level, z_of_power
from cxdash.stats.evidence import e_value
from cxdash.stats.proportions import customers_needed
from cxdash.stats.sensitivity import (
    ExplainedAway,
    benchmark,
    e_value_of_interval,
    risk_ratio_of_means,
)

__all__ = ["Doubt", "doubts", "unmeasured", "withdrawal"]

PILOT_LEVEL: Final = 0.95
PILOT_POWER: Final = 0.80


@dataclass(frozen=True, slots=True)
class Doubt:
    """How much it would take to undo the claim.

    Parameters
    ----------
    e_value, e_value_limit
        Risk ratio an unmeasured cause must have with both sides to leave no difference, and to
        leave it open; None where no risk ratio can be told.
    strongest
        The measured cause that goes most with both sides; None when nothing is held equal.
    beside
        What would be left if an unmeasured cause were as strong as that one.
    accounts
        Codes of customers whose removal leaves the claim open; None if it takes more than half.
    next_end, next_limit
        Last day of the window now running, and the difference in it short of which all windows
        together would leave the claim open; None when it would hold whatever comes, or nothing
        is running.
    pilot
        Customers needed in each group of a pilot by lot to see a difference of this size.
    """

    e_value: float | None
    e_value_limit: float | None
    robustness: float
    robustness_limit: float
    strongest: MeasuredCause | None
    beside: ExplainedAway | None
    accounts: tuple[int, ...] | None
    next_end: date
    next_limit: float | None
    pilot: int | None


def doubts(stand: Stand) -> Doubt:
    """Everything that would undo the claim, in numbers."""
    strongest = _strongest(stand)
    ratio = _risk_ratio(stand)
    horizon = stand.setting.horizon
    return Doubt(
        e_value=e_value(ratio[0]) if ratio else None,
        e_value_limit=e_value_of_interval(*ratio[1:]) if ratio else None,
        robustness=stand.base.robustness,
        robustness_limit=stand.base.robustness_beyond_doubt,
        strongest=strongest,
        beside=_beside(stand, strongest),
        accounts=accounts_to_undo(stand),
        next_end=month_end(stand.setting.marks.today + horizon),
        next_limit=_next_limit(stand),
        pilot=_pilot(stand),
    )


def unmeasured(stand: Stand, doubt: Doubt) -> Exhibit:
    """How strong would a cause nobody measured have to be?"""
    question = "How strong would a cause nobody measured have to be?"
    if not stand.clear:
        return Exhibit(question, "None is needed: the claim's own range holds zero.", "cannot tell")
    if not stand.plainly_clear:
        return Exhibit(
            question, "None is needed by a straight line: its range holds zero.", "weaker"
        )
    what = "leaving" if stand.rows.leaving else "the change of spend"
    told = []
    if doubt.e_value is not None and doubt.e_value_limit is not None:
        ratios = [fmt.number(each, "ratio") for each in (doubt.e_value, doubt.e_value_limit)]
        told.append(
            "Beyond everything held equal it would have to go with unhappy answers and with "
            f"{what} at a risk ratio of {ratios[0]} each to leave no difference, of {ratios[1]} to "
            "leave it open."
        )
    told.append(
        f"Put as shares, it would have to account for {_share(doubt.robustness)} of what is left "
        f"of both, or {_share(doubt.robustness_limit)} to leave it open."
    )
    found: Verdict = "cannot tell"
    if doubt.strongest is not None:
        told.append(
            f"The strongest cause that was measured, {named(doubt.strongest.name)}, "
            f"accounts for {_share(doubt.strongest.with_exposure)} of the answers and "
            f"{_share(doubt.strongest.with_outcome)} of {what}."
        )
        left = _remaining(stand, doubt.beside)
        found = "breaks" if left is None else verdict(stand.base.estimate, left)
        told.append(_as_strong(stand, left))
    return Exhibit(question, " ".join(told), found)


def withdrawal(stand: Stand, doubt: Doubt) -> Exhibit:
    """What would make us withdraw the claim?"""
    question = "What would make us withdraw it?"
    if not stand.stands:
        needed = ""
        if doubt.pilot:
            needed = f" To see a difference of this size, {_customers(doubt.pilot)} are needed."
        said = "There is nothing to withdraw yet."
        if stand.clear:
            said = "By a straight line it is open already: with no other row or window."
        return Exhibit(question, f"{said}{needed}", "weaker" if stand.clear else "cannot tell")
    told = []
    if doubt.next_limit is not None:
        told.append(
            f"The window that ends on {fmt.day(doubt.next_end)}, if its own difference is "
            f"{_short_of(stand, doubt.next_limit)}: it would contradict the windows before it, or "
            "leave all of them together open."
        )
    if doubt.accounts is not None:
        count = len(doubt.accounts)
        named = f"{fmt.count(count)} of {fmt.count(stand.base.customers)} customers"
        told.append(
            f"Errors in the rows of {named}: without those that speak most for it, it is open."
        )
    if doubt.pilot is not None:
        told.append(
            f"A pilot by lot with {_customers(doubt.pilot)} that makes one group less unhappy and "
            "shows no difference."
        )
    return Exhibit(question, " ".join(told) or "Nothing that could be named.", "holds")


def _strongest(stand: Stand) -> MeasuredCause | None:
    rows = stand.rows
    if not rows.groups:
        return None
    own, others = rows.exposed("bands")
    held = np.column_stack([rows.held(rows.base), others])
    found = measured_causes(rows.outcome, own, held, rows.groups)
    return max(found, key=lambda cause: cause.with_exposure * cause.with_outcome)


def _beside(stand: Stand, cause: MeasuredCause | None) -> ExplainedAway | None:
    if cause is None:
        return None
    try:
        return benchmark(
            stand.base.estimate.estimate,
            stand.base.plain_error,
            stand.base.freedom,
            cause_r2=cause.with_exposure,
            outcome_r2=cause.with_outcome,
        )
    except ValueError:  # a cause that strong would account for the answers wholly
        return None


def _remaining(stand: Stand, beside: ExplainedAway | None) -> Estimate | None:
    """What is left with its range by customer, the doubt widened as it is for the claim itself."""
    if beside is None:
        return None
    own = stand.base
    wider = (own.estimate.high - own.estimate.low) / 2 / own.plain_error
    half = beside.error * wider
    return Estimate(
        estimate=beside.estimate,
        low=beside.estimate - half,
        high=beside.estimate + half,
        n=own.estimate.n,
        level=own.estimate.level,
    )


def _as_strong(stand: Stand, left: Estimate | None) -> str:
    return wording.again(
        "With an unmeasured cause just as strong",
        difference=interval(left) if left else None,
        estimate=left.estimate if left else None,
        unit=stand.unit,
        expected=stand.base.estimate.estimate,
    )


def _risk_ratio(stand: Stand) -> tuple[float, float, float] | None:
    """Risk ratio of unhappy to happy customers with its range; None if no risk is left to compare.

    For leaving: the happy customers' counted rate is taken as known, and the differences are added
    to it. For spend: about that of a difference of means.
    """
    rows, own = stand.rows, stand.own
    if not rows.leaving:
        spread = float(rows.outcome.std())
        found = [risk_ratio_of_means(each, spread) for each in (own.estimate, own.low, own.high)]
        return found[0], found[1], found[2]
    best = float(rows.outcome[rows.place == rows.places - 1].mean())
    risks = [best + each for each in (own.estimate, own.low, own.high)]
    if not best > 0 or not risks[0] > 0:
        return None
    # A share below zero is no share: the ratio's range is cut just above it.
    ratios = [max(risk, 1e-6) / best for risk in risks]
    return ratios[0], ratios[1], ratios[2]


def _next_limit(stand: Stand) -> float | None:
    """Difference in the next window with which the claim no longer stands.

    The nearer of two: all windows together would hold zero, or the next one would contradict those
    before it beyond noise.
    """
    answered = int(stand.setting.marks.base["band"].notna().sum())
    if answered < FEWEST or not stand.stands:
        return None
    own, sign = stand.base, math.copysign(1.0, stand.base.estimate.estimate)
    quantile = (own.estimate.high - own.estimate.low) / 2 / own.error
    precision = 1 / own.error**2
    share = min(1.0, stand.customers / stand.known)
    coming = precision * max(answered * share, 1.0) / own.estimate.n
    size = abs(own.estimate.estimate)
    together = (quantile * math.sqrt(precision + coming) - size * precision) / coming
    against = size - quantile * math.sqrt(1 / precision + 1 / coming)
    return sign * max(together, against)


def _pilot(stand: Stand) -> int | None:
    rows = stand.rows
    if not rows.leaving:
        size, spread = stand.own.estimate, float(rows.outcome.std())
        reach = z_of_level(PILOT_LEVEL) + z_of_power(PILOT_POWER)
        return math.ceil(2 * (reach * spread / size) ** 2) if size else None
    best = float(rows.outcome[rows.place == rows.places - 1].mean())
    other = min(max(best + stand.own.estimate, 0.0), 1.0)
    return (
        None
        if other == best
        else customers_needed(best, other, level=PILOT_LEVEL, power=PILOT_POWER)
    )


def _short_of(stand: Stand, limit: float) -> str:
    """``less than 2 points``; where even none would not do: ``1 point or more the other way``."""
    size = fmt.gap(abs(limit), stand.unit, interval=interval(stand.base.estimate)).lstrip("+")
    same = limit * stand.base.estimate.estimate > 0
    return f"less than {size}" if same else f"{size} or more the other way"


def _customers(needed: int) -> str:
    return f"{fmt.count(needed)} customers in each group"


def _share(value: float) -> str:
    return fmt.number(value, "share")
