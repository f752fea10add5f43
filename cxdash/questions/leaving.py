"""Who leaves after having said what: the model under ``worth`` and ``brief``.

Everything is estimated on closed customer-windows (see :mod:`cxdash.panel.windows`) and applied
to today's customers. Two models stand side by side: what finance already knows, and the same plus
the band of the customer's last answer, with "no answer" as a band of its own. Both are first run on
the windows before the last one and held against what then happened; each claim is confirmed, or
not, by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from cxdash.panel import Landmarks
from cxdash.stats.estimate import z_of_level
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic
from cxdash.stats.ratio import Ratio, ratio_of_sums
from cxdash.stats.stake import Stake, revenue_at_stake

__all__ = [
    "ALL",
    "LEVEL",
    "SILENT",
    "UNHEARD",
    "Backtest",
    "BandRate",
    "Group",
    "Leak",
    "Leaving",
    "leaving",
]

Matrix = NDArray[np.float64]
Group = tuple[str, str]

LEVEL: Final = 0.90
SILENT: Final = "silent"
ALL: Final[Group] = ("all", "")
UNHEARD: Final[Group] = ("unheard", "")  # answered nothing at all in the last year
MIN_EVENTS: Final = 10  # fewer leavers than this and no model is fitted
MIN_LEVEL_ROWS: Final = 20  # rarer segments and plans are pooled
LEAK_SHARE: Final = 0.9  # a segment or plan that nearly everybody left knows the outcome
DRAWS: Final = 2000
# How far the level of leaving may drift from one window to the next, in log odds: about 10 %. It is
# an allowance, not an estimate: a forecast without one is too sure that tomorrow is like yesterday.
DRIFT_SD: Final = 0.1
# A band's link with leaving may differ between large and small accounts; without this the sum over
# revenue would be right only if it did not.
SIZE_SD: Final = 0.3
_SEED: Final = 20_117
_Z: Final = z_of_level(LEVEL)


@dataclass(frozen=True, slots=True)
class BandRate:
    """Share of a band that left within the horizon, had every band the same mix of customers."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Leak:
    """A value of a customer column that knows the outcome, so the model leaves the column out."""

    column: str
    value: str
    left: int
    n: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """The same method run on earlier windows only, and what then happened in the last one.

    Money is what the leavers would have paid over the window at their rate on its first day.

    Parameters
    ----------
    expected, leavers, lost
        By group: what was expected, who really left, what really went.
    gap
        Worst minus best band on later windows: leavers beyond what finance's columns, fitted on
        the windows before, had expected; with its interval. None if one of the bands is empty.
    """

    landmark: int
    expected: Mapping[Group, Stake]
    leavers: Mapping[Group, int]
    lost: Mapping[Group, float]
    gap: BandRate | None

    def confirms(self, group: Group) -> bool:
        """Whether the group's leavers and their money both came out within the stated ranges."""
        if group not in self.expected:
            return False
        stake = self.expected[group]
        within = stake.leavers_low <= self.leavers[group] <= stake.leavers_high
        return within and stake.low <= self.lost[group] <= stake.high

    def confirms_gap(self, gap: BandRate) -> bool:
        """Whether later windows showed the same gap, beyond noise and beyond what finance knew."""
        if self.gap is None:
            return False
        return self.gap.low > 0 < gap.estimate or self.gap.high < 0 > gap.estimate


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
        Stake of today's customers: of all, by band, by segment, and of those who answered nothing.
    without_answers
        Stake of all by the model that knows finance's columns only.
    window_left
        Of the window, the share that was still to come when past leavers went, weighted by money.
    held_equal
        What the model holds equal, in plain words.
    """

    adjusted: dict[str, BandRate]
    gap: BandRate
    excess: BandRate
    stakes: dict[Group, Stake]
    without_answers: Stake
    window_left: Ratio | None
    backtest: Backtest | None
    held_equal: tuple[str, ...]
    leaks: tuple[Leak, ...]
    n: int
    events: int


@dataclass(frozen=True, slots=True)
class _Encoder:
    """Turns rows into predictors; levels are fixed on the rows the model is fitted on."""

    bands: tuple[str, ...]
    levels: tuple[tuple[str, tuple[str, ...]], ...]
    usual_size: float

    @classmethod
    def on(cls, rows: pd.DataFrame, bands: Sequence[str], leaks: Sequence[Leak]) -> "_Encoder":
        levels = []
        for column in ("segment", "plan"):
            if any(leak.column == column for leak in leaks):
                continue
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
            np.log1p(rows["idle_days"].to_numpy(np.float64).clip(min=0)),
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
        for pair in range(len(self.bands)):
            sd[-1 - 2 * pair] = SIZE_SD
        return sd


@dataclass(frozen=True, slots=True)
class _Model:
    fit: LogisticFit
    encoder: _Encoder


def _size(rows: pd.DataFrame) -> Matrix:
    return np.asarray(np.log1p(rows["rate"].to_numpy(np.float64).clip(min=0)))


def band_of(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Band of each row, shape (rows,); customers who did not answer are in the band ``silent``."""
    return rows["band"].fillna(SILENT).to_numpy(dtype=object)


