"""What each band of a metric did: who left, what was kept, what serving them cost.

One row a band from worst to best, and one for customers not heard. Shares rest on closed
customer-windows; money at stake on today's customers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cxdash.facts.definitions import Band
from cxdash.panel import Landmarks
from cxdash.questions.chance import months_of
from cxdash.questions.design import SILENT, band_of
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Difference, Estimate
from cxdash.stats.proportions import share, share_difference
from cxdash.stats.ratio import Ratio, ratio_of_sums

__all__ = [
    "SMALLEST",
    "BandOutcome",
    "cost_to_serve",
    "outcomes",
    "paid_by_band",
    "raw_gap",
]

SMALLEST: Final = 10  # a rate of fewer windows than this is not shown
_SEED: Final = 20_118


@dataclass(frozen=True, slots=True)
class BandOutcome:
    """What was observed for one band.

    Parameters
    ----------
    customers, revenue
        Today's customers in the band and what they would pay over the horizon at today's rate.
    n, left
        Closed customer-windows and how many of them ended with the customer gone.
    rate
        Share that left; None with fewer than ten windows.
    kept
        What customers paid a month at the end of a window (0 if gone) over what they paid at its
        start; None without money or with fewer than ten customers.
    cost
        Cost of serving per month as a customer in the window; None as ``kept``.
    """

    name: str
    label: str
    customers: int
    revenue: float
    n: int
    left: int
    rate: Estimate | None
    kept: Ratio | None
    cost: Ratio | None


def outcomes(marks: Landmarks, bands: tuple[Band, ...], *, contractual: bool) -> list[BandOutcome]:
    """The outcome of every band, worst first, then of customers not heard."""
    return list(_outcomes(marks, bands, contractual=contractual))


def _outcomes(
    marks: Landmarks, bands: tuple[Band, ...], *, contractual: bool
) -> Iterator[BandOutcome]:
    closed, base = marks.closed, marks.base
    closed_band, base_band = band_of(closed), band_of(base)
    codes = pd.factorize(closed["customer_id"])[0]
    before = closed["rate"].to_numpy(np.float64)
    if contractual:
        after = closed["rate_after"].to_numpy(np.float64)
    else:
        after = closed["revenue_after"].to_numpy(np.float64) / marks.horizon
    left = closed["left_within"].to_numpy(np.float64) == 1
    named = [(band.name, band.label) for band in bands] + [(SILENT, "Did not answer")]
    for name, label in named:
        rows, today = closed_band == name, base_band == name
        n, gone = int(rows.sum()), int(left[rows].sum())
        rng = np.random.default_rng(_SEED)
        enough = n >= SMALLEST
        yield BandOutcome(
            name=name,
            label=label,
            customers=int(today.sum()),
            revenue=float(base["rate"].to_numpy(np.float64)[today].sum() * marks.horizon),
            n=n,
            left=gone,
            rate=share(gone, n, level=LEVEL) if enough else None,
            kept=ratio_of_sums(after[rows], before[rows], codes[rows], rng=rng, level=LEVEL)
            if enough
            else None,
            cost=cost_to_serve(closed[rows], marks.horizon),
        )


def cost_to_serve(closed: pd.DataFrame, horizon: int) -> Ratio | None:
    """Cost of serving over months as a customer, the month of leaving counted, in these windows.

    None with fewer than ten customers.
    """
    customer = pd.factorize(closed["customer_id"])[0]
    if np.unique(customer).size < SMALLEST:
        return None
    return ratio_of_sums(
        closed["cost_after"].to_numpy(np.float64),
        months_of(closed, horizon),
        customer,
        rng=np.random.default_rng(_SEED),
        level=LEVEL,
    )


def raw_gap(worst: BandOutcome, best: BandOutcome) -> Difference | None:
    """Difference of the counted rates of leaving, worst minus best band."""
    if worst.rate is None or best.rate is None:
        return None
    return share_difference(worst.left, worst.n, best.left, best.n, level=LEVEL)


def paid_by_band(paid: pd.DataFrame, bands: tuple[Band, ...]) -> list[tuple[Band, Ratio]]:
    """Mean of what customers of each band paid so far; bands with fewer than ten are left out."""
    found = []
    for band in bands:
        own = paid.loc[paid["band"] == band.name, "paid"].to_numpy(np.float64)
        if own.size < SMALLEST:
            continue
        mean = ratio_of_sums(
            own,
            np.ones(own.size),
            np.arange(own.size),
            rng=np.random.default_rng(_SEED),
            level=LEVEL,
        )
        if mean:
            found.append((band, mean))
    return found
