"""Does a larger model know more than the smaller one inside it? The likelihood ratio test.

Asked on the rows both were fitted on. It is the sharpest question of that kind; whether what the
larger model knows is worth acting on is another one, asked on later rows (see
:mod:`cxdash.stats.discrimination` and :mod:`cxdash.stats.calibration`).

Source: S. S. Wilks, Annals of Mathematical Statistics 9 (1938).
"""

from dataclasses import dataclass

from scipy.stats import chi2

__all__ = ["LikelihoodRatio", "likelihood_ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio:
    """Twice the gain in log likelihood, the parameters it cost and the p-value of no gain."""

    statistic: float
    df: int
    p_value: float


def likelihood_ratio(smaller: float, larger: float, *, parameters: int) -> LikelihoodRatio:
    """Test of "the added parameters are all zero".

    Parameters
    ----------
    smaller, larger
        Maximised log likelihoods of the two models on the same rows, without a prior.
    parameters
        How many parameters the larger model has beyond the smaller.

    Raises
    ------
    ValueError
        No parameter was added, or the larger model is clearly the less likely one, which means
        that it does not hold the smaller.

    >>> round(likelihood_ratio(-100.0, -98.0, parameters=1).p_value, 4)
    0.0455
    """
    if parameters < 1:
        raise ValueError(f"a larger model has at least one parameter more, got {parameters}")
    statistic = 2 * (larger - smaller)
    if statistic < -1e-6 * max(1.0, abs(smaller)):
        raise ValueError("the larger model is less likely than the smaller: it does not hold it")
    statistic = max(0.0, statistic)
    return LikelihoodRatio(
        statistic=statistic, df=parameters, p_value=float(chi2.sf(statistic, parameters))
    )
