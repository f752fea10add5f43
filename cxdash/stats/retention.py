"""Who and what stays: customers kept and revenue kept.

Revenue figures start from one cohort: the customers there at the start of the period. Customers won
during the period never enter.
"""

import numpy as np
from numpy.typing import ArrayLike

from cxdash.stats.estimate import Estimate, finite
from cxdash.stats.proportions import share

__all__ = [
    "coverage",
    "earned_growth",
    "gross_revenue_retention",
    "logo_churn",
    "net_revenue_retention",
    "retention_rate",
    "revenue_kept",
]


def gross_revenue_retention(start: float, contraction: float, churn: float) -> float:
    """Share (0 to 1) of the starting revenue kept, expansion not counted.

    >>> gross_revenue_retention(10.0, 0.6, 0.9)
    0.85
    """
    _check_amounts(start, contraction, churn)
    return (start - contraction - churn) / start


def net_revenue_retention(
    start: float, expansion: float, contraction: float, churn: float
) -> float:
    """Starting customers' revenue at the end over their revenue at the start; may exceed 1."""
    _check_amounts(start, contraction, churn)
    if expansion < 0:
        raise ValueError(f"expansion is not negative, got {expansion}")
    return (start + expansion - contraction - churn) / start


def retention_rate(kept: int, at_start: int, *, level: float = 0.90) -> Estimate:
    """Share (0 to 1) of the customers at the start who are still there at the end."""
    return share(kept, at_start, level=level)


def logo_churn(lost: int, at_start: int, *, level: float = 0.90) -> Estimate:
    """Share (0 to 1) of the customers at the start who left by the end."""
    return share(lost, at_start, level=level)


def earned_growth(net_retention: float, earned_new: float) -> float:
    """Growth that customers brought themselves: NRR + revenue of earned new customers − 1.

    Both are ratios to the starting revenue; ``earned_new`` counts only customers who came by
    recommendation, not those won by paid acquisition.
    """
    return net_retention + earned_new - 1


def coverage(part: float, whole: float) -> float:
    """Part of a whole (0 to 1), exactly counted: for example revenue of the customers heard."""
    if whole <= 0 or not 0 <= part <= whole:
        raise ValueError(f"a part lies between 0 and a whole above 0, got {part} of {whole}")
    return part / whole


def revenue_kept(before: ArrayLike, after: ArrayLike) -> float:
    """Share (0 to 1) of customers' earlier revenue kept, growth of others not set off against it.

    Sum of min(before, after) over sum of before, one entry a customer. For an interval resample
    customers: :func:`cxdash.stats.ratio.ratio_of_sums`.
    """
    earlier, later = finite(before, "revenue before"), finite(after, "revenue after")
    if earlier.size != later.size:
        raise ValueError(f"revenue kept: {earlier.size} customers before but {later.size} after")
    if earlier.min() < 0 or earlier.sum() <= 0:
        raise ValueError("revenue kept: revenue before is not negative and not all zero")
    return float(np.clip(later, 0, earlier).sum() / earlier.sum())


def _check_amounts(start: float, contraction: float, churn: float) -> None:
    if start <= 0 or min(contraction, churn) < 0:
        raise ValueError("revenue retention needs a start above 0 and losses that are not negative")
    if contraction + churn > start:
        raise ValueError(f"more revenue lost ({contraction + churn}) than there was ({start})")
