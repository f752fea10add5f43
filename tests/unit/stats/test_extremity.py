"""Strong feelings: found when they decide who answers, not merely when many answers are extreme."""

import numpy as np
import pytest

from cxdash.stats.extremity import at_the_ends, strong_feelings


@pytest.mark.parametrize(
    ("scale", "ends"),
    [((0, 10), {0, 1, 9, 10}), ((1, 10), {1, 10}), ((1, 7), {1, 7}), ((1, 5), {1, 5})],
)
def test_the_ends_are_the_outer_tenth_of_the_scale(scale, ends):
    low, high = scale
    values = np.arange(low, high + 1)
    found = values[at_the_ends(values, lowest=low, highest=high)]
    assert set(found) == ends


def test_answers_off_the_scale_are_refused():
    with pytest.raises(ValueError, match="their scale"):
        at_the_ends([11], lowest=0, highest=10)


def _answers(rng, n, pull):
    """Opinions on 0 to 10, kept with a chance that rises by ``pull`` at the ends."""
    opinion = rng.integers(0, 11, 20 * n).astype(float)
    ends = at_the_ends(opinion, lowest=0, highest=10)
    return opinion[rng.random(opinion.size) < np.where(ends, 0.3 * (1 + pull), 0.3)][:n]


def test_answering_only_when_it_matters_shows():
    rng = np.random.default_rng(1)
    found = strong_feelings(_answers(rng, 400, 1.0), _answers(rng, 400, 0), lowest=0, highest=10)
    assert found.low > 0


def test_a_company_of_happy_customers_is_not_taken_for_strong_feelings():
    rng = np.random.default_rng(2)
    happy = rng.choice([8.0, 9, 10], p=[0.2, 0.3, 0.5], size=800)
    found = strong_feelings(happy[:400], happy[400:], lowest=0, highest=10)
    assert found.holds_zero
