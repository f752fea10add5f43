"""Score intervals, shares and many looks against published and third-party numbers (e1, e2, e3)."""

import numpy as np
import pytest
from reference import expected

from cxdash import stats

E1, E2, E3 = (expected(f"e{name}") for name in ("1_nps_variance", "2_wilson_newcombe", "3_bh1995"))


def test_the_variance_of_one_answer_is_hubers() -> None:
    score = stats.nps_of_counts(3, 2, 1)
    assert score.estimate / 100 == pytest.approx(E1["expected"]["huber_nps"], abs=E1["tol"])
    assert score.variance == pytest.approx(E1["expected"]["huber_var"], abs=E1["tol"])


def test_nps_its_error_and_its_interval_are_those_of_the_r_package_nps() -> None:
    known, score = E1["expected"], stats.nps_of_counts(50, 30, 20, level=0.95)
    assert score.estimate / 100 == pytest.approx(known["rocks_nps"], abs=E1["tol"])
    assert score.variance == pytest.approx(known["rocks_var"], abs=E1["tol"])
    assert score.standard_error / 100 == pytest.approx(known["rocks_se"], abs=E1["tol"])
    found = (score.wald_low / 100, score.wald_high / 100)
    assert found == pytest.approx(known["rocks_ci"], abs=E1["tol"])


def test_the_difference_of_two_nps_is_that_of_the_r_package_nps() -> None:
    known = E1["expected"]
    one, other = stats.nps_of_counts(90, 30, 30), stats.nps_of_counts(50, 30, 20)
    apart = stats.difference(
        one.estimate, one.standard_error, other.estimate, other.standard_error,
        n_first=one.n, n_second=other.n, level=0.95,
    )  # fmt: skip
    assert apart.p_value == pytest.approx(known["rocks_diff_p"], abs=E1["tol"])
    found = (apart.low / 100, apart.high / 100)
    assert found == pytest.approx(known["rocks_diff_ci"], abs=E1["tol"])


@pytest.mark.parametrize("counts", E2["expected"]["wilson"])
def test_shares_have_the_wilson_intervals_newcombe_lists(counts: str) -> None:
    successes, n = map(int, counts.split("/"))
    found = stats.share(successes, n, level=0.95)
    assert (found.low, found.high) == pytest.approx(E2["expected"]["wilson"][counts], abs=E2["tol"])


def test_the_difference_of_two_shares_is_newcombes_method_10() -> None:
    found = stats.share_difference(56, 70, 48, 80, level=0.95)
    assert (found.low, found.high) == pytest.approx(
        E2["expected"]["diff_56_70_48_80"], abs=E2["tol"]
    )


def test_fifteen_looks_are_corrected_as_benjamini_and_hochberg_do() -> None:
    p = np.array(E3["p"])
    adjusted = stats.adjusted_p_values(p)
    eight_decimals = 5e-9  # as one of the values is printed
    assert adjusted == pytest.approx(E3["expected"]["adjusted"], abs=eight_decimals)
    assert (adjusted <= 0.05).sum() == E3["expected"]["n_reject_bh"]
    assert (p <= 0.05 / p.size).sum() == E3["expected"]["n_reject_bonferroni"]
