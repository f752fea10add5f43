"""Money, against published examples."""

import numpy as np
import pytest

from cxdash import stats

# A published Total Economic Impact study: yearly benefits and costs, 10 % discount.
BENEFITS = [0, 1_606_511, 3_061_331, 4_229_760]
COSTS = [53_150, 666_715, 636_772, 647_783]


def test_the_published_study_is_reproduced() -> None:
    benefits = stats.present_values(BENEFITS, 0.10).sum()
    costs = stats.present_values(COSTS, 0.10).sum()
    net = np.subtract(BENEFITS, COSTS)
    assert benefits == pytest.approx(7_168_371, abs=1)
    assert costs == pytest.approx(1_672_201, abs=1)
    assert stats.net_present_value(net, 0.10) == pytest.approx(5_496_170, abs=1)
    assert stats.return_on_investment(benefits, costs) == pytest.approx(3.287, abs=5e-4)
    assert 12 * (stats.payback(net) or 0) == pytest.approx(0.68, abs=5e-3)


def test_net_present_value_equals_numpy_financial() -> None:
    flows = [-100, 39, 59, 55, 20]
    assert stats.net_present_value(flows, 0.2809484211599611) == pytest.approx(0, abs=1e-9)
    assert stats.net_present_value(flows, 0.281) == pytest.approx(-0.00847859163845488, abs=1e-10)


@pytest.mark.parametrize(
    ("flows", "rate", "periods"),
    [
        ([-100, 50, 50], 0.0, 2.0),
        ([-100, 60.5, 60.5], 0.1, 1.9),
        ([-100, 0, 200], 0.0, 1.5),
        ([-100, -50, 300], 0.0, 1.5),
        ([-100, 10], 0.0, None),
        ([5, 10], 0.0, 0.0),
        ([0, 10], 0.0, 0.0),
    ],
)
def test_payback(flows: list[float], rate: float, periods: float | None) -> None:
    assert stats.payback(flows, rate=rate) == (None if periods is None else pytest.approx(periods))


def test_customer_value_equals_the_summed_series() -> None:
    years = np.arange(1, 400)
    series = float((0.8**years / 1.1**years).sum())
    assert stats.customer_value(1.0, 0.8, 0.1) == pytest.approx(series)
    assert stats.customer_value(1.0, 0.8, 0.1, first_margin="now") == pytest.approx(series + 1)
    assert stats.customer_value(1.0, 0.8, 0.1, acquisition_cost=2.0) == pytest.approx(series - 2)


def test_the_doubt_about_retention_reaches_the_customer_value() -> None:
    retention = stats.retention_rate(80, 100)
    value = stats.customer_value_range(500.0, retention, 0.1)
    assert value.estimate == pytest.approx(500 * 8 / 3)
    assert value.low == pytest.approx(stats.customer_value(500.0, retention.low, 0.1))
    assert value.high == pytest.approx(stats.customer_value(500.0, retention.high, 0.1))
    assert value.level == retention.level


def test_cost_to_serve_has_an_interval() -> None:
    cost = stats.cost_to_serve([10, 20, 60], [5, 5, 5], level=0.90)
    # mean 35, standard deviation 26.4575, t(2, 0.95) = 2.91999
    assert cost.estimate == pytest.approx(35)
    assert cost.high - cost.estimate == pytest.approx(2.91999 * 26.4575 / 3**0.5, abs=1e-3)


def test_the_loss_not_exceeded_follows_the_coin_toss() -> None:
    # 100 customers of 1, each gone with chance one half: binomial, 90 % quantile 56.
    loss = stats.loss_not_exceeded([0.5] * 100, [1.0] * 100, draws=4_000)
    assert loss == pytest.approx(56, abs=1)
    assert stats.expected_loss([0.5] * 100, [1.0] * 100) == pytest.approx(50)
    assert loss == stats.loss_not_exceeded([0.5] * 100, [1.0] * 100, draws=4_000)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        stats.customer_value(1.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="margin is not negative"):
        stats.customer_value_range(-1.0, stats.retention_rate(8, 10), 0.1)
    with pytest.raises(ValueError, match="probabilities lie between"):
        stats.expected_loss([1.2], [1.0])
    with pytest.raises(ValueError, match="1 probabilities but 2 revenues"):
        stats.expected_loss([0.2], [1.0, 2.0])
    with pytest.raises(ValueError, match="at least one contact"):
        stats.cost_per_contact(100.0, 0)
    with pytest.raises(ValueError, match="cost above 0"):
        stats.return_on_investment(1.0, 0.0)
    with pytest.raises(ValueError, match="above −1"):
        stats.net_present_value([1.0], -1.0)
    with pytest.raises(ValueError, match="churn rate"):
        stats.revenue_at_risk_by_rate(1.0, 1.5)
    with pytest.raises(ValueError, match="2 amounts but 1 flags"):
        stats.revenue_at_risk_by_flag([1.0, 2.0], [True])
    with pytest.raises(ValueError, match="2 direct but 1 allocated"):
        stats.cost_to_serve([1.0, 2.0], [1.0])
