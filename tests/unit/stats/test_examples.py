"""The examples in the docstrings are true."""

import doctest

import pytest

from cxdash.stats import (
    control,
    did,
    estimate,
    evidence,
    information,
    kept_lot,
    pilot_power,
    portfolio,
    proportions,
    ranking,
    retention,
    scores,
    sensitivity,
    sequential,
    value,
)

MODULES = [
    *(scores, proportions, retention, value, evidence),
    *(control, did, portfolio, sensitivity, sequential),
    *(information, kept_lot, pilot_power, ranking),
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_are_true(module: object) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_quantiles_of_the_normal_distribution() -> None:
    assert estimate.z_of_level(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert estimate.z_of_power(0.80) == pytest.approx(0.841621, abs=1e-6)
    assert estimate.p_of_z(1.959964) == pytest.approx(0.05, abs=1e-6)
