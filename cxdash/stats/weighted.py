"""Averages of weighted answers, with intervals that know what the weights were made of.

Two intervals are offered. :func:`weighted_mean` takes the weights as given. :func:`adjusted_mean`
knows that they are one over an estimated chance of answering, and that the customers are a fixed
list: what is known of everybody explains part of the spread of the answers, and whoever was nearly
sure to answer adds no doubt. Both linearise the ratio (Taylor); neither draws anything.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from cxdash.stats.estimate import Difference, Estimate, finite, p_of_z, z_of_level
from cxdash.stats.evidence import effective_answers
from cxdash.stats.response import ResponseModel
from cxdash.stats.weighting import SMALLEST_CHANCE, inverse_propensity

__all__ = ["adjusted_mean", "weighted_difference", "weighted_mean"]

Vector = NDArray[np.float64]


def weighted_mean(
    values: ArrayLike, weights: ArrayLike, *, level: float = 0.90, step: float = 1.0
) -> Estimate:
    """Weighted average with the linearised standard error of a ratio and Student's quantile.

    Error: √(n/(n−1) Σ w² (y − ȳ)²) / Σ w, with the effective number of answers less one as degrees
    of freedom. For NPS pass ±100 and 0, for a satisfied share 0 and 1. ``step`` as in
    :func:`mean_score`: the spread is never taken to be less than if one further answer lay one step
    away.

    Source: C.-E. Särndal, B. Swensson and J. Wretman, Model Assisted Survey Sampling (1992), 5.7.

    Raises
    ------
    ValueError
        Fewer than two answers, other lengths, or a weight that is not above zero.

    >>> weighted_mean([0, 1, 1, 1], [3, 1, 1, 1]).estimate
    0.5
    """
    answers, weight = _pair(values, weights)
    mean, error = _ratio(answers, weight)
    error = max(error, _least(weight, step))
    return _interval(mean, error, weight, level)


def weighted_difference(
    first: ArrayLike,
    first_weights: ArrayLike,
    second: ArrayLike,
    second_weights: ArrayLike,
    *,
    level: float = 0.90,
) -> Difference:
    """Weighted average of the first group minus that of the second, for two different groups.

    Errors as in :func:`weighted_mean`, normal interval. With one over the chance of being in the
    group as weights this is the marginal structural comparison of two groups.

    Source: J. M. Robins, M. A. Hernán and B. Brumback, Epidemiology 11 (2000).
    """
    one, one_weight = _pair(first, first_weights)
    other, other_weight = _pair(second, second_weights)
    mean_one, error_one = _ratio(one, one_weight)
    mean_other, error_other = _ratio(other, other_weight)
    error = math.hypot(error_one, error_other)
    if not error > 0:
        raise ValueError("a difference needs a standard error above zero")
    gap, half = mean_one - mean_other, z_of_level(level) * error
    return Difference(
        estimate=gap,
        low=gap - half,
        high=gap + half,
        p_value=p_of_z(gap / error),
        n_first=one.size,
        n_second=other.size,
        level=level,
    )


def adjusted_mean(
    values: ArrayLike,
    model: ResponseModel,
    *,
    level: float = 0.90,
    step: float = 1.0,
    smallest: float = SMALLEST_CHANCE,
) -> Estimate:
    """Average of a fixed list of customers, estimated from those who answered.

    Each answer is weighted by one over its estimated chance p. The error is that of the residuals
    (y − ȳ)/p − x'γ, where γ is fitted with weights 1 − p: √(n/(n−k) Σ (1 − p) residual²) / Σ 1/p.
    So the chances count as estimated (which makes the interval narrower, not wider), and the range
    speaks of these customers, not of others like them.

    Source: J. K. Kim and J. J. Kim, Canadian Journal of Statistics 35 (2007).

    Parameters
    ----------
    values
        What those who answered said, in the order of the model's rows, shape (answers,).
    step
        As in :func:`weighted_mean`.

    Raises
    ------
    ValueError
        Not as many values as customers who answered, or no more answers than coefficients.
    """
    answers = finite(values, "answers", at_least=2)
    here = model.answered
    if answers.size != int(here.sum()):
        raise ValueError(f"{answers.size} answers, but the model knows {int(here.sum())}")
    design = model.design[here]
    free = answers.size - design.shape[1]
    if free < 1:
        raise ValueError(f"{answers.size} answers cannot carry {design.shape[1]} coefficients")
    weight = inverse_propensity(model.chance[here], smallest=smallest).weights
    mean = float(weight @ answers / weight.sum())
    silent = 1 - 1 / weight
    pull = (answers - mean) * weight
    root = np.sqrt(silent)[:, None]
    slopes = np.linalg.lstsq(root * design, root[:, 0] * pull, rcond=None)[0]
    left = pull - design @ slopes
    spread = answers.size / free * float(silent @ np.square(left))
    error = max(math.sqrt(spread) / float(weight.sum()), _least(weight, step))
    return _interval(mean, error, weight, level)


def _pair(values: ArrayLike, weights: ArrayLike) -> tuple[Vector, Vector]:
    answers = finite(values, "weighted average", at_least=2)
    weight = finite(weights, "weights", at_least=2)
    if answers.size != weight.size or weight.min() <= 0:
        raise ValueError("every answer needs a weight above zero")
    return answers, weight


def _ratio(answers: Vector, weight: Vector) -> tuple[float, float]:
    """Weighted mean and its linearised standard error."""
    mean = float(weight @ answers / weight.sum())
    n = answers.size
    spread = n / (n - 1) * float(np.square(weight * (answers - mean)).sum())
    return mean, math.sqrt(spread) / float(weight.sum())


def _least(weight: Vector, step: float) -> float:
    """Standard error if all but one further answer agreed."""
    effective = effective_answers(weight)
    return step / math.sqrt(effective * (effective + 1))


def _interval(mean: float, error: float, weight: Vector, level: float) -> Estimate:
    freedom = max(effective_answers(weight) - 1, 1.0)
    half = float(student.ppf((1 + level) / 2, freedom)) * error
    return Estimate(estimate=mean, low=mean - half, high=mean + half, n=weight.size, level=level)
