"""Does a metric go before what customers do, beyond what finance and operations know?

Two things may follow an answer: the customer leaves, or, staying, pays more or less. Each is asked
three ways. On all windows: does the metric add to a model of what finance and operations know
(its coefficient against its standard error)? On windows nobody had seen: did what it added go with
what then happened, and how much surprise did it take away? And over the windows: is the link a
steady one?
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from cxdash.questions.chance import MIN_EVENTS, fit_chance, learnable, left_of
from cxdash.questions.design import Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trial.link import (
    Followed,
    Link,
    Mask,
    Matrix,
    Said,
    Seen,
    Untried,
    around,
    inside,
    kept,
    later,
    seen_of,
    times,
)
from cxdash.questions.trial.stage import FEWEST_WINDOWS, Metric, TrialStage
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.estimate import Estimate, p_of_z
from cxdash.stats.foreseen import steadiness
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, NoConvergenceError

__all__ = [
    "WORTHWHILE_LEAVING",
    "WORTHWHILE_SPEND",
    "chance_of_leaving",
    "links",
    "moved",
    "slope_p",
    "spend_change",
    "staying",
]

#: A realistic move is worth acting on when it goes with at least a tenth fewer leavers, or with one
#: percentage point more spend. Below that, a metric that moves is not a reason to do anything.
WORTHWHILE_LEAVING: Final = 0.10
WORTHWHILE_SPEND: Final = 0.01
_MOST_CHANGE: Final = 1.0  # spend that more than doubled counts as doubled
_SAFE: Final = 1e-9
_SAME: Final = "all answers are the same"
_UNSETTLED: Final = "predictors repeat one another, so no model settles"
_FEW_LEAVERS: Final = (
    f"fewer than {MIN_EVENTS} windows with an answer ended with the customer gone, or with the "
    "customer still there"
)
_FEW_STAYERS: Final = f"fewer than {FEWEST_WINDOWS} windows belong to customers who paid and stayed"
_NO_CHANGE: Final = "what customers who stayed pay is the same throughout"
_SAID_BEFORE: Final = "what finance and operations know leaves nothing of the metric to tell"


def links(stage: TrialStage, metric: Metric) -> Followed:
    """What follows a metric: leaving first, then spend; either may be beyond the data."""
    if metric.barred:
        return Followed()
    seen = seen_of(stage, metric)
    if not np.ptp(seen.own) > 0:
        return Followed(untried=(Untried("leaving", _SAME), Untried("spend", _SAME)))
    found = (_leaving(seen), _spend(seen))
    return Followed(
        tuple(one for one in found if isinstance(one, Link)),
        tuple(one for one in found if isinstance(one, Untried)),
    )


# -- leaving --------------------------------------------------------------------------------------


def _leaving(seen: Seen) -> Link | Untried:
    against = seen.stage.base.conditions.against_rates
    if against:
        return Untried("leaving", against[0].short)
    everything = np.ones(len(seen.own), dtype=np.bool_)
    try:
        full, base = _chance(seen, seen.full, everything), _chance(seen, seen.plain, everything)
        if full is None or base is None:
            return Untried("leaving", _FEW_LEAVERS)
        return _link_with_leaving(seen, full, base, everything)
    except NoConvergenceError:
        return Untried("leaving", _UNSETTLED)


def _link_with_leaving(seen: Seen, full: LogisticFit, base: LogisticFit, everything: Mask) -> Link:
    left = left_of(seen.over.rows)
    after = later(
        seen,
        lambda earlier, now: _foretold_chance(seen, earlier, now),
        left.astype(np.float64),
        among=everything,
        logs=True,
    )
    equal = np.full(left.size, 1 / left.size)
    return Link(
        outcome="leaving",
        p_value=slope_p(full, seen.plain.shape[1]),
        effect=moved(full, seen.full, seen.plain.shape[1], seen.better, equal),
        worthwhile=WORTHWHILE_LEAVING * float(left.mean()),
        later=after.found,
        skill=after.skill,
        foretold=after.foretold,
        money=_money_kept(seen, full),
        unsteady_p=_unsteady(seen, left, base.probabilities(seen.plain)),
        step=seen.step,
        n=int(left.size),
        events=int(left.sum()),
        moved=len(seen.today.rows),
    )


def _chance(seen: Seen, matrix: Matrix, rows: Mask) -> LogisticFit | None:
    """Fit the chance of leaving on some rows of ``plain`` or ``full``."""
    return chance_of_leaving(seen.stage, seen.controls, matrix[rows], seen.over.rows[rows])


def chance_of_leaving(
    stage: TrialStage, controls: Controls, matrix: Matrix, rows: pd.DataFrame
) -> LogisticFit | None:
    """Fit the chance of leaving on what finance and operations know and, after it, metrics.

    Parameters
    ----------
    matrix
        Shape (rows, controls + metrics), in the order of ``rows``.

    Returns
    -------
    None with fewer than ten leavers or ten stayers.

    Raises
    ------
    NoConvergenceError
        The predictors are degenerate.
    """
    width = len(controls.predictors)
    prior = controls.prior_sd(matrix[:, :width], stage.horizon)
    return fit_chance(
        matrix,
        rows,
        np.concatenate([prior, np.full(matrix.shape[1] - width, PRIOR_SD)]),
        horizon=stage.horizon,
        contractual=stage.base.panel.contractual,
    )


def slope_p(fit: LogisticFit, column: int) -> float:
    """p-value of "this predictor adds nothing": its coefficient against its standard error.

    Both are of the posterior under the weak prior, which pulls towards nothing. Source: A. Wald,
    Transactions of the American Mathematical Society 54 (1943).
    """
    unit = np.zeros(fit.coefficients.size)
    unit[column + 1] = 1.0
    return p_of_z(float(fit.coefficients[column + 1]) / fit.deviation(unit))


def moved(
    fit: LogisticFit, before: Matrix, column: int, better: Matrix, weight: Matrix
) -> Estimate:
    """Weighted change of the chance of leaving after a move of one column, delta method.

    Shapes: ``before`` (rows, k); ``better`` and ``weight`` (rows,). A share, or what the weights
    make of it.
    """
    after = before.copy()
    after[:, column] += better
    (start, slope), (end, other) = fit.gradient(before, weight), fit.gradient(after, weight)
    return around(end - start, fit.deviation(other - slope), len(before))


def _money_kept(seen: Seen, fit: LogisticFit) -> Estimate | None:
    if seen.today.rows.empty or seen.stage.base.conditions.against_money:
        return None
    revenue = seen.today.rows["rate"].to_numpy(np.float64) * seen.stage.horizon
    now = np.column_stack([seen.plain_today, seen.own_today])
    return times(moved(fit, now, seen.plain.shape[1], seen.better_today, revenue), -1.0)


def _foretold_chance(seen: Seen, earlier: Mask, now: Mask) -> Said | None:
    if not learnable(seen.over.rows[earlier]) or not np.ptp(seen.own[earlier]) > 0:
        return None
    full, base = _chance(seen, seen.full, earlier), _chance(seen, seen.plain, earlier)
    if full is None or base is None:
        return None
    unit = np.zeros(full.coefficients.size)
    unit[-1] = 1.0
    share = kept(float(full.coefficients[-1]), full.deviation(unit))
    less = base.probabilities(seen.plain[now])
    known = logit(inside(less))
    added = share * (logit(inside(full.probabilities(seen.full[now]))) - known)
    return Said(expit(known + added), less, added)


def _unsteady(seen: Seen, left: Mask, chance: Matrix) -> float | None:
    """Whether the slope differs between windows: one score step in each, others held equal."""
    weight = chance * (1 - chance)
    design = np.column_stack([np.ones(len(seen.plain)), seen.plain])
    scaled = design * weight[:, None]
    rest = (
        seen.own - design @ np.linalg.lstsq(scaled.T @ design, scaled.T @ seen.own, rcond=None)[0]
    )
    slopes, errors = [], []
    for landmark in seen.over.closed_months:
        rows = seen.month == landmark
        information = float((weight[rows] * rest[rows] ** 2).sum())
        if information > _SAFE and left[rows].any():
            slopes.append(float((rest[rows] * (left[rows] - chance[rows])).sum()) / information)
            errors.append(information**-0.5)
    return steadiness(slopes, errors)


# -- spend ----------------------------------------------------------------------------------------


def _spend(seen: Seen) -> Link | Untried:
    """The change of spend of those who stayed, as a share of what they paid."""
    conditions = seen.stage.base.conditions
    against = (*conditions.against_rates, *conditions.against_money)
    if against:
        return Untried("spend", against[0].short)
    stayed = staying(seen.over.rows)
    if stayed.sum() < FEWEST_WINDOWS:
        return Untried("spend", _FEW_STAYERS)
    change = spend_change(seen.stage, seen.over.rows)
    if not np.ptp(change[stayed]) > 0:
        return Untried("spend", _NO_CHANGE)
    found = _associated(seen, change, stayed)
    if found is None:
        return Untried("spend", _SAID_BEFORE)
    after = later(
        seen,
        lambda earlier, now: _foretold_spend(seen, change, earlier, now),
        change,
        among=stayed,
        logs=False,
    )
    return Link(
        outcome="spend",
        p_value=found.p_value,
        effect=times(found.estimate, float(seen.better[stayed].mean())),
        worthwhile=WORTHWHILE_SPEND,
        later=after.found,
        skill=after.skill,
        foretold=after.foretold,
        money=_money_won(seen, found.estimate),
        unsteady_p=_unsteady_spend(seen, change, stayed),
        step=seen.step,
        n=int(stayed.sum()),
        events=int(stayed.sum()),
        moved=len(seen.today.rows),
    )


def staying(rows: pd.DataFrame) -> Mask:
    """Whether each closed window belongs to a customer who paid and stayed, shape (rows,)."""
    return np.asarray(~left_of(rows) & (rows["rate"].to_numpy(np.float64) > 0))


def spend_change(stage: TrialStage, rows: pd.DataFrame) -> Matrix:
    """Change of spend over each closed window as a share of spend; nan for who did not stay."""
    before, stayed = rows["rate"].to_numpy(np.float64), staying(rows)
    if stage.base.panel.contractual:
        after = rows["rate_after"].to_numpy(np.float64)
    else:
        # Without contracts the rate is a year's mean; what was paid since is the outcome.
        after = rows["revenue_after"].to_numpy(np.float64) / stage.horizon
    change = np.full(len(rows), np.nan)
    change[stayed] = np.clip(after[stayed] / before[stayed] - 1, -_MOST_CHANGE, _MOST_CHANGE)
    return change


def _money_won(seen: Seen, slope: Estimate) -> Estimate | None:
    if seen.today.rows.empty:
        return None
    revenue = seen.today.rows["rate"].to_numpy(np.float64) * seen.stage.horizon
    return times(slope, float(revenue @ seen.better_today))


def _foretold_spend(seen: Seen, change: Matrix, earlier: Mask, now: Mask) -> Said | None:
    found = _associated(seen, change, earlier)
    if found is None:
        return None
    share = kept(found.estimate.estimate, found.error)
    more, less = (
        _straight(matrix[earlier], change[earlier], matrix[now])
        for matrix in (seen.full, seen.plain)
    )
    added = share * (more - less)
    return Said(less + added, less, added)


def _straight(past: Matrix, change: Matrix, coming: Matrix) -> Matrix:
    then, now = (np.column_stack([np.ones(len(part)), part]) for part in (past, coming))
    return np.asarray(now @ np.linalg.lstsq(then, change, rcond=None)[0])


def _unsteady_spend(seen: Seen, change: Matrix, stayed: Mask) -> float | None:
    slopes, errors = [], []
    for landmark in seen.over.closed_months:
        rows = stayed & (seen.month == landmark)
        found = _associated(seen, change, rows) if rows.sum() >= FEWEST_WINDOWS else None
        if found is not None:
            slopes.append(found.estimate.estimate)
            errors.append(found.error)
    return steadiness(slopes, errors)


def _associated(seen: Seen, change: Matrix, rows: Mask) -> Association | None:
    """The slope of spend on the metric; None where nothing of it is left to tell."""
    customer: NDArray[np.int64] = seen.customer[rows]
    try:
        return associate(change[rows], seen.own[rows], seen.plain[rows], customer, level=LEVEL)
    except NothingLeftError:
        return None
