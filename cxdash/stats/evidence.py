"""Figures about figures: effective number of answers, design effect, E-value."""

import math

import numpy as np
from numpy.typing import ArrayLike

from cxdash.stats.estimate import finite

__all__ = ["design_effect", "e_value", "effective_answers"]


def effective_answers(weights: ArrayLike) -> float:
    """How many equally weighted answers the weighted ones are worth: (Σw)² / Σw² (L. Kish, 1965).

    Ignores clusters and strata.
    """
    weight = finite(weights, "weights")
    if weight.min() < 0 or weight.max() <= 0:
        raise ValueError("weights are not negative and not all zero")
    return float(weight.sum() ** 2 / np.square(weight).sum())


def design_effect(weights: ArrayLike) -> float:
    """How much the weights inflate the variance: 1 + squared coefficient of variation."""
    return finite(weights, "weights").size / effective_answers(weights)


def e_value(risk_ratio: float) -> float:
    """How strong an unmeasured cause would have to be, as a risk ratio with both sides, to explain
    the whole association (VanderWeele and Ding, 2017).

    >>> round(e_value(3.9), 3)
    7.263
    """
    if not risk_ratio > 0:
        raise ValueError(f"a risk ratio lies above 0, got {risk_ratio}")
    ratio = max(risk_ratio, 1 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))
