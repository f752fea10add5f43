"""What a customer with a contract will pay: money a month for as long as he stays, discounted.

Staying has the same chance every month, learned from how many left over whole periods. Both what
customers pay today and how many left are drawn by customer, so the range holds both doubts. Where
groups of customers stay differently long, the mean of all is the sum of the groups' means, each
weighted by its customers of today: one chance of leaving for all would let many small customers who
leave shorten the time of a few large ones who stay.

Source: the usual sum m·r / (1 + i − r) (S. Gupta and D. Lehmann, Journal of Interactive Marketing
17, 2003), its spread by the delta method on the logarithm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import Estimate, z_of_level
from cxdash.stats.value import customer_value

__all__ = ["Alike", "lasting_value", "lasting_value_of_all"]

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Alike:
    """Customers who are taken to stay equally long.

    Parameters
    ----------
    paid, payer
        Shape (customers today,): money a month, and the customer's code.
    left, leaver
        Shape (looks,): whether a customer followed for a period left, and the customer's code.
    """

    paid: Vector
    payer: Codes
    left: NDArray[np.bool_]
    leaver: Codes


def lasting_value(
    alike: Alike, *, months: int, discount: float, level: float = 0.90
) -> Estimate | None:
    """Mean of what a customer of today will pay, in the currency of ``paid``.

    Parameters
    ----------
    months
        Length of the period over which customers were followed.
    discount
        Rate of a year, as 0.10.

    Returns
    -------
    None when nobody left (how long they stay is then unknown), everybody left, or nobody pays.
    """
    return lasting_value_of_all([alike], months=months, discount=discount, level=level)


def lasting_value_of_all(
    groups: Sequence[Alike], *, months: int, discount: float, level: float = 0.90
) -> Estimate | None:
    """The same over groups that stay differently long: sum of n·value / sum of n.

    How many customers of today each group has is drawn with the customers, like all else.

    Returns
    -------
    None when the value of any group is not known, or there is none.
    """
    everybody = 1 + max(
        (int(codes.max()) for one in groups for codes in (one.payer, one.leaver) if codes.size),
        default=0,
    )
    told = [_told(one, months, discount, everybody) for one in groups]
    known = [each for each in told if each is not None]
    if not known or len(known) < len(told):
        return None
    customers = sum(one.paid.size for one in groups)
    value = sum(one.paid.size * mean for one, (mean, _) in zip(groups, known, strict=True))
    value /= customers
    # Change of the logarithm of the value with each customer drawn once more.
    pull = np.zeros(everybody)
    for one, (mean, own) in zip(groups, known, strict=True):
        pull += one.paid.size * mean / (customers * value) * own
        pull += np.bincount(one.payer, minlength=everybody) * (mean - value) / (customers * value)
    half = z_of_level(level) * float(np.sqrt(np.square(pull).sum()))
    return Estimate(
        estimate=value,
        low=value * float(np.exp(-half)),
        high=value * float(np.exp(half)),
        n=customers,
        level=level,
    )


def _told(
    alike: Alike, months: int, discount: float, everybody: int
) -> tuple[float, Vector] | None:
    """A group's value, and by how much each customer pulls its logarithm, shape (everybody,)."""
    paid, left = alike.paid, alike.left
    mean, gone = float(paid.mean()) if paid.size else 0.0, float(left.mean()) if left.size else 0.0
    if not mean > 0 or not 0 < gone < 1:
        return None
    stay = (1 - gone) ** (1 / months)
    monthly = (1 + discount) ** (1 / 12) - 1
    # Change of the logarithm of the value for a change of the share that left.
    slope = -(1 / stay + 1 / (1 + monthly - stay)) * stay / (1 - gone) / months
    pull = np.bincount(
        alike.payer, weights=(paid - mean) / (paid.size * mean), minlength=everybody
    ) + slope * np.bincount(alike.leaver, weights=(left - gone) / left.size, minlength=everybody)
    return customer_value(mean, stay, monthly), pull
