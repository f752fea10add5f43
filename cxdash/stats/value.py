"""Money: what a customer is worth and costs, what may be lost, what an investment returns.

Amounts are in one currency, which the caller keeps. Rates are per period of the amounts.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from cxdash.stats.estimate import Estimate, finite
from cxdash.stats.scores import mean_score

__all__ = [
    "cost_of_waiting",
    "cost_per_contact",
    "cost_to_serve",
    "customer_value",
    "customer_value_range",
    "expected_loss",
    "internal_rate_of_return",
    "loss_not_exceeded",
    "net_present_value",
    "payback",
    "present_values",
    "return_on_investment",
    "revenue_at_risk_by_flag",
    "revenue_at_risk_by_rate",
]

FirstMargin = Literal["end", "now"]


def customer_value(
    margin: float,
    retention: float,
    discount: float,
    *,
    first_margin: FirstMargin = "end",
    acquisition_cost: float = 0.0,
) -> float:
    """Discounted margin of a customer kept each period with probability ``retention``, for ever.

    ``end``: the first margin comes at the end of the first period and is already at risk,
    m·r / (1 + i − r). ``now``: the first margin is in hand, m·(1 + i) / (1 + i − r).

    >>> round(customer_value(1.0, 0.8, 0.1), 3)
    2.667
    """
    if not 0 <= retention <= 1 or discount < 0 or 1 + discount <= retention:
        raise ValueError(
            f"needs a retention in 0 to 1 and a discount that keeps the sum finite, got "
            f"{retention} and {discount}"
        )
    first = retention if first_margin == "end" else 1 + discount
    return margin * first / (1 + discount - retention) - acquisition_cost


def customer_value_range(
    margin: float,
    retention: Estimate,
    discount: float,
    *,
    first_margin: FirstMargin = "end",
    acquisition_cost: float = 0.0,
) -> Estimate:
    """Customer value with the interval that follows from the retention's interval.

    The value rises with retention, so the ends map to the ends. ``margin`` is taken as known.
    """
    if margin < 0:
        raise ValueError(f"the margin is not negative, got {margin}")

    def at(rate: float) -> float:
        return customer_value(
            margin, rate, discount, first_margin=first_margin, acquisition_cost=acquisition_cost
        )

    return Estimate(
        estimate=at(retention.estimate),
        low=at(retention.low),
        high=at(retention.high),
        n=retention.n,
        level=retention.level,
    )


def cost_per_contact(total_cost: float, contacts: int) -> float:
    """The whole cost of running the service over the number of contacts it handled."""
    if contacts < 1 or total_cost < 0:
        raise ValueError(f"needs a cost and at least one contact, got {total_cost}, {contacts}")
    return total_cost / contacts


def cost_to_serve(direct: ArrayLike, allocated: ArrayLike, *, level: float = 0.90) -> Estimate:
    """Average cost of serving a customer: direct plus allocated cost, one entry a customer.

    How cost is allocated is an assumption; state it beside the figure.
    """
    own, shared = finite(direct, "direct cost"), finite(allocated, "allocated cost")
    if own.size != shared.size:
        raise ValueError(f"cost to serve: {own.size} direct but {shared.size} allocated costs")
    return mean_score(own + shared, level=level, step=0.0)


def revenue_at_risk_by_rate(
    monthly_revenue: float, monthly_churn: float, months: int = 12
) -> float:
    """Monthly revenue × monthly revenue churn × months.

    One average rate for everyone: it tends to overstate, and cannot say who is in danger. Kept for
    comparison with tools that use it.
    """
    if not 0 <= monthly_churn <= 1:
        raise ValueError(f"a churn rate lies between 0 and 1, got {monthly_churn}")
    return monthly_revenue * monthly_churn * months


def revenue_at_risk_by_flag(revenue: ArrayLike, flagged: ArrayLike) -> float:
    """Revenue of the customers a rule has flagged, in full. The rule belongs beside the figure."""
    amounts, flags = finite(revenue, "revenue"), np.asarray(flagged, dtype=bool).ravel()
    if amounts.size != flags.size:
        raise ValueError(f"revenue at risk: {amounts.size} amounts but {flags.size} flags")
    return float(amounts[flags].sum())


def expected_loss(probabilities: ArrayLike, revenue: ArrayLike) -> float:
    """Revenue at stake: sum of p_i × revenue_i, one entry a customer.

    ``revenue`` is what each would pay over the horizon; someone who leaves counts in full. For the
    range that also holds the doubt about the probabilities: :mod:`cxdash.stats.stake`.
    """
    chances, amounts = _chances(probabilities, revenue)
    return float(chances @ amounts)


def loss_not_exceeded(
    probabilities: ArrayLike,
    revenue: ArrayLike,
    *,
    confidence: float = 0.90,
    draws: int = 2_000,
    seed: int = 0,
) -> float:
    """The loss that is not exceeded with probability ``confidence``, by simulation.

    Customers leave independently with the given probabilities, which are taken as known.
    """
    chances, amounts = _chances(probabilities, revenue)
    rng = np.random.default_rng(seed)
    losses = [amounts[rng.random(amounts.size) < chances].sum() for _ in range(draws)]
    return float(np.quantile(losses, confidence))


def return_on_investment(benefits: float, costs: float) -> float:
    """(benefits − costs) / costs, as a ratio: 3.287 means 328.7 %."""
    if costs <= 0:
        raise ValueError(f"return on investment needs a cost above 0, got {costs}")
    return (benefits - costs) / costs


def present_values(flows: ArrayLike, rate: float) -> NDArray[np.float64]:
    """Each flow discounted to now; the first flow is now, the next one period later."""
    if rate <= -1:
        raise ValueError(f"a discount rate lies above −1, got {rate}")
    amounts = finite(flows, "flows")
    return np.asarray(amounts / (1 + rate) ** np.arange(amounts.size))


def net_present_value(flows: ArrayLike, rate: float) -> float:
    """Sum of net flows discounted to now; the first flow is now and is not discounted.

    >>> round(net_present_value([-40_000, 5_000, 8_000, 12_000, 30_000], 0.08), 2)
    3065.22
    """
    return float(present_values(flows, rate).sum())


def internal_rate_of_return(flows: ArrayLike) -> float | None:
    """The rate at which the flows are worth nothing today; None where there is none above −1.

    The first flow is now. With one change of sign in the flows the rate is unique.

    Raises
    ------
    ValueError
        If the flows change their sign more than once: several rates may fit, and none of them
        ranks an investment. Use the net present value.

    >>> round(internal_rate_of_return([-100, 39, 59, 55, 20]), 5)
    0.28095
    """
    amounts = finite(flows, "flows", at_least=2)
    signs = np.sign(amounts[amounts != 0])
    changes = int((np.diff(signs) != 0).sum())
    if changes > 1:
        raise ValueError("the flows change their sign more than once, so no one rate is theirs")
    if changes == 0:
        return None
    # In powers of 1/(1 + rate) the sum is monotone where it crosses zero.
    discount = np.arange(amounts.size)
    highest = 1.0
    first = amounts[np.flatnonzero(amounts)[0]]
    while float(amounts @ highest**discount) * first > 0:
        highest *= 2
    root = brentq(lambda v: float(amounts @ v**discount), 1e-12, highest, xtol=1e-15, rtol=1e-15)
    return float(1 / root - 1)


def payback(flows: ArrayLike, *, rate: float = 0.0) -> float | None:
    """Periods until the summed net flow first comes back to zero; None if it never does.

    The first flow is now; each later flow comes evenly through its period. A ``rate`` above zero
    gives the discounted payback. Where no money is ever out it is 0; before the first money moves
    nothing has come back. The sum is never assumed to stay above zero afterwards.
    """
    amounts = present_values(flows, rate)
    moved = np.flatnonzero(amounts)
    if not moved.size or amounts[moved[0]] > 0:
        return 0.0
    total = float(amounts[0])
    for period, amount in enumerate(amounts[1:]):
        if total == 0 and amount <= 0:  # the first money goes out later
            total += float(amount)
            continue
        if total + amount >= 0 and not math.isclose(amount, 0.0):
            return period + -total / float(amount)
        total += float(amount)
    return None


def cost_of_waiting(excess: float, months: int) -> float:
    """Expected loss beyond the unavoidable over so many months, by the month.

    >>> cost_of_waiting(60_000.0, 6)
    10000.0
    """
    if months < 1:
        raise ValueError(f"a horizon has at least one month, got {months}")
    return excess / months


def _chances(
    probabilities: ArrayLike, revenue: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    chances, amounts = finite(probabilities, "probabilities"), finite(revenue, "revenue")
    if chances.size != amounts.size:
        raise ValueError(f"at stake: {chances.size} probabilities but {amounts.size} revenues")
    if chances.min() < 0 or chances.max() > 1:
        raise ValueError("at stake: probabilities lie between 0 and 1")
    return chances, amounts
