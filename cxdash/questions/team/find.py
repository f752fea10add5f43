"""What is found about employees and the customers they serve."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np

from cxdash import register
from cxdash.facts import Scope
from cxdash.panel import Panel, month_end
from cxdash.panel.teams import Teams, UnitCustomers, teams, unit_customers
from cxdash.questions.judgement import LEVEL
from cxdash.questions.progress import tell
from cxdash.questions.setting import month_of
from cxdash.questions.team.grids import Grids, Item, grids, main_item
from cxdash.questions.team.units import UnitFigures, unit_figures
from cxdash.register import Kept
from cxdash.register.kinds.journey import StaffCost
from cxdash.stats.estimate import Estimate
from cxdash.stats.lead_lag import LeadLag, lead_lag
from cxdash.store import Reader

__all__ = ["ALARM", "YEAR", "Found", "Link", "Verdict", "find", "verdict_of"]

Verdict = Literal["team first", "customers first", "together", "cannot tell"]

ALARM: Final = 0.05  # how often anything is said to come first where nothing does
YEAR: Final = 12
_SEED: Final = 90_117
_KEPT: Final = 8  # choices of customers whose teams are kept


@dataclass(frozen=True, slots=True)
class Link:
    """A figure of employees beside one of customers, and which comes first."""

    cause: str
    outcome: str
    found: LeadLag

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.found)

    @property
    def before(self) -> Estimate:
        """What follows a usual move of the figure of employees, in the unit of the outcome."""
        return _moved(self.found.before, self.found.spread)

    @property
    def after(self) -> Estimate:
        """The same for the periods after: what employees' figures seem to follow."""
        return _moved(self.found.after, self.found.spread)

    @property
    def raw(self) -> Estimate:
        """A usual move between units and periods, units not told apart."""
        return _moved(self.found.raw, self.found.spread)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the Answer says.

    ``leavers`` and ``heads`` are of the twelve months and the last month of the units told;
    ``grid`` is None where nothing can be set beside each other.
    """

    scope: Scope
    panel: Panel
    as_of: date
    month: int
    teams: Teams
    customers: UnitCustomers
    item: Item | None
    grid: Grids | None
    links: tuple[Link, ...]
    units: tuple[UnitFigures, ...]
    leavers: float | None
    heads: float
    leavers_by_unit: Mapping[str, float]
    costs: tuple[Kept[StaffCost], ...]
    sources: tuple[str, ...]

    @property
    def currency(self) -> str | None:
        return self.panel.currency

    @property
    def period(self) -> str:
        first = month_end(self.month - YEAR)
        return f"the twelve months from {first.isoformat()} to {self.as_of.isoformat()}"

    @property
    def told(self) -> tuple[Link, ...]:
        """Links of which something can be said, the surest first."""
        clear = [link for link in self.links if link.verdict != "cannot tell"]
        return tuple(sorted(clear, key=lambda link: min(link.found.p_before, link.found.p_after)))


def verdict_of(found: LeadLag) -> Verdict:
    """What comes first, allowing for everything that was looked at.

    Before alone, or after alone, is said only where the two clearly differ.
    """
    before = found.p_before <= ALARM and not found.before.low <= 0 <= found.before.high
    after = found.p_after <= ALARM and not found.after.low <= 0 <= found.after.high
    if not before and not after:
        return "cannot tell"
    if before != after and found.p_first <= ALARM:
        return "team first" if before else "customers first"
    return "together"


def _moved(found: Estimate, by: float) -> Estimate:
    return replace(found, estimate=found.estimate * by, low=found.low * by, high=found.high * by)


def find(view: Reader, built: Panel, scope: Scope) -> Found:
    """Everything about the units that may be told.

    What is found in the data stays when people enter something; what they say a leaver costs is
    read each time.
    """
    found = view.kept("team found", scope, lambda: _found(view, built, scope), room=_KEPT)
    return replace(found, costs=register.current(view, StaffCost))


def _found(view: Reader, built: Panel, scope: Scope) -> Found:
    month = month_of(built, scope.as_of)
    as_of = month_end(month)
    told = teams(view)
    tell("Counting what customers said and did, by unit", 0.2)
    customers = unit_customers(view, as_of=as_of, as_of_month=month, where=scope.where)
    item = main_item(customers.answers, scope.metric)
    grid = grids(told.rows, customers, item, last_month=month)
    tell("Asking what comes first, employees or customers", 0.4)
    links = _links(grid)
    recent = told.rows[(told.rows["month"] <= month) & (told.rows["month"] > month - YEAR)]
    leaving = (recent["headcount"] * recent["turnover"]).dropna()
    by_unit = leaving.groupby(recent["unit"]).sum()
    last = recent.sort_values("month").groupby("unit")["headcount"].last()
    return Found(
        scope=scope,
        panel=built,
        as_of=as_of,
        month=month,
        teams=told,
        customers=customers,
        item=item,
        grid=grid,
        links=links,
        units=unit_figures(recent, customers, item),
        leavers=float(leaving.sum()) if len(leaving) else None,
        heads=float(last.sum()),
        leavers_by_unit={str(unit): float(count) for unit, count in by_unit.items()},
        costs=(),
        sources=_sources(view),
    )


def _links(grid: Grids | None) -> tuple[Link, ...]:
    if grid is None:
        return ()
    judged = lead_lag(grid.pairs(), rng=np.random.default_rng(_SEED), level=LEVEL)
    found = []
    for one in judged:
        cause, _, outcome = one.name.partition(".")
        found.append(Link(cause, outcome, one))
    return tuple(found)


def _sources(view: Reader) -> tuple[str, ...]:
    rows = view.rows(
        "SELECT import_id, file_name, kind FROM imports WHERE undone_at IS NULL AND kind IN "
        "('teams', 'responses', 'contacts') ORDER BY import_id"
    )
    return tuple(f"import {row['import_id']}: {row['file_name']} ({row['kind']})" for row in rows)
