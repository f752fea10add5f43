"""What is it worth to know more before deciding?

A decision compares a value that is known within a range with what else could be had. Knowing more
is worth what the better of the two brings on average once it is known, less what today's choice
brings. A trial of limited size tells a part only: before it is run, the estimate it will leave
behind is spread less widely than the value itself.

Sources: H. Raiffa and R. Schlaifer, Applied Statistical Decision Theory (1961), chapter 5, for the
normal case in closed form; A. R. Willan and E. M. Pinto, Statistics in Medicine 24 (2005), for
trials.
"""

import math
from dataclasses import dataclass

from scipy.stats import norm

__all__ = ["Knowing", "worth_of_knowing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """``worth`` of the knowledge, in the unit of the value; ``changes`` is the chance (0 to 1) that
    today's choice turns out to be the other one.
    """

    worth: float
    changes: float


def worth_of_knowing(
    mean: float, spread: float, instead: float, *, error: float = 0.0, chosen: bool | None = None
) -> Knowing:
    """What a trial of the value is worth, before it is run.

    Parameters
    ----------
    mean, spread
        What is believed of the value today: mean and standard deviation.
    instead
        What the best choice without it brings, in the same unit.
    error
        Standard error of the trial; 0: it would tell the value exactly (perfect information).
    chosen
        Whether it is chosen today. None: whenever its mean is above ``instead``.

    >>> round(worth_of_knowing(0, 1, 0).worth, 4)
    0.3989
    >>> worth_of_knowing(0, 1, 0, error=1).worth < worth_of_knowing(0, 1, 0).worth
    True

    Raises
    ------
    ValueError
        A spread or an error is negative.
    """
    if spread < 0 or error < 0:
        raise ValueError("a spread and an error are not negative")
    held = mean > instead if chosen is None else chosen
    now = mean if held else instead
    if not spread:
        return Knowing(worth=max(mean, instead) - now, changes=float(held != (mean > instead)))
    # The spread of what will be believed after the trial.
    later = spread**2 / math.hypot(spread, error)
    apart = (mean - instead) / later
    best = instead + later * float(norm.pdf(apart) + apart * norm.cdf(apart))
    above = float(norm.cdf(apart))
    return Knowing(worth=max(0.0, best - now), changes=1 - above if held else above)
