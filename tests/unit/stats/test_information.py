"""What a trial is worth before it is run."""

import numpy as np
import pytest

from cxdash.stats.information import worth_of_knowing


@pytest.mark.parametrize(
    ("mean", "spread", "instead", "error"),
    [(5.0, 3.0, 4.0, 0.0), (1.0, 2.0, 4.0, 1.5), (-2.0, 4.0, 0.0, 2.0)],
)
def test_the_closed_form_is_what_playing_it_through_gives(
    mean: float, spread: float, instead: float, error: float
) -> None:
    rng = np.random.default_rng(9)
    true = rng.normal(mean, spread, 400_000)
    seen = true + error * rng.standard_normal(true.size)
    believed = mean + spread**2 / (spread**2 + error**2) * (seen - mean)
    after = np.where(believed > instead, true, instead).mean()
    found = worth_of_knowing(mean, spread, instead, error=error)
    assert found.worth == pytest.approx(after - max(mean, instead), abs=0.02)
    assert found.changes == pytest.approx(
        ((believed > instead) != (mean > instead)).mean(), abs=0.01
    )


def test_knowing_exactly_is_worth_at_least_any_trial_and_no_trial_is_worth_less_than_nothing() -> (
    None
):
    exact = worth_of_knowing(2, 3, 4).worth
    worths = [worth_of_knowing(2, 3, 4, error=error).worth for error in (0.1, 1, 10, 1000)]
    assert worths == sorted(worths, reverse=True)
    assert exact >= worths[0]
    assert worths[-1] >= 0


def test_what_is_left_out_for_want_of_evidence_is_worth_its_trial_even_if_it_is_believed() -> None:
    believed = worth_of_knowing(6, 2, 4)
    held_out = worth_of_knowing(6, 2, 4, chosen=False)
    assert held_out.worth == pytest.approx(believed.worth + 2)
    assert held_out.changes == pytest.approx(1 - believed.changes)


def test_what_is_known_already_is_worth_no_trial() -> None:
    assert worth_of_knowing(6, 0, 4).worth == 0
    with pytest.raises(ValueError, match="not negative"):
        worth_of_knowing(6, -1, 4)
