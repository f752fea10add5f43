"""The drivers of leaving: each step with its effect, raw and adjusted, its rank and whether it is a
lever.

A driver is called one only when its effect is beyond noise after allowing for how many were looked
at. It is offered as a lever only when, besides, it is something a company does (experience or
operations), it points the right way, it does not merely stand for a segment, and later windows,
taken alone, show it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.churn.effects import (
    Effect,
    Learn,
    Ranks,
    Step,
    effects,
    ranks,
    raw_effect,
)
from cxdash.questions.design import Kind
from cxdash.stats.logistic import LogisticFit
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.refuted import refutes

__all__ = ["ALARM", "Driver", "Halves", "drivers"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Share of false alarms among those called drivers (Benjamini and Hochberg).
ALARM: Final = 0.05
_SEED: Final = 40_427


@dataclass(frozen=True, slots=True)
class Halves:
    """The same model fitted on the earlier and on the later windows alone."""

    earlier: LogisticFit
    later: LogisticFit
    is_later: Mask


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing beside which customers leave more or less.

    Parameters
    ----------
    name, label, kind, change, short
        As in :class:`cxdash.questions.churn.effects.Step`; ``change`` is the step in words.
    effect
        With everything else the model knows held equal.
    raw
        Under a model that knows this alone; None where there is too little to learn from.
    within
        With only the groups of the customer list held equal.
    apart
        With everything finance and operations know held equal, but not the other answers.
    p_adjusted
        Of no effect, allowing for how many were looked at.
    ranks
        By effect, 1 for the fewest leavers after the step.
    confirmed
        Later windows, taken alone, show the same direction beyond noise, and earlier ones agree;
        None where there is no later window to ask.
    n
        Customer-windows the effect is averaged over.
    """

    name: str
    label: str
    kind: Kind
    change: str
    short: str
    effect: Effect
    raw: Effect | None
    within: Effect | None
    apart: Effect | None
    p_adjusted: float
    ranks: Ranks
    confirmed: bool | None
    n: int

    @property
    def beyond_noise(self) -> bool:
        return self.p_adjusted < ALARM and self.effect.beyond_noise

    @property
    def only_group(self) -> bool:
        """Whether a clear raw link is refuted once groups are held equal.

        Its range within groups must rule out what was counted: one that is merely wide cannot tell.
        """
        return self.within is not None and refutes(self.within, self.raw)

    @property
    def lever(self) -> bool:
        """Whether acting on it may keep customers, as far as data without a pilot can tell."""
        return not self.against_lever

    @property
    def against_lever(self) -> str:
        """Why it is not offered as a lever; empty when it is."""
        raw = self.raw is not None and self.raw.beyond_noise
        noise = not self.beyond_noise
        grouped = self.within is not None and not self.within.beyond_noise
        beside = self.apart or self.effect
        told = (
            (
                self.name == "price_change",
                "a rise can be a price rise or a larger order; the data cannot tell which",
            ),
            (
                self.kind not in ("experience", "operations"),
                "describes the customer; nobody can act on it",
            ),
            (
                noise and self.only_group,
                "the raw link is that of segment, plan or region: none remains within them",
            ),
            (
                noise and self.apart is not None and self.apart.beyond_noise,
                "goes with leaving, but cannot be told apart from the other answers",
            ),
            (
                noise and refutes(beside, self.raw),
                "the raw link is that of what finance and operations know: none remains beside it",
            ),
            (
                noise and raw and grouped,
                "cannot tell whether a link remains once segment, plan and region are held equal",
            ),
            (
                noise and raw,
                "cannot tell whether a link remains once what finance and operations know is equal",
            ),
            (noise, "no link beyond noise"),
            (self.effect.estimate > 0, "the step goes with more leavers, not fewer"),
            (self.confirmed is None, "there are no later windows to confirm it on"),
            (not self.confirmed, "later windows, taken alone, do not show it beyond noise"),
        )
        return next((reason for holds, reason in told if holds), "")


def drivers(
    fit: LogisticFit,
    matrix: Matrix,
    found: Sequence[Step],
    *,
    learn: Learn,
    groups: Sequence[int],
    controls: Sequence[int],
    halves: Halves | None,
    level: float,
) -> tuple[Driver, ...]:
    """Every step as a driver, the one with the fewest leavers after it first.

    Parameters
    ----------
    fit
        The model with everything, fitted on ``matrix``.
    learn
        Fits a smaller model on some columns of some rows, for the raw effect.
    groups, controls
        Columns of segments, plans and regions; all columns that hold no answer.
    halves
        The model fitted on earlier and later windows apart; None where there is only one window.
    """
    adjusted, covariance = effects(fit, matrix, found, level=level)
    if not adjusted:
        return ()
    standing = ranks(adjusted, covariance, level=level, rng=np.random.default_rng(_SEED))
    corrected = adjusted_p_values([effect.p_value for effect in adjusted])
    made = [
        Driver(
            name=step.name,
            label=step.label,
            kind=step.kind,
            change=step.words,
            short=step.short,
            effect=effect,
            raw=raw_effect(learn, matrix, step, level=level),
            within=raw_effect(learn, matrix, step, level=level, beside=groups) if groups else None,
            apart=_apart(learn, matrix, step, controls, level),
            p_adjusted=float(p_value),
            ranks=rank,
            confirmed=_confirmed(halves, matrix, step, level) if halves else None,
            n=int(step.rows.sum()),
        )
        for step, effect, rank, p_value in zip(found, adjusted, standing, corrected, strict=True)
    ]
    return tuple(sorted(made, key=lambda driver: driver.ranks.rank))


def _apart(
    learn: Learn, matrix: Matrix, step: Step, controls: Sequence[int], level: float
) -> Effect | None:
    if step.kind != "experience":
        return None
    return raw_effect(learn, matrix, step, level=level, beside=controls)


def _confirmed(halves: Halves, matrix: Matrix, step: Step, level: float) -> bool:
    """Whether the later windows alone show the direction the earlier ones had."""
    late = step.rows & halves.is_later
    if not late.any():
        return False
    moved = step.moved[halves.is_later[step.rows]]
    on_later = replace(step, known=late, rows=late, moved=moved)
    before = effects(halves.earlier, matrix, [on_later], level=level)[0][0]
    after = effects(halves.later, matrix, [on_later], level=level)[0][0]
    return after.beyond_noise and before.estimate * after.estimate > 0
