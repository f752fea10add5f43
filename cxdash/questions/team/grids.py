"""Units by periods: how often employees are asked sets the step, customers are counted by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel.teams import UnitCustomers
from cxdash.stats.lead_lag import FEWEST_UNITS, Pair

__all__ = ["MEASURES", "OUTCOMES", "Grids", "Item", "grids", "main_item"]

Matrix = NDArray[np.float64]

#: What is known of employees, and what customers do; names for machines.
MEASURES: Final = ("engagement", "turnover", "absence", "workload")
OUTCOMES: Final = ("score", "left", "contacts")
_STEPS: Final = (1, 3, 6, 12)  # months
_WINDOWS: Final[Mapping[int, tuple[int, int]]] = {1: (3, 6), 3: (2, 4), 6: (1, 2), 12: (1, 2)}
_GAP: Final = 2  # periods without a figure that are bridged by a straight line
_MOSTLY: Final = 0.6  # share of units that must report a figure throughout for it to be looked at
_MOST_UNITS: Final = 100
# A month's mean of n answers is as good as n / (n + these) of one of very many.
_ANSWERS: Final = 5.0
_SERVED: Final = 20.0


@dataclass(frozen=True, slots=True)
class Item:
    """The rating that answers about units give most often."""

    name: str
    variant: str
    high_is_good: bool
    scale_low: float
    scale_high: float

    def good_way_up(self, value: float) -> float:
        """The mean answer turned so that more is better, on the item's own scale."""
        return value if self.high_is_good else self.scale_low + self.scale_high - value


@dataclass(frozen=True, slots=True)
class Grids:
    """Shape (units, periods) each; nan where nothing is known.

    ``step`` is the months of a period; ``causes`` and ``outcomes`` by name, ``weights`` of the
    outcomes; ``answers`` counts what stands behind the score.
    """

    units: tuple[str, ...]
    periods: tuple[int, ...]
    step: int
    causes: Mapping[str, Matrix]
    outcomes: Mapping[str, Matrix]
    weights: Mapping[str, Matrix]
    answers: int

    def pairs(self) -> list[Pair]:
        """Everything employees are beside everything customers do; work is no outcome of itself."""
        window, furthest = _WINDOWS[self.step]
        asked = next((cause for cause in MEASURES if cause in self.causes), "")
        aimed = next((outcome for outcome in OUTCOMES if outcome in self.outcomes), "")
        return [
            Pair(
                name=f"{cause}.{outcome}",
                cause=self.causes[cause],
                outcome=self.outcomes[outcome],
                weight=self.weights[outcome],
                window=window,
                furthest=furthest,
                main=(cause, outcome) == (asked, aimed),
            )
            for cause in MEASURES
            for outcome in OUTCOMES
            if cause in self.causes
            and outcome in self.outcomes
            and (cause, outcome) != ("workload", "contacts")
        ]


def main_item(answers: pd.DataFrame, wish: str | None) -> Item | None:
    """The item asked for if answers about units hold it, else the one they hold most of."""
    if answers.empty:
        return None
    columns = ["item", "variant", "high_is_good", "scale_low", "scale_high"]
    counted = answers.groupby(columns, sort=True)["n"].sum().sort_values(ascending=False)
    found = [Item(*key) for key in counted.index]
    wished = [one for one in found if wish in (one.name, f"{one.name}@{one.variant}")]
    # A yes or no moves in one step only, so a scale goes first where there is one.
    scaled = [one for one in found if one.scale_high - one.scale_low > 1]
    return (wished or scaled or found)[0]


