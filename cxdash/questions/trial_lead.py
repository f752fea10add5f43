"""Does a metric go before what customers do, beyond what finance and operations know?

Two things may follow an answer: the customer leaves, or, staying, pays more or less. Each is asked
three ways. On all windows: does the metric add to a model of what finance and operations know
(likelihood ratio; by customer for spend)? On windows nobody had seen: did what it added go with
what then happened, and how much surprise did it take away? And over the windows: is the link a
steady one? Only customers who answered are looked at, in both models, so that answering itself is
no merit of the score.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from cxdash.facts.definitions import definition
from cxdash.panel import Windows
from cxdash.questions.chance import fit_chance, learnable, left_of
from cxdash.questions.churn_steps import Design, item_move
from cxdash.questions.leaving import LEVEL
from cxdash.questions.trial_stage import FEWEST_WINDOWS, Metric, TrialStage
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.calibration import log_losses
from cxdash.stats.estimate import Estimate, p_of_z, z_of_level
from cxdash.stats.foreseen import Foreseen, foreseen, steadiness, surprise_saved
from cxdash.stats.likelihood import likelihood_ratio
from cxdash.stats.logistic import LogisticFit, NoConvergenceError

__all__ = ["WORTHWHILE_LEAVING", "WORTHWHILE_SPEND", "Link", "Outcome", "links"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Outcome = Literal["leaving", "spend"]

#: A realistic move is worth acting on when it goes with at least a tenth fewer leavers, or with one
#: percentage point more spend. Below that, a metric that moves is not a reason to do anything.
WORTHWHILE_LEAVING: Final = 0.10
WORTHWHILE_SPEND: Final = 0.01
_MOST_CHANGE: Final = 1.0  # spend that more than doubled counts as doubled
_SAFE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Link:
    """How one metric goes with one thing that follows.

    Parameters
    ----------
    p_value
        Of "the metric adds nothing", on all windows.
    effect
        Of a realistic move, with its interval: change of the chance of leaving (a share), or of
        spend as a share of spend. ``good`` turns it so that positive is good for the company.
    worthwhile
        The size from which an effect would be worth acting on, in the same unit.
    later
        Whether additions went with what happened on unseen windows; None where none could be
        predicted.
    skill
        Share of the surprise taken away on unseen windows.
    money
        What goes with everybody's move among today's customers who answered, over the horizon, in
        the reporting currency; positive is revenue kept or won.
    unsteady_p
        p-value of "the link is the same in all windows"; None with one window.
    step
        The realistic move, on the metric's own scale.
    n, events
        Windows with an answer, and leavers among them (spend: windows of those who stayed).
    moved
        Of those today, how many answered.
    """

    outcome: Outcome
    p_value: float
    effect: Estimate
    worthwhile: float
    later: Foreseen | None
    skill: Estimate | None
    money: Estimate | None
    unsteady_p: float | None
    step: float
    n: int
    events: int
    moved: int

    @property
    def good(self) -> Estimate:
        """The effect turned so that positive is good: fewer leavers, or more spend."""
        return _turned(self.effect) if self.outcome == "leaving" else self.effect

    @property
    def excluded(self) -> bool:
        """Whether an effect worth acting on would have been seen: the interval holds none."""
        return max(abs(self.effect.low), abs(self.effect.high)) < self.worthwhile

    @property
    def windows_needed(self) -> int:
        """Windows with an answer needed to see, or exclude, an effect worth acting on."""
        error = (self.effect.high - self.effect.low) / 2 / z_of_level(LEVEL)
        reach = (z_of_level(LEVEL) + 0.8416) * error  # seen in four cases of five
        return max(self.n, int(np.ceil(self.n * (reach / self.worthwhile) ** 2)))


@dataclass(frozen=True, slots=True)
class _Case:
    """One metric's own windows: those over, and today's; and a realistic move on its scale."""

    stage: TrialStage
    metric: Metric
    over: Windows
    today: Windows
    step: float

    def designs(self, seen: Windows) -> tuple[Design, Design]:
        """With the metric and without it, learned on some windows."""
        controls = self.stage.controls(self.metric, seen)
        larger = Design.learned(seen, controls, (self.metric.number,))
        return larger, Design.learned(seen, controls, ())

    def better(self, seen: Windows) -> Matrix:
        """By how much each answer would move, turned so that more is better; shape (rows,)."""
        item = self.metric.item
        meant = definition(item.variant)
        sign = 1.0 if item.high_is_good else -1.0
        own = sign * seen.scores[:, self.metric.number]
        ends = (meant.scale_low, meant.scale_high)
        if None in ends:
            ends = (0.0, 1.0) if meant.unit == "share" else (0.0, 10.0)
        best = max(sign * float(end or 0.0) for end in ends)
        return np.asarray(np.clip(best - own, 0.0, self.step))


@dataclass(frozen=True, slots=True)
class _Said:
    """Forecasts with and without the metric, and what it added on a linear scale."""

    more: Matrix
    less: Matrix
    added: Matrix


def links(stage: TrialStage, metric: Metric) -> tuple[Link, ...]:
    """What follows a metric: leaving first, then spend; either may be beyond the data."""
    if metric.barred:
        return ()
    answered = ~np.isnan(stage.closed.scores[:, metric.number])
    today = stage.seen.is_base & ~np.isnan(stage.seen.scores[:, metric.number])
    case = _Case(
        stage,
        metric,
        over=stage.closed.part(answered),
        today=stage.seen.part(today),
        step=item_move(stage.closed, metric.number).size,
    )
    try:
        found = (_leaving(case), _spend(case))
    except NoConvergenceError:
        return ()
    return tuple(link for link in found if link is not None)


# -- leaving --------------------------------------------------------------------------------------


def _leaving(case: _Case) -> Link | None:
    over = case.over
    if not learnable(over.rows):
        return None
    larger, smaller = case.designs(over)
    if not larger.ratings.numbers:
        return None
    matrix, plain = larger.matrix(over), smaller.matrix(over)
    full, base = _chance(case, larger, matrix, over), _chance(case, smaller, plain, over)
    if full is None or base is None:
        return None
    effect = _moved_chance(case, larger, full, over, np.full(len(matrix), 1 / len(matrix)))
    later, skill = _later(case, _predicted_chance, left_of(over.rows).astype(np.float64), logs=True)
    left = left_of(over.rows)
    return Link(
        outcome="leaving",
        p_value=likelihood_ratio(base.log_likelihood, full.log_likelihood, parameters=1).p_value,
        effect=effect,
        worthwhile=WORTHWHILE_LEAVING * float(left.mean()),
        later=later,
        skill=skill,
        money=_money_kept(case, larger, full),
        unsteady_p=_unsteady(over, plain, matrix[:, -1], left, base.probabilities(plain)),
        step=case.step,
        n=len(matrix),
        events=int(left.sum()),
        moved=len(case.today.rows),
    )


def _chance(case: _Case, design: Design, matrix: Matrix, seen: Windows) -> LogisticFit | None:
    return fit_chance(
        matrix,
        seen.rows,
        design.prior_sd(matrix, case.stage.horizon),
        horizon=case.stage.horizon,
        contractual=case.stage.base.panel.contractual,
    )


def _moved_chance(
    case: _Case, design: Design, fit: LogisticFit, seen: Windows, weight: Matrix
) -> Estimate:
    """Weighted change of the chance of leaving after the move, delta method."""
    before = design.matrix(seen)
    after = before.copy()
    after[:, design.column_of(case.metric.number)] += case.better(seen)
    (start, slope), (end, other) = fit.gradient(before, weight), fit.gradient(after, weight)
    return _around(end - start, fit.deviation(other - slope), len(before))


def _money_kept(case: _Case, design: Design, fit: LogisticFit) -> Estimate | None:
    if case.today.rows.empty or case.stage.base.conditions.against_money:
        return None
    revenue = case.today.rows["rate"].to_numpy(np.float64) * case.stage.horizon
    return _turned(_moved_chance(case, design, fit, case.today, revenue))


def _predicted_chance(case: _Case, past: Windows, coming: Windows) -> _Said | None:
    larger, smaller = case.designs(past)
    if not larger.ratings.numbers or not learnable(past.rows):
        return None
    full = _chance(case, larger, larger.matrix(past), past)
    base = _chance(case, smaller, smaller.matrix(past), past)
    if full is None or base is None:
        return None
    unit = np.zeros(full.coefficients.size)
    unit[-1] = 1.0
    kept = _kept(float(full.coefficients[-1]), full.deviation(unit))
    less = base.probabilities(smaller.matrix(coming))
    plain = logit(_inside(less))
    added = kept * (logit(_inside(full.probabilities(larger.matrix(coming)))) - plain)
    return _Said(expit(plain + added), less, added)


def _unsteady(
    over: Windows, plain: Matrix, own: Matrix, left: Mask, chance: Matrix
) -> float | None:
    """Whether the slope differs between windows: one score step in each, others held equal."""
    weight = chance * (1 - chance)
    design = np.column_stack([np.ones(len(plain)), plain])
    scaled = design * weight[:, None]
    rest = own - design @ np.linalg.lstsq(scaled.T @ design, scaled.T @ own, rcond=None)[0]
    month = over.rows["landmark"].to_numpy(np.int64)
    slopes, errors = [], []
    for landmark in over.closed_months:
        rows = month == landmark
        information = float((weight[rows] * rest[rows] ** 2).sum())
        if information > _SAFE and left[rows].any():
            slopes.append(float((rest[rows] * (left[rows] - chance[rows])).sum()) / information)
            errors.append(information**-0.5)
    return steadiness(slopes, errors)


# -- spend ----------------------------------------------------------------------------------------


def _spend(case: _Case) -> Link | None:
    """The change of spend of those who stayed, as a share of what they paid."""
    if case.stage.base.conditions.against_money:
        return None
    rows = case.over.rows
    stayed = ~left_of(rows) & (rows["rate"].to_numpy(np.float64) > 0)
    if stayed.sum() < FEWEST_WINDOWS:
        return None
    own = replace(case, over=case.over.part(stayed))
    larger, smaller = own.designs(own.over)
    if not larger.ratings.numbers:
        return None
    change = _spend_change(own)
    customer = np.unique(own.over.rows["customer_id"].astype(str), return_inverse=True)[1]
    column = larger.matrix(own.over)[:, larger.column_of(case.metric.number)]
    plain = smaller.matrix(own.over)
    if not np.ptp(change) > 0:
        return None
    found = _associated(change, column, plain, customer.astype(np.int64))
    if found is None:
        return None
    step = float(own.better(own.over).mean())
    later, skill = _later(own, _predicted_spend, change, logs=False)
    return Link(
        outcome="spend",
        p_value=p_of_z(found.estimate.estimate / found.error),
        effect=_times(found.estimate, step),
        worthwhile=WORTHWHILE_SPEND,
        later=later,
        skill=skill,
        money=_money_won(own, found.estimate),
        unsteady_p=_unsteady_spend(own, plain, column, change, customer),
        step=own.step,
        n=int(stayed.sum()),
        events=int(stayed.sum()),
        moved=len(own.today.rows),
    )


def _spend_change(case: _Case) -> Matrix:
    rows = case.over.rows
    before = rows["rate"].to_numpy(np.float64)
    if case.stage.base.panel.contractual:
        after = rows["rate_after"].to_numpy(np.float64)
    else:
        # Without contracts the rate is a year's mean; what was paid since is the outcome.
        after = rows["revenue_after"].to_numpy(np.float64) / case.stage.horizon
    return np.asarray(np.clip(after / before - 1, -_MOST_CHANGE, _MOST_CHANGE))


def _money_won(case: _Case, slope: Estimate) -> Estimate | None:
    if case.today.rows.empty:
        return None
    revenue = case.today.rows["rate"].to_numpy(np.float64) * case.stage.horizon
    return _times(slope, float(revenue @ case.better(case.today)))


def _predicted_spend(case: _Case, past: Windows, coming: Windows) -> _Said | None:
    larger, smaller = case.designs(past)
    if not larger.ratings.numbers:
        return None
    change = _spend_change(replace(case, over=past))
    customer = np.unique(past.rows["customer_id"].astype(str), return_inverse=True)[1]
    column = larger.column_of(case.metric.number)
    found = _associated(
        change, larger.matrix(past)[:, column], smaller.matrix(past), customer.astype(np.int64)
    )
    if found is None:
        return None
    kept = _kept(found.estimate.estimate, found.error)
    more, less = (
        _straight(design.matrix(past), change, design.matrix(coming))
        for design in (larger, smaller)
    )
    added = kept * (more - less)
    return _Said(less + added, less, added)


def _straight(past: Matrix, change: Matrix, coming: Matrix) -> Matrix:
    then, now = (np.column_stack([np.ones(len(part)), part]) for part in (past, coming))
    return np.asarray(now @ np.linalg.lstsq(then, change, rcond=None)[0])


def _unsteady_spend(
    case: _Case, plain: Matrix, column: Matrix, change: Matrix, customer: NDArray[np.int64]
) -> float | None:
    month = case.over.rows["landmark"].to_numpy(np.int64)
    slopes, errors = [], []
    for landmark in case.over.closed_months:
        rows = month == landmark
        if rows.sum() < FEWEST_WINDOWS:
            continue
        found = _associated(change[rows], column[rows], plain[rows], customer[rows])
        if found is not None:
            slopes.append(found.estimate.estimate)
            errors.append(found.error)
    return steadiness(slopes, errors)


def _associated(
    change: Matrix, column: Matrix, plain: Matrix, customer: NDArray[np.int64]
) -> Association | None:
    """The slope of spend on the metric; None where nothing of it is left to tell."""
    try:
        return associate(change, column, plain, customer, level=LEVEL)
    except NothingLeftError:
        return None


# -- later windows --------------------------------------------------------------------------------


_Predicted = Callable[[_Case, Windows, Windows], _Said | None]


def _kept(slope: float, error: float) -> float:
    """Share of a slope that is forecast with: what noise may have made of it is taken off.

    The positive-part James-Stein factor for one coefficient.
    """
    return max(0.0, 1 - (error / slope) ** 2) if slope else 0.0


def _later(
    case: _Case, predicted: _Predicted, outcome: Matrix, *, logs: bool
) -> tuple[Foreseen | None, Estimate | None]:
    """Predict every window from those before it, with and without the metric (rolling origin)."""
    over = case.over
    month = over.rows["landmark"].to_numpy(np.int64)
    parts: list[tuple[Mask, _Said]] = []
    for landmark in over.closed_months[1:]:
        earlier, now = month < landmark, month == landmark
        if earlier.sum() < FEWEST_WINDOWS or not now.any():
            continue
        said = predicted(case, over.part(earlier), over.part(now))
        if said is not None:
            parts.append((now, said))
    if not parts:
        return None, None
    place = np.concatenate([np.flatnonzero(now) for now, _ in parts])
    more, less, added = (
        np.concatenate([getattr(said, name) for _, said in parts])
        for name in ("more", "less", "added")
    )
    customer = over.rows["customer_id"].astype(str).to_numpy()[place]
    happened = outcome[place]
    found = foreseen(added, happened - less, month[place], customer)
    average = np.full(happened.size, float(happened.mean()))
    with_it, without, of_average = (
        _losses(happened, said, logs=logs) for said in (more, less, average)
    )
    if not of_average.mean() > 0:
        return found, None
    return found, surprise_saved(with_it, without, of_average, customer, level=LEVEL)


def _losses(happened: Matrix, said: Matrix, *, logs: bool) -> Matrix:
    if logs:
        return log_losses(happened, _inside(said))
    return np.asarray(np.square(happened - said))


def _inside(chance: Matrix) -> Matrix:
    return np.asarray(np.clip(chance, _SAFE, 1 - _SAFE))


# -- estimates ------------------------------------------------------------------------------------


def _around(value: float, error: float, n: int) -> Estimate:
    half = z_of_level(LEVEL) * error
    return Estimate(estimate=value, low=value - half, high=value + half, n=n, level=LEVEL)


def _turned(found: Estimate) -> Estimate:
    return _times(found, -1.0)


def _times(found: Estimate, factor: float) -> Estimate:
    low, high = sorted((found.low * factor, found.high * factor))
    return Estimate(
        estimate=found.estimate * factor, low=low, high=high, n=found.n, level=found.level
    )
