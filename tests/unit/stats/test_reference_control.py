"""Control charts against published tables and the R package qcc (e4)."""

import csv

import numpy as np
import pytest
from reference import data, expected

from cxdash.stats import control

E4 = expected("e4_spc_constants")
KNOWN, TOL = E4["expected"], E4["tol"]


def column(name: str, *wanted: str) -> dict[str, list[float]] | None:
    """Columns of the trial rows of a data file, where the file is at hand."""
    path = data(name)
    if path is None:
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["trial"] == "TRUE"]
    return {key: [float(row[key]) for row in rows] for key in wanted}


@pytest.mark.parametrize("size", [int(size) for size in KNOWN["d2"]])
def test_the_constants_of_the_range_are_those_of_the_tables(size: int) -> None:
    d2, d3 = control.range_constants(size)
    assert d2 == pytest.approx(KNOWN["d2"][str(size)], abs=TOL)
    assert d3 == pytest.approx(KNOWN["d3"][str(size)], abs=TOL)


def test_fifteen_viscosities_have_the_limits_of_the_individuals_chart() -> None:
    known = KNOWN["xmr"]
    chart = control.individuals(known["x"])
    assert chart.centre == pytest.approx(known["center"], abs=TOL)
    assert chart.sigma == pytest.approx(known["sd"], abs=TOL)
    assert (chart.low[0], chart.high[0]) == pytest.approx((known["lcl"], known["ucl"]), abs=TOL)
    assert not chart.signals.any()


def test_piston_rings_have_the_limits_of_qcc() -> None:
    mean, spread = KNOWN["piston_xbar"], KNOWN["piston_R"]
    d2, d3 = control.range_constants(5)
    # From the printed mean range alone: the limits of both charts.
    sigma = spread["center"] / d2
    assert sigma == pytest.approx(mean["std"], abs=1e-6)
    assert mean["center"] + 3 * sigma / np.sqrt(5) == pytest.approx(mean["ucl"], abs=1e-5)
    assert spread["center"] + 3 * d3 * sigma == pytest.approx(spread["ucl"], abs=1e-5)
    rings = column("pistonrings.csv", "diameter", "sample")
    if rings is None:
        return
    samples = np.array(rings["diameter"]).reshape(-1, 5)
    x_bar, ranges = control.x_bar_chart(samples), control.range_chart(samples)
    assert x_bar.centre == pytest.approx(mean["center"], abs=1e-6)
    assert (x_bar.low[0], x_bar.high[0]) == pytest.approx((mean["lcl"], mean["ucl"]), abs=1e-5)
    assert ranges.centre == pytest.approx(spread["center"], abs=1e-6)
    assert (ranges.low[0], ranges.high[0]) == pytest.approx((0, spread["ucl"]), abs=1e-5)


def test_orange_juice_cans_have_the_limits_of_qcc() -> None:
    known = KNOWN["oj_p"]
    counts = np.full(30, known["center"] * 50)  # the limits follow from the mean alone
    spread = column("orangejuice.csv", "D", "size")
    if spread is not None:
        counts = np.array(spread["D"])
        assert set(spread["size"]) == {50.0}
    chart = control.p_chart(counts, np.full(counts.size, 50.0))
    assert chart.centre == pytest.approx(known["center"], abs=1e-9)
    assert (chart.low[0], chart.high[0]) == pytest.approx((known["lcl"], known["ucl"]), abs=1e-9)
