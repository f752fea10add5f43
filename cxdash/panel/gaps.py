"""How long does a customer without a contract usually wait before buying again?

Who buys a coffee a day and is not seen for a month has gone; who buys a mattress has not. So how
long nothing may be bought before a customer counts as gone follows from the purchases themselves.
Waits that are not over yet are unknown, so a history shorter than the usual wait understates it.
"""

from collections.abc import Iterable
from math import ceil
from typing import Any, Final

from cxdash.panel.relations import relation

__all__ = ["gap_of", "usual_gap", "whole_months"]

USUAL: Final = 0.9  # so large a share of waits is no longer
FEWEST: Final = 30  # customers who bought again; with fewer the rule of thumb stays
#: What a customer pays a month is a mean over the year before, and no question looks further ahead.
MOST_MONTHS: Final = 12
_SHORTEST_MONTH: Final = 28  # days


def gap_of(counted: Iterable[tuple[int, float]]) -> int | None:
    """Days that nine of ten waits between two purchases do not exceed.

    ``counted`` holds waits in days and the customers they stand for; None with fewer than thirty
    customers in all.

    >>> gap_of([(7, 36.0), (90, 4.0)])
    7
    """
    waits = sorted((int(days), float(customers)) for days, customers in counted)
    everybody = sum(customers for _, customers in waits)
    if round(everybody) < FEWEST:
        return None
    so_far = 0.0
    for days, customers in waits:
        so_far += customers
        if so_far >= USUAL * everybody - 1e-9:  # shares of a third add up to just under one
            return days
    raise AssertionError("the shares of all waits are everybody")


def whole_months(days: int) -> int:
    """Months that hold a wait of so many days, however short they are; from 1 to 12."""
    return min(max(ceil(days / _SHORTEST_MONTH), 1), MOST_MONTHS)


def usual_gap(cur: Any) -> int | None:
    """From the purchases of the panel that is being built, in days."""
    return gap_of(cur.execute(relation("gaps")).fetchall())
