"""What the silent could change: bounds that assume nothing, and the point at which a verdict tips.

Both are arithmetic, not estimates: with the answers of some customers known and those of the others
anywhere on the scale, the average of all lies between two numbers, and one can say what the others
would have to think for it to cross a line.
"""

from dataclasses import dataclass

__all__ = ["Bounds", "Tipping", "mean_bounds", "tipping_point"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where the average of all customers lies whatever the silent think, in the answers' unit."""

    low: float
    high: float
    answered: int
    customers: int

    @property
    def silent_share(self) -> float:
        """Share of customers who did not answer, 0 to 1."""
        return 1 - self.answered / self.customers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipping:
    """What the silent would have to average for the average of all to reach ``line``.

    ``silent`` is None when nobody is silent. ``possible`` is False when it lies off the scale, so
    that nothing the silent could think moves the average of all across the line.
    """

    line: float
    silent: float | None
    possible: bool


def mean_bounds(
    mean: float, answered: int, customers: int, *, lowest: float, highest: float
) -> Bounds:
    """Bounds of the average of all customers that assume nothing about who answers.

    With a share s answered: s × mean + (1 − s) × lowest to s × mean + (1 − s) × highest. For NPS
    the scale runs from −100 to 100, for a share from 0 to 1.

    Source: C. F. Manski, Journal of Human Resources 24 (1989).

    Raises
    ------
    ValueError
        The counts or the scale do not fit together.

    >>> found = mean_bounds(9.6, 191, 1000, lowest=-100, highest=100)
    >>> round(found.low), round(found.high)
    (-79, 83)
    """
    _check(mean, answered, customers, lowest, highest)
    heard = answered / customers
    return Bounds(
        low=heard * mean + (1 - heard) * lowest,
        high=heard * mean + (1 - heard) * highest,
        answered=answered,
        customers=customers,
    )


def tipping_point(
    mean: float, answered: int, customers: int, *, line: float, lowest: float, highest: float
) -> Tipping:
    """What the silent would have to average to bring the average of all to ``line``.

    Closed form: (line − s × mean) / (1 − s) with a share s answered.

    Raises
    ------
    ValueError
        The counts or the scale do not fit together.

    >>> round(tipping_point(9.6, 191, 1000, line=0, lowest=-100, highest=100).silent, 2)
    -2.27
    """
    _check(mean, answered, customers, lowest, highest)
    heard = answered / customers
    if answered == customers:
        return Tipping(line=line, silent=None, possible=False)
    silent = (line - heard * mean) / (1 - heard)
    return Tipping(line=line, silent=silent, possible=lowest <= silent <= highest)


def _check(mean: float, answered: int, customers: int, lowest: float, highest: float) -> None:
    if not 0 < answered <= customers:
        raise ValueError(f"1 to all customers answered, got {answered} of {customers}")
    if not lowest <= mean <= highest:
        raise ValueError(f"an average lies on its scale {lowest} to {highest}, got {mean}")
