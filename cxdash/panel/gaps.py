"""How long does a customer without a contract usually wait before buying again?

Who buys a coffee a day and is not seen for a month has gone; who buys a mattress has not. So how
long nothing may be bought before a customer counts as gone follows from the purchases themselves.
Waits that are not over yet are unknown, so a history shorter than the usual wait understates it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Self

from cxdash.panel.relations import relation

__all__ = ["DAYS_A_MONTH", "UsualGap", "usual_gap"]

DAYS_A_MONTH: Final = 365.25 / 12
USUAL: Final = 0.9  # so large a share of waits is no longer
MOST_MONTHS: Final = 24
FEWEST: Final = 30  # customers who bought again; with fewer the rule of thumb stays


@dataclass(frozen=True, slots=True)
class UsualGap:
    """Nine of ten waits between two purchases are at most ``days`` long.

    ``customers`` bought on at least two days; each counts once, however often they buy.
    """

    days: int
    customers: int

    @classmethod
    def of(cls, counted: Iterable[tuple[int, float]]) -> Self | None:
        """From waits in days and the customers they stand for; None with fewer than thirty.

        >>> UsualGap.of([(7, 36.0), (90, 4.0)])
        UsualGap(days=7, customers=40)
        """
        waits = sorted((int(days), float(customers)) for days, customers in counted)
        everybody = sum(customers for _, customers in waits)
        if round(everybody) < FEWEST:
            return None
        so_far = 0.0
        for days, customers in waits:
            so_far += customers
            if so_far >= USUAL * everybody - 1e-9:  # shares of a third add up to just under one
                return cls(days, round(everybody))
        raise AssertionError("the shares of all waits are everybody")

    @property
    def months(self) -> int:
        """Whole months that hold the wait, from 1 to 24."""
        return min(max(ceil(self.days / DAYS_A_MONTH), 1), MOST_MONTHS)


def usual_gap(cur: Any) -> UsualGap | None:
    """From the purchases of the panel that is being built; None with too few second purchases."""
    return UsualGap.of(cur.execute(relation("gaps")).fetchall())
