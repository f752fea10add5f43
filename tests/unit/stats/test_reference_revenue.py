"""Panel, spend, quantile and repeat-buying models against R, Stata and the original papers."""

import warnings
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from reference import data, expected

from cxdash.stats.quantile import fit_quantile
from cxdash.stats.repeat import fit_buying, fit_spending
from cxdash.stats.spend import fit_mean, power
from cxdash.stats.within import fit_within


@pytest.fixture(scope="module")
def grunfeld():
    frame = pd.read_csv(data("grunfeld_plm.csv"))
    return frame, frame[["value", "capital"]].to_numpy(float), frame["inv"].to_numpy(float)


def test_within_regression_of_grunfeld_equals_plm(grunfeld):
    frame, x, y = grunfeld
    record = expected("c1_fe_grunfeld")
    want, tol = record["expected"], record["tol"]
    classic = fit_within(y, x, frame["firm"], robust=False)
    assert list(classic.coefficients) == pytest.approx(want["fe"], abs=tol)
    errors = [classic.error(0), classic.error(1)]
    assert errors == pytest.approx(want["fe_se"], abs=tol)
    both = fit_within(y, x, frame["firm"], period=frame["year"])
    assert list(both.coefficients) == pytest.approx(want["twoway"], abs=tol)


def test_variance_by_firm_is_the_one_stata_gives(grunfeld):
    frame, x, y = grunfeld
    record = expected("c1_fe_grunfeld")
    want, tol = record["expected"], record["tol"]
    robust = fit_within(y, x, frame["firm"])
    errors = np.array([robust.error(0), robust.error(1)])
    assert list(errors) == pytest.approx(want["cluster_se_sss"], abs=tol)
    # Without the correction for few firms and coefficients it is the one without any.
    bare = errors / np.sqrt(10 / 9 * 199 / 198)
    assert list(bare) == pytest.approx(want["cluster_se_HC0"], abs=tol)


def test_random_effects_of_grunfeld_equal_plm(grunfeld):
    random_effects = import_module("linearmodels.panel").RandomEffects
    frame, x, y = grunfeld
    record = expected("c1_fe_grunfeld")
    indexed = frame.set_index(["firm", "year"]).assign(const=1.0)
    fit = random_effects(indexed["inv"], indexed[["const", "value", "capital"]]).fit()
    want = record["expected"]
    assert list(fit.params) == pytest.approx(want["re"], abs=1e-4)
    within = fit_within(y, x, frame["firm"], robust=False)
    gap = within.coefficients - fit.params.to_numpy()[1:]
    spread = within.covariance - fit.cov.to_numpy()[1:, 1:]
    assert float(gap @ np.linalg.solve(spread, gap)) == pytest.approx(want["hausman"], abs=0.02)


def test_a_lagged_effect_within_firms_equals_wooldridges_job_training():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = import_module("linearmodels.datasets.jobtraining").load()
    random_effects = import_module("linearmodels.panel").RandomEffects
    record = expected("c2_fe_lag_jtrain")
    want, tol = record["expected"], record["tol"]
    known = frame[frame["lscrap"].notna()]
    columns = ["d88", "d89", "grant", "grant_1"]
    fit = fit_within(known["lscrap"], known[columns].to_numpy(float), known["fcode"], robust=False)
    found = dict(zip(columns, fit.coefficients, strict=True))
    assert found == pytest.approx(want["fe_rounded"], abs=5e-4)
    errors = {"grant": fit.error(2), "grant_1": fit.error(3)}
    assert errors == pytest.approx(want["fe_se_rounded"], abs=1e-3)
    indexed = known.set_index(["fcode", "year"]).assign(const=1.0)
    names = ["const", "d88", "d89", "union", "grant", "grant_1"]
    random = random_effects(indexed["lscrap"], indexed[names]).fit()
    got = {name: float(random.params[name]) for name in want["re"]}
    assert got == pytest.approx(want["re"], abs=tol)
    for name, error in want["re_se"].items():
        assert float(random.std_errors[name]) == pytest.approx(error, abs=tol)


def test_quantiles_of_engels_food_spend_equal_quantreg():
    record = expected("c3_quantile_engel")
    frame = pd.read_csv(data("engel.csv"))
    x = np.column_stack([np.ones(len(frame)), frame["income"]])
    for quantile, want in record["expected"].items():
        fit = fit_quantile(frame["foodexp"], x, float(quantile), customer=np.arange(len(frame)))
        assert list(fit.coefficients) == pytest.approx(want, abs=record["tol"])


def test_a_tweedie_model_equals_r():
    record = expected("c4_tweedie_cpunish")
    frame = pd.read_csv(data("cpunish.csv"))
    x = frame[["INCOME", "SOUTH"]].to_numpy(float)
    fit = fit_mean(frame["EXECUTIONS"], x, power(1.5, "identity"))
    want, tol = record["expected"], record["tol"]
    assert list(fit.coefficients) == pytest.approx(want["params"], rel=tol)
    assert [fit.error(0), fit.error(1)] == pytest.approx(want["bse"], rel=tol)
    assert fit.deviance == pytest.approx(want["deviance"], rel=tol)


def test_repeat_buying_at_cdnow_equals_the_paper():
    record = expected("c5_clv_cdnow")
    frame = pd.read_csv(data("cdnow_customers_summary.csv"))
    fit = fit_buying(*(frame[name].to_numpy(float) for name in ("frequency", "recency", "T")))
    want, tol = record["expected"], record["tol"]
    assert list(fit.parameters) == pytest.approx(want["bgnbd"], abs=tol)
    assert list(fit.parameters) == pytest.approx(want["bgnbd_clvtools"], abs=tol)
    # The file gives weeks to two decimals, which moves the sum over 2,357 customers a little.
    assert fit.log_likelihood == pytest.approx(want["loglik"], abs=5e-3)
    ahead = fit.expected(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert float(ahead[0]) == pytest.approx(want["ey39"], abs=tol)


def test_spend_at_cdnow_equals_the_note():
    record = expected("c5_clv_cdnow")
    frame = pd.read_csv(data("cdnow_customers_summary_with_transactions.csv"))
    again = frame[frame["x"] > 0]
    fit = fit_spending(again["x"].to_numpy(float), again["zbar"].to_numpy(float))
    # The note gives two decimals.
    assert list(fit.parameters) == pytest.approx(record["expected"]["gammagamma"], abs=0.01)
