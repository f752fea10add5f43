"""Who leaves after having said what: the model under ``worth`` and ``brief``.

Everything is estimated on closed customer-windows (see :mod:`cxdash.panel.landmarks`) and
applied to today's customers. Two models stand side by side: what finance already knows, and the
same plus the band the customer's last answer fell in, with "not heard" as a band of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from cxdash.panel import Landmarks
from cxdash.stats.estimate import z_of_level
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic
from cxdash.stats.stake import Stake, revenue_at_stake

__all__ = [
    "FINANCE",
    "LEVEL",
    "SILENT",
    "Backtest",
    "BandRate",
    "Leaving",
    "leaving",
]

Matrix = NDArray[np.float64]

LEVEL: Final = 0.90
SILENT: Final = "silent"
FINANCE: Final = ("time as a customer", "what they pay", "segment", "plan")
MIN_EVENTS: Final = 10  # fewer leavers than this and no model is fitted
MIN_LEVEL_ROWS: Final = 20  # rarer segments and plans are pooled
DRAWS: Final = 2000
# How far the level of leaving may drift from one window to the next, in log odds: about 10 %. It is
# an allowance, not an estimate: a forecast without one is too sure that tomorrow is like yesterday.
DRIFT_SD: Final = 0.1
# A band's link with leaving may differ between large and small accounts; without this the sum over
# revenue would be right only if it did not.
SIZE_SD: Final = 0.5
_SEED: Final = 20_117
_Z: Final = z_of_level(LEVEL)


@dataclass(frozen=True, slots=True)
class BandRate:
    """Share of a band that left within the horizon, had every band the same mix of customers."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """The same method run on earlier data only, and what then happened.

    Money is what the leavers would have paid over the window at their rate on its first day. The
    test is passed when both real figures lie in the ranges that hold 98 % of what chance allows.
    """

    landmark: int
    expected: Stake
    leavers: int
    lost: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """The fitted model and what it says.

    Parameters
    ----------
    adjusted
        Band to rate at the customer mix of everybody who answered.
    gap
        Difference of the adjusted rates of the worst and the best band.
    excess
        Money of today's customers in the worst band that goes beyond what they would stand for at
        the best band's rate, with its range; an upper bound on what better experience could keep.
    stakes
        Stake of today's customers by band, by segment (keys ``("segment", name)``) and in all.
    """

    adjusted: dict[str, BandRate]
    gap: BandRate
    excess: BandRate
    stakes: dict[tuple[str, str], Stake]
    backtest: Backtest | None
    n: int
    events: int


@dataclass(frozen=True, slots=True)
class _Encoder:
    """Turns rows into predictors; levels are fixed on the rows the model is fitted on."""

    bands: tuple[str, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    usual_size: float

    @classmethod
    def on(cls, rows: pd.DataFrame, bands: Sequence[str]) -> "_Encoder":
        levels = []
        for column in ("segment", "plan"):
            counts = _text(rows[column]).value_counts()
            kept = sorted(counts.index[counts >= MIN_LEVEL_ROWS])
            levels.append((column, tuple(kept[1:])))  # the first level is the reference
        return cls(tuple(bands), tuple(levels), float(_size(rows).mean()))

    def matrix(self, rows: pd.DataFrame, band: str | None = None) -> Matrix:
        """Shape (rows, k). ``band`` overrides the real one.

        The window's number comes first, then what finance knows, then two columns a band: whether
        the customer is in it, and if so by how much larger than usual (in logs) the account is.
        """
        size = _size(rows)
        columns = [
            rows["landmark"].to_numpy(np.float64),
            np.log1p(rows["tenure_months"].to_numpy(np.float64).clip(min=0)),
            size,
        ]
        for column, levels in self.levels:
            text = _text(rows[column])
            columns += [(text == level).to_numpy(np.float64) for level in levels]
        own = band_of(rows)
        for name in self.bands:
            hit = np.full(len(rows), band == name) if band else (own == name)
            columns += [hit.astype(np.float64), hit * (size - self.usual_size)]
        return np.column_stack(columns)

    def prior_sd(self, predictors: Matrix, horizon: int) -> Matrix:
        """Prior standard deviations for :func:`fit_logistic`, shape (k,)."""
        sd = np.full(predictors.shape[1], PRIOR_SD)
        spread = float(predictors[:, 0].std())
        sd[0] = DRIFT_SD / horizon * (spread if spread > 0 else 1.0)
        sd[-1 : -2 * len(self.bands) : -2] = SIZE_SD
        return sd


def _size(rows: pd.DataFrame) -> Matrix:
    return np.asarray(np.log1p(rows["rate"].to_numpy(np.float64).clip(min=0)))


def band_of(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Band of each row, shape (rows,); customers who did not answer are in the band ``silent``."""
    return rows["band"].fillna(SILENT).to_numpy(dtype=object)


def _text(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str)


