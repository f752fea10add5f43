"""Chances rest on coefficients that are as bold as the data allows, and no bolder."""

import numpy as np
import pandas as pd

from cxdash.questions.chance import fit_chance, steady_chance


def _fits(strength, *, rows=600, columns=8, seed=2):
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((rows, columns))
    chance = 1 / (1 + np.exp(2.2 - strength * matrix.sum(axis=1)))
    left = (rng.random(rows) < chance).astype(float)
    windows = pd.DataFrame({"left_within": left, "left_month": np.where(left, 1.0, np.nan)})
    wide = np.full(columns, 2.5)
    plain = fit_chance(matrix, windows, wide, horizon=1, contractual=False)
    assert plain is not None
    steady = steady_chance(
        plain, matrix, windows, wide, [range(columns)], horizon=1, contractual=False
    )
    assert steady is not None
    return np.abs(plain.coefficients[1:]).sum(), np.abs(steady.coefficients[1:]).sum()


def test_coefficients_of_noise_are_pulled_to_nothing():
    plain, steady = _fits(0.0)
    assert steady < 0.5 * plain


def test_strong_coefficients_stay():
    plain, steady = _fits(1.0)
    assert 0.85 * plain < steady <= plain