def _text(column: pd.Series) -> pd.Series:
    return column.fillna("").astype(str)


def leaving(marks: Landmarks, bands: Sequence[str], *, contractual: bool) -> Leaving | None:
    """Fit, test on later data, apply to today's customers.

    Parameters
    ----------
    bands
        Bands of the metric from worst to best.
    contractual
        Whether leaving is the end of a contract; otherwise it is not buying again.

    Returns
    -------
    None when there are fewer than ten leavers or ten stayers to learn from.
    """
    closed, base = marks.closed, marks.base
    leaks = _leaks(closed)
    model = _fit(closed, bands, marks.horizon, leaks)
    plain = _fit(closed, (), marks.horizon, leaks)
    if model is None or plain is None or base.empty:
        return None
    rates = _adjusted(model, closed)
    worst, best = bands[0], bands[-1]
    return Leaving(
        adjusted={band: _share(model.fit, rate) for band, rate in rates.items()},
        gap=_plain(model.fit, rates[worst].minus(rates[best])),
        excess=_excess(model, base, marks.horizon, worst, best),
        stakes=_stakes(model, base, marks.horizon, _groups(base)),
        without_answers=_stakes(plain, base, marks.horizon, {ALL: np.ones(len(base), bool)})[ALL],
        window_left=_window_left(closed) if contractual else None,
        backtest=_backtest(marks, bands, leaks),
        held_equal=_held_equal(leaks, contractual=contractual),
        leaks=leaks,
        n=model.fit.n,
        events=model.fit.events,
    )


def _held_equal(leaks: Sequence[Leak], *, contractual: bool) -> tuple[str, ...]:
    leaking = {leak.column for leak in leaks}
    named = ["time as a customer", "spend"]
    if not contractual:
        named.append("time since the last purchase")
    return (*named, *(column for column in ("segment", "plan") if column not in leaking))


def _leaks(closed: pd.DataFrame) -> tuple[Leak, ...]:
    """Segments and plans that nearly everybody left, such as a plan called Closed.

    A customer list says what customers are today. A value that is written when they leave would
    let the model read the outcome. Counted by customer over all windows, because such a value
    stands at windows long before the end, too.
    """
    found = []
    for column in ("segment", "plan"):
        each = closed.assign(value=_text(closed[column])).groupby(["customer_id", "value"])
        gone = each["left_within"].max().astype(float).groupby("value").agg(["sum", "size"])
        for value, left, n in gone.itertuples():
            if n >= MIN_EVENTS and left >= LEAK_SHARE * n and len(gone) > 1:
                found.append(Leak(column, str(value), int(left), int(n)))
    return tuple(found)


def _fit(
    rows: pd.DataFrame, bands: Sequence[str], horizon: int, leaks: Sequence[Leak]
) -> _Model | None:
    left = rows["left_within"].to_numpy(np.float64) == 1
    if min(left.sum(), (~left).sum()) < MIN_EVENTS:
        return None
    encoder = _Encoder.on(rows, bands, leaks)
    predictors = encoder.matrix(rows)
    prior_sd = encoder.prior_sd(predictors, horizon)
    return _Model(fit_logistic(predictors, left, prior_sd=prior_sd), encoder)


def _stakes(
    model: _Model, rows: pd.DataFrame, horizon: int, groups: Mapping[Group, NDArray[np.bool_]]
) -> dict[Group, Stake]:
    return revenue_at_stake(
        model.fit,
        model.encoder.matrix(rows),
        rows["rate"].to_numpy(np.float64) * horizon,
        groups,
        rng=np.random.default_rng(_SEED),
        draws=DRAWS,
        level=LEVEL,
    )


def _window_left(closed: pd.DataFrame) -> Ratio | None:
    """Share of the window still to come when leavers went, weighted by what they paid."""
    left = closed[closed["window_left"].notna()]
    rate = left["rate"].to_numpy(np.float64)
    if len(left) < MIN_EVENTS:
        return None
    return ratio_of_sums(
        rate * left["window_left"].to_numpy(np.float64),
        rate,
        np.arange(len(left)),
        rng=np.random.default_rng(_SEED),
        level=LEVEL,
    )


