"""Estimate who leaves and what goes before it: the model, its drivers, its record on later windows.

The windows are those of at most :data:`MOST_CUSTOMERS` customers chosen by a hash; beyond that a
larger sample would only narrow intervals that are narrow already. Today's customers are all looked
at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.panel import Windows
from cxdash.questions.chance import MIN_EVENTS, fit_chance, learnable, left_of, steady_chance
from cxdash.questions.churn.drivers import Driver, Halves, drivers
from cxdash.questions.churn.effects import Effect, effects
from cxdash.questions.churn.stage import ChurnStage
from cxdash.questions.churn.steps import Design, steps, together
from cxdash.questions.design import GROUPS, Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.progress import tell
from cxdash.questions.trees import boosted_chances
from cxdash.questions.validation import (
    Forecast,
    Gain,
    ModelCheck,
    Predict,
    check,
    forecast,
    gain,
)
from cxdash.stats.calibration import ReliabilityGroup, log_losses, reliability
from cxdash.stats.clusters import cluster_codes, error_of_mean
from cxdash.stats.discrimination import Lift, lift
from cxdash.stats.estimate import Estimate
from cxdash.stats.events import events_needed
from cxdash.stats.logistic import PRIOR_SD, LogisticFit
from cxdash.stats.proportions import share
from cxdash.stats.ratio import Ratio, ratio_of_sums
from cxdash.stats.stake import Stake, revenue_at_stake

__all__ = [
    "BOOSTED",
    "EXPERIENCE",
    "FINANCE",
    "KNOWN",
    "NOBODY",
    "Found",
    "Model",
    "Record",
    "find",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

EXPERIENCE: Final = "experience and finance"
KNOWN: Final = "finance and operations"
FINANCE: Final = "finance only"
NOBODY: Final = "nobody churns"
BOOSTED: Final = "boosted trees"
MOST_CUSTOMERS: Final = 30_000
#: Leavers a column of the model needs at the least (E. Vittinghoff and C. McCulloch, American
#: Journal of Epidemiology 165 (2007)); fewer and effects of single columns are not to be trusted.
EVENTS_A_COLUMN: Final = 5
TOPS: Final = (0.1, 0.2)
_SEED: Final = 31_013
_OPERATIONS: Final = ("contacts", "unresolved")


@dataclass(frozen=True, slots=True)
class Model:
    """A model of leaving and what it was fitted on.

    ``fit`` is read effect by effect, ``steady`` gives chances.
    """

    design: Design
    fit: LogisticFit
    steady: LogisticFit
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Record:
    """How right the models were on windows they had not seen.

    ``known`` is the strongest model without any answer. ``gain`` is what answers add to it (None
    without answers); ``share`` that gain as a share of all skill, None while skill itself is within
    noise. ``groups`` are tenths of predicted risk of the main model, ``lifts`` what its highest
    tenth and fifth held. ``seen`` holds every prediction behind it.
    """

    seen: Forecast
    checks: tuple[ModelCheck, ...]
    main: str
    known: str
    gain: Gain | None
    share: Ratio | None
    groups: tuple[ReliabilityGroup, ...]
    lifts: tuple[Lift, ...]

    @property
    def of_main(self) -> ModelCheck:
        return next(entry for entry in self.checks if entry.model == self.main)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything estimated for one stage.

    Parameters
    ----------
    rate
        Share of closed windows that ended with the customer gone.
    model
        None when there are too few leavers or stayers.
    together
        The effect of every answer up by its own step at once; None with fewer than two items.
    needed
        Leavers needed to say anything about single drivers; ``wished`` those for steady risks.
    dropped
        Items (columns of the windows) left out because there are too few leavers for them.
    sampled
        Customers the model was fitted on when not on all.
    worth
        What ``worth`` puts at stake; None where it cannot tell.
    """

    stage: ChurnStage
    closed: Windows
    rate: Estimate | None
    events: int
    model: Model | None
    drivers: tuple[Driver, ...]
    together: Effect | None
    record: Record | None
    stake: Stake | None
    needed: int
    wished: int
    dropped: tuple[int, ...]
    sampled: int | None
    worth: Stake | None = None

    @property
    def stayers(self) -> int:
        return len(self.closed.rows) - self.events


def find(stage: ChurnStage) -> Found:
    """Fit, look at every step, hold the method against later windows."""
    seen = stage.seen
    everyone = seen.part(seen.is_closed)
    closed = everyone.sample(MOST_CUSTOMERS)
    sampled = None
    if len(closed.rows) < len(everyone.rows):
        sampled = int(closed.rows["customer_id"].nunique())
    events = int(left_of(everyone.rows).sum())
    allowed = stage.conditions.rates_allowed and bool(len(everyone.rows))
    rate = share(events, len(everyone.rows), level=LEVEL) if allowed else None
    nothing = Found(
        stage=stage,
        closed=everyone,
        rate=rate,
        events=events,
        model=None,
        drivers=(),
        together=None,
        record=None,
        stake=None,
        needed=MIN_EVENTS,
        wished=MIN_EVENTS,
        dropped=(),
        sampled=sampled,
    )
    if not allowed or not learnable(closed.rows):
        return nothing
    return _modelled(nothing, closed)


