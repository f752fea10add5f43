"""Figures about figures, against published numbers."""

import numpy as np
import pytest

from cxdash import stats

# Correlations of mpg with cyl, disp, hp and gear, and among them: the mtcars data of R.
AMONG = [
    [1.0, 0.9020328721, 0.8324474527, -0.4926865994],
    [0.9020328721, 1.0, 0.7909485864, -0.5555691986],
    [0.8324474527, 0.7909485864, 1.0, -0.1257042582],
    [-0.4926865994, -0.5555691986, -0.1257042582, 1.0],
]
WITH_MPG = [-0.8521619594, -0.8475513793, -0.7761683718, 0.4802847573]


def test_relative_weights_equal_the_r_package_rwa() -> None:
    weights = stats.relative_weights(AMONG, WITH_MPG)
    assert list(weights) == pytest.approx([0.2284797, 0.2221469, 0.2321744, 0.0963886], abs=2e-7)
    assert weights.sum() == pytest.approx(0.7791896, abs=2e-7)


def test_relative_weights_of_unrelated_drivers_are_squared_correlations() -> None:
    assert list(stats.relative_weights(np.eye(2), [0.3, -0.5])) == pytest.approx([0.09, 0.25])


def test_drivers_that_say_the_same_share_alike() -> None:
    weights = stats.relative_weights([[1.0, 1.0], [1.0, 1.0]], [0.5, 0.5])
    assert list(weights) == pytest.approx([0.125, 0.125])


@pytest.mark.parametrize(
    ("ratio", "value"), [(3.9, 7.263034), (10.73, 20.94777), (8.02, 15.52336), (0.8, 1.809)]
)
def test_e_values_equal_the_published_ones(ratio: float, value: float) -> None:
    assert stats.e_value(ratio) == pytest.approx(value, abs=1e-3)
    assert stats.e_value(1 / ratio) == pytest.approx(stats.e_value(ratio))


def test_equal_weights_lose_nothing() -> None:
    assert stats.effective_answers([2.0] * 7) == pytest.approx(7)
    weights = np.array([0.5, 1.0, 1.5, 3.0])
    cv2 = weights.var() / weights.mean() ** 2
    assert stats.design_effect(weights) == pytest.approx(1 + cv2)


def test_a_theme_that_only_the_unhappy_mention_shows_an_impact() -> None:
    assert stats.theme_impact([10, 9, 0, 0], [False, False, True, False]) == pytest.approx(-100 / 3)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="not all zero"):
        stats.effective_answers([0.0, 0.0])
    with pytest.raises(ValueError, match="risk ratio"):
        stats.e_value(0.0)
    with pytest.raises(ValueError, match="row for each driver"):
        stats.relative_weights([[1.0]], [0.5, 0.5])