@dataclass(frozen=True, slots=True)
class _Sum:
    """A weighted sum of probabilities with its gradient in the model's coefficients."""

    value: float
    gradient: Matrix

    def minus(self, other: "_Sum") -> "_Sum":
        return _Sum(self.value - other.value, self.gradient - other.gradient)


def _adjusted(model: _Model, closed: pd.DataFrame) -> dict[str, _Sum]:
    """Each band's rate, standardised to the mix of all customers who answered."""
    answered = closed[closed["band"].notna()]
    if answered.empty:
        answered = closed
    equal = np.full(len(answered), 1 / len(answered))
    return {
        band: _Sum(*model.fit.gradient(model.encoder.matrix(answered, band), equal))
        for band in (*model.encoder.bands, SILENT)
    }


def _excess(model: _Model, base: pd.DataFrame, horizon: int, worst: str, best: str) -> BandRate:
    unhappy = base[band_of(base) == worst]
    if unhappy.empty:
        return BandRate(0.0, 0.0, 0.0)
    revenue = unhappy["rate"].to_numpy(np.float64) * horizon
    as_is = _Sum(*model.fit.gradient(model.encoder.matrix(unhappy), revenue))
    as_best = _Sum(*model.fit.gradient(model.encoder.matrix(unhappy, best), revenue))
    return _plain(model.fit, as_is.minus(as_best))


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


def _groups(base: pd.DataFrame) -> dict[Group, NDArray[np.bool_]]:
    own = band_of(base)
    groups: dict[Group, NDArray[np.bool_]] = {ALL: np.ones(len(base), bool)}
    groups[UNHEARD] = base["heard"].to_numpy() == 0
    for band in sorted(set(own)):
        groups["band", str(band)] = own == band
    segments = _text(base["segment"]).to_numpy()
    for segment in sorted(set(segments)):
        groups["segment", str(segment)] = segments == segment
    return groups


def _backtest(marks: Landmarks, bands: Sequence[str], leaks: Sequence[Leak]) -> Backtest | None:
    """Stand where we stood one horizon ago, predict, and compare with what happened since."""
    if len(marks.closed_months) < 2:
        return None
    last = marks.closed_months[-1]
    closed = marks.closed
    earlier, later = closed[closed["landmark"] < last], closed[closed["landmark"] == last]
    model = _fit(earlier, bands, marks.horizon, leaks)
    if model is None or later.empty:
        return None
    groups = _groups(later)
    left = later["left_within"].to_numpy(np.float64) == 1
    revenue = later["rate"].to_numpy(np.float64) * marks.horizon
    return Backtest(
        landmark=last,
        expected=_stakes(model, later, marks.horizon, groups),
        leavers={name: int(left[rows].sum()) for name, rows in groups.items()},
        lost={name: float(revenue[rows & left].sum()) for name, rows in groups.items()},
        gap=_later_gap(marks, bands, leaks),
    )


def _later_gap(marks: Landmarks, bands: Sequence[str], leaks: Sequence[Leak]) -> BandRate | None:
    """Leavers beyond finance's expectation, worst minus best band, pooled over later windows.

    Each window is predicted by finance's columns from the windows before it, so nothing that is
    judged was seen. Under no link the surplus is zero and its variance is that of the coin tosses.
    """
    closed = marks.closed
    surplus: dict[str, list[Matrix]] = {bands[0]: [], bands[-1]: []}
    noise: dict[str, list[Matrix]] = {bands[0]: [], bands[-1]: []}
    for month in marks.closed_months[1:]:
        earlier, later = closed[closed["landmark"] < month], closed[closed["landmark"] == month]
        plain = _fit(earlier, (), marks.horizon, leaks)
        if plain is None:
            continue
        own = band_of(later)
        chance = plain.fit.probabilities(plain.encoder.matrix(later))
        left = later["left_within"].to_numpy(np.float64)
        for band, found in surplus.items():
            rows = own == band
            found.append((left - chance)[rows])
            noise[band].append((chance * (1 - chance))[rows])
    ends = []
    for band in (bands[0], bands[-1]):
        each = np.concatenate([np.empty(0), *surplus[band]])
        if each.size < MIN_EVENTS:
            return None
        spread = np.concatenate(noise[band])
        ends.append((float(each.mean()), float(spread.sum()) / each.size**2))
    gap = ends[0][0] - ends[1][0]
    half = _Z * float(np.sqrt(ends[0][1] + ends[1][1]))
    return BandRate(gap, gap - half, gap + half)
