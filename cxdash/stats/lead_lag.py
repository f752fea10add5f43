"""Which of two things that are measured by unit and period comes first, and how long before?

The outcome is regressed on the mean of the other over the periods before, on its value now and on
its mean over the periods after, within units and within periods. What comes first shows before;
what only follows the outcome shows after, where it cannot have caused anything: that is the placebo
and the test of the other direction at once. Several pairs are looked at together.

Whether it is more than chance is told by lots: the whole history of one unit is laid beside the
outcomes of another, for all pairs at once, and the largest of all statistics of a draw is what each
is judged by. So the slow waves of single units, and the number of pairs, are allowed for. What was
asked from the start is judged among itself and may take four fifths of the errors allowed, all
that is looked at beside it the rest.

Sources: C. Sims, American Economic Review 62 (1972), for the leads; P. Westfall and S. Young,
Resampling-Based Multiple Testing (1993), for the largest of all; A. Cameron, J. Gelbach and D.
Miller, Review of Economics and Statistics 90 (2008), for few clusters; M. Bell and D. McCaffrey,
Survey Methodology 28 (2002), for leaving out one cluster at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from cxdash.stats.delay import Lag, delay
from cxdash.stats.estimate import Estimate, z_of_power
from cxdash.stats.within_units import Rows, fitted, left_out_errors, swept

__all__ = ["FEWEST_PERIODS", "FEWEST_UNITS", "LeadLag", "Pair", "lead_lag"]

Matrix = NDArray[np.float64]

FEWEST_UNITS: Final = 6  # fewer cannot be told apart from lots: 5! = 120 orders, most of them alike
FEWEST_PERIODS: Final = 6  # periods with something before and after them
_DRAWS: Final = 999
_DRAWS_OF_MANY: Final = 299
_MANY: Final = 2_000_000  # rows times columns from which on fewer lots are drawn
_SIDES: Final = ("past", "now", "future")
_ALARM: Final = 0.05
_MAIN: Final = 0.8  # of the errors allowed, the part of what was asked from the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is set beside what: shape (units, periods) each, periods in order and equally far apart.

    ``cause`` is nan where it was not measured; ``outcome`` likewise, with ``weight`` above zero
    where it is known. ``window`` is how many periods before, and after, are averaged; ``furthest``
    how many periods back are tried when the lag is looked for. ``main``: asked from the start, and
    not one of all that is looked at beside it.
    """

    name: str
    cause: Matrix
    outcome: Matrix
    weight: Matrix
    window: int
    furthest: int
    main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag:
    """One pair, judged.

    Parameters
    ----------
    before
        Change of the outcome for 1 more of the cause in the periods before, the present and the
        periods after held equal, within units and periods.
    after
        The same for the periods after: what the outcome seems to do to the cause.
    raw
        The outcome beside the periods before alone, units not told apart.
    p_before, p_after
        Of "nothing", allowing for all pairs and both directions.
    p_first
        Of "the periods before tell no more than those after", from lots, of this pair alone.
    lag
        None where nothing follows beyond chance.
    detectable
        The smallest ``before`` that would have been found four times in five.
    """

    name: str
    before: Estimate
    after: Estimate
    raw: Estimate
    p_before: float
    p_after: float
    p_first: float
    lag: Lag | None
    detectable: float
    units: int
    periods: int
    spread: float


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Statistics of one pair: as they are, and under each lot (draws, 3): before, after, first."""

    seen: Matrix
    lots: Matrix


def lead_lag(
    pairs: Sequence[Pair], *, rng: np.random.Generator, level: float = 0.90
) -> tuple[LeadLag, ...]:
    """Judge all pairs together; those with too few units or periods are left out.

    Raises
    ------
    ValueError
        The pairs speak of different numbers of units.
    """
    if len({pair.cause.shape[0] for pair in pairs}) > 1:
        raise ValueError("all pairs must speak of the same units, in one order")
    laid = [(pair, rows) for pair in pairs if (rows := _rows(pair)) is not None]
    if not laid:
        return ()
    orders = _orders(laid[0][0].cause.shape[0], max(len(rows.y) for _, rows in laid), rng)
    drawn = [_drawn(pair, rows, orders) for pair, rows in laid]
    families = {main: _family(laid, drawn, main=main) for main in {pair.main for pair, _ in laid}}
    return tuple(
        _judged(pair, rows, one, families[pair.main], level, rng)
        for (pair, rows), one in zip(laid, drawn, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Family:
    """What is judged together: the largest statistic of each draw, and its part of the errors."""

    largest: Matrix
    part: float

    def p_value(self, seen: float) -> float:
        as_large = 1 + int((self.largest >= abs(seen)).sum())
        return float(min(1.0, as_large / (len(self.largest) + 1) / self.part))

    @property
    def critical(self) -> float:
        return float(np.quantile(self.largest, 1 - _ALARM * self.part))


def _family(laid: Sequence[tuple[Pair, Rows]], drawn: Sequence[_Drawn], *, main: bool) -> _Family:
    """The pairs of one kind; both directions compete."""
    own = [one.lots[:, :2] for (pair, _), one in zip(laid, drawn, strict=True) if pair.main is main]
    alone = len(own) == len(laid)
    # A lot that cannot be judged (nan) counts as nothing.
    largest = np.nanmax(np.abs(np.concatenate(own, axis=1)), axis=1, initial=0.0)
    return _Family(largest, 1.0 if alone else _MAIN if main else 1 - _MAIN)


def _sides(cause: Matrix, window: int) -> Matrix:
    """Shape (..., units, periods, 3): mean before, now, mean after; nan at the edges."""
    periods = cause.shape[-1]
    found = np.full((*cause.shape, len(_SIDES)), np.nan)
    found[..., 1] = cause
    for period in range(window, periods):
        found[..., period, 0] = cause[..., period - window : period].mean(axis=-1)
    for period in range(periods - window):
        found[..., period, 2] = cause[..., period + 1 : period + 1 + window].mean(axis=-1)
    return found


def _rows(pair: Pair) -> Rows | None:
    """The rows that can be used, by unit and period; None where they are too few."""
    sides = _sides(pair.cause, pair.window)
    known = np.isfinite(sides).all(axis=-1) & np.isfinite(pair.outcome) & (pair.weight > 0)
    known &= (known.sum(axis=1) > 1)[:, None]
    unit, period = np.nonzero(known)
    if len(np.unique(unit)) < FEWEST_UNITS or len(np.unique(period)) < FEWEST_PERIODS:
        return None
    rows = Rows.of(pair.outcome[known], sides[known], pair.weight[known], unit, period)
    return rows if np.ptp(rows.y) > 0 and rows.tells(rows.x) else None


def _orders(units: int, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    draws = _DRAWS if rows * units < _MANY else _DRAWS_OF_MANY
    return np.asarray(np.argsort(rng.random((draws, units)), axis=1))


def _drawn(pair: Pair, rows: Rows, orders: NDArray[np.int64]) -> _Drawn:
    seen = _statistics(rows, rows.x[None])[0]
    lots = np.full((len(orders), 3), np.nan)
    sides = _sides(pair.cause, pair.window)
    for place, order in enumerate(orders):
        columns = sides[order][rows.unit, rows.period]
        known = np.isfinite(columns).all(axis=1)
        if known.all():
            lots[place] = _statistics(rows, columns[None])[0]
        elif known.sum() > 2 * rows.units:
            part = rows.part(known)
            if part is not None and part.tells(columns[known]):
                lots[place] = _statistics(part, columns[known][None])[0]
    return _Drawn(seen, lots)


def _statistics(rows: Rows, columns: Matrix) -> Matrix:
    """(draws, rows, 3) to (draws, 3): how many errors from zero are before, after, their gap."""
    fit = fitted(rows, columns)
    spread = np.array([[1.0, 0, 0], [0, 0, 1.0], [1.0, 0, -1.0]])
    value = fit.coefficients @ spread.T
    variance = np.einsum("ij,djk,ik->di", spread, fit.covariance, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(value / np.sqrt(variance))


def _judged(
    pair: Pair,
    rows: Rows,
    drawn: _Drawn,
    family: _Family,
    level: float,
    rng: np.random.Generator,
) -> LeadLag:
    fit = fitted(rows, rows.x[None])
    errors = left_out_errors(rows)
    value = fit.coefficients[0]
    half = float(student.ppf((1 + level) / 2, rows.units - 1))
    p_before, p_after = (family.p_value(drawn.seen[side]) for side in (0, 1))
    gaps = np.abs(drawn.lots[:, 2])
    before = _estimate(value[0], errors[0], half, len(rows.y), level)
    return LeadLag(
        name=pair.name,
        before=before,
        after=_estimate(value[2], errors[2], half, len(rows.y), level),
        raw=_raw(rows, half, level),
        p_before=p_before,
        p_after=p_after,
        p_first=(1 + int((gaps >= abs(drawn.seen[2])).sum())) / (len(gaps) + 1),
        lag=delay(
            pair.cause, pair.outcome, pair.weight, furthest=pair.furthest, rng=rng, level=level
        )
        if p_before <= _ALARM
        else None,
        detectable=float((family.critical + z_of_power(0.80)) * errors[0]),
        units=rows.units,
        periods=len(np.unique(rows.period)),
        spread=float(np.sqrt(np.average(swept(rows, rows.x[None])[0, :, 0] ** 2))),
    )


def _estimate(value: float, error: float, half: float, n: int, level: float) -> Estimate:
    return Estimate(
        estimate=float(value),
        low=float(value - half * error),
        high=float(value + half * error),
        n=n,
        level=level,
    )


def _raw(rows: Rows, half: float, level: float) -> Estimate:
    """The outcome on the periods before alone, periods held equal, units not."""
    alone = Rows.of(rows.y, rows.x[:, [0]], rows.weight, rows.unit, rows.period, within_units=False)
    fit = fitted(alone, alone.x[None])
    error = float(np.sqrt(fit.covariance[0, 0, 0]))
    return _estimate(fit.coefficients[0, 0], error, half, len(rows.y), level)
