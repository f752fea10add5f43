"""Do the metrics that work tell the same thing? Each is held beside the others that work.

Customers who are content say so in every answer, so several metrics may go before the same leaving.
One model of the windows that have an answer to all of them says what each still tells when the
others are known. Metrics that are asked too seldom together with the rest are left out of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.panel import Windows
from cxdash.questions.chance import MIN_EVENTS, left_of
from cxdash.questions.design import Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trial.lead import (
    chance_of_leaving,
    moved,
    slope_p,
    spend_change,
    staying,
)
from cxdash.questions.trial.link import Link, Matrix, Outcome, best_of, times
from cxdash.questions.trial.stage import FEWEST_WINDOWS, Metric, TrialStage
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.estimate import Estimate
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.proportions import adjusted_p_values

__all__ = ["Beside", "beside"]

#: Share of metrics said to tell something of their own that may be so by chance alone.
_CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Beside:
    """What is left of one working metric when the other working ones are known.

    Parameters
    ----------
    others
        How many metrics stand beside it.
    p_value
        Of "it tells nothing the others do not", adjusted over the metrics held beside each other
        (Benjamini and Hochberg).
    effect
        Of a realistic move, the others held equal; in the unit of the link's own effect.
    n
        Windows with an answer to all of them (spend: of those who stayed).
    """

    others: int
    p_value: float
    effect: Estimate
    n: int

    @property
    def own_signal(self) -> bool:
        """Whether it tells something the others do not, beyond chance."""
        return self.p_value <= _CHANCE


@dataclass(frozen=True, slots=True)
class _Together:
    """Windows that have an answer to all metrics: what is known of each, and how far each moves."""

    stage: TrialStage
    over: Windows
    controls: Controls
    plain: Matrix
    own: Matrix
    better: Matrix


def beside(stage: TrialStage, working: Sequence[tuple[Metric, Link]]) -> Mapping[int, Beside]:
    """Metric number to what is left of it; metrics that could not be held beside others lack.

    Parameters
    ----------
    working
        The metrics that work with the link that each verdict rests on.
    """
    kept = _asked_together(stage, working)
    if len(kept) < 2:
        return {}
    together = _together(stage, kept)
    outcomes: tuple[Outcome, ...] = ("leaving", "spend")
    raw: dict[int, tuple[float, Estimate]] = {}
    for outcome in outcomes:
        places = [place for place, (_, link) in enumerate(kept) if link.outcome == outcome]
        if places:
            left = _leaving(together, places) if outcome == "leaving" else _spend(together, places)
            raw |= {kept[place][0].number: found for place, found in left.items()}
    if not raw:
        return {}
    adjusted = adjusted_p_values([p for p, _ in raw.values()])
    return {
        number: Beside(len(kept) - 1, float(p), effect, effect.n)
        for (number, (_, effect)), p in zip(raw.items(), adjusted, strict=True)
    }


def _asked_together(
    stage: TrialStage, working: Sequence[tuple[Metric, Link]]
) -> list[tuple[Metric, Link]]:
    """The metrics with enough windows that have them all; the one asked most apart goes first."""
    kept = list(working)
    left, stayed = left_of(stage.closed.rows), staying(stage.closed.rows)
    answered = ~np.isnan(stage.closed.scores)

    def windows_of(some: Sequence[tuple[Metric, Link]]) -> NDArray[np.bool_]:
        return np.asarray(answered[:, [metric.number for metric, _ in some]].all(axis=1))

    def enough(some: Sequence[tuple[Metric, Link]]) -> bool:
        rows = windows_of(some)
        fewest = MIN_EVENTS * len(some)
        leaving = min((rows & left).sum(), (rows & ~left).sum()) >= fewest
        spend = (rows & stayed).sum() >= max(FEWEST_WINDOWS, fewest)
        return all(leaving if link.outcome == "leaving" else spend for _, link in some)

    while len(kept) > 1 and not enough(kept):
        gains = [
            int(windows_of([*kept[:place], *kept[place + 1 :]]).sum()) for place in range(len(kept))
        ]
        # Of equals the last goes, which leads least clearly.
        kept.pop(max(range(len(kept)), key=lambda place: (gains[place], place)))
    return kept


def _together(stage: TrialStage, kept: Sequence[tuple[Metric, Link]]) -> _Together:
    numbers = [metric.number for metric, _ in kept]
    over = stage.closed.part(np.asarray(~np.isnan(stage.closed.scores[:, numbers]).any(axis=1)))
    # Solved contacts are themselves what operations know of unsolved ones.
    counted = next((metric for metric, _ in kept if metric.kind == "contacts"), kept[0][0])
    controls = stage.controls(counted, over)
    sign = np.array([1.0 if metric.item.high_is_good else -1.0 for metric, _ in kept])
    own = sign * over.scores[:, numbers]
    best = np.array([best_of(metric, s) for (metric, _), s in zip(kept, sign, strict=True)])
    step = np.array([link.step for _, link in kept])
    return _Together(
        stage=stage,
        over=over,
        controls=controls,
        plain=controls.matrix(over.rows),
        own=own - own.mean(axis=0),
        better=np.clip(best - own, 0.0, step),
    )


def _leaving(together: _Together, places: Sequence[int]) -> dict[int, tuple[float, Estimate]]:
    """Place of a metric to its p-value and effect, all metrics in one model of leaving."""
    width = together.plain.shape[1]
    full = np.column_stack([together.plain, together.own])
    try:
        fit = chance_of_leaving(together.stage, together.controls, full, together.over.rows)
    except NoConvergenceError:
        return {}
    if fit is None:
        return {}
    equal = np.full(len(full), 1 / len(full))
    return {
        place: (
            slope_p(fit, width + place),
            moved(fit, full, width + place, together.better[:, place], equal),
        )
        for place in places
    }


def _spend(together: _Together, places: Sequence[int]) -> dict[int, tuple[float, Estimate]]:
    """The same for the change of spend of those who stayed."""
    stayed = staying(together.over.rows)
    change = spend_change(together.stage, together.over.rows)[stayed]
    customer = np.unique(together.over.rows["customer_id"].to_numpy(str), return_inverse=True)[1]
    found = {}
    for place in places:
        slope = _slope(together, change, place, stayed, customer[stayed])
        if slope is not None:
            mean = float(together.better[stayed, place].mean())
            found[place] = (slope.p_value, times(slope.estimate, mean))
    return found


def _slope(
    together: _Together,
    change: Matrix,
    place: int,
    stayed: NDArray[np.bool_],
    customer: NDArray[np.int64],
) -> Association | None:
    """Slope of spend on one metric, the others held equal; None where nothing of it is left."""
    others = np.delete(together.own, place, axis=1)
    held = np.column_stack([together.plain, others])[stayed]
    try:
        return associate(change, together.own[stayed, place], held, customer, level=LEVEL)
    except NothingLeftError:
        return None
