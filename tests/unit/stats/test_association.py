"""One thing with another, others held equal, by customer."""

import numpy as np
import pytest

from cxdash.stats.association import NothingLeftError, associate, measured_causes
from cxdash.stats.sensitivity import partial_r2

RNG = np.random.default_rng


def _data(seed: int = 0, n: int = 400):
    rng = RNG(seed)
    controls = rng.standard_normal((n, 3))
    exposure = 0.5 * controls[:, 0] + rng.standard_normal(n)
    outcome = 0.3 * exposure + controls @ [1.0, -0.5, 0.0] + rng.standard_normal(n)
    return outcome, exposure, controls, np.arange(n)


def test_slope_and_errors_equal_statsmodels() -> None:
    import statsmodels.api as sm  # noqa: PLC0415 - takes seconds

    outcome, exposure, controls, _ = _data()
    customer = np.arange(400) // 4
    weight = RNG(1).uniform(0.5, 2.0, 400)
    found = associate(outcome, exposure, controls, customer, weight=weight)
    design = sm.add_constant(np.column_stack([exposure, controls]))
    theirs = sm.WLS(outcome, design, weights=weight).fit()
    by_customer = theirs.get_robustcov_results(
        "cluster", groups=customer, use_correction=False, df_correction=False
    )
    assert found.estimate.estimate == pytest.approx(theirs.params[1])
    assert found.plain_error == pytest.approx(theirs.bse[1])
    assert found.freedom == theirs.df_resid
    assert found.error == pytest.approx(by_customer.bse[1] * np.sqrt(100 / 99))


def test_the_p_value_agrees_with_the_interval_of_few_customers() -> None:
    for seed in range(40):
        outcome, exposure, controls, _ = _data(seed, n=40)
        outcome = outcome - 0.3 * exposure
        customer = np.arange(40) // 5
        found = associate(outcome, exposure, controls, customer, level=0.90)
        clear = found.estimate.low > 0 or found.estimate.high < 0
        assert (found.p_value < 0.10) == clear


def test_leaving_a_customer_out_takes_about_its_move_off() -> None:
    outcome, exposure, controls, _ = _data(3)
    customer = np.arange(400) // 2
    whole = associate(outcome, exposure, controls, customer)
    for one in np.argsort(-np.abs(whole.moves))[:5]:
        keep = customer != one
        less = associate(outcome[keep], exposure[keep], controls[keep], customer[keep])
        fallen = whole.estimate.estimate - less.estimate.estimate
        assert fallen == pytest.approx(whole.moves[one], rel=0.2)


def test_repeated_columns_change_nothing() -> None:
    outcome, exposure, controls, customer = _data()
    once = associate(outcome, exposure, controls, customer)
    twice = associate(outcome, exposure, np.column_stack([controls] * 13), customer)
    assert twice.estimate.estimate == pytest.approx(once.estimate.estimate)
    assert twice.freedom == once.freedom
    assert twice.error == pytest.approx(once.error)


def test_measured_causes_have_the_partial_r2_of_a_regression() -> None:
    outcome, exposure, controls, _ = _data(5)
    first, _, none = measured_causes(
        outcome, exposure, controls, {"first": [0], "second": [1], "none": [2]}
    )
    design = np.column_stack([np.ones(400), exposure, controls])
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ outcome
    rest = outcome - design @ beta
    t = beta[2] / np.sqrt(inverse[2, 2] * (rest @ rest) / 395)
    assert first.with_outcome == pytest.approx(partial_r2(float(t), 395))
    assert none.with_outcome < 0.02
    assert first.with_exposure > 0.1 > none.with_exposure


def test_intervals_by_customer_hold_the_slope_as_often_as_they_say() -> None:
    held = []
    for seed in range(300):
        rng = RNG(seed)
        customer = np.repeat(np.arange(60), 4)
        own = rng.standard_normal(60)[customer]
        exposure = rng.standard_normal(60)[customer] + 0.5 * rng.standard_normal(240)
        outcome = 0.4 * exposure + own + rng.standard_normal(240)
        found = associate(outcome, exposure, np.empty((240, 0)), customer)
        held.append(found.estimate.low <= 0.4 <= found.estimate.high)
    assert 0.85 <= np.mean(held) <= 0.95


def test_robustness_shrinks_to_nothing_with_the_interval() -> None:
    outcome, exposure, controls, customer = _data()
    clear = associate(outcome, exposure, controls, customer)
    assert 0 < clear.robustness_beyond_doubt < clear.robustness < 1
    noise = RNG(9).standard_normal(400)
    unclear = associate(noise, exposure, controls, customer)
    assert unclear.estimate.low < 0 < unclear.estimate.high
    assert unclear.robustness_beyond_doubt == 0.0


def test_an_exposure_that_the_others_repeat_or_too_few_customers_are_refused() -> None:
    outcome, exposure, controls, customer = _data()
    with pytest.raises(NothingLeftError, match="nothing is left"):
        associate(outcome, controls[:, 0], controls, customer)
    with pytest.raises(NothingLeftError, match="nothing is left"):
        associate(outcome, np.ones(400), controls, customer)
    with pytest.raises(NothingLeftError, match="too few"):
        associate(outcome, exposure, controls, customer % 2)
    with pytest.raises(NothingLeftError, match="too few"):
        associate(outcome[:4], exposure[:4], controls[:4], customer[:4])
    with pytest.raises(NothingLeftError, match="weights"):
        associate(outcome, exposure, controls, customer, weight=np.zeros(400))
    with pytest.raises(NothingLeftError, match="exactly"):
        associate(exposure * 2, exposure, np.empty((400, 0)), customer)
