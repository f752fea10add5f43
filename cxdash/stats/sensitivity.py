"""How strong would a cause nobody measured have to be to explain a result away?

Two yardsticks. The robustness value speaks of a regression: the share of what is left of both the
cause and the outcome that an unmeasured cause would have to explain. The E-value speaks of risks:
the risk ratio it would have to have with both. A benchmark says how that compares with a cause
that was measured.

Sources: C. Cinelli and C. Hazlett, Journal of the Royal Statistical Society B 82 (2020), sections 3
and 4; V. Chernozhukov, C. Cinelli, W. Newey, A. Sharma and V. Syrgkanis, Long Story Short (2022),
for estimators other than least squares; T. VanderWeele and P. Ding, Annals of Internal Medicine 167
(2017), for E-values.
"""

import math
from dataclasses import dataclass

from scipy.stats import t as student

from cxdash.stats.evidence import e_value

__all__ = [
    "ExplainedAway",
    "benchmark",
    "e_value_of_interval",
    "e_value_of_odds_ratio",
    "partial_r2",
    "risk_ratio_of_means",
    "robustness_value",
    "robustness_value_beyond_doubt",
    "robustness_value_of_strength",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedAway:
    """What would be left of an estimate if an unmeasured cause were ``times`` a measured one.

    ``with_cause`` and ``with_outcome`` are the shares (0 to 1) of what is left of the cause and of
    the outcome that it would explain; ``estimate`` and ``error`` what would remain, in the unit of
    the estimate.
    """

    times: float
    with_cause: float
    with_outcome: float
    estimate: float
    error: float


def partial_r2(t: float, freedom: float) -> float:
    """Share (0 to 1) of the rest that one regressor explains, from its t-value.

    >>> round(partial_r2(4.18445, 783), 5)
    0.02187
    """
    _regression(t, freedom)
    return t**2 / (t**2 + freedom)


def robustness_value(t: float, freedom: float, *, share: float = 1.0) -> float:
    """Share (0 to 1) of the rest of both cause and outcome that an unmeasured cause would have to
    explain to take ``share`` of the estimate away; 1 takes it to zero.

    >>> round(robustness_value(4.18445, 783), 4)
    0.1388
    """
    _regression(t, freedom)
    if not share > 0:
        raise ValueError(f"the share to take away lies above 0, got {share}")
    return robustness_value_of_strength(share * abs(t) / math.sqrt(freedom))


def robustness_value_beyond_doubt(
    t: float, freedom: float, *, share: float = 1.0, level: float = 0.90
) -> float:
    """As :func:`robustness_value`, to bring the interval of that level to touch zero.

    Zero if it holds zero already.

    >>> round(robustness_value_beyond_doubt(4.18445, 783, level=0.95), 4)
    0.0763
    """
    _regression(t, freedom)
    if freedom <= 1:
        raise ValueError("one degree of freedom leaves none for an unmeasured cause")
    strength = share * abs(t) / math.sqrt(freedom)
    doubt = float(student.ppf((1 + level) / 2, freedom - 1)) / math.sqrt(freedom - 1)
    if strength <= doubt:
        return 0.0
    if strength < 1 / doubt:
        return robustness_value_of_strength(strength - doubt)
    # A cause that explains this much leaves so little that the doubt shrinks faster than the bias.
    return (strength**2 - doubt**2) / (1 + strength**2)


def robustness_value_of_strength(strength: float) -> float:
    """Robustness value from the strength f: the size of an estimate in units of the largest bias.

    For least squares f = |t| / √freedom; for partialling out it is |estimate| / √(σ²ν²), with σ²
    the mean squared residual of the outcome and 1/ν² that of the cause.
    """
    if strength < 0:
        raise ValueError(f"a strength is not negative, got {strength}")
    square = strength**2
    return (math.sqrt(square**2 + 4 * square) - square) / 2


def benchmark(
    estimate: float,
    error: float,
    freedom: float,
    *,
    cause_r2: float,
    outcome_r2: float,
    times: float = 1.0,
) -> ExplainedAway:
    """What remains if an unmeasured cause were ``times`` as strong as one that was measured.

    Parameters
    ----------
    estimate, error, freedom
        Of the regression with everything measured.
    cause_r2, outcome_r2
        Partial R² (0 to 1) of the measured cause with the regressor of interest, and with the
        outcome given that regressor; others held equal in both.

    Raises
    ------
    ValueError
        Shares outside 0 to 1, no degrees of freedom, or a cause so strong that ``times`` of it
        would explain the regressor or the outcome more than wholly.
    """
    if not (0 <= cause_r2 < 1 and 0 <= outcome_r2 < 1 and times > 0 and error > 0 and freedom > 1):
        raise ValueError("a benchmark needs shares in 0 to 1, an error and degrees of freedom")
    with_cause = times * cause_r2 / (1 - cause_r2)
    if with_cause >= 1 or times * cause_r2 >= 1:
        raise ValueError(f"{times:g} times that cause would explain the whole regressor")
    overlap = times * cause_r2**2 / ((1 - times * cause_r2) * (1 - cause_r2))
    if overlap >= 1:
        raise ValueError(f"{times:g} times that cause would explain the whole regressor")
    amplified = (math.sqrt(times) + math.sqrt(overlap)) / math.sqrt(1 - overlap)
    with_outcome = amplified**2 * outcome_r2 / (1 - outcome_r2)
    if with_outcome > 1:
        raise ValueError(f"{times:g} times that cause would explain more than the whole outcome")
    scale = error * math.sqrt(freedom)
    bias = scale * math.sqrt(with_outcome * with_cause / (1 - with_cause))
    left = math.copysign(abs(estimate) - bias, estimate)
    spread = scale * math.sqrt((1 - with_outcome) / (1 - with_cause) / (freedom - 1))
    if abs(estimate) < bias:
        left = math.copysign(bias - abs(estimate), -estimate)
    return ExplainedAway(
        times=times,
        with_cause=with_cause,
        with_outcome=with_outcome,
        estimate=left,
        error=spread,
    )


def e_value_of_interval(low: float, high: float) -> float:
    """E-value of the end of a risk ratio's interval that lies nearer to 1; 1 if it holds 1.

    It says how strong an unmeasured cause must be to leave the difference open, where
    :func:`~cxdash.stats.evidence.e_value` of the estimate says how strong to explain all of it.

    >>> round(e_value_of_interval(8.02, 14.36), 3)
    15.523
    """
    if not 0 < low <= high:
        raise ValueError(f"a risk ratio's interval lies above 0, got {low} to {high}")
    if low <= 1 <= high:
        return 1.0
    return e_value(low if low > 1 else high)


def e_value_of_odds_ratio(odds_ratio: float, *, rare: bool) -> float:
    """E-value from an odds ratio.

    Where fewer than about 15 % have the outcome (``rare``) the odds ratio stands for the risk
    ratio; otherwise its square root does.

    >>> e_value_of_odds_ratio(3.9, rare=True) == e_value(3.9)
    True
    """
    if not odds_ratio > 0:
        raise ValueError(f"an odds ratio lies above 0, got {odds_ratio}")
    return e_value(odds_ratio if rare else math.sqrt(odds_ratio))


def risk_ratio_of_means(difference: float, spread: float) -> float:
    """About the risk ratio that a difference of means stands for: exp(0.91 d), d = in spreads.

    ``spread`` is the standard deviation of the outcome. An approximation, for E-values of outcomes
    that are amounts (VanderWeele and Ding, 2017; the factor is S. Chinn's, 2000).
    """
    if not spread > 0:
        raise ValueError(f"a spread lies above 0, got {spread}")
    return math.exp(0.91 * difference / spread)


def _regression(t: float, freedom: float) -> None:
    if not (math.isfinite(t) and freedom > 0):
        raise ValueError(f"needs a t-value and degrees of freedom above 0, got {t} and {freedom}")
