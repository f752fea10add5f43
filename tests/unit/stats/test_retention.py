"""What stays, against worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdash import stats

AMOUNTS = st.lists(
    st.tuples(st.floats(0, 1e6), st.floats(-1e3, 2e6)), min_size=1, max_size=30
).filter(lambda rows: sum(before for before, _ in rows) > 0)


def test_gross_and_net_retention_of_the_worked_example() -> None:
    assert stats.gross_revenue_retention(10.0, 0.6, 0.9) == pytest.approx(0.85)
    assert stats.net_revenue_retention(10.0, 1.8, 0.6, 0.9) == pytest.approx(1.03)


@given(AMOUNTS)
def test_revenue_kept_is_a_share_that_growth_cannot_lift(rows: list[tuple[float, float]]) -> None:
    before, after = [row[0] for row in rows], [row[1] for row in rows]
    kept = stats.revenue_kept(before, after)
    assert 0 <= kept <= 1 + 1e-12
    assert stats.revenue_kept(before, [2 * amount for amount in before]) == pytest.approx(1)


def test_customers_kept_and_lost_are_two_sides_of_one_count() -> None:
    kept, lost = stats.retention_rate(138, 150), stats.logo_churn(12, 150)
    assert kept.estimate + lost.estimate == pytest.approx(1)
    assert (kept.low, kept.high) == pytest.approx((1 - lost.high, 1 - lost.low))


def test_earned_growth_and_coverage() -> None:
    assert stats.earned_growth(1.03, 0.07) == pytest.approx(0.10)
    assert stats.coverage(3_960, 20_000) == pytest.approx(0.198)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="more revenue lost"):
        stats.gross_revenue_retention(1.0, 0.6, 0.9)
    with pytest.raises(ValueError, match="start above 0"):
        stats.gross_revenue_retention(0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="expansion"):
        stats.net_revenue_retention(1.0, -0.1, 0.0, 0.0)
    with pytest.raises(ValueError, match="5 of 4"):
        stats.coverage(5, 4)
    with pytest.raises(ValueError, match="2 customers before but 1 after"):
        stats.revenue_kept([1, 2], [1])
    with pytest.raises(ValueError, match="not all zero"):
        stats.revenue_kept([0.0], [1.0])
