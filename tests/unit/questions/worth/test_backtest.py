"""A forecast is borne out only where it could have been wrong."""

import pytest

from cxdash.questions.worth.leaving import ALL, Backtest
from cxdash.stats.stake import Stake


def _backtest(low, high, came, *, expected=100.0):
    stake = Stake(
        estimate=1_000 * expected,
        low=1_000 * low,
        high=1_000 * high,
        leavers=expected,
        leavers_low=low,
        leavers_high=high,
        customers=1_000,
        level=0.9,
    )
    return Backtest(24_000, {ALL: stake}, {ALL: came}, {ALL: 1_000.0 * came}, gap=None)


def test_a_narrow_range_that_held_confirms():
    assert _backtest(70, 130, 120).confirms(ALL)


def test_a_range_that_was_missed_does_not():
    assert not _backtest(70, 130, 140).confirms(ALL)


def test_a_range_too_wide_to_be_wrong_confirms_nothing_though_it_held():
    wide = _backtest(0, 200, 190)
    assert wide.foresaw(ALL)
    assert not wide.confirms(ALL)


@pytest.mark.parametrize("group", [("band", "passive"), ("segment", "")])
def test_a_group_that_nothing_was_said_of_is_not_confirmed(group):
    found = _backtest(70, 130, 120)
    assert not found.foresaw(group)
    assert not found.confirms(group)
