"""Who spoke of a theme and then left: modelled as leaving is everywhere else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.chance import MIN_EVENTS, fit_chance, left_of
from cxdash.questions.churn.find import EVENTS_A_COLUMN
from cxdash.questions.design import GROUPS, Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.voices.lived import Effect, Lived, again, scaled, surest, told_of
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.estimate import Estimate, p_of_z, z_of_level
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, NoConvergenceError

__all__ = ["leaving"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


def leaving(lived: Lived, themes: Sequence[Spoken], tried: Sequence[int]) -> Iterator[Effect]:
    """Effects on the share that leaves; none where even the least cannot be held equal."""
    rows = lived.over.rows
    events = int(min(left_of(rows).sum(), (~left_of(rows)).sum()))
    controls = _controls(lived, events // EVENTS_A_COLUMN - 2)
    if controls is None:
        return
    plain, plain_today = controls.matrix(rows), controls.matrix(lived.today.rows)
    prior = controls.prior_sd(plain, lived.stage.horizon)
    everything = np.ones(len(rows), dtype=np.bool_)

    def design(theme: int, beside: Sequence[int] = ()) -> _Design:
        return _Design(lived, theme, beside, plain, plain_today, prior)

    alone = {k: told for k in tried if (told := design(k).told(everything)) is not None}
    first = surest({k: told.p_value for k, told in alone.items()})
    for k, by_itself in alone.items():
        beside = [] if first in (None, k) else [first]
        held = design(k, beside).told(everything) if beside else by_itself
        raw = _Design(lived, k, [], plain[:, :0], plain_today[:, :0], prior[:0]).told(everything)
        if held is None or raw is None:
            continue
        halves = [design(k, beside).told(half) for half in (~lived.is_later, lived.is_later)]
        yield Effect(
            theme=themes[k],
            outcome="leaving",
            raw=raw.share,
            held=held.share,
            raw_money=raw.money,
            money=held.money,
            p_value=held.p_value,
            p_adjusted=1.0,
            confirmed=again(held.share, *(half.share if half else None for half in halves)),
            held_equal=(*controls.held_equal, *(told_of(themes[other]) for other in beside)),
            n=len(rows),
            customers=lived.speakers(k),
        )


def _controls(lived: Lived, room: int) -> Controls | None:
    """What finance and operations knew, with as many groups as so many columns allow."""
    rows, leaks = lived.over.rows, lived.stage.cleared.leaks
    for groups in (GROUPS, GROUPS[:2], GROUPS[:1], ()):
        controls = Controls.learned(rows, leaks, groups=groups)
        if len(controls.predictors) <= room:
            return controls
    least = Controls.learned(
        rows, leaks, groups=(), without=("price_change", "contacts", "unresolved", "idle")
    )
    return least if len(least.predictors) <= max(room, 1) else None


@dataclass(frozen=True, slots=True)
class _Told:
    share: Estimate
    money: Estimate | None
    p_value: float


@dataclass(frozen=True, slots=True)
class _Design:
    """Columns of one theme's model: what is held equal, a theme beside it, itself last."""

    lived: Lived
    theme: int
    beside: Sequence[int]
    plain: Matrix
    plain_today: Matrix
    prior: Matrix

    def told(self, rows: Mask) -> _Told | None:
        """The effect on some windows; None where they are too few to tell."""
        own = self.lived.spoke[:, self.theme]
        if min((own & rows).sum(), (~own & rows).sum()) < MIN_EVENTS:
            return None
        columns = [*self.beside, self.theme]
        matrix = np.column_stack([self.plain, self.lived.spoke[:, columns]]).astype(np.float64)
        prior = np.concatenate([self.prior, np.full(len(columns), PRIOR_SD)])
        stage = self.lived.stage
        try:
            fit = fit_chance(
                matrix[rows],
                self.lived.over.rows[rows],
                prior,
                horizon=stage.horizon,
                contractual=stage.panel.contractual,
            )
        except NoConvergenceError:
            return None
        if fit is None:
            return None
        speaks = matrix[rows & own]
        share, p_value = _without_it(fit, speaks, np.full(len(speaks), 1 / len(speaks)))
        return _Told(share, self._money(fit, columns), p_value)

    def _money(self, fit: LogisticFit, columns: Sequence[int]) -> Estimate | None:
        """Revenue of today's customers who speak of it that goes with the theme; lost is below
        zero.
        """
        own = self.lived.spoke_today[:, self.theme]
        if not self.lived.stage.conditions.money_allowed or not own.any():
            return None
        now = np.column_stack([self.plain_today, self.lived.spoke_today[:, columns]])
        lost, _ = _without_it(fit, now[own].astype(np.float64), self.lived.revenue[own])
        return scaled(lost, -1.0)


def _without_it(fit: LogisticFit, speaks: Matrix, weight: Matrix) -> tuple[Estimate, float]:
    """Weighted sum of chances as they are minus that had nobody spoken of the theme, whose column
    is the last; with the p-value of nothing.
    """
    without = speaks.copy()
    without[:, -1] = 0.0
    value, slope = fit.gradient(speaks, weight)
    bare, bare_slope = fit.gradient(without, weight)
    error = fit.deviation(slope - bare_slope)
    return _around(value - bare, error, len(speaks)), (
        p_of_z((value - bare) / error) if error > 0 else 1.0
    )


def _around(value: float, error: float, n: int) -> Estimate:
    half = z_of_level(LEVEL) * error
    return Estimate(estimate=value, low=value - half, high=value + half, n=n, level=LEVEL)