def _modelled(nothing: Found, closed: Windows) -> Found:
    stage = nothing.stage
    here = int(left_of(closed.rows).sum())
    controls, numbers, needed = _afforded(stage, closed, here)
    if controls is None:
        return _with(nothing, needed=needed, wished=needed)
    tell("Learning from the windows that are over", 0.2)
    learner = _Learner(stage, closed)
    design = Design.learned(closed, controls, numbers)
    matrix = design.matrix(closed)
    everything = np.ones(len(matrix), dtype=np.bool_)
    fit = learner.full(design, matrix, everything)
    steady = learner.steady(fit, design, matrix, everything)
    if fit is None or steady is None:
        return _with(nothing, needed=needed, wished=needed)
    tell("Looking at every driver, alone and with the others held equal", 0.4)
    found = drivers(
        fit,
        matrix,
        list(steps(design, closed, matrix)),
        learn=learner.plain,
        groups=design.groups,
        controls=range(len(design.controls.predictors)),
        halves=_halves(learner, design, matrix, closed),
        level=LEVEL,
    )
    tell("Checking the method on windows it had not seen", 0.6)
    record = _record(learner, design, closed)
    tell("Looking at today's customers", 0.9)
    return _with(
        nothing,
        model=Model(design, fit, steady, matrix),
        drivers=found,
        together=_together(design, closed, matrix, fit),
        record=record,
        stake=_stake(stage, design, steady),
        needed=needed,
        wished=events_needed(matrix.shape[1], float(left_of(closed.rows).mean())),
        dropped=tuple(n for n in stage.cleared.numbers if n not in numbers),
    )


def _with(found: Found, **parts: object) -> Found:
    fields = {name: getattr(found, name) for name in Found.__dataclass_fields__}
    return Found(**(fields | parts))


def _afforded(
    stage: ChurnStage, closed: Windows, events: int
) -> tuple[Controls | None, tuple[int, ...], int]:
    """Controls and items that so many leavers can carry, and the leavers needed for the least.

    Plain columns come first, then segments, plans and regions, then items by how many answered;
    where there is no room for a single item, regions and plans make room for it.
    """
    columns = events // EVENTS_A_COLUMN
    numbers = sorted(
        stage.cleared.numbers, key=lambda n: (-int((~np.isnan(closed.scores[:, n])).sum()), n)
    )
    least = 1 if numbers else 0
    needed = MIN_EVENTS
    for groups in (GROUPS, GROUPS[:2], GROUPS[:1], ()):
        controls = Controls.learned(closed.rows, stage.cleared.leaks, groups=groups)
        room = columns - (len(controls.predictors) - 1)
        if room >= least:
            return controls, tuple(sorted(numbers[:room])), needed
        needed = max(MIN_EVENTS, EVENTS_A_COLUMN * (len(controls.predictors) - 1 + least))
    return None, (), needed


@dataclass(frozen=True, slots=True)
class _Learner:
    """Fits on the closed windows of one stage."""

    stage: ChurnStage
    closed: Windows

    def full(self, design: Design, matrix: Matrix, rows: Mask) -> LogisticFit | None:
        """For effects that are read one by one."""
        own = matrix[rows]
        return self._fit(own, rows, design.prior_sd(own, self.stage.horizon))

    def steady(
        self, full: LogisticFit | None, design: Design, matrix: Matrix, rows: Mask
    ) -> LogisticFit | None:
        """For chances; ``full`` is what :meth:`full` gave for the same windows."""
        if full is None:
            return None
        own = matrix[rows]
        return steady_chance(
            full,
            own,
            self.closed.rows[rows],
            design.prior_sd(own, self.stage.horizon),
            design.alike,
            horizon=self.stage.horizon,
            contractual=self.stage.panel.contractual,
        )

    def plain(self, matrix: Matrix, rows: Mask) -> LogisticFit | None:
        return self._fit(matrix, rows, np.full(matrix.shape[1], PRIOR_SD))

    def _fit(self, matrix: Matrix, rows: Mask, prior_sd: Matrix) -> LogisticFit | None:
        return fit_chance(
            matrix,
            self.closed.rows[rows],
            prior_sd,
            horizon=self.stage.horizon,
            contractual=self.stage.panel.contractual,
        )


