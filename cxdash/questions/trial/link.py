"""One metric's windows as matrices, and how its link with what follows is held against later ones.

Only customers with an answer are looked at, with and without the metric, so that answering itself
is no merit of the score. What finance and operations knew is worked out once; columns of the
customer list are those of all windows looked at, which says nothing of what happened in them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cxdash.facts.definitions import definition
from cxdash.panel import Windows
from cxdash.questions.churn.steps import item_move
from cxdash.questions.design import Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trial.stage import FEWEST_WINDOWS, Metric, TrialStage
from cxdash.stats.calibration import log_losses
from cxdash.stats.estimate import Estimate, z_of_level, z_of_power
from cxdash.stats.foreseen import Foreseen, foreseen, surprise_saved

__all__ = [
    "Followed",
    "Later",
    "Link",
    "Mask",
    "Matrix",
    "Outcome",
    "Said",
    "Seen",
    "Untried",
    "around",
    "best_of",
    "inside",
    "kept",
    "later",
    "seen_of",
    "times",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Outcome = Literal["leaving", "spend"]

_POWER: Final = 0.80
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
        spend as a share of spend.
    worthwhile
        The size from which an effect would be worth acting on, in the same unit.
    later
        Whether additions went with what happened on unseen windows; None where none could be
        foretold or nothing was added.
    skill
        Share of the surprise taken away on unseen windows; None wherever ``later`` is.
    foretold
        Unseen windows that could be foretold, whether or not anything was added.
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
        Today's customers who answered.
    """

    outcome: Outcome
    p_value: float
    effect: Estimate
    worthwhile: float
    later: Foreseen | None
    skill: Estimate | None
    foretold: int
    money: Estimate | None
    unsteady_p: float | None
    step: float
    n: int
    events: int
    moved: int

    @property
    def excluded(self) -> bool:
        """Whether an effect worth acting on would have been seen: the interval holds none."""
        return max(abs(self.effect.low), abs(self.effect.high)) < self.worthwhile

    @property
    def hinted(self) -> bool:
        """Whether the interval of this link, looked at alone, leaves out zero."""
        return self.effect.low > 0 or self.effect.high < 0

    @property
    def windows_needed(self) -> int:
        """Windows with an answer needed to see an effect worth acting on in four cases of five."""
        error = (self.effect.high - self.effect.low) / 2 / z_of_level(LEVEL)
        reach = (z_of_level(LEVEL) + z_of_power(_POWER)) * error
        return max(self.n, int(np.ceil(self.n * (reach / self.worthwhile) ** 2)))


