"""Traps a metric can be caught in: a closed loop that does nothing, and a theme of one segment."""

import numpy as np
import pytest
from churn_worlds import fill, simulate
from scipy.stats import multivariate_normal, norm

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.trial.find import try_all
from cxdash.questions.trial.stage import trial_stage
from cxdash.stats import share_difference, theme_impact
from cxdash.stats.association import associate
from cxdash.store import Database

pytestmark = pytest.mark.truth

#: Share of detractors who are passive or promoter at the next wave, by reliability of the score,
#: when following up has no effect whatever.
CONVERTED = {0.5: 0.445, 0.6: 0.404, 0.7: 0.353, 0.8: 0.296}
LATENT_SD, LATENT_MEAN, CUT = 2.0, 7.672, 6.5


def waves(rng, reliability, customers):
    """Two readings of the same attitude, each with noise of its own."""
    noise = LATENT_SD * np.sqrt(1 / reliability - 1)
    attitude = LATENT_MEAN + LATENT_SD * rng.standard_normal(customers)
    return (attitude + noise * rng.standard_normal(customers) for _ in range(2))


@pytest.mark.parametrize(("reliability", "share"), CONVERTED.items())
def test_without_any_effect_a_third_of_detractors_converts(reliability, share):
    cut = (CUT - LATENT_MEAN) / LATENT_SD * np.sqrt(reliability)
    both = multivariate_normal.cdf(
        [cut, cut], mean=[0, 0], cov=[[1, reliability], [reliability, 1]]
    )
    assert 1 - both / norm.cdf(cut) == pytest.approx(share, abs=0.006)
    before, after = waves(np.random.default_rng(1), reliability, 200_000)
    assert (after[before < CUT] > CUT).mean() == pytest.approx(share, abs=0.008)


def test_beside_detractors_nobody_called_the_closed_loop_shows_nothing():
    """The comparison that regression to the mean cannot fool: both groups regress alike."""
    held = 0
    for seed in range(200):
        rng = np.random.default_rng([seed, 3])
        before, after = waves(rng, 0.6, 3000)
        detractors = before < CUT
        called = rng.random(3000) < 0.5
        converted = [int((after[detractors & who] > CUT).sum()) for who in (called, ~called)]
        asked = [int((detractors & who).sum()) for who in (called, ~called)]
        gap = share_difference(converted[0], asked[0], converted[1], asked[1], level=0.90)
        held += gap.low <= 0 <= gap.high
        assert converted[0] / asked[0] > 0.3  # what the trade would call a success
    assert 0.85 <= held / 200 <= 0.95


def talkers(rng, customers):
    """An unhappy segment mentions the theme more; the theme itself does nothing to the score."""
    unhappy = rng.random(customers) < 0.4
    mean = np.where(unhappy, 6.6, 8.4)
    score = np.clip(np.round(mean + 1.8 * rng.standard_normal(customers)), 0, 10)
    mentions = rng.random(customers) < np.where(unhappy, 0.38, 0.1)
    return unhappy, score, mentions


def test_a_theme_of_the_unhappy_segment_seems_to_cost_six_points_and_costs_nothing():
    unhappy, score, mentions = talkers(np.random.default_rng(5), 100_000)
    assert theme_impact(score, mentions) == pytest.approx(-5.9, abs=0.4)
    within = [
        theme_impact(score[unhappy == who], mentions[unhappy == who]) for who in (True, False)
    ]
    assert np.abs(within).max() < 0.6


def test_with_the_segment_held_equal_the_theme_is_nothing_beyond_noise():
    held = []
    for seed in range(200):
        unhappy, score, mentions = talkers(np.random.default_rng([seed, 7]), 2000)
        found = associate(
            score, mentions.astype(float), unhappy[:, None].astype(float), np.arange(2000)
        ).estimate
        held.append(found.low <= 0 <= found.high)
    assert 0.85 <= np.mean(held) <= 0.95


def test_an_item_that_only_marks_a_segment_is_not_called_working(tmp_path):
    """``advice`` differs between segments that leave for reasons of their own."""
    verdicts = []
    for seed in range(3):
        with Database(tmp_path / f"{seed}.duckdb") as db:
            fill(db, simulate(seed, customers=800))
            with settled(db) as view:
                stage = trial_stage(view, Scope())
                assert stage is not None
                cases = {case.metric.name: case for case in try_all(view, stage).cases}
        verdicts.append(cases["advice"].verdict)
        assert cases["support"].verdict == "working"
    assert verdicts.count("working") <= 1
