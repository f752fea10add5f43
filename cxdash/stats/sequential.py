"""How often may a running pilot be looked at, and what does each look cost?

Looking at 1.96 again and again finds something in pure noise. A plan with a fixed number of looks,
evenly spaced, needs a higher bar: Pocock's is the same at each look, O'Brien and Fleming's is high
at first and near the usual one at the end. The chance of crossing a bar is found by passing the
density of the running sum from look to look.

Sources: P. Armitage, C. McPherson and B. Rowe, JRSS A 132 (1969); S. Pocock, Biometrika 64 (1977);
P. O'Brien and T. Fleming, Biometrics 35 (1979); C. Jennison and B. Turnbull, Group Sequential
Methods (2000), tables 2.1 and 2.3 and chapter 19.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

__all__ = ["crossing", "obrien_fleming", "peeking", "pocock"]

Vector = NDArray[np.float64]
MOST_LOOKS: Final = 100
_NODES: Final = 96


def crossing(bounds: Sequence[float]) -> float:
    """Chance that |z| exceeds its bound at some look though nothing happens.

    ``bounds`` holds the bar for |z| at each of evenly spaced looks.

    >>> round(crossing([1.959964] * 2), 3)
    0.083
    """
    bars = [float(bar) for bar in bounds]
    if not 1 <= len(bars) <= MOST_LOOKS or not all(bar > 0 and math.isfinite(bar) for bar in bars):
        raise ValueError(f"needs 1 to {MOST_LOOKS} bounds above 0")
    unit, own = np.polynomial.legendre.leggauss(_NODES)
    # The running sum has variance k after k looks; the bar for it is bound × √k.
    nodes, inside = np.zeros(1), np.ones(1)
    for look, bar in enumerate(bars[:-1], start=1):
        reach = bar * math.sqrt(look)
        following = unit * reach
        steps = following[:, None] - nodes[None, :]
        density = np.exp(-(steps**2) / 2) @ inside / math.sqrt(2 * math.pi)
        nodes, inside = following, density * own * reach
    last = bars[-1] * math.sqrt(len(bars))
    return 1 - float((ndtr(last - nodes) - ndtr(-last - nodes)) @ inside)


def pocock(looks: int, *, alpha: float = 0.05) -> float:
    """The bar for |z| that is the same at every one of ``looks`` looks.

    >>> round(pocock(5), 3)
    2.413
    """
    return _solved(looks, alpha, lambda constant: [constant] * looks)


def obrien_fleming(looks: int, *, alpha: float = 0.05) -> tuple[float, ...]:
    """The bars for |z| at each look, falling towards the last.

    >>> round(obrien_fleming(5)[-1], 3)
    2.04
    """

    def bars(constant: float) -> list[float]:
        return [constant * math.sqrt(looks / look) for look in range(1, looks + 1)]

    return tuple(bars(_solved(looks, alpha, bars)))


def peeking(looks: int, *, alpha: float = 0.05) -> float:
    """Chance of a false alarm when the usual bar is used at each of ``looks`` looks.

    >>> round(peeking(5), 3)
    0.142
    """
    usual = _solved(1, alpha, lambda constant: [constant])
    return crossing([usual] * looks)


def _solved(looks: int, alpha: float, bars: Callable[[float], list[float]]) -> float:
    if not 0 < alpha < 1:
        raise ValueError(f"a chance of a false alarm lies between 0 and 1, got {alpha}")
    if not 1 <= looks <= MOST_LOOKS:
        raise ValueError(f"a plan has 1 to {MOST_LOOKS} looks, got {looks}")
    return float(brentq(lambda constant: crossing(bars(constant)) - alpha, 0.05, 10.0, xtol=1e-8))
