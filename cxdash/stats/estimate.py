"""What every estimator returns: an estimate with its interval, and the arrays it may be given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = ["Difference", "Estimate", "Numbers", "finite", "p_of_z", "z_of_level", "z_of_power"]

Numbers = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate with the interval that holds the true value with probability ``level``.

    ``n`` counts the observations. The unit is that of the function that returned it.
    """

    estimate: float
    low: float
    high: float
    n: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """First minus second, with its interval and the p-value of "there is no difference".

    The interval excludes zero exactly when ``p_value`` is below 1 − ``level``. ``n_first`` and
    ``n_second`` count the observations of each group; they are equal when ``paired``.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    n_first: int
    n_second: int
    level: float
    paired: bool = False

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


def finite(values: ArrayLike, what: str, *, at_least: int = 1) -> NDArray[np.float64]:
    """The values as a flat float array.

    Raises
    ------
    ValueError
        If there are fewer than ``at_least`` values, or one is missing or infinite: missing answers
        are left out by the caller, on purpose and counted, never here in silence.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    if array.size < at_least:
        raise ValueError(f"{what}: needs at least {at_least} values, got {array.size}")
    if not np.isfinite(array).all():
        raise ValueError(f"{what}: a value is missing or infinite")
    return array


def z_of_level(level: float) -> float:
    """Standard normal quantile of a two-sided interval: 1.645 for 0.90, 1.960 for 0.95."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}")
    return float(ndtri((1 + level) / 2))


def z_of_power(power: float) -> float:
    """Standard normal quantile of a power: 0.842 for 0.80."""
    if not 0 < power < 1:
        raise ValueError(f"a power lies between 0 and 1, got {power}")
    return float(ndtri(power))


def p_of_z(z: float) -> float:
    """Two-sided p-value of a standard normal deviate."""
    return float(2 * ndtr(-abs(z)))
