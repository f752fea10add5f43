"""The difference a treatment goes with once everything measured is held equal, whatever its shape.

Two estimators that stay right when the models of the measured causes are only roughly right,
because each row is judged by models that did not see it (cross-fitting): partialling out, for a
treatment of any kind with one effect for all; and doubly robust weighting, for a yes-or-no
treatment whose effect may differ. Nothing here sees causes nobody measured:
:mod:`cxdash.stats.sensitivity` asks how strong one would have to be.

Sources: V. Chernozhukov, D. Chetverikov, M. Demirer, E. Duflo, C. Hansen, W. Newey and J. Robins,
Econometrics Journal 21 (2018); J. Robins, A. Rotnitzky and L. Zhao, JASA 89 (1994).
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from cxdash.stats.estimate import Estimate, finite, z_of_level
from cxdash.stats.sensitivity import robustness_value_of_strength

__all__ = [
    "AdjustedEffect",
    "average_effect",
    "cross_fitted",
    "folds_of",
    "partialled_out",
]

Vector = NDArray[np.float64]
CLIP: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedEffect:
    """An effect with its standard error, in the unit of the outcome per unit of the treatment.

    ``robustness`` is the share (0 to 1) of the rest of both treatment and outcome that an
    unmeasured cause would have to explain to make the effect zero; None where it is not defined.
    ``clipped`` counts rows so sure to be treated, or not, that they say next to nothing.
    """

    effect: Estimate
    error: float
    robustness: float | None = None
    clipped: int = 0


def folds_of(
    rows: int, folds: int, *, rng: np.random.Generator, group: ArrayLike | None = None
) -> NDArray[np.int64]:
    """A fold for each row, shape (rows,). Rows of one ``group`` (a customer) share their fold."""
    if group is None:
        return np.asarray(rng.permutation(np.arange(rows) % folds))
    _, code = np.unique(np.asarray(group).ravel(), return_inverse=True)
    if code.size != rows:
        raise ValueError(f"{rows} rows but {code.size} groups")
    own = rng.permutation(np.arange(int(code.max()) + 1) % folds)
    return np.asarray(own[code])


def cross_fitted(
    model: Any,
    predictors: Vector,
    outcome: Vector,
    folds: NDArray[np.int64],
    *,
    among: NDArray[np.bool_] | None = None,
) -> Vector:
    """Prediction for each row by a model fitted on the other folds, shape (rows,).

    ``model`` is a scikit-learn estimator; a classifier gives the probability of its second class.
    ``among`` restricts the rows it learns from, not those it predicts.
    """
    predicted = np.empty(len(outcome))
    for fold in np.unique(folds):
        held = folds == fold
        learned = ~held if among is None else ~held & among
        fitted = clone(model).fit(predictors[learned], outcome[learned])
        if hasattr(fitted, "predict_proba"):
            predicted[held] = fitted.predict_proba(predictors[held])[:, 1]
        else:
            predicted[held] = fitted.predict(predictors[held])
    return predicted


def partialled_out(
    outcome: ArrayLike,
    treatment: ArrayLike,
    outcome_expected: ArrayLike,
    treatment_expected: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.90,
) -> AdjustedEffect:
    """What is left of the outcome against what is left of the treatment.

    Parameters
    ----------
    outcome, treatment
        Shape (rows,).
    outcome_expected, treatment_expected
        Shape (rows,): cross-fitted predictions from everything measured.
    cluster
        Shape (rows,): customer of each row, when a customer has several.
    """
    rest_y = finite(outcome, "outcome", at_least=3) - finite(outcome_expected, "expected outcome")
    rest_d = finite(treatment, "treatment") - finite(treatment_expected, "expected treatment")
    spread = float((rest_d**2).mean())
    if not spread > 0:
        raise ValueError(
            "what was measured explains the treatment wholly, so nothing is left of it"
        )
    effect = float((rest_d * rest_y).mean()) / spread
    residual = rest_y - effect * rest_d
    error = _error(rest_d * residual / spread, cluster)
    bias = math.sqrt(float((residual**2).mean()) / spread)
    robustness = robustness_value_of_strength(abs(effect) / bias) if bias > 0 else None
    return _adjusted(effect, error, rest_y.size, level, robustness)


def average_effect(
    outcome: ArrayLike,
    treated: ArrayLike,
    expected_with: ArrayLike,
    expected_without: ArrayLike,
    propensity: ArrayLike,
    *,
    clip: float = CLIP,
    cluster: ArrayLike | None = None,
    level: float = 0.90,
) -> AdjustedEffect:
    """Average effect over all rows, doubly robust.

    Right if either the models of the outcome or that of who is treated is right.

    Parameters
    ----------
    expected_with, expected_without
        Shape (rows,): cross-fitted outcome if treated and if not.
    propensity
        Shape (rows,): cross-fitted chance of being treated, kept within ``clip`` of 0 and 1.
    """
    own = finite(outcome, "outcome", at_least=3)
    given = np.asarray(treated, dtype=bool).ravel()
    one, none = finite(expected_with, "with"), finite(expected_without, "without")
    raw = finite(propensity, "propensity")
    chance = np.clip(raw, clip, 1 - clip)
    each = one - none + np.where(given, (own - one) / chance, -(own - none) / (1 - chance))
    effect = float(each.mean())
    error = _error(each - effect, cluster)
    clipped = int(((raw < clip) | (raw > 1 - clip)).sum())
    return _adjusted(effect, error, own.size, level, None, clipped)


def _error(influence: Vector, cluster: ArrayLike | None) -> float:
    """Standard error of a mean from each row's influence on it, summed within clusters."""
    if cluster is None:
        return float(np.sqrt((influence**2).sum())) / influence.size
    _, code = np.unique(np.asarray(cluster).ravel(), return_inverse=True)
    return float(np.sqrt((np.bincount(code, weights=influence) ** 2).sum())) / influence.size


def _adjusted(
    effect: float,
    error: float,
    n: int,
    level: float,
    robustness: float | None,
    clipped: int = 0,
) -> AdjustedEffect:
    half = z_of_level(level) * error
    return AdjustedEffect(
        effect=Estimate(estimate=effect, low=effect - half, high=effect + half, n=n, level=level),
        error=error,
        robustness=robustness,
        clipped=clipped,
    )
