"""Causal estimators against published and third-party numbers."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import data, expected
from sklearn.linear_model import LinearRegression, LogisticRegression

from cxdash import stats
from cxdash.stats import adjusted, did, portfolio, sensitivity, sequential, staggered, synthetic
from cxdash.stats.cuped import cuped
from cxdash.stats.value import internal_rate_of_return

DARFUR = expected("f1_sensemakr_darfur")
PROP99 = expected("f7_prop99")
BASQUE_V = [
    *(0.02773094, 1.194e-07, 1.60609e-05, 0.0007163836, 1.486e-07, 0.002423908, 0.0587055),
    *(0.2651997, 0.02851006, 0.291276, 0.007994382, 0.004053188, 0.009398579, 0.303975),
]  # solution.v as the R package Synth 1.1 prints it for this example


def test_robustness_values_equal_sensemakr() -> None:
    want, tol = DARFUR["expected"], DARFUR["tol"]
    t, freedom = want["t"], want["dof"]
    assert sensitivity.partial_r2(t, freedom) == pytest.approx(want["r2yd_x"], abs=tol)
    assert sensitivity.robustness_value(t, freedom) == pytest.approx(want["rv_q"], abs=tol)
    beyond = sensitivity.robustness_value_beyond_doubt(t, freedom, level=0.95)
    assert beyond == pytest.approx(want["rv_qa"], abs=tol)


def test_benchmark_bounds_equal_sensemakr_from_its_own_first_bound() -> None:
    want, tol = DARFUR["expected"], DARFUR["tol"]
    bounds = want["bounds_female"]
    # One times the cause explains r/(1−r) of the regressor: invert that, then the outcome's share.
    cause = bounds["r2dz_x"][0] / (1 + bounds["r2dz_x"][0])
    overlap = cause**2 / (1 - cause) ** 2
    amplified = (1 + math.sqrt(overlap)) / math.sqrt(1 - overlap)
    odds = bounds["r2yz_dx"][0] / amplified**2
    _same_bounds(cause, odds / (1 + odds), tol)


def test_the_darfur_regression_gives_the_same_from_its_rows() -> None:
    path = data("darfur.csv")
    if path is None:
        return  # the numbers alone are held by the tests above
    frame = pd.read_csv(path)
    names = ["directlyharmed", "age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur"]
    village = pd.get_dummies(frame["village"], drop_first=True, dtype=float)
    design = np.column_stack([np.ones(len(frame)), frame[[*names, "female"]], village])
    outcome = frame["peacefactor"].to_numpy()
    t_outcome, freedom = _t_values(design, outcome)
    t_cause, free_cause = _t_values(np.delete(design, 1, axis=1), design[:, 1])
    want = DARFUR["expected"]
    assert (t_outcome[1], freedom) == pytest.approx((want["t"], want["dof"]), abs=1e-6)
    _same_bounds(
        sensitivity.partial_r2(t_cause[6], free_cause),
        sensitivity.partial_r2(t_outcome[7], freedom),
        DARFUR["tol"],
    )


def _same_bounds(cause: float, outcome: float, tol: float) -> None:
    want = DARFUR["expected"]
    for place, times in enumerate((1, 2, 3)):
        left = sensitivity.benchmark(
            want["est"],
            want["se"],
            want["dof"],
            cause_r2=cause,
            outcome_r2=outcome,
            times=times,
        )
        bounds = want["bounds_female"]
        got = (left.with_cause, left.with_outcome, left.estimate, left.error)
        names = ("r2dz_x", "r2yz_dx", "adjusted_estimate", "adjusted_se")
        assert got == pytest.approx([bounds[name][place] for name in names], abs=tol)


def _t_values(design: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, int]:
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ outcome
    freedom = len(design) - design.shape[1]
    rest = outcome - design @ beta
    return beta / np.sqrt(np.diag(inverse) * (rest @ rest) / freedom), freedom


def test_e_values_equal_the_published_examples() -> None:
    record = expected("f2_evalue")
    for ratio, want in record["expected"].items():
        assert stats.e_value(float(ratio)) == pytest.approx(want, abs=record["tol"])
        odds = sensitivity.e_value_of_odds_ratio(float(ratio), rare=True)
        assert odds == pytest.approx(want, abs=record["tol"])
    # Hammond and Horn: the interval of 10.73 begins at 8.02.
    limit = sensitivity.e_value_of_interval(8.02, 14.36)
    assert limit == pytest.approx(record["expected"]["8.02"], abs=record["tol"])


def test_difference_in_differences_equals_card_and_krueger_from_their_means() -> None:
    record = expected("f5_did_card_krueger")
    want = record["expected"]
    apart = np.array([-1.0, 0.0, 1.0])
    found = did.cross_sections(
        want["nj_before"] + apart,
        want["nj_after"] + apart,
        want["pa_before"] + apart,
        want["pa_after"] + apart,
    )
    assert found.estimate == pytest.approx(want["did"], abs=record["tol"])


def test_difference_in_differences_equals_card_and_krueger_from_their_restaurants() -> None:
    record, path = expected("f5_did_card_krueger"), data("card_krueger.csv")
    if path is None:
        return  # the published means are held by the test above
    want, tol = record["expected"], record["tol"]
    rows = pd.read_csv(path)
    cells = {
        (bool(nj), bool(after)): group["fte"].dropna().to_numpy()
        for (nj, after), group in rows.groupby(["nj", "d"])
    }
    found = did.cross_sections(
        cells[True, False], cells[True, True], cells[False, False], cells[False, True]
    )
    assert found.estimate == pytest.approx(want["did"], abs=tol)
    wide = rows.pivot_table(index=["id", "nj"], columns="d", values="fte", aggfunc="first")
    both = wide.dropna().reset_index()
    paired = did.difference_in_differences(both[0], both[1], both["nj"] == 1, level=0.95)
    half = (paired.high - paired.low) / 2
    assert paired.estimate == pytest.approx(want["did_balanced"], abs=tol)
    assert half / 1.99 == pytest.approx(want["did_balanced_se"], abs=0.02)


MPDTA_SIZES = {2004: 20, 2006: 40, 2007: 131, 0: 309}
YEARS = range(2003, 2008)


def test_averages_of_group_time_effects_equal_the_package_did_from_its_effects() -> None:
    record = expected("f6_staggered_did_mpdta")
    effects = {
        tuple(int(year) for year in key.split(",")): effect
        for key, effect in record["expected"]["att_gt"].items()
    }
    panel, start = [], []
    for group, size in MPDTA_SIZES.items():
        level = {2003: 0.0}
        for year in YEARS[1:]:
            before = year - 1 if not group or year < group else group - 1
            level[year] = level[before] + effects.get((group, year), 0.0)
        panel += [[level[year] for year in YEARS]] * size
        start += [group] * size
    found = staggered.group_time_effects(np.array(panel), start, YEARS)
    _same_effects(found, record)


def test_group_time_effects_equal_the_package_did_from_its_counties() -> None:
    record, path = expected("f6_staggered_did_mpdta"), data("mpdta.csv")
    if path is None:
        return  # effects and averages are held by the test above
    rows = pd.read_csv(path)
    wide = rows.pivot_table(index="countyreal", columns="year", values="lemp")
    start = rows.groupby("countyreal")["first.treat"].first()
    found = staggered.group_time_effects(wide.to_numpy(), start.to_numpy(), list(wide.columns))
    _same_effects(found, record)
    # The package prints bootstrap standard errors of about 0.0200 and 0.0124 for the averages.
    for average, error in ((found.dynamic, 0.0200), (found.grouped, 0.0124)):
        assert (average.high - average.low) / 2 / 1.6449 == pytest.approx(error, abs=0.0015)


def _same_effects(found: staggered.Staggered, record: dict) -> None:
    want, tol = record["expected"], record["tol"]
    got = {f"{one.group},{one.time}": one.effect.estimate for one in found.effects}
    assert got == pytest.approx(want["att_gt"], abs=tol)
    assert found.dynamic.estimate == pytest.approx(want["dynamic_overall"], abs=2 * tol)
    assert found.grouped.estimate == pytest.approx(want["group_overall"], abs=2 * tol)


def _prop99() -> tuple[np.ndarray, list[str], int]:
    path = data("california_prop99.csv")
    assert path is not None
    rows = pd.read_csv(path, sep=";")
    wide = rows.pivot_table(index="State", columns="Year", values="PacksPerCapita")
    return wide.to_numpy(), list(wide.index), list(wide.columns).index(1989)


def test_synthetic_did_equals_synthdid_on_proposition_99() -> None:
    panel, states, start = _prop99()
    treated = np.array([state == "California" for state in states])
    found = synthetic.synthetic_did(panel, treated, start)
    assert found.effect == pytest.approx(PROP99["expected"]["sdid"], abs=PROP99["tol"])
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.effect < found.high
    change = panel[:, start:].mean(axis=1) - panel[:, :start].mean(axis=1)
    plain = change[treated].mean() - change[~treated].mean()
    assert plain == pytest.approx(PROP99["expected"]["did"], abs=1e-6)


def test_synthetic_control_fits_proposition_99_better_than_the_solver_that_stops_early() -> None:
    panel, states, start = _prop99()
    place = states.index("California")
    found = synthetic.synthetic_control(panel, place, start)
    donors = np.delete(panel, place, axis=0)
    stopped = _frank_wolfe(donors[:, :start].T, panel[place, :start])
    effect = (panel[place, start:] - stopped @ donors[:, start:]).mean()
    # The published figure is a Frank-Wolfe search after its 10,000 steps; ours is the optimum.
    assert effect == pytest.approx(PROP99["expected"]["sc"], abs=1e-5)
    assert found.fit < np.sqrt(((panel[place] - stopped @ donors)[:start] ** 2).mean())
    assert found.effect == pytest.approx(PROP99["expected"]["sc"], abs=0.11)
    names = [state for state in states if state != "California"]
    own = dict(zip(names, found.weights, strict=True))
    for state, weight in PROP99["expected"]["sc_weights_over_1pct"].items():
        assert own[state] == pytest.approx(weight, abs=PROP99["tol"])
    assert found.p_value <= 0.10


def _frank_wolfe(donors: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Steps towards the best single donor, as synthdid takes them: 100, a pruning, 10,000."""
    weights = np.full(donors.shape[1], 1 / donors.shape[1])
    for steps in (100, 10_000):
        weights = np.where(weights <= weights.max() / 4, 0.0, weights) if steps > 100 else weights
        weights = weights / weights.sum()
        for _ in range(steps):
            now = donors @ weights
            best = int(((now - target) @ donors).argmin())
            move = -weights
            move[best] += 1
            towards = donors[:, best] - now
            step = -((now - target) @ donors) @ move / (towards @ towards)
            weights = weights + min(1.0, max(0.0, step)) * move
    return weights


