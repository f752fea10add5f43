"""A group that was chosen: each of its customers beside those most like it who were not treated.

A group named by a filter, such as one region, was treated as one: that is one draw, and what else
befell it cannot be told from the treatment, however many customers it has.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.questions.pilots.drawn import known_before, moved_before
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.money import a_year
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import AFTER, Check, Effect, Group, Reading, Sources, arms
from cxdash.register import filters
from cxdash.stats.did import welch
from cxdash.stats.matching import FEWEST, LARGEST_GAP, Matched, matched
from cxdash.stats.pilot_power import detectable_mean, detectable_share

__all__ = ["picked", "read_beside"]

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

_BEFORE_OF: Final = {"revenue": "money_before", "contacts": "contacts_before"}
_EARLIER: Final = ("tenure_months", "fee", "money_earlier", "contacts_earlier")
_PARALLEL: Final = 0.10


def read_beside(
    one: Planned, stage: Stage, around: pd.DataFrame, sources: Sources
) -> Reading | str:
    """The read-out; a sentence where there is none."""
    rows = _sides(one, around)
    if isinstance(rows, str):
        return rows
    treated = rows["treated"].to_numpy(dtype=bool)
    counts = (int(treated.sum()), int((~treated).sum()))
    if min(counts) < FEWEST:
        return f"Matching needs {FEWEST} treated customers and {FEWEST} others to choose from."
    level = 1 - one.bar.alpha_at(stage.look)
    after = rows[AFTER[one.plan.outcome]].to_numpy(dtype=np.float64)
    before = _BEFORE_OF.get(one.plan.outcome)
    moved = after - rows[before].to_numpy(dtype=np.float64) if before else after
    if not np.ptp(moved) > 0:
        return "It was the same for every customer, so there is nothing to compare."
    found = matched(moved, known_before(rows), treated, level=level)
    none = float(after[treated].mean()) - found.difference.estimate
    return Reading(
        raw=Effect.of(welch(after[treated], after[~treated], level=level)),
        effect=Effect.of(found.difference),
        treated=Group("treated", counts[0], float(after[treated].mean())),
        untreated=Group("others, as they are", counts[1], float(after[~treated].mean())),
        assigned=(counts[0], found.used),
        level=level,
        base=none,
        how="Each treated customer beside the four untreated ones most like it in money, contacts, "
        "time as a customer and segment before the start"
        + ("; changes since then are compared." if before else "."),
        code="cxdash.stats.matching.matched",
        detectable=_detectable(one, after, treated, found),
        yearly=a_year(one.plan.outcome, rows[rows["treated"]], sources),
        checks=tuple(_checks(one, rows, treated, found)),
    )


def picked(one: Planned, around: pd.DataFrame) -> Flags:
    """Customers whom the filter of the plan passes."""
    passed = np.ones(len(around), dtype=bool)
    for column, value in filters(one.plan.group):
        own = around[column].astype(object) if column in around else pd.Series([None] * len(around))
        passed &= (own.astype(str).str.casefold() == value.casefold()).to_numpy(dtype=bool)
    return passed


def _sides(one: Planned, around: pd.DataFrame) -> pd.DataFrame | str:
    """Treated customers and those they may be compared with."""
    if one.members.empty:
        return around.assign(treated=picked(one, around))
    groups = arms(one.members, one.plan.control)
    if groups is None:
        return (
            "It cannot be told which group of the file is the untreated one. Name it in the plan."
        )
    chosen = one.members[one.members["arm"].isin(groups[0])]["customer_id"]
    rows = around.assign(treated=around["customer_id"].isin(chosen))
    if groups[1]:
        return rows[rows["customer_id"].isin(one.members["customer_id"])].reset_index(drop=True)
    return rows


def _detectable(one: Planned, after: Matrix, treated: Flags, found: Matched) -> float | None:
    sizes = (int(treated.sum()), found.used)
    if one.plan.outcome == "churn":
        return detectable_share(float(after[~treated].mean()), *sizes, one.bar)
    half = (found.difference.high - found.difference.low) / 2
    error = half / one.bar.at_look(one.bar.looks)
    spread = error / float(np.sqrt(1 / sizes[0] + 1 / sizes[1]))
    return detectable_mean(spread, *sizes, one.bar)


def _checks(one: Planned, rows: pd.DataFrame, treated: Flags, found: Matched) -> list[Check]:
    largest = float(np.abs(found.after).max())
    made = [
        Check(
            "they are alike in what was known before",
            found.balanced,
            f"After matching the largest difference is {fmt.number(largest, 'ratio')} of a usual "
            f"one; up to {LARGEST_GAP:g} passes.",
        ),
        _moved_alike(rows, treated),
    ]
    if one.members.empty:
        made.append(
            Check(
                "more than one group was treated",
                False,
                "All customers of one group were treated, so what else befell that group cannot be "
                "told from the treatment. Treat some of its customers only, or several groups.",
            )
        )
    return made


def _moved_alike(rows: pd.DataFrame, treated: Flags) -> Check:
    """A start that never happened, one stretch earlier, by the same matching."""
    moved = moved_before(rows, treated)
    known = rows[list(_EARLIER)].to_numpy(dtype=np.float64)
    if moved is None:
        return Check("they moved alike before", None, "Nothing known of them moved before.")
    p = matched(moved, known, treated).difference.p_value
    return Check(
        "they moved alike before",
        p > _PARALLEL,
        f"A start that never happened, one stretch earlier, has {fmt.p_value(p)}.",
    )
