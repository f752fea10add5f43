"""Relative importance against the R packages relaimpo, rwa and dominanceAnalysis."""

import numpy as np
import pandas as pd
import pytest
from reference import data, expected

from cxdash.stats.importance import dominance, relative_importance, relative_weights, shapley


@pytest.fixture(scope="module")
def swiss():
    record = expected("a1_lmg_swiss")
    frame = pd.read_csv(data("swiss.csv"))
    return record, frame[record["x"]].to_numpy(float), frame[record["y"]].to_numpy(float)


def correlations(x, y):
    return np.corrcoef(np.column_stack([x, y]), rowvar=False)


def test_shapley_shares_of_swiss_fertility_equal_relaimpo(swiss):
    record, x, y = swiss
    want, tol = record["expected"], record["tol"]
    shares = shapley(correlations(x, y))
    assert list(shares) == pytest.approx(want["lmg"], abs=tol)
    assert shares.sum() == pytest.approx(want["r2"], abs=tol)


def test_unique_and_first_parts_equal_relaimpo(swiss):
    record, x, y = swiss
    found = relative_importance(x, y, draws=10, rng=np.random.default_rng(1))
    want, tol = record["expected"], record["tol"]
    assert [part.unique for part in found.parts] == pytest.approx(want["last"], abs=tol)
    assert [part.first for part in found.parts] == pytest.approx(want["first"], abs=tol)
    assert [part.share for part in found.parts] == pytest.approx(want["lmg"], abs=tol)


def test_bootstrap_intervals_of_shares_are_those_of_relaimpo(swiss):
    record, x, y = swiss
    found = relative_importance(x, y, draws=2000, rng=np.random.default_rng(1), level=0.95)
    want = record["bootstrap_example"]
    # Poisson counts and another seed: the record allows 0.02, the widest end moves a little more.
    assert [part.low for part in found.parts] == pytest.approx(want["lower"], abs=0.02)
    assert [part.high for part in found.parts] == pytest.approx(want["upper"], abs=0.03)


def test_johnson_weights_equal_relaimpo_and_rwa(swiss):
    record, x, y = swiss
    among = np.corrcoef(x, rowvar=False)
    with_y = [np.corrcoef(column, y)[0, 1] for column in x.T]
    want = record["expected"]["johnson_genizi"]
    assert list(relative_weights(among, with_y)) == pytest.approx(want, abs=1e-8)

    record = expected("a3_johnson_mtcars")
    cars = pd.read_csv(data("mtcars.csv"))
    x, y = cars[record["x"]].to_numpy(float), cars[record["y"]].to_numpy(float)
    weights = relative_weights(
        np.corrcoef(x, rowvar=False), [np.corrcoef(column, y)[0, 1] for column in x.T]
    )
    tol, want = record["tol"], record["expected"]
    assert list(weights) == pytest.approx(want["johnson_genizi"], abs=tol)
    assert list(100 * weights / weights.sum()) == pytest.approx(want["johnson_pct"], abs=1e-4)
    assert list(shapley(correlations(x, y))) == pytest.approx(want["lmg"], abs=tol)


def test_average_contributions_equal_azen_and_budescu():
    record = expected("a4_dominance_azen_budescu_2003")
    matrix = np.roll(np.roll(np.array(record["corr"], float), -1, axis=0), -1, axis=1)
    table = dominance(matrix)
    assert table == pytest.approx(np.array(record["expected"]["by_level"]), abs=record["tol"])
    assert list(table.mean(axis=0)) == pytest.approx(list(shapley(matrix)))
