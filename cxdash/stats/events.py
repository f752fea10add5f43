"""How many leavers does a model need? Too few, and it learns their names instead of their reasons.

A risk model fitted on few events is too bold on later data: it shrinks. The number needed follows
from how much shrinkage one accepts and how much the model explains.

Source: R. D. Riley et al., Statistics in Medicine 38 (2019), criterion (i): expected shrinkage of
at least 0.9, assuming, where nothing better is known, that the model explains 15 % of what could be
explained.
"""

import math
from typing import Final

__all__ = ["events_needed"]

SHRINKAGE: Final = 0.9
EXPLAINED: Final = 0.15
FEWEST: Final = 10  # below this no interval of a rate is of use either


def events_needed(
    parameters: int, rate: float, *, shrinkage: float = SHRINKAGE, explained: float = EXPLAINED
) -> int:
    """Events (customers who left) needed to fit ``parameters`` at an event share of ``rate``.

    Parameters
    ----------
    parameters
        Predictor columns, the intercept not counted; at least 1.
    rate
        Share of rows with an event, between 0 and 1.
    shrinkage
        Smallest calibration slope expected on new data, 0 to 1.
    explained
        Share of the largest possible R² (Cox and Snell) that the model is assumed to explain.

    Raises
    ------
    ValueError
        A share does not lie between 0 and 1, or there is no parameter.
    """
    if parameters < 1:
        raise ValueError(f"a model has at least one parameter, got {parameters}")
    for name, value in (("rate", rate), ("shrinkage", shrinkage), ("explained", explained)):
        if not 0 < value < 1:
            raise ValueError(f"{name} lies between 0 and 1, got {value}")
    none = rate * math.log(rate) + (1 - rate) * math.log1p(-rate)  # log likelihood a row
    largest = 1 - math.exp(2 * none)
    rows = parameters / ((shrinkage - 1) * math.log1p(-explained * largest / shrinkage))
    return max(FEWEST, math.ceil(rows * rate))
