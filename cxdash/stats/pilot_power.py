"""What can a pilot of this size see, and how large would it have to be?

Said before it starts, so that nobody waits half a year for an answer that could not have come. For
shares the usual normal formula (pooled variance if nothing happens, own variances if something
does); for means of few units Student's t with its non-central twin, because six regions are not
six hundred customers. A plan with several looks pays for them with a higher bar.

Sources: J. Fleiss, B. Levin and M. Paik, Statistical Methods for Rates and Proportions (2003),
chapter 4; J. Cohen, Statistical Power Analysis (1988).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import nct
from scipy.stats import t as student

from cxdash.stats.estimate import z_of_power
from cxdash.stats.sequential import obrien_fleming

__all__ = ["Bar", "detectable_mean", "detectable_share", "needed_for_mean", "needed_for_share"]

_MOST: Final = 100_000_000  # customers beyond which no pilot goes
_SMALL: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Bar:
    """How sure a pilot has to be: two-sided chance of a false alarm, power, and number of looks.

    >>> round(Bar().at_look(1), 3)
    1.96
    """

    alpha: float = 0.05
    power: float = 0.80
    looks: int = 1

    def at_look(self, look: int) -> float:
        """The bar for |z| at that look, counted from 1 (O'Brien and Fleming)."""
        return obrien_fleming(self.looks, alpha=self.alpha)[look - 1]

    def alpha_at(self, look: int) -> float:
        """The two-sided level at that look alone."""
        if self.looks == 1:
            return self.alpha
        return float(2 * (1 - ndtr(self.at_look(look))))


def detectable_share(base: float, treated: int, control: int, bar: Bar) -> float | None:
    """The smallest fall from the share ``base`` that would be seen; None if not even a fall to 0.

    >>> round(detectable_share(0.10, 500, 500, Bar()) or 0, 3)
    0.047
    """
    if not (0 < base < 1 and treated > 0 and control > 0):
        return None
    z = bar.at_look(bar.looks)

    def spare(gap: float) -> float:
        return gap - _reach(base, gap, treated, control, z, bar.power)

    return float(brentq(spare, base * _SMALL, base)) if spare(base) > 0 else None


def needed_for_share(
    base: float, fall: float, bar: Bar, *, treated_share: float = 0.5
) -> int | None:
    """Customers in both groups together that would show a fall by ``fall``; None if none would."""
    if not (0 < base < 1 and 0 < fall <= base):
        return None
    z = bar.at_look(bar.looks)

    def seen(total: int) -> bool:
        treated = treated_share * total
        return fall >= _reach(base, fall, treated, total - treated, z, bar.power)

    return _first(seen)


def detectable_mean(spread: float, treated: int, control: int, bar: Bar) -> float | None:
    """The smallest difference of means that would be seen, in the unit of ``spread``.

    ``spread`` is the standard deviation of the outcome within a group, what is held equal taken
    out; ``treated`` and ``control`` count what was assigned: customers, or regions.
    """
    freedom = treated + control - 2
    if min(treated, control) < 1 or freedom < 1 or not spread > 0:
        return None
    scale = spread * math.sqrt(1 / treated + 1 / control)
    critical = float(student.isf(bar.alpha_at(bar.looks) / 2, freedom))

    def spare(shift: float) -> float:
        return float(nct.sf(critical, freedom, shift)) - bar.power

    return float(brentq(spare, 0.0, critical + 40.0)) * scale


def needed_for_mean(
    spread: float, effect: float, bar: Bar, *, treated_share: float = 0.5
) -> int | None:
    """How many in both groups together would show ``effect``."""
    if not (spread > 0 and effect > 0):
        return None
    reach = bar.at_look(bar.looks) + z_of_power(bar.power)
    parts = 1 / treated_share + 1 / (1 - treated_share)
    return math.ceil(parts * (reach * spread / effect) ** 2)


def _reach(
    base: float, gap: float, treated: float, control: float, z: float, power: float
) -> float:
    """The difference a pilot of that size is sure of, if the shares are ``base`` and ``gap`` less.

    The side on which the effect is not looked for adds nothing to the power worth counting.
    """
    less = max(base - gap, 0.0)
    middle = (control * base + treated * less) / (treated + control)
    null = math.sqrt(middle * (1 - middle) * (1 / treated + 1 / control))
    own = math.sqrt(less * (1 - less) / treated + base * (1 - base) / control)
    return z * null + z_of_power(power) * own


def _first(seen: Callable[[int], bool]) -> int | None:
    """The least number, even, for which it is seen."""
    high = 4
    while not seen(high):
        high *= 2
        if high > _MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high