def grids(
    rows: pd.DataFrame, customers: UnitCustomers, item: Item | None, *, last_month: int
) -> Grids | None:
    """Lay everything out; None where fewer than six units report anything throughout."""
    rows = rows[rows["month"] <= last_month]
    if rows.empty:
        return None
    step = _step(rows)
    rows = rows.assign(period=rows["month"] // step)
    wanted = _largest(rows, customers.answers)
    rows = rows[rows["unit"].isin(wanted)]
    units = tuple(sorted(rows["unit"].unique()))
    periods = tuple(range(int(rows["period"].min()), int(rows["period"].max()) + 1))
    place = _Place(units, periods, step)
    causes = {
        name: _bridged(place.mean(rows, name)) for name in ("engagement", "turnover", "absence")
    }
    heads = _bridged(place.mean(rows, "headcount"))
    contacts = place.sum(customers.contacts, "contacts", last_month)
    if not customers.contacts.empty:
        with np.errstate(divide="ignore", invalid="ignore"):
            causes["workload"] = np.nan_to_num(contacts) / step / heads
    told = {
        name: values
        for name, values in causes.items()
        if np.isfinite(values).all(axis=1).sum() >= max(FEWEST_UNITS, _MOSTLY * len(units))
    }
    if not told:
        return None
    whole = np.logical_and.reduce([np.isfinite(values).all(axis=1) for values in told.values()])
    if whole.sum() < FEWEST_UNITS:
        return None
    outcomes, weights, answers = _outcomes(place, customers, item, last_month)
    # Where a unit is taken out for a month, its customers are as well.
    known = np.isfinite(heads)
    return Grids(
        units=tuple(unit for unit, keep in zip(units, whole, strict=True) if keep),
        periods=periods,
        step=step,
        causes={name: values[whole] for name, values in told.items()},
        outcomes={
            name: np.where(known, values, np.nan)[whole] for name, values in outcomes.items()
        },
        weights={name: values[whole] for name, values in weights.items()},
        answers=answers,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows of a unit and a period belong."""

    units: tuple[str, ...]
    periods: tuple[int, ...]
    step: int

    def mean(self, rows: pd.DataFrame, column: str) -> Matrix:
        found = rows.dropna(subset=[column]).groupby(["unit", "period"])[column].mean()
        return self._laid(found)

    def sum(self, rows: pd.DataFrame, column: str, last_month: int) -> Matrix:
        part = rows[rows["month"] <= last_month]
        part = part.assign(period=part["month"] // self.step)
        return self._laid(part.groupby(["unit", "period"])[column].sum())

    def _laid(self, found: "pd.Series[float]") -> Matrix:
        laid = np.full((len(self.units), len(self.periods)), np.nan)
        unit = {name: number for number, name in enumerate(self.units)}
        first = self.periods[0]
        names, periods = (found.index.get_level_values(level) for level in (0, 1))
        for name, period, value in zip(names, periods, found.to_numpy(np.float64), strict=True):
            if name in unit and 0 <= period - first < len(self.periods):
                laid[unit[name], period - first] = value
        return laid


def _step(rows: pd.DataFrame) -> int:
    """Months between two reports, as most units have them."""
    gaps = rows.groupby("unit")["month"].diff().dropna()
    usual = float(gaps.median()) if len(gaps) else 1.0
    return next((step for step in _STEPS if usual <= step), _STEPS[-1])


def _largest(rows: pd.DataFrame, answers: pd.DataFrame) -> Sequence[str]:
    """At most a hundred units, those with most answers."""
    names = sorted(rows["unit"].unique())
    if len(names) <= _MOST_UNITS:
        return names
    counted = answers.groupby("unit")["n"].sum()
    return sorted(names, key=lambda name: (-float(counted.get(name, 0.0)), name))[:_MOST_UNITS]


def _bridged(values: Matrix) -> Matrix:
    """Short gaps between two known figures filled by a straight line."""
    filled = values.copy()
    for row in filled:
        known = np.flatnonzero(np.isfinite(row))
        for start, end in pairwise(known):
            if 1 < end - start <= _GAP + 1:
                row[start : end + 1] = np.linspace(row[start], row[end], end - start + 1)
    return filled


def _outcomes(
    place: _Place, customers: UnitCustomers, item: Item | None, last_month: int
) -> tuple[dict[str, Matrix], dict[str, Matrix], int]:
    outcomes: dict[str, Matrix] = {}
    weights: dict[str, Matrix] = {}
    answers = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        if item is not None:
            own = customers.answers
            own = own[(own["item"] == item.name) & (own["variant"] == item.variant)]
            n = np.nan_to_num(place.sum(own, "n", last_month))
            mean = place.sum(own, "total", last_month) / n
            turned = mean if item.high_is_good else item.scale_low + item.scale_high - mean
            outcomes["score"], weights["score"] = turned, n / (n + _ANSWERS)
            answers = int(n.sum())
        if not customers.served.empty:
            served = np.nan_to_num(place.sum(customers.served, "customers", last_month))
            gone = place.sum(customers.served, "gone", last_month)
            outcomes["left"], weights["left"] = gone / served, served / (served + _SERVED)
        if not customers.contacts.empty:
            contacts = place.sum(customers.contacts, "contacts", last_month)
            outcomes["contacts"] = contacts / place.step
            weights["contacts"] = np.ones_like(contacts)
    return outcomes, weights, answers
