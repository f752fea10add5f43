"""Do the silent still leave at another rate once what finance and service knew is held equal?

The counted difference mixes in everything the silent have in common: smaller accounts answer less
and leave more. This sets it beside the difference between customers alike in what was known of them
when the window began.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.questions.chance import fit_chance
from cxdash.questions.design import Controls, leaks
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import z_of_level
from cxdash.stats.logistic import PRIOR_SD, NoConvergenceError

__all__ = ["HeldEqual", "held_equal"]


@dataclass(frozen=True, slots=True)
class HeldEqual:
    """Silent minus answered: difference of the shares who left (0 to 1), what was known held equal.

    ``known`` is in plain words; ``n`` counts windows, ``events`` those that ended with a goodbye.
    """

    estimate: float
    low: float
    high: float
    known: tuple[str, ...]
    n: int
    events: int


def held_equal(
    past: pd.DataFrame,
    silent: NDArray[np.bool_],
    answered: NDArray[np.bool_],
    *,
    horizon: int,
    contractual: bool,
) -> HeldEqual | None:
    """The difference over the closed windows of both groups, or None with too little to learn from.

    Model: logistic in the controls of :mod:`cxdash.questions.design` and in being silent, on
    customer-months (windows without contracts). Everybody of both groups is taken once as silent
    and once as having answered; the difference of the two mean chances is standardised to their
    mix. Interval: delta method. Source: S. Greenland, American Journal of Epidemiology 160 (2004).

    Parameters
    ----------
    past
        Closed windows.
    silent, answered
        Shape (windows,): which group each stood in when it began; at most one of them holds.
    """
    both = silent | answered
    rows = past[both].reset_index(drop=True)
    is_silent = silent[both].astype(np.float64)
    if rows.empty or not 0 < is_silent.mean() < 1:
        return None
    controls = Controls.learned(rows, leaks(rows))
    known = controls.matrix(rows)
    matrix = np.column_stack([known, is_silent])
    prior_sd = np.append(controls.prior_sd(known, horizon), PRIOR_SD)
    try:
        fit = fit_chance(matrix, rows, prior_sd, horizon=horizon, contractual=contractual)
    except NoConvergenceError:
        return None
    if fit is None:
        return None
    equal = np.full(len(rows), 1 / len(rows))
    as_silent, slope_silent = fit.gradient(np.column_stack([known, np.ones(len(rows))]), equal)
    as_heard, slope_heard = fit.gradient(np.column_stack([known, np.zeros(len(rows))]), equal)
    gap = as_silent - as_heard
    half = z_of_level(LEVEL) * fit.deviation(slope_silent - slope_heard)
    return HeldEqual(gap, gap - half, gap + half, controls.held_equal, len(rows), fit.events)