def test_synthetic_control_equals_synth_on_the_basque_country() -> None:
    record = expected("f8_synth_basque")
    predictors, before, names, place = _basque()
    importance = np.array(BASQUE_V)
    standard = predictors / predictors.std(axis=0, ddof=1) * np.sqrt(importance)
    weights = synthetic.simplex_weights(standard[place], np.delete(standard, place, axis=0).T)
    own = dict(zip(np.delete(names, place), weights, strict=True))
    want = record["expected"]
    assert own["Cataluna"] == pytest.approx(want["Cataluna"], abs=record["tol"])
    assert own["Madrid (Comunidad De)"] == pytest.approx(want["Madrid"], abs=record["tol"])
    assert sum(own.values()) == pytest.approx(1.0)
    loss = ((before[place] - weights @ np.delete(before, place, axis=0)) ** 2).mean()
    assert loss == pytest.approx(0.008864606, abs=2e-7)  # "MSPE (LOSS V)" of the same print


def test_predictors_found_by_search_fit_the_basque_country_as_well() -> None:
    predictors, before, _, place = _basque()
    rng = np.random.default_rng(0)
    importance = synthetic.predictor_weights(predictors, before, place, rng=rng)
    found = synthetic.synthetic_control(
        np.column_stack([before, before[:, -1:]]),
        place,
        before.shape[1],
        predictors=predictors,
        importance=importance,
    )
    assert found.fit**2 <= 0.008864606 * 1.05


