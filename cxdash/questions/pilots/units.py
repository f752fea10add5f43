"""Whole regions or other units treated: difference in differences, judged by lots over the units.

However many customers a region has, it was treated once. So the chance that the difference came by
itself is counted over the ways in which as many of these units could have been chosen.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.questions.pilots.looks import Stage
from cxdash.questions.pilots.money import MONTHS
from cxdash.questions.pilots.planned import Planned
from cxdash.questions.pilots.reading import Check, Effect, Group, Reading
from cxdash.stats.did import pre_trend
from cxdash.stats.permutation import Permuted, permuted
from cxdash.stats.pilot_power import detectable_mean
from cxdash.stats.synthetic import synthetic_did

__all__ = ["LEAST_BEFORE", "MOST_BEFORE", "by_month", "read_units"]

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_BEFORE: Final = 4  # months before the start that show whether lines run parallel
MOST_BEFORE: Final = 12
_PARALLEL: Final = 0.10
_SEED: Final = 20_251
_FEWEST_DONORS: Final = 10


def read_units(one: Planned, stage: Stage, months: pd.DataFrame) -> Reading | str:
    """The read-out; a sentence where there is none."""
    names, panel, customers = by_month(months, one.plan.outcome, stage)
    wanted = {unit.casefold() for unit in one.plan.units}
    treated = np.array([name.casefold() in wanted for name in names], dtype=bool)
    before = panel.shape[1] - stage.months
    if before < LEAST_BEFORE:
        return (
            f"There are {fmt.number(before, 'months')} before the start; {LEAST_BEFORE} are needed "
            "to see whether the units ran in parallel."
        )
    if not treated.any() or treated.all():
        return f"Of the {fmt.count(len(names))} units in the data some are treated and some not."
    rng = np.random.default_rng(_SEED)
    level = 1 - one.bar.alpha_at(stage.look)
    change = panel[:, before:].mean(axis=1) - panel[:, :before].mean(axis=1)
    if not np.ptp(change) > 0:
        return "It was the same in all units, so there is nothing to compare."
    found = permuted(change, treated, rng=rng, level=level)
    whole = stage.months if one.plan.outcome == "churn" else 1
    after = panel[:, before:].mean(axis=1) * whole
    sizes = (int(treated.sum()), int((~treated).sum()))
    spread = _within(change, treated)
    seen = detectable_mean(spread, *sizes, one.bar)
    reaches = found.smallest_p <= 1 - level
    return Reading(
        raw=Effect(
            float(after[treated].mean() - after[~treated].mean()), None, None, found.p_value
        ),
        effect=_effect(found, whole),
        treated=Group("treated", int(customers[treated].sum()), float(after[treated].mean())),
        untreated=Group("untreated", int(customers[~treated].sum()), float(after[~treated].mean())),
        assigned=sizes,
        level=level,
        base=float(after[~treated].mean()),
        how=f"Difference in differences of {fmt.count(len(names))} units, {before} months before "
        f"and {stage.months} after the start, judged by {fmt.count(found.assignments)} ways to "
        "choose as many units.",
        code="cxdash.stats.permutation.permuted",
        detectable=seen * whole if seen is not None and reaches else None,
        yearly=_yearly(one.plan.outcome, months),
        checks=(_parallel(panel, treated, before, rng), _placebo(panel, treated, before, rng)),
        notes=() if reaches else (_too_few(found, level),),
        sensitivity=_twin(panel, treated, before, whole),
    )


def by_month(
    months: pd.DataFrame, outcome: str, stage: Stage
) -> tuple[list[str], Matrix, NDArray[np.int64]]:
    """Units that are there in every month; the outcome (units x months); customers at the start.

    Leaving is the share of the customers of a month who left in it, the others per customer.
    """
    first = max(int(months["month"].min()), stage.base - MOST_BEFORE + 1)
    own = months[(months["month"] >= first) & (months["month"] <= stage.last)]
    column = {"churn": "departed", "revenue": "money", "contacts": "contacts"}[outcome]
    value = own.assign(value=own[column] / own["customers"])
    wide = value.pivot_table(index="unit", columns="month", values="value").dropna()
    at_start = own[own["month"] == stage.base + 1].set_index("unit")["customers"]
    return (
        [str(name) for name in wide.index],
        wide.to_numpy(dtype=np.float64),
        at_start.reindex(wide.index).fillna(0).to_numpy(dtype=np.int64),
    )


def _effect(found: Permuted, whole: int) -> Effect:
    finite = np.isfinite([found.low, found.high]).all()
    return Effect(
        found.estimate * whole,
        found.low * whole if finite else None,
        found.high * whole if finite else None,
        found.p_value,
    )


def _within(change: Matrix, treated: Flags) -> float:
    """Spread of changes within the groups, pooled."""
    parts = [change[side] - change[side].mean() for side in (treated, ~treated)]
    freedom = max(1, change.size - 2)
    return float(np.sqrt(sum(float((part**2).sum()) for part in parts) / freedom))


def _parallel(panel: Matrix, treated: Flags, before: int, rng: np.random.Generator) -> Check:
    found = pre_trend(panel[:, : before + 1], treated, before, rng=rng)
    return Check(
        "the units ran in parallel before",
        found.passed,
        f"The largest difference in {found.periods} months before the start has "
        f"{fmt.p_value(found.p_value)}.",
    )


def _placebo(panel: Matrix, treated: Flags, before: int, rng: np.random.Generator) -> Check:
    """A start in the middle of the time before, judged by the same lots."""
    middle = before // 2
    change = panel[:, middle:before].mean(axis=1) - panel[:, :middle].mean(axis=1)
    if not np.ptp(change) > 0:
        return Check("a start that never happened", None, "Nothing moved before the start.")
    p = permuted(change, treated, rng=rng).p_value
    return Check(
        "a start that never happened",
        p > _PARALLEL,
        f"{before - middle} months before the real one, it has {fmt.p_value(p)}.",
    )


def _yearly(outcome: str, months: pd.DataFrame) -> float | None:
    if outcome == "revenue":
        return float(MONTHS)
    if outcome == "churn":
        paid = float(months["money"].sum()) / float(months["customers"].sum())
        return paid * MONTHS if paid > 0 else None
    contacts, cost = float(months["contacts"].sum()), float(months["contact_cost"].sum())
    return MONTHS * cost / contacts if contacts and cost > 0 else None


def _too_few(found: Permuted, level: float) -> str:
    return (
        f"With so few units the smallest p-value there can be is "
        f"{fmt.p_value(found.smallest_p).removeprefix('p = ')}, above the "
        f"{fmt.number(1 - level, 'share')} of the plan: whatever happens, this pilot cannot answer."
    )


def _twin(panel: Matrix, treated: Flags, before: int, whole: int) -> str:
    """What a mixture of untreated units says, where one unit alone was treated."""
    if int(treated.sum()) != 1 or int((~treated).sum()) < _FEWEST_DONORS:
        return ""
    found = synthetic_did(panel, treated, before)
    return (
        "Beside a mixture of untreated units that followed it before (synthetic difference in "
        f"differences) it is {found.effect * whole:.3g}."
    )
