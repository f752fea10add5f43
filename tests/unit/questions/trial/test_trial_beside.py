"""Metrics held beside each other, and outcomes that could not be looked at."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from churn_worlds import fill, simulate

from cxdash.facts import Scope
from cxdash.panel import settled
from cxdash.questions.chance import left_of
from cxdash.questions.trial.answer import compose
from cxdash.questions.trial.beside import beside
from cxdash.questions.trial.find import try_all
from cxdash.questions.trial.lead import links, slope_p
from cxdash.questions.trial.link import Said, later, seen_of
from cxdash.questions.trial.stage import trial_stage
from cxdash.stats.logistic import fit_logistic
from cxdash.store import Database

NOTHING = dict.fromkeys(("support", "product"), 0.0)


def stage_of(db):
    with settled(db) as view:
        return trial_stage(view, Scope())


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """Only ``support`` matters; ``billing`` and ``design`` go along with it."""
    with Database(tmp_path_factory.mktemp("beside") / "b.duckdb") as db:
        fill(db, simulate(12, customers=1200, effects={"support": -0.7}))
        yield stage_of(db)


def metric_of(stage, name):
    return next(metric for metric in stage.metrics if metric.name == name)


def pair(stage, name):
    return metric_of(stage, name), links(stage, metric_of(stage, name)).links[0]


def with_scores(stage, name, scores):
    """The stage with another answer to one item in windows that are over."""
    closed = stage.closed.scores.copy()
    closed[:, metric_of(stage, name).number] = scores
    return replace(stage, closed=replace(stage.closed, scores=closed))


def noise_of(stage, seed, size):
    return size * np.random.default_rng(seed).standard_normal(len(stage.closed.rows))


def with_rate_after(stage, change):
    rows = stage.closed.rows
    return replace(
        stage,
        closed=replace(
            stage.closed, rows=rows.assign(rate_after=rows["rate"].to_numpy(float) * (1 + change))
        ),
    )


def test_what_merely_goes_along_has_nothing_of_its_own_and_what_leads_keeps_it(stage):
    alone = {name: pair(stage, name) for name in ("support", "billing")}
    assert all(link.p_value < 0.05 for _, link in alone.values())
    found = beside(stage, list(alone.values()))
    support, billing = (found[metric.number] for metric, _ in alone.values())
    assert support.own_signal
    assert not billing.own_signal
    assert (support.others, billing.others) == (1, 1)
    assert support.effect.high < 0 < billing.effect.high
    assert support.n == billing.n <= alone["support"][1].n


def test_a_copy_leaves_neither_anything_of_its_own(stage):
    number = metric_of(stage, "support").number
    copied = with_scores(stage, "billing", stage.closed.scores[:, number])
    found = beside(copied, [pair(copied, "support"), pair(copied, "billing")])
    assert not any(one.own_signal for one in found.values())
    first, second = found.values()
    assert first.p_value == pytest.approx(second.p_value)


def test_a_metric_alone_is_not_held_beside_anything(stage):
    assert beside(stage, []) == {}
    assert beside(stage, [pair(stage, "support")]) == {}


def test_metrics_never_asked_together_cannot_be_told_apart(stage):
    two = [pair(stage, "support"), pair(stage, "billing")]
    scores = stage.closed.scores.copy()
    odd = np.arange(len(scores)) % 2 == 1
    scores[odd, two[0][0].number] = np.nan
    scores[~odd, two[1][0].number] = np.nan
    apart = replace(stage, closed=replace(stage.closed, scores=scores))
    assert beside(apart, two) == {}


def test_the_metric_asked_apart_is_left_out_and_the_others_are_held_together(stage):
    three = [pair(stage, name) for name in ("design", "support", "billing")]
    scores = stage.closed.scores.copy()
    scores[100:, three[0][0].number] = np.nan
    apart = replace(stage, closed=replace(stage.closed, scores=scores))
    assert set(beside(apart, three)) == {metric.number for metric, _ in three[1:]}


def test_spend_is_held_beside_as_leaving_is(stage):
    metrics = [metric_of(stage, name) for name in ("support", "billing")]
    numbers = [metric.number for metric in metrics]
    own = np.nan_to_num(stage.closed.scores[:, numbers] - 3)
    paid = with_rate_after(stage, 0.02 * own[:, 1] + noise_of(stage, 0, 0.05))
    two = [(metric, links(paid, metric).links[1]) for metric in metrics]
    assert {link.outcome for _, link in two} == {"spend"}
    told = []
    for seed in range(20):
        again = with_rate_after(stage, 0.02 * own[:, 1] + noise_of(stage, seed, 0.05))
        found = beside(again, two)
        told.append([found[number].own_signal for number in numbers])
        assert found[numbers[1]].effect.low > 0
    along, leading = np.sum(told, axis=0)
    assert along <= 4  # one expected; chance alone exceeds this about once in four hundred
    assert leading == 20


def test_where_nothing_was_forecast_with_there_is_no_size(stage):
    seen = seen_of(stage, metric_of(stage, "design"))
    left = left_of(seen.over.rows).astype(float)

    def same(_, now):
        half = np.full(int(now.sum()), 0.5)
        return Said(half + 4e-18, half, np.zeros(half.size))

    after = later(seen, same, left, among=np.ones(left.size, dtype=bool), logs=True)
    assert (after.found, after.skill) == (None, None)
    assert after.foretold > 0


def test_the_p_value_of_a_coefficient_is_walds_where_the_prior_says_nothing():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(500, 2))
    y = rng.random(500) < 1 / (1 + np.exp(1 - 0.2 * x[:, 1]))
    theirs = sm.Logit(y, sm.add_constant(x)).fit(disp=0).pvalues
    ours = fit_logistic(x, y, prior_sd=1e4)
    assert [slope_p(ours, column) for column in (0, 1)] == pytest.approx(theirs[1:], rel=1e-3)


@pytest.fixture(scope="module")
def aimless(tmp_path_factory):
    """A company with many leavers in which no answer means anything, and nobody's price moves."""
    folder = tmp_path_factory.mktemp("aimless")
    with Database(folder / "a.duckdb") as db:
        fill(db, simulate(7, customers=1600, effects=NOTHING, level=-3.0))
        yield db


