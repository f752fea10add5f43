"""How many leavers a model needs."""

import numpy as np
import pytest

from cxdash.stats.events import FEWEST, events_needed


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
