"""Revenue that stayed, shrank, grew and came, over one period, with ranges.

One entry a customer: what he paid a month before and after. Customers who came during the period
have nothing before. Ranges come from drawing customers again, so a few large accounts widen them.

Sources: SaaS Metrics Standards Board for GRR and NRR; F. Reichheld, D. Darnell and M. Burns,
Harvard Business Review (2021) for earned growth; A. Davison and D. Hinkley (1997) for the bootstrap
of ratios of sums.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import share
from cxdash.stats.ratio import Ratio, ratio_of_sums

__all__ = ["Kept", "Movements", "kept", "movements"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """Money a month: of the customers at the start, what moved, and what came. They tie:
    ``start + expansion − contraction − churned + new + returned`` is ``end``.
    """

    start: float
    expansion: float
    contraction: float
    churned: float
    new: float
    returned: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Retention of one period.

    ``grr`` and ``nrr`` are ratios to the starting revenue, ``logo_churn`` a share of the starting
    customers. ``earned_growth`` is None where nobody wrote down how new customers came. ``n``
    counts the customers at the start.
    """

    grr: Ratio
    nrr: Ratio
    logo_churn: Estimate
    earned_growth: Ratio | None
    n: int


def movements(
    before: Vector, after: Vector, *, there: Flags, stays: Flags, came: Flags
) -> Movements:
    """What moved, from each customer's money before and after; see :func:`kept` for the shapes."""
    old, remains = there & ~stays, there & stays
    grown = np.where(remains, after - before, 0.0)
    fresh = ~there & came
    return Movements(
        start=float(before[there].sum()),
        expansion=float(np.maximum(grown, 0).sum()),
        contraction=float(np.maximum(-grown, 0).sum()),
        churned=float((before - after)[old].sum()),
        new=float(after[fresh].sum()),
        returned=float(after[~there & ~came].sum()),
        end=float(after.sum()),
    )


def kept(
    before: Vector,
    after: Vector,
    *,
    there: Flags,
    stays: Flags,
    earned: Flags | None,
    rng: np.random.Generator,
    level: float = 0.90,
) -> Kept | None:
    """GRR, NRR, customers lost and earned growth of one period, each with its range.

    Parameters
    ----------
    before, after
        Shape (customers,): money a month at the start and at the end; 0 for who is not there.
    there, stays
        Shape (customers,): a customer at the start; still one at the end.
    earned
        Shape (customers,): came during the period by recommendation; None if nobody wrote it down.

    Returns
    -------
    None when fewer than two customers were there or they paid nothing.

    Notes
    -----
    A customer whose refunds exceed his payments counts with a negative amount in NRR and as nothing
    in GRR, which never credits more than was there.
    """
    at_start = int(there.sum())
    if at_start < 2:
        return None
    first, then = before[there], after[there]
    codes = np.arange(at_start)
    nrr = ratio_of_sums(then, first, codes, rng=rng, level=level)
    grr = ratio_of_sums(
        np.clip(then, 0.0, np.maximum(first, 0.0)), first, codes, rng=rng, level=level
    )
    if nrr is None or grr is None:
        return None
    lost = int((there & ~stays).sum())
    growth = None
    if earned is not None:
        use = there | earned
        found = ratio_of_sums(
            after[use], np.where(there, before, 0.0)[use], np.arange(int(use.sum())), rng=rng,
            level=level,
        )  # fmt: skip
        growth = _less_one(found) if found else None
    return Kept(
        grr=grr,
        nrr=nrr,
        logo_churn=share(lost, at_start, level=level),
        earned_growth=growth,
        n=at_start,
    )


def _less_one(whole: Ratio) -> Ratio:
    return Ratio(
        estimate=whole.estimate - 1,
        low=whole.low - 1,
        high=whole.high - 1,
        n=whole.n,
        largest_share=whole.largest_share,
        level=whole.level,
    )
