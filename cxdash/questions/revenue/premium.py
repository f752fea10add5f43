"""Do customers who say good things pay more? The gap between the best and the worst band.

This compares different customers, so it is told twice: as counted, and among customers of the same
age, segment, plan and region. A gap that goes once these are equal was never about the answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.drivers import Driver
from cxdash.questions.revenue.frame import Frame
from cxdash.questions.revenue.held import Held, held_equal
from cxdash.questions.revenue.links import FEWEST, Effect, Same, halves
from cxdash.questions.setting import Setting
from cxdash.stats.estimate import z_of_level
from cxdash.stats.fitted import Fitted
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.refuted import refutes
from cxdash.stats.spend import fit_mean, power

__all__ = ["Premium", "premium"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Premium:
    """Money a month of the best band minus the worst.

    ``held`` is None where nothing could be held equal. ``confirmed``: later windows by themselves
    show the same as earlier ones, be it that nothing is left of the gap counted, or a gap that the
    same customers show over time.
    """

    raw: Effect
    held: Effect | None
    held_equal: tuple[str, ...]
    confirmed: bool


def premium(lived: Frame, setting: Setting, driver: Driver | None) -> Premium | None:
    """None when a band has too few customers to compare.

    ``driver`` is the same item's change within customers: a gap that is clear is confirmed only if
    the change, drawn out over the distance of the two bands, comes to as much.
    """
    number = lived.seen.number_of(setting.item)
    names = [band.name for band in setting.variant.bands]
    position = lived.seen.bands[:, number]
    known = position >= 0
    inner, own = held_equal(lived).part(known), position[known]
    worst, best = names.index(setting.bands[0].name), names.index(setting.bands[-1].name)
    if min(_customers(inner, own == worst), _customers(inner, own == best)) < FEWEST:
        return None
    others = [place for place in range(len(names)) if place not in (worst, best)]
    bands = np.column_stack([own == place for place in (best, *others)]).astype(np.float64)
    ones = np.ones((len(own), 1))
    raw = _gap(inner, np.column_stack([ones, bands]))
    design = np.column_stack([ones, bands, inner.between])
    held = _gap(inner, design)
    if raw is None:
        return None
    scores = lived.seen.scores[known, number]
    apart = abs(float(scores[own == best].mean() - scores[own == worst].mean()))
    told = held is not None and (
        refutes(held, raw) or (held.clear and _as_much(held, driver, lived.base, apart))
    )
    confirmed = bool(told and held and _confirmed(inner, design, held))
    return Premium(raw, held, inner.between_words, confirmed)


def _as_much(held: Effect, driver: Driver | None, base: float, apart: float) -> bool:
    """Whether the change within customers, over so many points, comes to the gap between them."""
    change = driver.change.effect if driver and driver.change_validated else None
    if change is None or not change.clear:
        return False
    reach = z_of_level(LEVEL) * change.error
    ends = [base * np.expm1((change.relative + side * reach) * apart) for side in (-1, 1)]
    return bool(ends[0] <= held.high and held.low <= ends[1])


def _confirmed(rows: Held, design: Matrix, held: Effect) -> bool:
    early, late = halves(rows.period)
    if early is None or late is None:
        return False
    first, second = (_gap(rows.part(half), design[half]) for half in (early, late))
    if first is None or second is None:
        return False
    same = Same(first.relative, first.error, second.relative, second.error)
    return same.confirms(held)


def _gap(rows: Held, design: Matrix) -> Effect | None:
    """The second column's coefficient in a straight line: money, by customer."""
    try:
        fit = fit_mean(rows.spend, design, power(0.0, "identity"), customer=rows.customer)
    except NoConvergenceError:
        return None
    return _effect(fit) if fit.tells(1) else None


def _effect(fit: Fitted) -> Effect:
    each = fit.estimate(1, level=LEVEL)
    return Effect(
        estimate=each.estimate,
        low=each.low,
        high=each.high,
        p_value=fit.p_value(1),
        relative=each.estimate,
        error=fit.error(1),
        n=fit.n,
        customers=fit.customers,
    )


def _customers(rows: Held, keep: Mask) -> int:
    return int(np.unique(rows.customer[keep]).size)
