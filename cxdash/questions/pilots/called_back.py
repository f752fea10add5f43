"""Customers called back after a low rating, beside others who rated as low and were not.

Whoever rates low rates higher the next time, called or not: an extreme answer is partly bad luck
(regression to the mean). So it is never counted how many of those called became happy, only by how
much more their next rating rose than that of others with the same first rating.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import (
    FEWEST,
    Check,
    Effect,
    Group,
    Reading,
    arms,
)
from cxdash.stats.association import Association, NothingLeftError, associate
from cxdash.stats.did import welch
from cxdash.stats.kept_lot import MISMATCH, lot_kept
from cxdash.stats.pilot_power import detectable_mean

__all__ = ["read_called_back"]

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DAYS_A_MONTH: Final = 30.4375
_ALIKE: Final = 0.05


def read_called_back(
    one: Planned, stage: Stage, ratings: pd.DataFrame, width: float
) -> Reading | str:
    """The read-out; a sentence where there is none.

    ``ratings`` are those of :func:`cxdash.panel.pilot_units.ratings_since`; ``width`` is that of
    the scale.
    """
    groups = arms(one.members, one.plan.control)
    if groups is None:
        return (
            "It cannot be told which group of the file is the untreated one. Name it in the plan."
        )
    pairs = _pairs(one, ratings, *groups)
    treated = pairs["treated"].to_numpy(dtype=bool)
    counts = (int(treated.sum()), int((~treated).sum()))
    if min(counts) < FEWEST:
        return (
            f"Fewer than {FEWEST} of those called back, or of others who rated as low, rated again."
        )
    level = 1 - one.bar.alpha_at(stage.look)
    second = pairs["value_next"].to_numpy(dtype=np.float64)
    if not np.ptp(second) > 0:
        return "All rated the same the next time, so there is nothing to compare."
    try:
        found = _held_equal(pairs, second, level)
    except NothingLeftError:
        return "No other customer rated as low as those who were called back."
    effect = found.estimate
    spread = found.error / float(np.sqrt(1 / counts[0] + 1 / counts[1]))
    rose = _rose(pairs, treated)
    return Reading(
        raw=Effect.of(welch(second[treated], second[~treated], level=level)),
        effect=Effect(effect.estimate, effect.low, effect.high, found.p_value),
        treated=Group("called back", counts[0], float(second[treated].mean())),
        untreated=Group("not called back", counts[1], float(second[~treated].mean())),
        assigned=counts,
        level=level,
        base=width,
        scale=width,
        how="The next rating of those called back minus that of others, with the same first rating "
        "and the same time between the two.",
        code="cxdash.stats.association.associate",
        detectable=detectable_mean(spread, *counts, one.bar),
        checks=tuple(_checks(one, pairs, groups)),
        notes=(rose,),
    )


def _pairs(one: Planned, ratings: pd.DataFrame, called: set[str], spared: set[str]) -> pd.DataFrame:
    """The first low rating of each customer that was followed by another one.

    Called back: the call came between the two. The others: nobody called before the second; where
    the file names an untreated group, only those in it.
    """
    low = ratings[
        (ratings["band_position"] == ratings["band_position"].min()) & ratings["value_next"].notna()
    ]
    calls = one.members[one.members["arm"].isin(called)].groupby("customer_id")["assigned_on"].min()
    on = pd.to_datetime(low["customer_id"].map(calls))
    first, second = pd.to_datetime(low["answered_on"]), pd.to_datetime(low["next_on"])
    own = low.assign(
        treated=(on >= first) & (on <= second),
        months=(second - first).dt.days / _DAYS_A_MONTH,
    )
    untouched = on.isna() | (on > second)
    if spared:
        in_control = one.members[one.members["arm"].isin(spared)]["customer_id"]
        untouched &= low["customer_id"].isin(in_control)
    kept: pd.DataFrame = own[own["treated"] | untouched]
    return kept.drop_duplicates("customer_id").reset_index(drop=True)


def _held_equal(pairs: pd.DataFrame, outcome: Matrix, level: float) -> Association:
    first = pd.get_dummies(pairs["value"].round(6), drop_first=True).to_numpy(dtype=np.float64)
    held = np.column_stack([first, pairs["months"].to_numpy(dtype=np.float64)])
    customers = np.arange(len(pairs), dtype=np.int64)
    exposure = pairs["treated"].to_numpy(dtype=np.float64)
    return associate(outcome, exposure, held, customers, level=level)


def _rose(pairs: pd.DataFrame, treated: Flags) -> str:
    rise = (pairs["value_next"] - pairs["value"]).to_numpy(dtype=np.float64)
    return (
        f"The next rating was {fmt.number(float(rise[treated].mean()), 'score')} higher than the "
        f"first for those called back, and {fmt.number(float(rise[~treated].mean()), 'score')} "
        "higher for others who rated as low and heard nothing: that much comes by itself."
    )


def _checks(one: Planned, pairs: pd.DataFrame, groups: tuple[set[str], set[str]]) -> list[Check]:
    made = [_earlier_alike(pairs)]
    if one.by_lot:
        sides = one.members.drop_duplicates("customer_id")["arm"].isin(groups[0])
        share = one.plan.treated_share or 0.5
        p = lot_kept(int(sides.sum()), len(sides), share) if groups[1] else 0.0
        made.insert(
            0,
            Check(
                "the lot was kept to",
                p >= MISMATCH,
                f"{fmt.count(int(sides.sum()))} of {fmt.count(len(sides))} are to be called back "
                f"where {fmt.number(share, 'share')} were planned; by lot that or more happens "
                f"with {fmt.p_value(p)}.",
            ),
        )
    return made


def _earlier_alike(pairs: pd.DataFrame) -> Check:
    """The rating before the low one: nobody had called by then, so it must not differ."""
    known = pairs[pairs["value_earlier"].notna()].reset_index(drop=True)
    sides = known["treated"]
    if min(int(sides.sum()), int((~sides).sum())) < FEWEST:
        return Check(
            "they rated alike before", None, "Too few had rated before, so it is not known."
        )
    earlier = known["value_earlier"].to_numpy(dtype=np.float64)
    if not np.ptp(earlier) > 0:
        return Check("they rated alike before", None, "All had rated the same before.")
    try:
        p = _held_equal(known, earlier, 0.95).p_value
    except NothingLeftError:
        return Check("they rated alike before", None, "Too few had rated before.")
    return Check(
        "they rated alike before",
        p > _ALIKE,
        f"The rating before the low one differs between them with {fmt.p_value(p)}.",
    )
