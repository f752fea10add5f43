"""Does a metric only repeat what money and operations already showed?

Each answer is predicted from what was known at the end of the month before: how spend had changed,
how much was spent, how often the customer had been in touch. The same customer's answer before it,
time as a customer and the segment are held equal. What matters is how much of the differences that
explains; with many answers even a trace of it is beyond noise.

Source: Granger's question asked of a panel, C. Granger, Econometrica 37 (1969); errors by customer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.questions.design import text_of
from cxdash.questions.trial.stage import Metric, TrialStage
from cxdash.stats.foreseen import jointly
from cxdash.stats.spend import fit_mean, power

__all__ = ["MATERIAL", "Echo", "echo"]

Matrix = NDArray[np.float64]

#: Money and operations must explain at least this share of what the answer before, tenure and
#: segment leave, for a metric to be called an echo.
MATERIAL: Final = 0.05
FEWEST: Final = 100
_MOST: Final = 20_000
_MOST_CHANGE: Final = 1.0
_SEED: Final = 60_493
_KNOWN: Final = ("the change of spend before", "spend", "recent contacts")


@dataclass(frozen=True, slots=True)
class Echo:
    """How far past money and operations predict a metric.

    Parameters
    ----------
    p_value
        Of "they say nothing about it".
    share
        Share of the remaining differences (0 to 1) that they explain.
    most
        Which of them explains most, in words.
    n
        Answers.
    """

    p_value: float
    share: float
    most: str
    n: int

    @property
    def material(self) -> bool:
        return self.share >= MATERIAL


def echo(stage: TrialStage, metric: Metric) -> Echo | None:
    """None where too few answers have a customer's month behind them, or nothing varies."""
    rows = stage.past.get(metric.number)
    if rows is None:
        return None
    rows = rows[rows["rate"].notna() & rows["tenure_months"].notna()]
    if len(rows) > _MOST:
        rows = rows.sample(_MOST, random_state=_SEED).sort_index()
    if len(rows) < FEWEST:
        return None
    value = rows["value"].to_numpy(np.float64)
    if not np.ptp(value) > 0:
        return None
    held, known = _held_equal(rows), _known(rows)
    customer = rows["customer"].to_numpy(np.int64)
    family = power(0, "identity")
    without = fit_mean(value, held, family, customer=customer)
    everything = fit_mean(value, np.column_stack([held, known]), family, customer=customer)
    columns = np.arange(held.shape[1], held.shape[1] + known.shape[1])
    if not without.deviance > 0 or not any(everything.tells(int(column)) for column in columns):
        return None
    each = [everything.p_value(int(column)) for column in columns]
    return Echo(
        p_value=jointly(everything, columns),
        share=max(0.0, 1 - everything.deviance / without.deviance),
        most=_KNOWN[int(np.argmin(each))],
        n=len(rows),
    )


def _held_equal(rows: pd.DataFrame) -> Matrix:
    """A constant, the answer before (and whether there was one), tenure, segments."""
    before = rows["value_before"].to_numpy(np.float64, na_value=np.nan)
    first = np.isnan(before)
    usual = float(np.nanmean(before)) if not first.all() else 0.0
    segment = text_of(rows["segment"])
    return np.column_stack(
        [
            np.ones(len(rows)),
            np.where(first, usual, before),
            first,
            np.log1p(rows["tenure_months"].to_numpy(np.float64).clip(min=0)),
            *((segment == name).to_numpy(np.float64) for name in sorted(set(segment))[1:]),
        ]
    ).astype(np.float64)


def _known(rows: pd.DataFrame) -> Matrix:
    """Change of spend (in logs), spend (in logs), contacts (in logs)."""
    rate = rows["rate"].to_numpy(np.float64)
    earlier = rows["rate_earlier"].to_numpy(np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(rate / earlier)
    change = np.where(np.isfinite(change), change, 0.0).clip(-_MOST_CHANGE, _MOST_CHANGE)
    contacts = rows["contacts"].to_numpy(np.float64, na_value=np.nan)
    return np.column_stack(
        [change, np.log1p(rate.clip(min=0)), np.log1p(np.nan_to_num(contacts).clip(min=0))]
    )
