"""Weights and shrinkage give the numbers that books and other programs print."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from reference import data, expected
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from cxdash.stats.proportions import share, share_difference
from cxdash.stats.shrinkage import shrunk_means
from cxdash.stats.weighted import weighted_difference, weighted_mean
from cxdash.stats.weighting import (
    Margin,
    inverse_propensity,
    post_stratified,
    raked,
    trimmed,
)


@pytest.fixture(scope="module")
def kalton():
    record = expected("d1_raking_kalton")
    cells = [(a, b) for b in range(3) for a in range(4)]
    answers = [cell for cell, n in zip(cells, record["sample"], strict=True) for _ in range(n)]
    customers = dict(zip(cells, record["population"], strict=True))
    return record, cells, answers, customers


def _by_cell(weights, answers):
    found = dict(zip(answers, weights, strict=True))
    return [[found[a, b] for b in range(3)] for a in range(4)]


def test_raking_gives_the_table_of_kalton_and_flores_cervantes(kalton):
    record, _, answers, customers = kalton
    margins = [
        Margin(
            name,
            [cell[place] for cell in answers],
            {
                value: sum(n for cell, n in customers.items() if cell[place] == value)
                for value in range(levels)
            },
        )
        for name, place, levels in (("a", 0, 4), ("b", 1, 3))
    ]
    found = raked(margins)
    table = np.array(record["expected"]["rake_weights"])
    assert np.abs(_by_cell(found.weights, answers) - table).max() <= record["tol"]


def test_post_stratification_gives_the_table_of_kalton_and_flores_cervantes(kalton):
    record, _, answers, customers = kalton
    found = post_stratified(answers, customers)
    table = np.array(record["expected"]["poststrat_weights"])
    # The table is rounded to two decimals, 1.375 up: half of its last digit, and a hair.
    assert np.abs(_by_cell(found.weights, answers) - table).max() <= record["tol"] + 1e-9


@pytest.fixture(scope="module")
def survey():
    sample, target = data("balance_sample.csv"), data("balance_target.csv")
    assert sample is not None
    assert target is not None
    both = [pd.read_csv(path).fillna({"gender": "missing"}) for path in (sample, target)]
    return expected("d3_balance_simulated"), *both


def test_the_unweighted_and_the_wanted_average_are_those_of_balance(survey):
    record, sample, target = survey
    assert sample["happiness"].mean() == pytest.approx(
        record["expected"]["unadjusted"], abs=record["tol"]
    )
    assert target["happiness"].mean() == pytest.approx(
        record["expected"]["target"], abs=record["tol"]
    )


def test_raking_agrees_with_balance(survey):
    record, sample, target = survey
    wanted = record["expected"]
    found = raked(
        [
            Margin(name, list(sample[name]), target[name].value_counts().to_dict())
            for name in ("gender", "age_group")
        ]
    )
    mean = weighted_mean(sample["happiness"], found.weights)
    assert mean.estimate == pytest.approx(wanted["rake_gender_age_mean"], abs=record["tol"])
    assert found.design_effect == pytest.approx(wanted["rake_deff"], abs=record["tol"])
    assert found.effective == pytest.approx(wanted["rake_ess"], rel=record["tol"])


def test_one_over_the_chance_agrees_with_balance(survey):
    """Its columns, its penalised model, and the penalty its folds chose (the 100th of its grid)."""
    record, sample, target = survey
    wanted = record["expected"]
    both = pd.concat([sample, target])
    tenths = pd.qcut(both["income"], 10, labels=False)
    columns = [(tenths == number) for number in range(10)]
    columns += [both["gender"] == name for name in ("Male", "missing", "missing")]
    columns += [both["age_group"] == name for name in ("25-34", "35-44", "45+")]
    here = np.arange(len(both)) < len(sample)
    equal = np.where(here, 1.0, len(sample) / len(target))
    design = StandardScaler(with_mean=False).fit_transform(
        np.column_stack(columns).astype(float), sample_weight=equal
    )
    penalty = 10 ** (1 - 6 * 99 / 249)
    model = LogisticRegression(C=1 / (equal.sum() * penalty), max_iter=5000, tol=1e-10)
    model.fit(design, here, sample_weight=equal)
    chance = model.predict_proba(design[here])[:, 1]
    # The wanted list stands apart from the sample, so an answer's weight is the odds against it.
    odds = inverse_propensity(chance).weights - 1
    found = trimmed(odds, most=20)
    mean = weighted_mean(sample["happiness"], found.weights)
    assert mean.estimate == pytest.approx(wanted["ipw"], abs=record["tol"])
    assert found.design_effect == pytest.approx(wanted["ipw_deff"], abs=record["tol"])
    assert found.effective == pytest.approx(wanted["ipw_ess"], rel=record["tol"])


def test_shrinkage_gives_the_batting_averages_of_efron_and_morris():
    record = expected("d4_efron_morris")
    own, season = np.array(record["y"]), np.array(record["season"])
    centre = own.mean()
    error = np.sqrt(centre * (1 - centre) / record["at_bats"])
    found = shrunk_means(own, np.full(own.size, error))
    wanted = record["expected"]
    assert found.centre == pytest.approx(wanted["mean"], abs=record["tol"])
    assert found.own_weight == pytest.approx(np.full(own.size, wanted["c"]), abs=record["tol"])
    raw, shrunk = (np.square(figures - season).sum() for figures in (own, found.estimates))
    assert raw / shrunk == pytest.approx(wanted["sse_ratio_raw_to_js_about"], abs=0.05)


@pytest.mark.parametrize("counts", ["81/263", "15/148", "0/20", "1/29"])
def test_wilson_intervals_are_those_of_newcombes_table(counts):
    record = expected("e2_wilson_newcombe")
    hits, n = map(int, counts.split("/"))
    found = share(hits, n, level=0.95)
    wanted = record["expected"]["wilson"][counts]
    assert (found.low, found.high) == pytest.approx(wanted, abs=record["tol"])


def test_the_difference_of_two_shares_is_newcombes():
    record = expected("e2_wilson_newcombe")
    found = share_difference(56, 70, 48, 80, level=0.95)
    wanted = record["expected"]["diff_56_70_48_80"]
    assert (found.low, found.high) == pytest.approx(wanted, abs=record["tol"])


@pytest.fixture(scope="module")
def smokers():
    path = data("nhefs.csv")
    assert path is not None
    people = pd.read_csv(path)
    known = people[
        ["education", "exercise", "active", "age", "wt71", "smokeintensity", "smokeyrs"]
    ].notna()
    return expected("f4_nhefs_iptw"), people[known.all(axis=1)].reset_index(drop=True)


def _confounders(people):
    curved = [people[name] for name in ("age", "wt71", "smokeintensity", "smokeyrs")]
    columns = [people["sex"], people["race"], *curved, *(column**2 for column in curved)]
    for name in ("education", "exercise", "active"):
        columns += [people[name] == value for value in sorted(people[name].unique())[1:]]
    return np.column_stack(columns).astype(float)


def _chance(design, event):
    scaled = StandardScaler().fit_transform(design)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    return model.fit(scaled, event).predict_proba(scaled)[:, 1]


def _gain(people, weights):
    quit_, gain = people["qsmk"] == 1, people["wt82_71"]
    return weighted_difference(
        gain[quit_], weights[quit_], gain[~quit_], weights[~quit_], level=0.95
    )


def test_weight_gain_after_quitting_is_that_of_hernan_and_robins(smokers):
    record, people = smokers
    wanted, tol = record["expected"], record["tol"]
    weighed = people[people["wt82_71"].notna()].reset_index(drop=True)
    assert _gain(weighed, np.ones(len(weighed))).estimate == pytest.approx(wanted["crude"], abs=tol)

    quit_ = weighed["qsmk"].to_numpy() == 1
    chance = _chance(_confounders(weighed), quit_)
    weights = inverse_propensity(np.where(quit_, chance, 1 - chance)).weights
    found = _gain(weighed, weights)
    assert found.estimate == pytest.approx(wanted["iptw"], abs=tol)
    assert (found.low, found.high) == pytest.approx(wanted["iptw_ci"], abs=tol)


def test_with_those_never_weighed_again_accounted_for_it_is_that_of_hernan_and_robins(smokers):
    record, people = smokers
    wanted, tol = record["expected"], record["tol"]
    quit_ = people["qsmk"].to_numpy() == 1
    seen = people["wt82_71"].notna().to_numpy()
    design = _confounders(people)
    chance = _chance(design, quit_)
    stays = _chance(np.column_stack([design, quit_]), seen)
    by_quitting = inverse_propensity(np.where(quit_, chance, 1 - chance)).weights
    weights = by_quitting * inverse_propensity(stays).weights
    found = _gain(people[seen].reset_index(drop=True), weights[seen])
    assert found.estimate == pytest.approx(wanted["iptw_ipcw"], abs=tol)
    assert (found.low, found.high) == pytest.approx(wanted["iptw_ipcw_ci"], abs=tol)


def test_standardisation_agrees_with_weighting_and_the_book(smokers):
    record, people = smokers
    curved = " + ".join(
        f"{name} + I({name}**2)" for name in ("age", "smokeyrs", "wt71", "smokeintensity")
    )
    formula = (
        f"wt82_71 ~ qsmk + sex + race + {curved} + C(education) + C(exercise) + C(active) "
        "+ qsmk:smokeintensity"
    )
    model = smf.ols(formula, people[people["wt82_71"].notna()]).fit()
    apart = model.predict(people.assign(qsmk=1)) - model.predict(people.assign(qsmk=0))
    wanted = record["expected"]["standardisation"]
    assert apart.mean() == pytest.approx(wanted, abs=record["tol"])
