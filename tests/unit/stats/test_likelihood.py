"""The likelihood ratio test, and how many leavers a model needs."""

import doctest

import numpy as np
import pytest
import statsmodels.api as sm

from cxdash.stats import likelihood
from cxdash.stats.events import FEWEST, events_needed
from cxdash.stats.likelihood import likelihood_ratio


def test_the_example_is_true():
    assert doctest.testmod(likelihood).failed == 0


def test_it_raises_a_false_alarm_one_time_in_twenty():
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(200):
        x = rng.normal(size=(300, 2))
        y = rng.random(300) < 1 / (1 + np.exp(1 - x[:, 0]))
        fits = [sm.Logit(y, sm.add_constant(x[:, :k])).fit(disp=0).llf for k in (1, 2)]
        alarms += likelihood_ratio(*fits, parameters=1).p_value < 0.05
    assert alarms <= 21  # 10 expected; chance alone exceeds this about once in a thousand


def test_a_larger_model_is_not_less_likely():
    with pytest.raises(ValueError, match="does not hold it"):
        likelihood_ratio(-10.0, -12.0, parameters=1)
    assert likelihood_ratio(-10.0, -10.0 - 1e-9, parameters=1).p_value == 1.0
    with pytest.raises(ValueError, match="at least one"):
        likelihood_ratio(-10.0, -9.0, parameters=0)


def test_the_published_example_of_24_predictors_needs_623_people():
    # R. D. Riley et al., BMJ 368 (2020) m441: 24 parameters, R² 0.288, 17.4 % with the event.
    rate = 0.174
    largest = 1 - (rate**rate * (1 - rate) ** (1 - rate)) ** 2
    events = events_needed(24, rate, explained=0.288 / largest)
    assert events == np.ceil(622.1 * rate) == 109


def test_more_predictors_need_more_leavers_and_never_fewer_than_ten():
    needed = [events_needed(k, 0.05) for k in (1, 5, 20)]
    assert needed == sorted(needed)
    assert events_needed(1, 0.001) >= FEWEST


@pytest.mark.parametrize("wrong", [(0, 0.1), (3, 0.0), (3, 1.0)])
def test_impossible_wishes_are_refused(wrong):
    with pytest.raises(ValueError, match=r"at least one|between 0 and 1"):
        events_needed(*wrong)
