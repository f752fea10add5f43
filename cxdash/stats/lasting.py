"""What a customer with a contract is worth: money a month for as long as he stays, discounted.

Staying has the same chance every month, learned from how many left over whole periods. Both what
customers pay today and how many left are drawn by customer, so the range holds both doubts.

Source: the usual sum m·r / (1 + i − r) (S. Gupta and D. Lehmann, Journal of Interactive Marketing
17, 2003), its spread by the delta method on the logarithm.
"""

import numpy as np
from numpy.typing import NDArray

from cxdash.stats.estimate import Estimate, z_of_level
from cxdash.stats.value import customer_value

__all__ = ["lasting_value"]

Vector = NDArray[np.float64]
Codes = NDArray[np.int64]


def lasting_value(
    paid: Vector,
    payer: Codes,
    left: NDArray[np.bool_],
    leaver: Codes,
    *,
    months: int,
    discount: float,
    level: float = 0.90,
) -> Estimate | None:
    """Mean value of a customer of today, in the currency of ``paid``.

    Parameters
    ----------
    paid, payer
        Shape (customers today,): money a month, and the customer's code.
    left, leaver
        Shape (looks,): whether a customer followed for ``months`` left, and the customer's code.
    discount
        Rate of a year, as 0.10.

    Returns
    -------
    None when nobody left (how long they stay is then unknown), everybody left, or nobody pays.
    """
    mean, gone = float(paid.mean()) if paid.size else 0.0, float(left.mean()) if left.size else 0.0
    if not mean > 0 or not 0 < gone < 1:
        return None
    stay = (1 - gone) ** (1 / months)
    monthly = (1 + discount) ** (1 / 12) - 1
    value = customer_value(mean, stay, monthly)
    # Change of the logarithm of the value for a change of the share that left.
    slope = -(1 / stay + 1 / (1 + monthly - stay)) * stay / (1 - gone) / months
    everybody = int(max(payer.max(), leaver.max())) + 1
    pull = np.bincount(payer, weights=(paid - mean) / (paid.size * mean), minlength=everybody)
    pull += slope * np.bincount(leaver, weights=(left - gone) / left.size, minlength=everybody)
    half = z_of_level(level) * float(np.sqrt(np.square(pull).sum()))
    return Estimate(
        estimate=value,
        low=value * float(np.exp(-half)),
        high=value * float(np.exp(half)),
        n=paid.size,
        level=level,
    )
