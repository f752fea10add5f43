"""A finding that one account carries is known as such."""

import numpy as np

from cxdash.stats.carried import carried, largest_pull, would_have_to_go
from cxdash.stats.within import fit_within


def data(huge):
    rng = np.random.default_rng(1)
    who = np.repeat(np.arange(60), 4)
    score = rng.standard_normal(240)
    spend = 100 + rng.standard_normal(240) + 0.0 * score
    if huge:
        own = who == 7
        score[own] = [-3.0, -1, 1, 3]
        spend[own] += 40 * score[own]
    return spend, score[:, None], who


def refitted(spend, score, who):
    return lambda out: fit_within(spend[who != out], score[who != out], who[who != out])


def test_the_account_that_carries_a_finding_is_named_and_nothing_is_left_without_it():
    spend, score, who = data(huge=True)
    fit = fit_within(spend, score, who)
    found = carried(fit, 0, refitted(spend, score, who))
    assert largest_pull(fit, 0, 1)[0] == 7
    assert found[0].customer == 7
    assert found[0].share > 0.9
    assert found[0].holds_zero


def test_a_broad_finding_outlives_any_account():
    spend, score, who = data(huge=False)
    spend = spend + 2 * score[:, 0]
    fit = fit_within(spend, score, who)
    found = carried(fit, 0, refitted(spend, score, who))
    assert all(not each.holds_zero and abs(each.share) < 0.1 for each in found)
    assert (would_have_to_go(fit, 0) or 60) > 10


def test_how_many_would_have_to_go_is_small_where_little_carries_it():
    spend, score, who = data(huge=False)
    fit = fit_within(spend + 0.15 * score[:, 0], score, who)
    needed = would_have_to_go(fit, 0)
    assert needed is not None
    assert 0 < needed <= 5
    nothing = fit_within(np.random.default_rng(2).standard_normal(240), score, who)
    assert would_have_to_go(nothing, 0) == 0
