"""Before and after a day on which some customers began to be treated differently.

The window after begins with the first whole month, the one before ends with the last whole month
before, so a month that is treated in part is in neither. An earlier window of equal length shows
whether the two groups moved alike when nothing was done.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.build import Panel
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.panel.units import REPEAT_DAYS
from cxdash.store import Reader

__all__ = ["UNTREATED", "Exposures", "exposures", "treated", "whole_months_since"]

#: What lists call the customers who were given nothing.
UNTREATED: Final = frozenset(
    {"control", "controls", "holdout", "hold-out", "untreated", "comparison", "not treated", "none"}
)


@dataclass(frozen=True, slots=True)
class Exposures:
    """Windows around a start.

    Parameters
    ----------
    rows
        One row a customer and window: customer_id, landmark (month index at whose end the window
        begins), rate (money a month at the landmark), months_there, left_within (0/1), revenue,
        contacts, repeats, other_way, unsolved (counts), first_cost, repeat_cost (money), arm, and
        the columns customers can be narrowed by.
    before, after
        Landmarks of the windows before and after the start.
    earlier
        Landmark of the window before that; None where the data does not reach back so far.
    months
        Length of each window.
    """

    rows: pd.DataFrame
    before: int
    after: int
    earlier: int | None
    months: int

    @property
    def words(self) -> str:
        """The two windows, for people."""
        until = (self.before + self.months, self.after + self.months)
        first, second = (
            f"{month_end(start).isoformat()} to {month_end(end).isoformat()}"
            for start, end in zip((self.before, self.after), until, strict=True)
        )
        return f"{first}, and {second}"


def whole_months_since(starts: date, last_month: int) -> int:
    """Whole months after the start that the data covers; below zero before it."""
    return last_month - _opens(starts)


def exposures(
    view: Reader, built: Panel, *, starts: date, last_month: int, most: int, roster: str = ""
) -> Exposures | None:
    """The windows around a start, at most ``most`` months long.

    None where no whole month lies on both sides of it.
    """
    after, first = _opens(starts), built.first_month or 0
    day_before = month_index(starts) - 1  # the last month that was treated not at all
    months = min(most, last_month - after, day_before - first)
    if months < 1:
        return None
    before = day_before - months
    earlier = before - months if before - months >= first else None
    landmarks = tuple(mark for mark in (earlier, before, after) if mark is not None)
    rows = view.kept(
        "exposures",
        (landmarks, months, roster),
        lambda: _rows(view, built, landmarks, months, roster),
        room=8,
    )
    return Exposures(rows, before, after, earlier, months)


def treated(view: Reader, roster: str) -> frozenset[str]:
    """Customers who were given something, by the list of that pilot; empty if there is none."""
    rows = view.rows(
        "SELECT coalesce(k.customer_id, r.customer_id) AS customer_id, r.arm "
        "FROM pilot_roster AS r LEFT JOIN panel_links AS k ON k.alias = r.customer_id "
        "WHERE r.is_current AND r.pilot = ?",
        [roster],
    )
    return frozenset(
        row["customer_id"] for row in rows if row["arm"].strip().lower() not in UNTREATED
    )


def _opens(starts: date) -> int:
    """The month at whose end the window after the start begins."""
    return month_index(starts) - (1 if starts.day == 1 else 0)


def _rows(
    view: Reader, built: Panel, landmarks: tuple[int, ...], months: int, roster: str
) -> pd.DataFrame:
    sql = relation(
        "exposure_windows",
        landmarks=landmarks,
        months=months,
        repeat_days=REPEAT_DAYS,
        currency=built.currency or "XXX",
        contractual=int(built.contractual),
        roster=roster,
    )
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY landmark, customer_id").df()