def _basque() -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    path = data("basque.csv")
    assert path is not None
    rows = pd.read_csv(path)
    rows = rows[rows["regionno"] != 1]
    schools = ["school.illit", "school.prim", "school.med", "school.high", "school.post.high"]
    sectors = [name for name in rows if name.startswith("sec.")]
    wanted = [(name, range(1964, 1970)) for name in [*schools, "invest"]]
    wanted += [("gdpcap", range(1960, 1970))]
    wanted += [(name, range(1961, 1970, 2)) for name in sectors] + [("popdens", [1969])]
    parts = [
        rows[rows["year"].isin(when)].groupby("regionno")[name].mean() for name, when in wanted
    ]
    gdp = rows.pivot_table(index="regionno", columns="year", values="gdpcap")
    names = rows.groupby("regionno")["regionname"].first()
    before = gdp[list(range(1960, 1970))].to_numpy()
    return pd.concat(parts, axis=1).to_numpy(), before, names.to_numpy(), list(gdp.index).index(17)


def _drawn(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    path = data(name)
    assert path is not None
    table = _numbers(path)
    predictors = np.column_stack([table[f"X{k}"] for k in range(1, 21)])
    return predictors, table["y"], table["d"], table["fold"].astype(np.int64)


def _numbers(path: Path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8") as lines:
        names = next(csv.reader(lines))
        return dict(zip(names, np.loadtxt(lines, delimiter=",").T, strict=True))


def test_partialling_out_equals_doubleml_on_its_folds() -> None:
    record = expected("f9_dml")
    x, y, d, fold = _drawn("doubleml_plr.csv")
    model = LinearRegression()
    found = adjusted.partialled_out(
        y,
        d,
        adjusted.cross_fitted(model, x, y, fold),
        adjusted.cross_fitted(model, x, d, fold),
    )
    want = record["expected"]
    assert (found.effect.estimate, found.error) == pytest.approx(want["plr"], abs=record["tol"])
    assert found.robustness == pytest.approx(want["plr_rv"], abs=record["tol"])


def test_doubly_robust_weighting_equals_doubleml_on_its_folds() -> None:
    record = expected("f9_dml")
    x, y, d, fold = _drawn("doubleml_irm.csv")
    treated, linear = d == 1, LinearRegression()
    found = adjusted.average_effect(
        y,
        treated,
        adjusted.cross_fitted(linear, x, y, fold, among=treated),
        adjusted.cross_fitted(linear, x, y, fold, among=~treated),
        adjusted.cross_fitted(LogisticRegression(C=1e10, max_iter=1000, tol=1e-10), x, d, fold),
    )
    want = record["expected"]["irm"]
    assert (found.effect.estimate, found.error) == pytest.approx(want, abs=record["tol"])


def test_cuped_equals_the_example_of_tea_tasting() -> None:
    record, path = expected("f10_cuped"), data("tea_tasting_users_seed42.csv")
    assert path is not None
    table = _numbers(path)
    treated = table["variant"] == 1
    for what in ("orders", "revenue"):
        found = cuped(table[what], table[f"{what}_covariate"], treated, level=0.95)
        want = record["expected"][f"{what}_cuped"]
        got = (found.untreated, found.treated, found.relative, found.difference.p_value)
        names = ("control", "treatment", "rel", "p")
        assert got == pytest.approx([want[name] for name in names], abs=record["tol"])
        assert found.saved > 0.2
    orders = cuped(table["orders"], table["orders_covariate"], treated, level=0.95)
    ends = record["expected"]["orders_cuped"]["ci"]
    assert (orders.relative_low, orders.relative_high) == pytest.approx(ends, abs=record["tol"])
    plain = did.welch(table["orders"][treated], table["orders"][~treated])
    assert plain.p_value == pytest.approx(record["expected"]["orders_plain"]["p"], abs=1e-3)


def test_bounds_for_several_looks_equal_the_published_tables() -> None:
    record = expected("f11_group_sequential")
    want, tol = record["expected"], record["tol"]
    for looks, bound in want["pocock_05"].items():
        assert sequential.pocock(int(looks)) == pytest.approx(bound, abs=tol)
    for looks, bound in want["obf_05"].items():
        assert sequential.obrien_fleming(int(looks))[-1] == pytest.approx(bound, abs=tol)
    for looks, alpha in want["peeking_alpha"].items():
        assert sequential.peeking(int(looks)) == pytest.approx(alpha, abs=tol)


def test_knapsack_and_internal_rate_of_return_equal_the_published_examples() -> None:
    record = expected("g1_knapsack_npv")
    want, tol = record["expected"], record["tol"]
    best = portfolio.best_portfolio(record["values"], record["weights"], record["capacity"])
    assert (best.value, best.cost) == (want["knapsack"], 850)
    assert internal_rate_of_return([-100, 39, 59, 55, 20]) == pytest.approx(want["irr"], abs=tol)
    at_281 = stats.net_present_value([-100, 39, 59, 55, 20], 0.281)
    assert at_281 == pytest.approx(want["npv_281"], abs=tol)
    at_8 = stats.net_present_value([-40_000, 5_000, 8_000, 12_000, 30_000], 0.08)
    assert at_8 == pytest.approx(want["npv_08"], abs=1e-5)
