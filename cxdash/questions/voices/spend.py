"""Who spoke of a theme, stayed, and then paid more or less."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.chance import MIN_EVENTS, left_of
from cxdash.questions.design import Controls
from cxdash.questions.judgement import LEVEL
from cxdash.questions.voices.lived import Effect, Lived, again, scaled, surest, told_of
from cxdash.questions.voices.theme import Spoken
from cxdash.stats.association import NothingLeftError, associate
from cxdash.stats.estimate import Estimate

__all__ = ["spend"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

_MOST_CHANGE: Final = 1.0  # spend that more than doubled counts as doubled


def spend(lived: Lived, themes: Sequence[Spoken], tried: Sequence[int]) -> Iterator[Effect]:
    """Change of spend of those who stayed, as a share of what they paid when the window began."""
    if not lived.stage.conditions.money_allowed:
        return
    change, stayed = _change_of_spend(lived)
    if not stayed.any() or not np.ptp(change[stayed]) > 0:
        return
    rows = lived.over.rows
    controls = Controls.learned(rows[stayed], lived.stage.cleared.leaks)
    plain = controls.matrix(rows)
    later = lived.is_later
    revenue = lived.revenue
    alone = {
        k: told for k in tried if (told := _slope(lived, k, change, stayed, plain)) is not None
    }
    first = surest({k: p_value for k, (_, p_value) in alone.items()})
    for k in alone:
        beside = [] if first in (None, k) else [first]
        held_equal = np.column_stack([plain, lived.spoke[:, beside]])
        held = _slope(lived, k, change, stayed, held_equal)
        raw = _slope(lived, k, change, stayed, plain[:, :0])
        if held is None or raw is None:
            continue
        halves = (_slope(lived, k, change, stayed & part, held_equal) for part in (~later, later))
        at_stake = float(revenue[lived.spoke_today[:, k]].sum())
        yield Effect(
            theme=themes[k],
            outcome="spend",
            raw=raw[0],
            held=held[0],
            raw_money=scaled(raw[0], at_stake) if at_stake else None,
            money=scaled(held[0], at_stake) if at_stake else None,
            p_value=held[1],
            p_adjusted=1.0,
            confirmed=again(held[0], *(half[0] if half else None for half in halves)),
            held_equal=(*controls.held_equal, *(told_of(themes[other]) for other in beside)),
            n=int(stayed.sum()),
            customers=lived.speakers(k),
        )


def _change_of_spend(lived: Lived) -> tuple[Matrix, Mask]:
    """The change over each window as a share, and which windows it is known of."""
    rows = lived.over.rows
    before = rows["rate"].to_numpy(np.float64)
    stayed = ~left_of(rows) & (before > 0)
    if lived.stage.panel.contractual:
        after = rows["rate_after"].to_numpy(np.float64)
    else:
        # Without contracts the rate is a year's mean; what was paid since is the outcome.
        after = rows["revenue_after"].to_numpy(np.float64) / lived.stage.horizon
    change = np.zeros(len(rows))
    change[stayed] = np.clip(after[stayed] / before[stayed] - 1, -_MOST_CHANGE, _MOST_CHANGE)
    return change, stayed


def _slope(
    lived: Lived, theme: int, change: Matrix, rows: Mask, held_equal: Matrix
) -> tuple[Estimate, float] | None:
    own = lived.spoke[:, theme]
    if min((own & rows).sum(), (~own & rows).sum()) < MIN_EVENTS:
        return None
    try:
        found = associate(
            change[rows],
            own[rows].astype(np.float64),
            held_equal[rows].astype(np.float64),
            lived.customer[rows],
            level=LEVEL,
        )
    except NothingLeftError:
        return None
    return found.estimate, found.p_value
