"""Employees by unit and month, without anything about too few of them, and their customers.

A figure about fewer than ten employees is kept from everybody, and so is whatever would tell it by
subtraction. So a unit in a month in which it has fewer (or nobody says how many) is taken out here,
at the door: it enters no row, no sum and no model, and nothing that is worked out from what is left
can depend on it. Where all that is taken out of a month are a single unit or fewer than ten
people, the smallest of the others goes with them, so that a total told elsewhere leaves at least
ten people of two units. Rows that hold other units (``All teams``, a site beside its desks) would
be such totals and count them twice: they are left out for all months.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts.fewest import FEWEST_PEOPLE
from cxdash.panel.farewells import without_farewells
from cxdash.panel.relations import relation
from cxdash.store import Reader

__all__ = ["LEFT_WITHIN_MONTHS", "Teams", "UnitCustomers", "teams", "unit_customers"]

Heads = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEFT_WITHIN_MONTHS: Final = 3
_TOTAL: Final = re.compile(
    r"(grand )?totals?|all|all (teams|units|sites|desks|departments|employees)|company|overall|"
    r"everybody|everyone|(ins)?gesamt|alle|summe|todos|todas|tous|toutes|ensemble",
    re.IGNORECASE,
)
_FEWEST_PARTS: Final = 2
_FEWEST_MONTHS: Final = 3
_MOST_TRIES: Final = 2_000
_SAME: Final = 1e-9
_ROOM: Final = 2


@dataclass(frozen=True, slots=True)
class Teams:
    """What may be told of employees.

    Parameters
    ----------
    rows
        One row a unit and month of at least ten employees: unit, month (index), headcount,
        engagement, turnover and absence (shares 0 to 1; nan where not reported).
    reported
        Units in the file that are no total of others.
    small, unnumbered, beside
        Units of which some month was taken out: for too few employees, without a headcount, or so
        that those cannot be told by subtraction.
    totals
        Rows' names that hold other units, left out.
    """

    rows: pd.DataFrame
    reported: int
    small: int
    unnumbered: int
    beside: int
    totals: int

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(sorted(self.rows["unit"].unique()))


@dataclass(frozen=True, slots=True)
class UnitCustomers:
    """What customers said and did, by unit and month (index).

    Parameters
    ----------
    answers
        unit, month, item, variant, high_is_good, scale_low, scale_high, n, total, squares (sums of
        the answers and of their squares), customers.
    contacts
        unit, month, contacts, minutes (of the ``timed`` ones).
    served
        unit, month, customers (who had a contact or answered about the unit and had not said
        goodbye when the month ended), gone (of them, three months later).
    """

    answers: pd.DataFrame
    contacts: pd.DataFrame
    served: pd.DataFrame


def teams(view: Reader) -> Teams:
    """The team figures that may be told; once for each state of the data."""
    return view.kept("teams", (), lambda: _teams(view), room=1)


def _teams(view: Reader) -> Teams:
    with view.cursor() as cur:
        rows = cur.execute(f"SELECT * FROM ({relation('team_months')}) ORDER BY unit, month").df()
    rows["headcount"] = rows["headcount"].astype("float64")
    totals = _holding_others(rows)
    rows = rows[~rows["unit"].isin(totals)].reset_index(drop=True)
    people = rows["headcount"].to_numpy(np.float64)
    unnumbered = ~np.isfinite(people)
    small = ~unnumbered & (people < FEWEST_PEOPLE)
    beside = _beside(rows["month"].to_numpy(np.int64), people, small | unnumbered)
    told = rows[~(small | unnumbered | beside)].reset_index(drop=True)
    for name in ("turnover", "absence"):
        told[name] = _as_share(told[name].astype("float64"))
    told["engagement"] = told["engagement"].astype("float64")

    def units(flags: Flags) -> int:
        return int(rows.loc[flags, "unit"].nunique())

    return Teams(
        rows=told,
        reported=int(rows["unit"].nunique()),
        small=units(small),
        unnumbered=units(unnumbered),
        beside=units(beside),
        totals=len(totals),
    )


def _as_share(values: pd.Series) -> pd.Series:
    """Per cent as a share: where one value is above 1, the file writes per cent."""
    return values / 100 if bool((values > 1).any()) else values


def _beside(months: NDArray[np.int64], people: Heads, gone: Flags) -> Flags:
    """Rows to take out so that what is missing of a month is nobody, or two units of ten people."""
    beside = np.zeros(len(months), dtype=bool)
    for month in np.unique(months[gone]):
        here = months == month
        order = sorted(np.flatnonzero(here & ~gone), key=lambda place: (people[place], place))
        while order:
            out = here & (gone | beside)
            if out.sum() >= _FEWEST_PARTS and np.nansum(people[out]) >= FEWEST_PEOPLE:
                break
            beside[order.pop(0)] = True
    return beside


def _holding_others(rows: pd.DataFrame) -> frozenset[str]:
    """Names of rows that are sums of other rows: by their name, or by their headcount."""
    names = [str(name) for name in rows["unit"].unique()]
    found = {
        name
        for name in names
        if _TOTAL.fullmatch(name.strip()) or _named_after(name, names) >= _FEWEST_PARTS
    }
    wide = rows.pivot_table(index="unit", columns="month", values="headcount").reindex(names)
    heads = dict(zip(names, wide.to_numpy(np.float64), strict=True))
    found |= {
        name
        for name in names
        if name not in found
        and _adds_up(heads[name], [heads[one] for one in names if one != name and one not in found])
    }
    return frozenset(found)


def _named_after(name: str, names: Iterable[str]) -> int:
    """How many others carry this name in front of their own: ``North`` and ``North desk 1``."""
    start = re.compile(rf"{re.escape(name.strip())}\s*[-/:>|, ]\s*\S", re.IGNORECASE)
    return sum(other != name and start.match(other) is not None for other in names)


def _adds_up(own: Heads, others: Sequence[Heads]) -> bool:
    """Whether a unit is, month by month, the sum of all others, or of some with a small one."""
    if not np.isfinite(own).any() or len(others) < _FEWEST_PARTS:
        return False
    here = np.isfinite(own)
    sums = np.nansum([one[here] for one in others], axis=0)
    if bool((np.abs(sums - own[here]) <= _SAME).all()):
        return True
    if here.sum() < _FEWEST_MONTHS:
        return False  # so short a history adds up by accident
    parts = [np.nan_to_num(one[here]) for one in others]
    small = [one for one in parts if one.max() > 0 and (one < FEWEST_PEOPLE).any()]
    return any(
        _is_sum(own[here] - one, [other for other in parts if other is not one], _MOST_TRIES)
        for one in small
    )


def _is_sum(left: Heads, parts: Sequence[Heads], tries: int) -> bool:
    """Whether some of the parts add up to what is left, month by month, as far as it is tried."""
    waiting = [(left, 0)]
    while waiting and tries:
        tries -= 1
        rest, start = waiting.pop()
        for place in range(start, len(parts)):
            after = rest - parts[place]
            if (np.abs(after) <= _SAME).all():
                return True
            if (after >= 0).all():
                waiting.append((after, place + 1))
    return False


def unit_customers(
    view: Reader, *, as_of: date, as_of_month: int, where: tuple[tuple[str, str], ...] = ()
) -> UnitCustomers:
    """What customers said of each unit and did, up to that day; of those the filters pass.

    Worked out once for each state of the data.
    """
    return view.kept(
        "unit_customers",
        (as_of, where),
        lambda: _unit_customers(view, as_of, as_of_month, where),
        room=_ROOM,
    )


def _unit_customers(
    view: Reader, as_of: date, as_of_month: int, where: tuple[tuple[str, str], ...]
) -> UnitCustomers:
    filtered = int(bool(where))
    holds = " AND ".join(f"coalesce({column}, '') = ?" for column, _ in where) or "true"
    with without_farewells(view, as_of) as cur:
        cur.execute(
            "CREATE OR REPLACE TEMP TABLE team_customers AS SELECT customer_id FROM panel_people "
            f"WHERE {holds}",
            [value for _, value in where],
        )

        def frame(name: str, **values: int | date) -> pd.DataFrame:
            sql = relation(name, filtered=filtered, **values)
            return cur.execute(f"SELECT * FROM ({sql}) ORDER BY unit, month").df()

        found = UnitCustomers(
            answers=frame("team_answers", as_of=as_of),
            contacts=frame("team_contacts", as_of=as_of),
            served=frame(
                "team_served",
                months=LEFT_WITHIN_MONTHS,
                last_month=as_of_month - LEFT_WITHIN_MONTHS,
            ),
        )
        cur.execute("DROP TABLE team_customers")
    return found
