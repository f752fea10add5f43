"""What one answer adds to a score, and who counts as unhappy, whichever end of a scale is good."""

import numpy as np
import pytest

from cxdash.facts import definition
from cxdash.questions.contribution import measure_of


def test_the_worst_band_of_a_net_share_is_the_unhappy() -> None:
    measure = measure_of(definition("nps.0-10"), high_is_good=True)
    values = np.array([0.0, 6.0, 6.5, 7.0, 10.0])
    assert measure.is_unhappy(values).tolist() == [True, True, False, False, False]
    assert measure.contributions(values).tolist() == [-100, -100, 0, 0, 100]


@pytest.mark.parametrize(("high_is_good", "unhappy"), [(True, 1.0), (False, 5.0)])
def test_answers_turned_round_are_unhappy_at_the_other_end(
    *, high_is_good: bool, unhappy: float
) -> None:
    measure = measure_of(definition("csat.1-5.top2"), high_is_good=high_is_good)
    found = measure.is_unhappy(np.array([1.0, 3.0, 5.0]))
    assert found.tolist() == [unhappy == 1.0, False, unhappy == 5.0]
