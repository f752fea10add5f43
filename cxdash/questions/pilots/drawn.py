"""Customers given to groups one by one: drawn by lot, or as somebody put them.

The plain difference stands beside the one with the noise of the time before taken out (CUPED).
Where a lot was drawn, both mean the same and the second is sharper. Where nobody said how the
groups were made, they must have been alike before, and have moved alike, to be worth a comparison.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.panel.pilot_units import BEFORE
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.money import a_year
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import (
    AFTER,
    FEWEST,
    Check,
    Effect,
    Group,
    Reading,
    Sources,
    arms,
)
from cxdash.stats.cuped import cuped
from cxdash.stats.did import welch
from cxdash.stats.estimate import Difference
from cxdash.stats.kept_lot import MISMATCH, lot_kept
from cxdash.stats.pilot_power import detectable_mean, detectable_share
from cxdash.stats.proportions import share_difference

__all__ = ["known_before", "moved_before", "read_drawn"]

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ENOUGH: Final = 50  # customers in each group from which on what was known before is taken out
_EVENTS: Final = 10  # leavers, and stayers, from which on it is
_MOST_SEGMENTS: Final = 8
_ALIKE: Final = 0.05
_PARALLEL: Final = 0.10
_FEW_CROSSED: Final = 0.01


def read_drawn(one: Planned, stage: Stage, around: pd.DataFrame, sources: Sources) -> Reading | str:
    """The read-out; a sentence where there is none."""
    groups = arms(one.members, one.plan.control)
    if groups is None:
        names = fmt.listed(sorted(str(arm) for arm in one.members["arm"].unique()))
        return (
            f"It cannot be told which group is the untreated one: they are called {names}. Name it "
            "in the plan."
        )
    if not groups[1]:
        return "Nobody is in an untreated group, so there is nothing to compare with."
    members, crossed = _once(one.members, groups[0])
    seen = members.merge(around, on="customer_id", how="inner")
    treated = seen["treated"].to_numpy(dtype=bool)
    if min(int(treated.sum()), int((~treated).sum())) < FEWEST:
        return (
            f"Fewer than {FEWEST} of the treated, or of the untreated, in the file were customers "
            "when it began."
        )
    level = 1 - one.bar.alpha_at(stage.look)
    outcome = seen[AFTER[one.plan.outcome]].to_numpy(dtype=np.float64)
    if not np.ptp(outcome) > 0:
        return "It was the same for every customer of both groups, so there is nothing to compare."
    raw = _plain(outcome, treated, level, is_share=one.plan.outcome == "churn")
    sharp, saved = _sharper(outcome, seen, treated, level, is_share=one.plan.outcome == "churn")
    effect = sharp or raw
    counts = (int(treated.sum()), int((~treated).sum()))
    none = float(outcome[~treated].mean())
    return Reading(
        raw=Effect.of(raw),
        effect=Effect.of(effect),
        treated=Group("treated", counts[0], float(outcome[treated].mean())),
        untreated=Group("untreated", counts[1], none),
        assigned=counts,
        level=level,
        base=none,
        how=_how(one, sharp is not None, saved),
        code="cxdash.stats.cuped.cuped" if sharp else "cxdash.stats.proportions.share_difference",
        detectable=_detectable(one, outcome, treated, saved),
        yearly=a_year(one.plan.outcome, seen, sources),
        paid=_paid(seen, treated, level) if one.plan.outcome == "churn" else None,
        saved=saved if sharp else None,
        checks=_checks(one, members, seen, crossed),
    )


def known_before(rows: pd.DataFrame) -> Matrix:
    """What was known of each customer before: money, contacts, time as a customer, segment."""
    numbers = rows[list(BEFORE)].to_numpy(dtype=np.float64)
    segment = rows["segment"].astype(object).where(rows["segment"].notna(), "none")
    if 1 < segment.nunique() <= _MOST_SEGMENTS:
        dummies = pd.get_dummies(segment, drop_first=True).to_numpy(dtype=np.float64)
        return np.column_stack([numbers, dummies])
    return np.asarray(numbers)


def _once(members: pd.DataFrame, treated: set[str]) -> tuple[pd.DataFrame, int]:
    """A row a customer with ``treated``; who stands in both groups is left out, and counted."""
    rows = members.assign(treated=members["arm"].isin(treated))
    sides = rows.groupby("customer_id")["treated"].nunique()
    both = sides[sides > 1].index
    once = rows[~rows["customer_id"].isin(both)].drop_duplicates("customer_id")
    return once[["customer_id", "treated"]].reset_index(drop=True), len(both)


def _plain(outcome: Matrix, treated: Flags, level: float, *, is_share: bool) -> Difference:
    one, none = outcome[treated], outcome[~treated]
    if not is_share:
        return welch(one, none, level=level)
    return share_difference(int(one.sum()), one.size, int(none.sum()), none.size, level=level)


def _sharper(
    outcome: Matrix, seen: pd.DataFrame, treated: Flags, level: float, *, is_share: bool
) -> tuple[Difference | None, float]:
    """The difference with the noise of the time before taken out, where there are enough."""
    known = known_before(seen)
    enough = min(int(treated.sum()), int((~treated).sum())) >= _ENOUGH
    events = min(outcome.sum(), outcome.size - outcome.sum()) if is_share else _EVENTS
    if not enough or events < _EVENTS or not np.ptp(known, axis=0).any():
        return None, 0.0
    found = cuped(outcome, known, treated, level=level)
    return found.difference, max(0.0, found.saved)


def _paid(seen: pd.DataFrame, treated: Flags, level: float) -> Effect | None:
    """What the treated paid a month beside the untreated, with the noise of before taken out."""
    paid = seen[AFTER["revenue"]].to_numpy(dtype=np.float64)
    if not (np.ptp(paid[treated]) > 0 and np.ptp(paid[~treated]) > 0):
        return None
    sharp, _ = _sharper(paid, seen, treated, level, is_share=False)
    return Effect.of(sharp or _plain(paid, treated, level, is_share=False))


def _detectable(one: Planned, outcome: Matrix, treated: Flags, saved: float) -> float | None:
    sizes = (int(treated.sum()), int((~treated).sum()))
    if one.plan.outcome == "churn":
        return detectable_share(float(outcome[~treated].mean()), *sizes, one.bar)
    spread = float(np.sqrt(outcome.var(ddof=1) * (1 - saved)))
    return detectable_mean(spread, *sizes, one.bar)


def _checks(
    one: Planned, members: pd.DataFrame, seen: pd.DataFrame, crossed: int
) -> tuple[Check, ...]:
    found = members["customer_id"].isin(seen["customer_id"])
    drawn = (int(members["treated"].sum()), len(members))
    made = [
        Check(
            "nobody is in both groups",
            crossed <= _FEW_CROSSED * (len(members) + crossed),
            f"{fmt.counted(crossed, 'customer stands', 'customers stand')} in both and is left out."
            if crossed
            else "Nobody stands in both.",
        ),
        _found_alike(members["treated"].to_numpy(dtype=bool), found.to_numpy(dtype=bool)),
        _alike(seen, strict=not one.by_lot),
    ]
    if one.by_lot:
        return (_lot(drawn, one.plan.treated_share or 0.5), *made)
    return (*made, _moved_alike(seen))


def _lot(drawn: tuple[int, int], share: float) -> Check:
    p = lot_kept(*drawn, share)
    planned = fmt.number(share, "share")
    return Check(
        "the lot was kept to",
        p >= MISMATCH,
        f"{fmt.count(drawn[0])} of {fmt.count(drawn[1])} are treated where {planned} were planned; "
        f"by lot that or more happens with {fmt.p_value(p)}.",
    )


def _found_alike(treated: Flags, found: Flags) -> Check:
    if found.all():
        return Check("both groups are found alike", True, "All were customers when it began.")
    gap = share_difference(
        int(found[treated].sum()), int(treated.sum()),
        int(found[~treated].sum()), int((~treated).sum()),
    )  # fmt: skip
    return Check(
        "both groups are found alike",
        gap.p_value >= MISMATCH,
        f"{fmt.count(int((~found).sum()))} of the file were no customers when it began, or are not "
        f"in the data; between the groups that differs with {fmt.p_value(gap.p_value)}.",
    )


def _alike(seen: pd.DataFrame, *, strict: bool) -> Check:
    """By lot differences are chance, and are only looked at; else they say who was chosen."""
    treated = seen["treated"].to_numpy(dtype=bool)
    known = seen[list(BEFORE)].to_numpy(dtype=np.float64)
    odd = [
        welch(column[treated], column[~treated]).p_value
        for column in known.T
        if column[treated].var() > 0 and column[~treated].var() > 0
    ]
    if not odd:
        return Check("both were alike before", None, "Nothing is known of them before.")
    p = min(1.0, min(odd) * len(odd))
    return Check(
        "both were alike before",
        p >= (_ALIKE if strict else MISMATCH),
        f"In money, contacts and time as a customer before the start the largest difference has "
        f"{fmt.p_value(p)}, many looks allowed for.",
    )


def _moved_alike(seen: pd.DataFrame) -> Check:
    treated = seen["treated"].to_numpy(dtype=bool)
    moved = moved_before(seen, treated)
    if moved is None:
        return Check("both moved alike before", None, "Nothing known of them moved before.")
    gap = welch(moved[treated], moved[~treated])
    return Check(
        "both moved alike before",
        gap.p_value > _PARALLEL,
        f"A start that never happened, one stretch earlier, has {fmt.p_value(gap.p_value)}.",
    )


def moved_before(rows: pd.DataFrame, treated: Flags) -> Matrix | None:
    """How money changed in the time before; contacts where everybody paid the same; None else."""
    for what in ("money", "contacts"):
        moved = (rows[f"{what}_before"] - rows[f"{what}_earlier"]).to_numpy(dtype=np.float64)
        if moved[treated].var() > 0 and moved[~treated].var() > 0:
            return moved
    return None


def _how(one: Planned, sharper: bool, saved: float) -> str:
    who = "Customers drawn by lot" if one.by_lot else "Customers given to groups, nobody said how"
    if not sharper:
        return f"{who}: treated minus untreated, as all were given, treated in fact or not."
    return (
        f"{who}: treated minus untreated, as all were given, treated in fact or not; what was "
        f"known before takes {fmt.number(saved, 'share')} of the noise away (CUPED)."
    )
