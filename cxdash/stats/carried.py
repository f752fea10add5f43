"""Does one huge account carry the finding?

The customers with the largest pull on a coefficient are taken out one at a time and the model is
fitted anew without each. A finding that does not outlive the loss of one customer is that
customer's story. How many customers would have to go, chosen against the finding, says how broad
it stands.

Sources: D. Belsley, E. Kuh and R. Welsch, Regression Diagnostics (1980), for leaving one out;
T. Broderick, R. Giordano and R. Meager, arXiv 2011.14999 (2020), for the number that would have to
go, which is to first order only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.fitted import Fitted

__all__ = ["Carried", "carried", "largest_pull", "would_have_to_go"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A coefficient without one customer.

    ``customer`` is the position in the fit's ``pull``; ``share`` is the part of the coefficient
    that goes with the customer (1: all of it, above 1: its sign turns).
    """

    customer: int
    estimate: float
    low: float
    high: float
    share: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


def largest_pull(fit: Fitted, column: int, most: int) -> NDArray[np.int64]:
    """Positions of the customers with the largest pull on a coefficient, the largest first."""
    size = np.abs(fit.pull[:, column])
    most = min(most, int((size > 0).sum()))
    return np.argsort(-size, kind="stable")[:most]


def carried(
    fit: Fitted,
    column: int,
    refit: Callable[[int], Fitted],
    *,
    most: int = 3,
    level: float = 0.90,
) -> tuple[Carried, ...]:
    """The coefficient without each of the ``most`` customers with the largest pull on it.

    ``refit`` gives the same model without the customer at that position. The one without whom most
    of the coefficient goes comes first.
    """
    whole = float(fit.coefficients[column])
    found = []
    for customer in largest_pull(fit, column, most):
        without = refit(int(customer)).estimate(column, level=level)
        share = 1 - without.estimate / whole if whole else 0.0
        found.append(
            Carried(
                customer=int(customer),
                estimate=without.estimate,
                low=without.low,
                high=without.high,
                share=share,
            )
        )
    return tuple(sorted(found, key=lambda each: -each.share))


def would_have_to_go(fit: Fitted, column: int, *, level: float = 0.90) -> int | None:
    """How few customers, chosen against the finding, leave an interval that holds zero.

    0 if it holds zero already; None if no choice of up to half of the customers would do it. To
    first order: each customer moves the coefficient by its pull, and the width stays as it is.
    """
    each = fit.estimate(column, level=level)
    if each.low <= 0 <= each.high:
        return 0
    sign = 1.0 if each.low > 0 else -1.0
    margin = each.low if sign > 0 else -each.high
    against = np.sort(sign * fit.pull[:, column])[::-1]
    reached = np.flatnonzero(np.cumsum(np.maximum(against, 0.0)) >= margin)
    if not reached.size or reached[0] + 1 > fit.customers / 2:
        return None
    return int(reached[0]) + 1
