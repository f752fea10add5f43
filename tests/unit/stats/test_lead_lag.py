"""What comes first is found, what only follows is not taken for it, and few units say nothing."""

import numpy as np
import pytest

from cxdash.stats.lead_lag import FEWEST_UNITS, Pair, lead_lag
from cxdash.stats.within import fit_within
from cxdash.stats.within_units import Rows, fitted, left_out_errors

UNITS, PERIODS, BURN = 14, 30, 8


def waves(rng, memory=0.9, units=UNITS, periods=PERIODS + BURN):
    found = np.empty((units, periods))
    found[:, 0] = rng.standard_normal(units)
    for period in range(1, periods):
        step = rng.standard_normal(units)
        found[:, period] = memory * found[:, period - 1] + np.sqrt(1 - memory**2) * step
    return found


def pair(cause, outcome, **more):
    told = {"name": "a.b", "window": 3, "furthest": 6, "weight": np.ones_like(outcome)}
    return Pair(cause=cause, outcome=outcome, **(told | more))


def planted(rng, lag, *, size=0.6, noise=0.4):
    cause = waves(rng)
    outcome = size * np.roll(cause, lag, axis=1) + noise * rng.standard_normal(cause.shape)
    return cause[:, BURN:], outcome[:, BURN:]


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_planted_lag_is_recovered(lag):
    rng = np.random.default_rng(lag)
    found = lead_lag([pair(*planted(rng, lag))], rng=rng)[0]
    assert found.p_before < 0.02
    assert found.p_after > 0.05
    assert found.lag.low <= lag <= found.lag.high
    assert found.lag.periods == lag


def test_what_only_follows_shows_after_and_not_before():
    rng = np.random.default_rng(5)
    first, later = planted(rng, 2)
    found = lead_lag([pair(later, first)], rng=rng)[0]
    assert found.p_after < 0.02
    assert found.after.estimate > 2 * found.before.estimate
    assert found.p_first < 0.05


def test_more_looks_make_each_less_sure():
    rng = np.random.default_rng(2)
    cause, outcome = planted(rng, 2, size=0.25, noise=0.6)
    others = [pair(waves(rng)[:, BURN:], outcome, name=f"x{n}.b") for n in range(6)]
    alone = lead_lag([pair(cause, outcome)], rng=np.random.default_rng(1))[0]
    among = lead_lag([pair(cause, outcome), *others], rng=np.random.default_rng(1))[0]
    asked = lead_lag([pair(cause, outcome, main=True), *others], rng=np.random.default_rng(1))[0]
    assert alone.p_before < asked.p_before <= among.p_before
    assert asked.p_before == pytest.approx(alone.p_before / 0.8)


def test_few_units_are_not_judged():
    rng = np.random.default_rng(1)
    cause, outcome = planted(rng, 2)
    few = FEWEST_UNITS - 1
    assert lead_lag([pair(cause[:few], outcome[:few])], rng=rng) == ()
    assert lead_lag([pair(cause[: few + 1], outcome[: few + 1])], rng=rng) != ()


def test_a_figure_that_never_moves_is_not_judged():
    rng = np.random.default_rng(1)
    cause, outcome = planted(rng, 2)
    still = np.repeat(cause[:, :1], cause.shape[1], axis=1)
    assert lead_lag([pair(still, outcome)], rng=rng) == ()
    assert lead_lag([pair(cause, np.ones_like(outcome))], rng=rng) == ()


def test_pairs_of_other_units_are_refused():
    rng = np.random.default_rng(1)
    cause, outcome = planted(rng, 2)
    with pytest.raises(ValueError, match="same units"):
        lead_lag([pair(cause, outcome), pair(cause[:8], outcome[:8])], rng=rng)


def test_months_nobody_answered_are_left_out():
    rng = np.random.default_rng(3)
    cause, outcome = planted(rng, 2)
    weight = np.ones_like(outcome)
    holes = rng.random(outcome.shape) < 0.2
    weight[holes], outcome[holes] = 0.0, np.nan
    found = lead_lag([pair(cause, outcome, weight=weight)], rng=rng)[0]
    assert found.before.n < np.isfinite(outcome).sum()
    assert found.p_before < 0.02


def rows_of(rng, k=2):
    unit, period = (part.ravel() for part in np.indices((8, 10)))
    x = rng.standard_normal((80, k))
    y = x @ np.arange(1, k + 1) + 0.5 * unit + rng.standard_normal(80)
    return y, x, unit, period


def test_the_fit_is_that_of_a_regression_within_units_and_periods():
    y, x, unit, period = rows_of(np.random.default_rng(1))
    fit = fitted(Rows.of(y, x, np.ones(80), unit, period), x[None])
    assert fit.coefficients[0] == pytest.approx(
        fit_within(y, x, unit, period=period).coefficients, rel=1e-6
    )


def test_leaving_out_a_unit_at_a_time_is_what_it_says():
    y, x, unit, period = rows_of(np.random.default_rng(2))
    rows = Rows.of(y, x, np.ones(80), unit, period)
    whole = fitted(rows, rows.x[None]).coefficients[0]
    squares = np.zeros(2)
    for gone in range(8):
        keep = unit != gone
        left = fit_within(y[keep], x[keep], unit[keep], period=period[keep])
        squares += (left.coefficients - whole) ** 2
    assert left_out_errors(rows) == pytest.approx(np.sqrt(7 / 8 * squares), rel=1e-6)