def leaving(marks: Landmarks, bands: Sequence[str]) -> Leaving | None:
    """Fit, test on later data, apply to today's customers.

    Parameters
    ----------
    bands
        Bands of the metric from worst to best.

    Returns
    -------
    None when there are fewer than ten leavers or ten stayers to learn from.
    """
    closed, base = marks.closed, marks.base
    fitted = _fit(closed, bands, marks.horizon)
    if fitted is None or base.empty:
        return None
    fit, encoder = fitted
    rates = _adjusted(fit, encoder, closed)
    worst, best = bands[0], bands[-1]
    return Leaving(
        adjusted={band: _share(fit, rate) for band, rate in rates.items()},
        gap=_plain(fit, rates[worst].minus(rates[best])),
        excess=_excess(fit, encoder, base, marks.horizon, worst, best),
        stakes=revenue_at_stake(
            fit,
            encoder.matrix(base),
            base["rate"].to_numpy(np.float64) * marks.horizon,
            _groups(base),
            rng=np.random.default_rng(_SEED),
            draws=DRAWS,
            level=LEVEL,
        ),
        backtest=_backtest(marks, bands),
        n=fit.n,
        events=fit.events,
    )


def _fit(
    rows: pd.DataFrame, bands: Sequence[str], horizon: int
) -> tuple[LogisticFit, _Encoder] | None:
    left = rows["left_within"].to_numpy(np.float64) == 1
    if min(left.sum(), (~left).sum()) < MIN_EVENTS:
        return None
    encoder = _Encoder.on(rows, bands)
    predictors = encoder.matrix(rows)
    prior_sd = encoder.prior_sd(predictors, horizon)
    return fit_logistic(predictors, left, prior_sd=prior_sd), encoder


@dataclass(frozen=True, slots=True)
class _Sum:
    """A weighted sum of probabilities with its gradient in the model's coefficients."""

    value: float
    gradient: Matrix

    def minus(self, other: "_Sum") -> "_Sum":
        return _Sum(self.value - other.value, self.gradient - other.gradient)


def _adjusted(fit: LogisticFit, encoder: _Encoder, closed: pd.DataFrame) -> dict[str, _Sum]:
    """Each band's rate, standardised to the mix of all customers who answered."""
    answered = closed[closed["band"].notna()]
    if answered.empty:
        answered = closed
    equal = np.full(len(answered), 1 / len(answered))
    return {
        band: _Sum(*fit.gradient(encoder.matrix(answered, band), equal))
        for band in (*encoder.bands, SILENT)
    }


def _excess(
    fit: LogisticFit, encoder: _Encoder, base: pd.DataFrame, horizon: int, worst: str, best: str
) -> BandRate:
    unhappy = base[band_of(base) == worst]
    if unhappy.empty:
        return BandRate(0.0, 0.0, 0.0)
    revenue = unhappy["rate"].to_numpy(np.float64) * horizon
    as_is = _Sum(*fit.gradient(encoder.matrix(unhappy), revenue))
    as_best = _Sum(*fit.gradient(encoder.matrix(unhappy, best), revenue))
    return _plain(fit, as_is.minus(as_best))


def _plain(fit: LogisticFit, of: _Sum) -> BandRate:
    """Delta-method interval on the scale of the sum itself."""
    half = _Z * fit.deviation(of.gradient)
    return BandRate(of.value, of.value - half, of.value + half)


def _share(fit: LogisticFit, of: _Sum) -> BandRate:
    """Delta-method interval on the log odds scale, so that a share stays between 0 and 1."""
    odds = of.value * (1 - of.value)
    half = _Z * fit.deviation(of.gradient) / odds
    low, high = expit(logit(of.value) + np.array([-half, half]))
    return BandRate(of.value, float(low), float(high))


def _groups(base: pd.DataFrame) -> dict[tuple[str, str], NDArray[np.bool_]]:
    own = band_of(base)
    groups: dict[tuple[str, str], NDArray[np.bool_]] = {("all", ""): np.ones(len(base), bool)}
    for band in sorted(set(own)):
        groups["band", str(band)] = own == band
    segments = _text(base["segment"]).to_numpy()
    for segment in sorted(set(segments)):
        groups["segment", str(segment)] = segments == segment
    return groups


def _backtest(marks: Landmarks, bands: Sequence[str]) -> Backtest | None:
    """Stand where we stood one horizon ago, predict, and compare with what happened since."""
    if len(marks.closed_months) < 2:
        return None
    last = marks.closed_months[-1]
    closed = marks.closed
    earlier, test = closed[closed["landmark"] < last], closed[closed["landmark"] == last]
    fitted = _fit(earlier, bands, marks.horizon)
    if fitted is None or test.empty:
        return None
    fit, encoder = fitted
    everyone = {("all", ""): np.ones(len(test), bool)}
    revenue = test["rate"].to_numpy(np.float64) * marks.horizon
    predictors = encoder.matrix(test)
    left = test["left_within"].to_numpy(np.float64) == 1
    lost = float(revenue[left].sum())

    def expected(level: float) -> Stake:
        rng = np.random.default_rng(_SEED)
        return revenue_at_stake(
            fit, predictors, revenue, everyone, rng=rng, draws=DRAWS, level=level
        )["all", ""]

    wide = expected(0.98)
    leavers = int(left.sum())
    return Backtest(
        landmark=last,
        expected=expected(LEVEL),
        leavers=leavers,
        lost=lost,
        passed=wide.low <= lost <= wide.high and wide.leavers_low <= leavers <= wide.leavers_high,
    )
