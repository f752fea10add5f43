"""Accounts that somebody should look after: large ones that may leave, or that fell silent.

They are suggestions. A person takes one into the list, with a name and a day; nobody else does. A
chance is what the model of the question churn says of such customers, not a verdict on this one;
silence means that an account was asked in the last twelve months and answered nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cxdash.facts import Row, Scope
from cxdash.facts import format as fmt
from cxdash.panel import month_end, month_index
from cxdash.questions.churn.answer import churn
from cxdash.questions.replies import kept
from cxdash.questions.setting import Setting
from cxdash.register import Kept
from cxdash.register.kinds.room import Alert, Watch
from cxdash.store import Reader

__all__ = ["Line", "Suggestion", "line_of", "suggestions"]

USUAL_RISK: Final = 0.20
USUAL_PART: Final = 0.90  # without a line of one's own: the tenth of accounts that pays most
EARLIER_MONTHS: Final = 3
_RISEN: Final = 1.25  # times what it was: less than that is the model's own unrest
_MOST: Final = 50
_OPEN: Final = ("open", "contacted")
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """From which revenue a year, and which chance of leaving, an account is watched."""

    revenue: float
    risk: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One account; ``revenue`` is a year's, ``earlier`` its chance three months before."""

    customer: str
    revenue: float
    risk: float | None
    earlier: float | None
    silent: bool
    reason: str


def line_of(setting: Setting, watches: Sequence[Kept[Watch]]) -> Line | None:
    """The newest rule that was entered, else the tenth that pays most; None without money."""
    if watches:
        own = watches[-1].record
        return Line(float(own.revenue or 0), own.risk or USUAL_RISK, is_own=True)
    yearly = setting.marks.base["rate"].to_numpy(np.float64) * _YEAR
    yearly = yearly[np.isfinite(yearly)]
    if not setting.conditions.money_allowed or not yearly.size:
        return None
    return Line(float(np.quantile(yearly, USUAL_PART)), USUAL_RISK, is_own=False)


def suggestions(
    view: Reader, setting: Setting, line: Line | None, taken: Sequence[Kept[Alert]]
) -> tuple[Suggestion, ...]:
    """Accounts above the line at risk or silent, the most money at stake first.

    Accounts that are on the list and not closed are left out.
    """
    if line is None or not setting.conditions.money_allowed:
        return ()
    base = setting.marks.base
    yearly = base["rate"].to_numpy(np.float64) * _YEAR
    large = base[yearly >= line.revenue]
    looked_after = {one.record.customer for one in taken if one.record.status in _OPEN}
    now, then = _chances(view, setting, 0), _chances(view, setting, EARLIER_MONTHS)
    ids = large["customer_id"].astype(str).to_list()
    silent = ((large["invited"] == 1) & (large["heard"] == 0)).to_list()
    revenue = yearly[yearly >= line.revenue].tolist()
    found = []
    for customer, paid, is_silent in zip(ids, revenue, silent, strict=True):
        risk, earlier = now.get(customer), then.get(customer)
        reason = _reason(line, risk, earlier, silent=is_silent)
        if reason and customer not in looked_after:
            found.append(Suggestion(customer, paid, risk, earlier, is_silent, reason))
    found.sort(key=lambda one: -(one.risk or 0.0) * one.revenue)
    return tuple(found[:_MOST])


def _reason(line: Line, risk: float | None, earlier: float | None, *, silent: bool) -> str:
    said = []
    if risk is not None and earlier is not None:
        risen = risk >= line.risk and risk >= _RISEN * earlier
        if risen:
            said.append(
                f"chance of leaving {fmt.number(risk, 'share')}, "
                f"{fmt.number(earlier, 'share')} three months before"
            )
    elif risk is not None and risk >= line.risk:
        said.append(f"chance of leaving {fmt.number(risk, 'share')}")
    if silent:
        said.append("asked in the last twelve months and silent")
    return "; ".join(said)


def _chances(view: Reader, setting: Setting, months: int) -> Mapping[str, float]:
    """Each customer's chance of leaving, as the question churn answers it so many months before."""
    month = month_index(setting.as_of) - months
    if month < (setting.panel.first_month or 0):
        return {}
    as_of = None if months == 0 else month_end(month)
    scope = replace(Scope(), as_of=as_of, horizon=setting.horizon)
    rows: Sequence[Row] = kept(view, "churn", scope, lambda: churn(view, scope)).tables.get(
        "risks", ()
    )
    return {str(row["customer_id"]): float(str(row["risk"])) for row in rows}
