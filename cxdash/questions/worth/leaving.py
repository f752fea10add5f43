"""Who leaves after having said what: the model under ``worth`` and ``brief``.

Everything is estimated on closed customer-windows (see :mod:`cxdash.panel.windows`) and applied
to today's customers. Two models stand side by side: what finance already knows, and the same plus
the band of the customer's last answer, with "no answer" as a band of its own. Both are first run on
the windows before the last one and held against what then happened; each claim is confirmed, or
not, by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from cxdash.panel import Landmarks
from cxdash.questions.chance import MIN_EVENTS, fit_chance, learnable, left_of, steady_chance
from cxdash.questions.design import SILENT, Bands, Controls, Leak, band_of, leaks, text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.validation import Forecast, Gain, ModelCheck, Predict, check, forecast, gain
from cxdash.stats.estimate import z_of_level
from cxdash.stats.logistic import LogisticFit
from cxdash.stats.ratio import Ratio, ratio_of_sums
from cxdash.stats.stake import Stake, revenue_at_stake

__all__ = [
    "ALL",
    "UNHEARD",
    "Backtest",
    "BandRate",
    "Group",
    "Leaving",
    "leaving",
    "stake_of_all",
]

Matrix = NDArray[np.float64]
Group = tuple[str, str]

ALL: Final[Group] = ("all", "")
UNHEARD: Final[Group] = ("unheard", "")  # answered nothing at all in the last year
WITH_ANSWERS: Final = "answers, finance and operations"
FINANCE_ONLY: Final = "finance and operations alone"
DRAWS: Final = 2000
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
    """The same method run on earlier windows only, and what then happened in the last one.

    Money is what the leavers would have paid over the window at their rate on its first day.

    Parameters
    ----------
    expected, leavers, lost
        By group: what was expected, who really left, what really went.
    gap
        Worst minus best band on later windows: leavers beyond what finance's columns, fitted on
        the windows before, had expected; with its interval. None if one of the bands is empty.
    checks, gain
        How right the models with and without answers were over all later windows, and what answers
        added; empty and None where later windows hold no leaver or no stayer.
    """

    landmark: int
    expected: Mapping[Group, Stake]
    leavers: Mapping[Group, int]
    lost: Mapping[Group, float]
    gap: BandRate | None
    checks: tuple[ModelCheck, ...] = ()
    gain: Gain | None = None

    def foresaw(self, group: Group) -> bool:
        """Whether the group's leavers and their money both came out within the stated ranges."""
        if group not in self.expected:
            return False
        stake = self.expected[group]
        within = stake.leavers_low <= self.leavers[group] <= stake.leavers_high
        return within and stake.low <= self.lost[group] <= stake.high

    def tells(self, group: Group) -> bool:
        """Whether both ranges were narrow enough to be wrong.

        Half of each must be less than the estimate itself: a range from next to nothing to twice
        the estimate holds almost whatever happens, and having held it says nothing.
        """
        if group not in self.expected:
            return False
        stake = self.expected[group]
        ranges = (
            (stake.leavers, stake.leavers_low, stake.leavers_high),
            (stake.estimate, stake.low, stake.high),
        )
        return all((high - low) / 2 < middle for middle, low, high in ranges)

    def confirms(self, group: Group) -> bool:
        """Whether later windows bore the forecast out: it could have been wrong and was not."""
        return self.tells(group) and self.foresaw(group)

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
        It is an effect, so it comes from the fit that is read band by band.
    stakes
        Stake of today's customers: of all, by band, by segment, and of those who answered nothing.
    without_answers
        Stake of all by the model that knows finance's columns only.
    window_left
        Of what leavers would have paid over a window at their rate, the share that was missing.
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
class _Design:
    """Controls and the bands of one item, as one matrix; the bands come last."""

    controls: Controls
    bands: Bands

    @classmethod
    def on(cls, rows: pd.DataFrame, names: Sequence[str], known: Sequence[Leak]) -> "_Design":
        return cls(Controls.learned(rows, known), Bands.learned(rows, names))

    def matrix(self, rows: pd.DataFrame, band: str | None = None) -> Matrix:
        """Shape (rows, k). ``band`` overrides the real one."""
        return np.column_stack([self.controls.matrix(rows), self.bands.matrix(rows, band)])

    def prior_sd(self, matrix: Matrix, horizon: int) -> Matrix:
        return np.concatenate([self.controls.prior_sd(matrix, horizon), self.bands.prior_sd])

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Groups of columns whose coefficients are of a like size; by how much a band's link
        differs between large and small accounts is an allowance of its own.
        """
        width = len(self.controls.predictors)
        bands = tuple(range(width, width + 2 * len(self.bands.names), 2))
        return tuple(group for group in (self.controls.alike, bands) if group)


@dataclass(frozen=True, slots=True)
class _Model:
    """``fit`` is read band by band, ``steady`` gives chances."""

    fit: LogisticFit
    steady: LogisticFit
    design: _Design


class Learn(Protocol):
    """Fit on some closed windows with some bands; None when there is too little to learn from."""

    def __call__(self, rows: pd.DataFrame, names: Sequence[str]) -> _Model | None: ...


def leaving(marks: Landmarks, bands: Sequence[str], *, contractual: bool) -> Leaving | None:
    """Fit, test on later data, apply to today's customers.

    Parameters
    ----------
    bands
        Bands of the metric from worst to best.
    contractual
        Whether leaving is the end of a contract; otherwise it is to be no customer any more when
        the window ends.

    Returns
    -------
    None when there are fewer than ten leavers or ten stayers to learn from.
    """
    closed, base = marks.closed, marks.base
    known = leaks(closed)
    learn = partial(_fit, known=known, horizon=marks.horizon, contractual=contractual)
    model, plain = learn(closed, bands), learn(closed, ())
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
        window_left=_window_left(closed, marks.horizon, contractual=contractual),
        backtest=_backtest(marks, bands, learn),
        held_equal=model.design.controls.held_equal,
        leaks=known,
        n=model.fit.n,
        events=model.fit.events,
    )


def stake_of_all(marks: Landmarks, bands: Sequence[str], *, contractual: bool) -> Stake | None:
    """What :func:`leaving` puts at stake in all, without the rest; None as there."""
    model = _fit(
        marks.closed, bands, leaks(marks.closed), horizon=marks.horizon, contractual=contractual
    )
    if model is None or marks.base.empty:
        return None
    return _stakes(model, marks.base, marks.horizon, _groups(marks.base))[ALL]


def _fit(
    rows: pd.DataFrame,
    names: Sequence[str],
    known: Sequence[Leak],
    *,
    horizon: int,
    contractual: bool,
) -> _Model | None:
    if not learnable(rows):
        return None
    design = _Design.on(rows, names, known)
    matrix = design.matrix(rows)
    prior_sd = design.prior_sd(matrix, horizon)
    fit = fit_chance(matrix, rows, prior_sd, horizon=horizon, contractual=contractual)
    if fit is None:
        return None
    steady = steady_chance(
        fit, matrix, rows, prior_sd, design.alike, horizon=horizon, contractual=contractual
    )
    return None if steady is None else _Model(fit, steady, design)


def _stakes(
    model: _Model, rows: pd.DataFrame, horizon: int, groups: Mapping[Group, NDArray[np.bool_]]
) -> dict[Group, Stake]:
    return revenue_at_stake(
        model.steady,
        model.design.matrix(rows),
        rows["rate"].to_numpy(np.float64) * horizon,
        groups,
        rng=np.random.default_rng(_SEED),
        draws=DRAWS,
        level=LEVEL,
    )


def _window_left(closed: pd.DataFrame, horizon: int, *, contractual: bool) -> Ratio | None:
    """Missing money of past leavers over what they would have paid at their rate.

    With contracts they pay until the day they leave; without, what they still bought is known.
    """
    left = closed[left_of(closed)]
    if len(left) < MIN_EVENTS:
        return None
    rate = left["rate"].to_numpy(np.float64)
    if contractual:
        missing = rate * left["window_left"].to_numpy(np.float64)
    else:
        missing = rate - left["revenue_after"].to_numpy(np.float64) / horizon
    return ratio_of_sums(
        missing, rate, np.arange(len(left)), rng=np.random.default_rng(_SEED), level=LEVEL
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
        band: _Sum(*model.fit.gradient(model.design.matrix(answered, band), equal))
        for band in (*model.design.bands.names, SILENT)
    }


def _excess(model: _Model, base: pd.DataFrame, horizon: int, worst: str, best: str) -> BandRate:
    unhappy = base[band_of(base) == worst]
    if unhappy.empty:
        return BandRate(0.0, 0.0, 0.0)
    revenue = unhappy["rate"].to_numpy(np.float64) * horizon
    as_is = _Sum(*model.fit.gradient(model.design.matrix(unhappy), revenue))
    as_best = _Sum(*model.fit.gradient(model.design.matrix(unhappy, best), revenue))
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
    segments = text_of(base["segment"]).to_numpy()
    for segment in sorted(set(segments)):
        groups["segment", str(segment)] = segments == segment
    return groups


def _backtest(marks: Landmarks, bands: Sequence[str], learn: Learn) -> Backtest | None:
    """Stand where we stood one horizon ago, predict, and compare with what happened since."""
    if len(marks.closed_months) < 2:
        return None
    closed, last = marks.closed, marks.closed_months[-1]
    landmark = closed["landmark"].to_numpy(np.int64)
    later_months = marks.closed_months[1:]
    with_answers = {month: learn(closed[landmark < month], bands) for month in later_months}
    finance_only = {month: learn(closed[landmark < month], ()) for month in later_months}
    later = closed[landmark == last]
    model = with_answers[last]
    if model is None or later.empty:
        return None
    groups = _groups(later)
    left = left_of(later)
    revenue = later["rate"].to_numpy(np.float64) * marks.horizon
    seen = forecast(
        closed,
        marks.closed_months,
        {
            WITH_ANSWERS: _predicting(closed, with_answers),
            FINANCE_ONLY: _predicting(closed, finance_only),
        },
    )
    return Backtest(
        landmark=last,
        expected=_stakes(model, later, marks.horizon, groups),
        leavers={name: int(left[rows].sum()) for name, rows in groups.items()},
        lost={name: float(revenue[rows & left].sum()) for name, rows in groups.items()},
        gap=_later_gap(closed, bands, seen) if seen else None,
        checks=check(seen, level=LEVEL) if seen else (),
        gain=gain(seen, WITH_ANSWERS, FINANCE_ONLY, level=LEVEL) if seen else None,
    )


def _predicting(closed: pd.DataFrame, models: Mapping[int, _Model | None]) -> Predict:
    """Predict a window by the model that was fitted on the windows before it."""

    def predict(_: NDArray[np.bool_], later: NDArray[np.bool_]) -> Matrix | None:
        rows = closed[later]
        model = models[int(rows["landmark"].iloc[0])]
        return None if model is None else model.steady.probabilities(model.design.matrix(rows))

    return predict


def _later_gap(closed: pd.DataFrame, bands: Sequence[str], seen: Forecast) -> BandRate | None:
    """Leavers beyond finance's expectation, worst minus best band, pooled over later windows.

    Each window is predicted by finance's columns from the windows before it, so nothing that is
    judged was seen. Under no link the surplus is zero and its variance is that of the coin tosses.
    """
    own = band_of(closed)[seen.place]
    chance = seen.chances[FINANCE_ONLY]
    surplus, noise = seen.left - chance, chance * (1 - chance)
    ends = []
    for band in (bands[0], bands[-1]):
        rows = own == band
        n = int(rows.sum())
        if n < MIN_EVENTS:
            return None
        ends.append((float(surplus[rows].mean()), float(noise[rows].sum()) / n**2))
    gap = ends[0][0] - ends[1][0]
    half = _Z * float(np.sqrt(ends[0][1] + ends[1][1]))
    return BandRate(gap, gap - half, gap + half)