def _halves(learner: _Learner, design: Design, matrix: Matrix, closed: Windows) -> Halves | None:
    """The model on the earlier and on the later windows apart; the later half is the larger."""
    months = closed.closed_months
    if len(months) < 2:
        return None
    is_later = closed.rows["landmark"].to_numpy(np.int64) >= months[len(months) // 2]
    earlier = learner.full(design, matrix, ~is_later)
    later = learner.full(design, matrix, is_later)
    if earlier is None or later is None:
        return None
    return Halves(earlier, later, is_later)


def _together(design: Design, closed: Windows, matrix: Matrix, fit: LogisticFit) -> Effect | None:
    step = together(design, closed, matrix)
    return effects(fit, matrix, [step], level=LEVEL)[0][0] if step else None


# -- the record -----------------------------------------------------------------------------------


def _record(learner: _Learner, design: Design, closed: Windows) -> Record | None:
    """Every model on every window but the first, each learned from the windows before."""
    leaks = learner.stage.cleared.leaks
    groups = tuple(column for column, _ in design.controls.levels)

    def predict(numbers: Sequence[int], without: Sequence[str]) -> Predict:
        def said(earlier: Mask, later: Mask) -> Matrix | None:
            past = closed.part(earlier)
            if not learnable(past.rows):
                return None
            controls = Controls.learned(past.rows, leaks, groups=groups, without=without)
            then = Design.learned(past, controls, tuple(numbers))
            matrix = then.matrix(closed)
            full = learner.full(then, matrix, earlier)
            steady = learner.steady(full, then, matrix, earlier)
            return None if steady is None else steady.probabilities(matrix[later])

        return said

    def boosted(earlier: Mask, later: Mask) -> Matrix | None:
        return _trees(design, closed, earlier, later)

    def nobody(_earlier: Mask, later: Mask) -> Matrix | None:
        return np.zeros(int(later.sum()))

    numbers = design.ratings.numbers
    models: dict[str, Predict] = {}
    if numbers:
        models[EXPERIENCE] = predict(numbers, ())
    operations = [name for name in _OPERATIONS if name in design.controls.plain]
    if operations:
        models[KNOWN] = predict((), ())
    models[FINANCE] = predict((), _OPERATIONS)
    models |= {NOBODY: nobody, BOOSTED: boosted}
    seen = forecast(closed.rows, closed.closed_months, models)
    if seen is None:
        return None
    return _told(seen, known=KNOWN if operations else FINANCE, heard=bool(numbers))


def _told(seen: Forecast, *, known: str, heard: bool) -> Record:
    main = EXPERIENCE if heard else known
    chance = seen.chances[main]
    return Record(
        seen=seen,
        checks=check(seen, level=LEVEL),
        main=main,
        known=known,
        gain=gain(seen, main, known, level=LEVEL) if heard else None,
        share=_share_of_skill(seen, main, known) if heard else None,
        groups=reliability(seen.left, chance, level=LEVEL),
        lifts=tuple(lift(seen.left, chance, top=top, level=LEVEL) for top in TOPS),
    )


def _share_of_skill(seen: Forecast, main: str, known: str) -> Ratio | None:
    """What answers add, as a share of all surprise the main model takes away; by customer."""
    losses = {name: log_losses(seen.left, seen.chances[name]) for name in (main, known)}
    average = log_losses(seen.left, np.full(seen.left.size, float(seen.left.mean())))
    skill = average - losses[main]
    error = error_of_mean(skill, cluster_codes(seen.customers, skill.size))
    if not float(skill.mean()) > 2 * error:
        return None
    return ratio_of_sums(
        losses[known] - losses[main],
        skill,
        seen.customers,
        rng=np.random.default_rng(_SEED),
        level=LEVEL,
    )


def _trees(design: Design, closed: Windows, earlier: Mask, later: Mask) -> Matrix | None:
    """Boosted trees on the same columns."""
    if not learnable(closed.rows[earlier]):
        return None
    matrix = design.matrix(closed)
    return boosted_chances(matrix[earlier], left_of(closed.rows)[earlier], matrix[later])


# -- today ----------------------------------------------------------------------------------------


def _stake(stage: ChurnStage, design: Design, fit: LogisticFit) -> Stake | None:
    """Expected leavers and what they pay, of today's customers who have not said goodbye.

    The sums are those of the chances that were tried on later windows and that the list of
    customers shows; the ranges add the doubt about them and the toss of each customer.
    """
    base = stage.seen.part(stage.seen.is_base)
    if base.rows.empty:
        return None
    everybody: Mapping[str, Mask] = {"all": np.ones(len(base.rows), dtype=np.bool_)}
    matrix = design.matrix(base)
    revenue = base.rows["rate"].to_numpy(np.float64) * stage.horizon
    drawn = revenue_at_stake(
        fit, matrix, revenue, everybody, rng=np.random.default_rng(_SEED), level=LEVEL
    )["all"]
    chances = fit.probabilities(matrix)
    return replace(drawn, estimate=float(chances @ revenue), leavers=float(chances.sum()))
