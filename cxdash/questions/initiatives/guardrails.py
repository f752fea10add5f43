"""Did serving at less cost save money, or did it move the cost elsewhere?

Customers who were exposed are set beside those who were not, before and after the day on which
customers began to notice. Every contact is a first one or a repeat. What first contacts cost less
is the gross saving; what repeats cost more was moved; what leavers no longer pay is lost. Net is
gross less both, and its range comes from the same customers, so that the parts add up to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Panel, month_end
from cxdash.panel.exposures import UNTREATED, Exposures, exposures, whole_months_since
from cxdash.questions.initiatives.reach import passing
from cxdash.questions.initiatives.reading import Plan
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Difference
from cxdash.stats.exposure import Exposure, exposure_change
from cxdash.stats.proportions import adjusted_p_values
from cxdash.store import Reader

__all__ = ["FEWEST", "NOT_BEGUN", "Guard", "Guardrail", "Saving", "guard", "judged"]

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEWEST: Final = 30  # customers exposed, and others, below which neither rates nor money are told
NOT_BEGUN: Final = "it has not begun"
# Column, what it is, and whether it is told for each month as a customer.
MEASURES: Final = (
    ("repeats", "came back within two weeks, per 100 customers and month", True),
    ("other_way", "came back by another channel, per 100 customers and month", True),
    ("unsolved", "not solved at the first contact, per 100 customers and month", True),
    ("left_within", "share who left", False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """One thing that must not get worse: ``found`` compares before and after; a rise is bad.

    ``p_adjusted`` allows for all guardrails that are looked at, of all initiatives.
    """

    measure: str
    label: str
    found: Exposure
    p_adjusted: float = 1.0

    @property
    def is_share(self) -> bool:
        return self.measure == "left_within"

    @property
    def verdict(self) -> str:
        change = self.found.change
        if self.p_adjusted > 1 - LEVEL:  # never below the p-value by itself
            return "cannot tell"
        return "worsened" if change.estimate > 0 else "improved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Money over the months after the start, of all exposed customers; losses are above zero.

    ``elsewhere`` is moved and lost together, ``net`` gross less that; ``parallel`` says
    whether the same computed for two windows before the start held zero (None: the data does not
    reach back so far).
    """

    gross: Difference
    moved: Difference
    lost: Difference
    elsewhere: Difference
    net: Difference
    parallel: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What became of those exposed to an initiative; ``why_not`` in words where nothing is told."""

    plan: Plan
    seen: Exposures | None = None
    exposed: int = 0
    others: int = 0
    rails: tuple[Guardrail, ...] = ()
    saving: Saving | None = None
    why_not: str = ""
    no_money: str = ""


def guard(view: Reader, built: Panel, plan: Plan, *, month: int, most: int, costs: bool) -> Guard:
    """Look at a cost-cutting initiative. ``costs``: whether contacts say what they cost."""
    starts, not_yet = plan.record.starts, _not_yet(plan, month)
    if starts is None or not_yet:
        return Guard(plan=plan, why_not=not_yet)
    seen = exposures(
        view, built, starts=starts, last_month=month, most=most, roster=plan.record.roster
    )
    if seen is None:
        return Guard(plan=plan, why_not="the data does not hold a whole month before it began")
    rows, exposed, why_not = _compared(seen.rows, plan)
    after = (rows["landmark"] == seen.after).to_numpy()
    sizes = (int((exposed & after).sum()), int((~exposed & after).sum()))
    if why_not:
        return Guard(plan=plan, seen=seen, why_not=why_not)
    if min(sizes) < FEWEST:
        return Guard(
            plan=plan,
            seen=seen,
            exposed=sizes[0],
            others=sizes[1],
            why_not=f"fewer than {FEWEST} customers were exposed, or were not, and can be compared",
        )
    around = (rows["landmark"] >= seen.before).to_numpy()
    return Guard(
        plan=plan,
        seen=seen,
        exposed=sizes[0],
        others=sizes[1],
        rails=_rails(rows[around], exposed[around], seen, contractual=built.contractual),
        saving=_saving(rows, exposed, seen, plan, contractual=built.contractual) if costs else None,
        no_money="" if costs else "contacts do not say what they cost",
    )


def _not_yet(plan: Plan, month: int) -> str:
    """Why there is nothing to look at by the end of that month; empty if there is."""
    starts = plan.record.starts
    if starts is None or starts > month_end(month):
        return NOT_BEGUN
    if whole_months_since(starts, month) < 1:
        return "the data does not yet hold a whole month after it began"
    return ""


def judged(guards: Sequence[Guard]) -> tuple[Guard, ...]:
    """The guards with every p-value corrected for all guardrails looked at together."""
    looked = [rail.found.change.p_value for one in guards for rail in one.rails]
    adjusted = iter(adjusted_p_values(looked) if looked else ())
    return tuple(
        replace(
            one, rails=tuple(replace(rail, p_adjusted=float(next(adjusted))) for rail in one.rails)
        )
        for one in guards
    )


def _compared(rows: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, Flags, str]:
    """The windows that are compared, which of them are of exposed customers, or why none are.

    A list of a pilot names both groups; where it names the treated alone, all others are compared.
    """
    passes = passing(rows, plan.record.customers)
    if passes is None:
        return rows, np.zeros(len(rows), dtype=bool), "customers are chosen by an unknown column"
    if not plan.record.roster:
        return rows, passes, "" if not passes.all() else "everybody is exposed, so nobody compares"
    rows = rows[passes]
    listed = rows["arm"].notna()
    arm = rows["arm"].where(listed, "").str.strip().str.lower()
    untreated = listed & arm.isin(UNTREATED)
    if untreated.any():
        rows, listed, untreated = rows[listed], listed[listed], untreated[listed]
    given = (listed & ~untreated).to_numpy(dtype=bool)
    return rows, given, "" if given.any() else "no list of pilots of that name is loaded"


def _rails(
    rows: pd.DataFrame, exposed: Flags, seen: Exposures, *, contractual: bool
) -> tuple[Guardrail, ...]:
    # The month of leaving is a month in which a customer could get in touch.
    months = (rows["months_there"] + rows["left_within"]).to_numpy(dtype=np.float64)
    return tuple(
        Guardrail(
            measure=measure,
            label=label,
            found=exposure_change(
                rows[measure].to_numpy(dtype=np.float64),
                exposed,
                (rows["landmark"] == seen.after).to_numpy(),
                rows["customer_id"].to_numpy(dtype=str),
                over=months if by_month else None,
                level=LEVEL,
            ),
        )
        for measure, label, by_month in MEASURES
        if rows[measure].any() and (by_month or contractual)
    )


def _saving(
    rows: pd.DataFrame, exposed: Flags, seen: Exposures, plan: Plan, *, contractual: bool
) -> Saving:
    margin = 1.0 if plan.record.margin is None else plan.record.margin
    paid = rows["revenue"].to_numpy(dtype=np.float64)
    # With contracts only who left pays less: what is counted is the months missing.
    due = rows["rate"].to_numpy(dtype=np.float64) * seen.months if contractual else 0.0
    parts = {
        "gross": -rows["first_cost"].to_numpy(dtype=np.float64),
        "moved": rows["repeat_cost"].to_numpy(dtype=np.float64),
        "lost": margin * (due - paid),
    }
    parts["elsewhere"] = parts["moved"] + parts["lost"]
    parts["net"] = parts["gross"] - parts["elsewhere"]
    mark, customer = rows["landmark"].to_numpy(), rows["customer_id"].to_numpy(dtype=str)
    around = mark >= seen.before
    people = int((exposed & (mark == seen.after)).sum())
    told = {
        name: _times(
            exposure_change(
                each[around],
                exposed[around],
                mark[around] == seen.after,
                customer[around],
                level=LEVEL,
            ).change,
            people,
        )
        for name, each in parts.items()
    }
    return Saving(
        gross=told["gross"],
        moved=told["moved"],
        lost=told["lost"],
        elsewhere=told["elsewhere"],
        net=told["net"],
        parallel=_parallel(parts["net"], exposed, mark, customer, seen),
    )


def _parallel(
    net: Vector,
    exposed: Flags,
    mark: NDArray[np.int64],
    customer: NDArray[np.str_],
    seen: Exposures,
) -> bool | None:
    """Whether the two windows before the start differ by nothing that can be told from chance."""
    if seen.earlier is None:
        return None
    sooner = mark <= seen.before
    groups = [exposed[sooner & (mark == one)] for one in (seen.earlier, seen.before)]
    if any(min(group.sum(), (~group).sum()) < FEWEST for group in groups):
        return None
    found = exposure_change(
        net[sooner], exposed[sooner], mark[sooner] == seen.before, customer[sooner], level=LEVEL
    )
    return found.change.holds_zero


def _times(one: Difference, people: int) -> Difference:
    """A mean per exposed customer as the sum over all of them."""
    return replace(
        one, estimate=one.estimate * people, low=one.low * people, high=one.high * people
    )
