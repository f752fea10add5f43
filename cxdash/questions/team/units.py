"""One unit over a year: its people, its work, and what its customers said, side by side."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from cxdash.panel.teams import UnitCustomers
from cxdash.questions.judgement import LEVEL
from cxdash.questions.team.grids import Item
from cxdash.stats.estimate import Estimate
from cxdash.stats.proportions import share

__all__ = ["UnitFigures", "unit_figures"]

_FEWEST_ANSWERS: Final = 10


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Means over the months in which the unit may be told; None where nothing is known.

    ``turnover`` is the share who left in a month, ``contacts`` and ``minutes`` are for one employee
    and month; ``score`` is the mean answer on the item's own scale.
    """

    unit: str
    months: int
    headcount: float
    engagement: float | None
    turnover: float | None
    absence: float | None
    contacts: float | None
    minutes: float | None
    score: Estimate | None
    left: Estimate | None


def unit_figures(
    rows: pd.DataFrame, customers: UnitCustomers, item: Item | None
) -> tuple[UnitFigures, ...]:
    """Each unit with a row among ``rows`` (of :class:`Teams`, the months wanted)."""
    found = []
    for name, own in rows.groupby("unit", sort=True):
        told = set(own["month"])
        contacts, served = (
            frame[(frame["unit"] == name) & frame["month"].isin(told)]
            for frame in (customers.contacts, customers.served)
        )
        answers = customers.answers
        answers = answers[(answers["unit"] == name) & answers["month"].isin(told)]
        heads = float(own["headcount"].sum())  # employee-months
        timed = bool(contacts["timed"].sum()) if len(contacts) else False
        found.append(
            UnitFigures(
                unit=str(name),
                months=len(own),
                headcount=float(own["headcount"].mean()),
                engagement=_mean(own["engagement"]),
                turnover=_mean(own["turnover"]),
                absence=_mean(own["absence"]),
                contacts=float(contacts["contacts"].sum()) / heads if len(contacts) else None,
                minutes=float(contacts["minutes"].sum()) / heads if timed else None,
                score=_score(answers, item),
                left=share(int(served["gone"].sum()), int(served["customers"].sum()), level=LEVEL)
                if len(served)
                else None,
            )
        )
    return tuple(found)


def _mean(values: pd.Series) -> float | None:
    known = values.dropna()
    return float(known.mean()) if len(known) else None


def _score(answers: pd.DataFrame, item: Item | None) -> Estimate | None:
    """The mean answer with a Student interval, from sums."""
    if item is None:
        return None
    own = answers[(answers["item"] == item.name) & (answers["variant"] == item.variant)]
    n = int(own["n"].sum())
    if n < _FEWEST_ANSWERS:
        return None
    mean = float(own["total"].sum()) / n
    spread = max(float(own["squares"].sum()) / n - mean**2, 1 / (n + 1)) * n / (n - 1)
    half = float(student.ppf((1 + LEVEL) / 2, n - 1) * np.sqrt(spread / n))
    centre = item.good_way_up(mean)
    return Estimate(estimate=centre, low=centre - half, high=centre + half, n=n, level=LEVEL)