@dataclass(frozen=True, slots=True)
class Untried:
    """An outcome that could not be looked at, and why; ``why`` continues a sentence."""

    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows a metric, leaving first, and what could not be looked at.

    Both are empty for a metric that could not be tried at all.
    """

    links: tuple[Link, ...] = ()
    untried: tuple[Untried, ...] = ()

    @property
    def excluded(self) -> bool:
        """Whether both outcomes were tried and a link worth acting on would have been seen."""
        return self.none_worthwhile and not self.untried

    @property
    def none_worthwhile(self) -> bool:
        """Whether a link worth acting on would have been seen with whatever was tried."""
        return bool(self.links) and all(link.excluded for link in self.links)


@dataclass(frozen=True, slots=True)
class Seen:
    """One metric's windows that are over, and today's customers with an answer.

    Parameters
    ----------
    over, today
        The windows; the arrays below follow their rows.
    controls
        What finance and operations know.
    plain, plain_today
        Shape (rows, k): their columns.
    own, own_today
        Shape (rows,): the metric, turned so that more is better, minus its mean.
    better, better_today
        Shape (rows,): how far each would go with a realistic move; nobody passes the top.
    month, customer
        Shape (rows,): landmark and a number for the customer.
    """

    stage: TrialStage
    metric: Metric
    over: Windows
    today: Windows
    controls: Controls
    step: float
    plain: Matrix
    plain_today: Matrix
    own: Matrix
    own_today: Matrix
    better: Matrix
    better_today: Matrix
    month: NDArray[np.int64]
    customer: NDArray[np.int64]

    @property
    def full(self) -> Matrix:
        """Finance, operations and the metric as the last column; shape (rows, k + 1)."""
        return np.column_stack([self.plain, self.own])


def seen_of(stage: TrialStage, metric: Metric) -> Seen:
    """The windows of a metric that can be tried."""
    over = stage.closed.part(~np.isnan(stage.closed.scores[:, metric.number]))
    heard = stage.seen.is_base & ~np.isnan(stage.seen.scores[:, metric.number])
    today = stage.seen.part(heard)
    controls = stage.controls(metric, over)
    sign = 1.0 if metric.item.high_is_good else -1.0
    own, now = (sign * part.scores[:, metric.number] for part in (over, today))
    step = item_move(over, metric.number).size
    best = best_of(metric, sign)
    return Seen(
        stage=stage,
        metric=metric,
        over=over,
        today=today,
        controls=controls,
        step=step,
        plain=controls.matrix(over.rows),
        plain_today=controls.matrix(today.rows),
        own=own - own.mean(),
        own_today=now - own.mean(),
        better=np.clip(best - own, 0.0, step),
        better_today=np.clip(best - now, 0.0, step),
        month=over.rows["landmark"].to_numpy(np.int64),
        customer=np.unique(over.rows["customer_id"].to_numpy(str), return_inverse=True)[1],
    )


def best_of(metric: Metric, sign: float) -> float:
    """The best answer there is, turned by the sign so that more is better."""
    meant = definition(metric.item.variant)
    if meant.scale_low is None or meant.scale_high is None:
        return 1.0 if meant.unit == "share" else 10.0
    return max(sign * meant.scale_low, sign * meant.scale_high)


@dataclass(frozen=True, slots=True)
class Said:
    """Forecasts with and without the metric, and what it added on a linear scale."""

    more: Matrix
    less: Matrix
    added: Matrix


@dataclass(frozen=True, slots=True)
class Later:
    """What windows nobody had seen say of a link; the fields are those of :class:`Link`."""

    found: Foreseen | None = None
    skill: Estimate | None = None
    foretold: int = 0


def later(
    seen: Seen,
    foretold: Callable[[Mask, Mask], Said | None],
    outcome: Matrix,
    *,
    among: Mask,
    logs: bool,
) -> Later:
    """Foretell every window from those before it, with and without the metric (rolling origin).

    Where nothing was added there is no size of what was added either: not "exactly nothing".

    Parameters
    ----------
    foretold
        (earlier rows, later rows) -> forecasts for the later ones; None where there is too little.
    among
        Rows the outcome is known of.
    logs
        Whether the outcome is yes or no, and surprise is log loss; otherwise squared error.
    """
    parts: list[tuple[Mask, Said]] = []
    for landmark in seen.over.closed_months[1:]:
        earlier, now = among & (seen.month < landmark), among & (seen.month == landmark)
        if earlier.sum() < FEWEST_WINDOWS or not now.any():
            continue
        said = foretold(earlier, now)
        if said is not None:
            parts.append((now, said))
    if not parts:
        return Later()
    place = np.concatenate([np.flatnonzero(now) for now, _ in parts])
    more, less, added = (
        np.concatenate([getattr(said, name) for _, said in parts])
        for name in ("more", "less", "added")
    )
    happened, customer = outcome[place], seen.customer[place]
    found = foreseen(added, happened - less, seen.month[place], customer)
    average = np.full(happened.size, float(happened.mean()))
    with_it, without, of_average = (
        _losses(happened, said, logs=logs) for said in (more, less, average)
    )
    if not of_average.mean() > 0:
        return Later()
    if found is None:
        return Later(foretold=happened.size)
    skill = surprise_saved(with_it, without, of_average, customer, level=LEVEL)
    return Later(found, skill, happened.size)


def kept(slope: float, error: float) -> float:
    """Share of a slope that is forecast with: what noise may have made of it is taken off.

    The positive-part James-Stein factor for one coefficient.
    """
    return max(0.0, 1 - (error / slope) ** 2) if slope else 0.0


def inside(chance: Matrix) -> Matrix:
    """Chances kept off 0 and 1, where logs end."""
    return np.asarray(np.clip(chance, _SAFE, 1 - _SAFE))


def around(value: float, error: float, n: int) -> Estimate:
    """An estimate with its normal interval."""
    half = z_of_level(LEVEL) * error
    return Estimate(estimate=value, low=value - half, high=value + half, n=n, level=LEVEL)


def times(found: Estimate, factor: float) -> Estimate:
    """The estimate times a factor, ends in order."""
    low, high = sorted((found.low * factor, found.high * factor))
    return Estimate(
        estimate=found.estimate * factor, low=low, high=high, n=found.n, level=found.level
    )


def _losses(happened: Matrix, said: Matrix, *, logs: bool) -> Matrix:
    if logs:
        return log_losses(happened, inside(said))
    return np.asarray(np.square(happened - said))