def told(db, change=None):
    with settled(db) as view:
        stage = trial_stage(view, Scope())
        if change is not None:
            stage = with_rate_after(stage, noise_of(stage, 3, change))
        answer = compose(try_all(view, stage))
    rows = {row["metric"]: row for row in answer.tables["metrics"]}
    return [rows[name] for name in ("support", "product", "billing", "design")]


def test_no_link_worth_acting_on_is_said_only_where_both_outcomes_were_looked_at(aimless):
    both = told(aimless, change=0.02)
    of_both = [row for row in both if row["verdict"] == "vanity"]
    assert of_both
    assert all("fewer leavers or 1% more spend" in row["reason"] for row in of_both)
    half = told(aimless)
    assert "vanity" not in {row["verdict"] for row in half}
    seen = [row for row in half if "would have been seen" in row["reason"]]
    assert seen
    for row in seen:
        assert row["verdict"] == "unproven"
        assert "10% fewer leavers for a realistic move" in row["reason"]
        assert "Spend was not looked at: what customers who stayed pay is the same" in row["reason"]


def test_two_currencies_leave_spend_unlooked_at_and_say_so(aimless):
    with aimless.writing() as cur:
        cur.execute("UPDATE subscriptions SET currency = 'EUR' WHERE customer_id > 'c00800'")
    rows = told(aimless)
    assert {row["verdict"] for row in rows} == {"unproven"}
    why = "Spend was not looked at: amounts come in several currencies without exchange rates."
    assert all(why in row["reason"] for row in rows)
    assert all(row["money_per_move"] is None for row in rows)


def test_where_too_few_leave_a_link_with_leaving_is_not_denied(tmp_path):
    with Database(tmp_path / "f.duckdb") as db:
        fill(db, simulate(7, customers=1500, effects=NOTHING, level=-3.0))
        with db.writing() as cur:
            cur.execute("UPDATE subscriptions SET ended_on = NULL, cancelled_on = NULL")
        rows = told(db, change=0.02)
    assert "vanity" not in {row["verdict"] for row in rows}
    assert {row["outcome"] for row in rows} == {"spend"}
    seen = [row for row in rows if "would have been seen" in row["reason"]]
    assert seen
    for row in rows:
        if row["verdict"] == "unproven":
            assert "Leaving was not looked at: fewer than 10 windows" in row["reason"]
