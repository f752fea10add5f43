"""AUC, its paired difference and lift: against pROC, against all pairs, and at the edges."""

import numpy as np
import pandas as pd
import pytest
from reference import data, expected
from scipy.special import ndtr

from cxdash.stats.discrimination import auc, auc_difference, lift
from cxdash.stats.estimate import p_of_z

ASAH = expected("i1_delong_asah")
PAIRS = [("wfns", "s100b"), ("wfns", "ndka"), ("ndka", "s100b")]


def _some(seed=3, n=400):
    rng = np.random.default_rng(seed)
    event = rng.random(n) < 0.2
    first = rng.normal(event * 0.8, 1).round(1)  # rounded, so that there are ties
    return event, first, rng.normal(event * 0.5 + 0.5 * first, 1)


def test_the_published_z_and_p_belong_together():
    for first, second in PAIRS:
        record = ASAH["expected"][f"{first}_{second}"]
        assert p_of_z(record["z"]) == pytest.approx(record["p"], abs=ASAH["tol"])


@pytest.mark.skipif(data("asah.csv") is None, reason="asah.csv is not at hand; its licence is GPL")
def test_areas_and_differences_are_those_of_proc():
    rows = pd.read_csv(data("asah.csv"))
    poor = (rows["outcome"] == "Poor").to_numpy()
    for first, second in PAIRS:
        record = ASAH["expected"][f"{first}_{second}"]
        found = auc_difference(poor, rows[first], rows[second], level=0.95)
        assert found.p_value == pytest.approx(record["p"], abs=ASAH["tol"])
        if "ci" in record:
            assert (found.low, found.high) == pytest.approx(record["ci"], abs=ASAH["tol"])
    alone = auc(poor, rows["ndka"], level=0.95)
    assert [alone.low, alone.estimate, alone.high] == pytest.approx(
        ASAH["expected"]["ndka_auc_ci"], abs=ASAH["tol"]
    )


def test_mid_ranks_give_what_all_pairs_give():
    event, score, _ = _some()
    ones, zeros = score[event], score[~event]
    wins = (ones[:, None] > zeros) + 0.5 * (ones[:, None] == zeros)
    variance = (
        wins.mean(axis=1).var(ddof=1) / ones.size + wins.mean(axis=0).var(ddof=1) / zeros.size
    )
    found = auc(event, score, level=2 * ndtr(1) - 1)
    assert found.estimate == pytest.approx(wins.mean(), abs=1e-12)
    assert found.high - found.estimate == pytest.approx(variance**0.5, abs=1e-9)


def test_the_same_score_twice_differs_by_nothing():
    event, score, _ = _some()
    found = auc_difference(event, score, 2 * score + 1)
    assert (found.estimate, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_swapping_the_scores_turns_the_sign():
    event, first, second = _some()
    one, other = auc_difference(event, first, second), auc_difference(event, second, first)
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.p_value == pytest.approx(other.p_value)


def test_two_scores_without_information_seem_to_differ_one_time_in_ten():
    rng = np.random.default_rng(11)
    seemed = 0
    for _ in range(400):
        event = rng.random(300) < 0.3
        found = auc_difference(event, rng.normal(size=300), rng.normal(size=300), level=0.90)
        seemed += not found.holds_zero
    assert 22 <= seemed <= 60  # 40 expected; chance alone leaves this about once in a thousand


def test_lift_of_a_perfect_score_is_all_there_is_to_gain():
    event = np.arange(100) < 5
    best = lift(event, -np.arange(100.0), top=0.10)
    assert (best.captured, best.lift) == (1.0, 10.0)
    assert best.captured_low < 1.0 == best.captured_high


def test_lift_of_a_score_that_is_the_same_for_all_is_one():
    event = np.arange(97) % 7 == 0
    assert lift(event, np.zeros(97), top=0.2).lift == pytest.approx(1.0)


def test_lift_counts_ties_at_the_border_in_part():
    event = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    score = np.array([3.0, 2, 2, 2, 2, 1, 1, 1, 1, 1])
    assert lift(event, score, top=0.2).captured == pytest.approx((1 + 1 / 4) / 2)


@pytest.mark.parametrize(
    ("outcome", "score"),
    [([1, 1, 1], [1, 2, 3]), ([], []), ([0, 1], [1.0]), ([0, 1], [np.nan, 1.0])],
)
def test_what_cannot_be_ranked_is_refused(outcome, score):
    with pytest.raises(ValueError, match=r"outcomes|scores"):
        auc(outcome, score)


def test_a_top_share_of_all_is_refused():
    with pytest.raises(ValueError, match="top share"):
        lift([0, 1], [0.0, 1.0], top=1.0)


def _spread(found):
    return (found.low, found.high)


def test_rows_that_are_copied_tell_nothing_new():
    event, first, second = _some()
    own = np.arange(event.size)
    twice = [np.repeat(values, 3) for values in (event, first, second, own)]
    alone = auc(event, first, clusters=own)
    assert _spread(alone) == pytest.approx(_spread(auc(event, first)), abs=1e-12)
    copied = auc(twice[0], twice[1], clusters=twice[3])
    assert _spread(copied) == pytest.approx(_spread(alone), abs=1e-12)
    gap = auc_difference(event, first, second)
    same = auc_difference(*twice[:3], clusters=twice[3])
    assert _spread(same) == pytest.approx(_spread(gap), abs=1e-12)
    assert same.p_value == pytest.approx(gap.p_value)


def test_the_variance_by_cluster_is_that_of_the_published_sums():
    event, score, _ = _some(seed=8, n=90)
    who = np.random.default_rng(2).integers(0, 25, 90)
    ones, zeros = event.sum(), (~event).sum()
    wins = (score[event][:, None] > score[~event]) + 0.5 * (score[event][:, None] == score[~event])
    area = wins.mean()
    up = {c: (wins.mean(axis=1) - area)[who[event] == c].sum() for c in set(who)}
    down = {c: (wins.mean(axis=0) - area)[who[~event] == c].sum() for c in set(who)}
    with_one, with_zero, whole = len(set(who[event])), len(set(who[~event])), len(set(who))
    variance = (
        with_one / (with_one - 1) * sum(v**2 for v in up.values()) / ones**2
        + with_zero / (with_zero - 1) * sum(v**2 for v in down.values()) / zeros**2
        + 2 * whole / (whole - 1) * sum(up[c] * down[c] for c in up) / (ones * zeros)
    )
    found = auc(event, score, clusters=who, level=2 * ndtr(1) - 1)
    assert found.high - found.estimate == pytest.approx(variance**0.5, abs=1e-9)


def test_clusters_that_lean_one_way_widen_the_interval_and_it_then_holds_the_truth():
    rng = np.random.default_rng(17)
    who = np.repeat(np.arange(60), 5)
    held, held_by_row = 0, 0
    for _ in range(300):
        event = (rng.random(60) < 0.4)[who]  # a whole customer leaves or stays
        score = rng.normal(size=60)[who] + rng.normal(size=who.size)
        by_customer, by_row = auc(event, score, clusters=who), auc(event, score)
        held += by_customer.low <= 0.5 <= by_customer.high
        held_by_row += by_row.low <= 0.5 <= by_row.high
    assert 250 <= held <= 290
    assert held_by_row < 230


def test_clusters_of_other_length_are_refused():
    with pytest.raises(ValueError, match="clusters of 2"):
        auc([0, 1, 1], [1, 2, 3], clusters=[1, 2])
