"""Weighted averages: right in the plain case, and their ranges hold what they promise."""

import numpy as np
import pytest
from scipy.special import expit

from cxdash.stats.response import response_model
from cxdash.stats.scores import mean_score
from cxdash.stats.weighted import adjusted_mean, weighted_difference, weighted_mean


def test_with_equal_weights_it_is_the_plain_average():
    answers = [3, 4, 4, 5, 2, 5]
    plain, found = mean_score(answers), weighted_mean(answers, np.full(6, 7.0))
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (plain.estimate, plain.low, plain.high)
    )


def test_the_size_of_the_weights_does_not_matter_only_their_ratio():
    rng = np.random.default_rng(1)
    answers, weights = rng.integers(0, 11, 60), rng.uniform(1, 5, 60)
    assert weighted_mean(answers, weights) == weighted_mean(answers, weights * 4)


def test_answers_that_all_agree_do_not_make_certainty():
    found = weighted_mean([5, 5, 5], [1, 1, 2])
    assert found.low < found.estimate < found.high


def test_wrong_weights_are_refused():
    for weights in ([1, 1], [1, 1, 0]):
        with pytest.raises(ValueError, match="weight above zero"):
            weighted_mean([1, 2, 3], weights)


def test_the_difference_of_two_groups_is_that_of_their_averages():
    found = weighted_difference([2, 4], [1, 3], [1, 1, 4], [1, 1, 2])
    assert found.estimate == pytest.approx(3.5 - 2.5)
    assert (found.n_first, found.n_second) == (2, 3)
    with pytest.raises(ValueError, match="standard error"):
        weighted_difference([1, 1], [1, 1], [2, 2], [1, 1])


def _company(seed, customers=900):
    """Opinion and answering both go with what is known of the customer."""
    rng = np.random.default_rng(seed)
    known = np.column_stack([rng.normal(size=customers), rng.integers(0, 2, customers)])
    opinion = np.sign(np.round(0.7 * known[:, 0] + 0.6 * known[:, 1] + rng.normal(size=customers)))
    answered = rng.random(customers) < expit(-0.9 + 0.9 * known[:, 0] + 0.5 * known[:, 1])
    return known, 100 * opinion, answered


def test_the_adjusted_average_holds_the_customers_true_one_nine_times_in_ten():
    held, plain, rounds = 0, 0, 200
    for seed in range(rounds):
        known, opinion, answered = _company(seed)
        found = adjusted_mean(opinion[answered], response_model(known, answered), step=100)
        held += found.low <= opinion.mean() <= found.high
        raw = mean_score(opinion[answered])
        plain += raw.low <= opinion.mean() <= raw.high
    assert 0.85 <= held / rounds <= 0.95
    assert plain / rounds < 0.05


def test_when_nearly_all_answered_little_doubt_is_left():
    """The customers are a fixed list: whoever answered is no longer in doubt."""
    held, widths = 0, []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        known = rng.normal(size=(400, 1))
        opinion = 100 * np.sign(np.round(known[:, 0] + rng.normal(size=400)))
        answered = rng.random(400) < 0.9
        found = adjusted_mean(opinion[answered], response_model(known, answered), step=100)
        held += found.low <= opinion.mean() <= found.high
        widths.append((found.high - found.low) / (mean_width(opinion[answered])))
    assert 0.85 <= held / 200 <= 0.95
    assert np.mean(widths) < 0.5


def mean_width(answers):
    plain = mean_score(answers)
    return plain.high - plain.low


def test_knowing_why_people_answer_makes_the_range_narrower():
    known, opinion, answered = _company(1)
    model = response_model(known, answered)
    found = adjusted_mean(opinion[answered], model)
    as_given = weighted_mean(opinion[answered], 1 / model.chance[answered])
    assert found.estimate == pytest.approx(as_given.estimate)
    assert found.high - found.low < as_given.high - as_given.low


def test_a_model_of_other_customers_is_refused():
    known, opinion, answered = _company(2)
    model = response_model(known, answered)
    with pytest.raises(ValueError, match="answers, but the model knows"):
        adjusted_mean(opinion, model)


def test_more_coefficients_than_answers_are_refused():
    rng = np.random.default_rng(3)
    answered = np.arange(40) < 3
    model = response_model(rng.normal(size=(40, 5)), answered)
    with pytest.raises(ValueError, match="cannot carry"):
        adjusted_mean([1, 2, 3], model)
