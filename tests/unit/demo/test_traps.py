"""Each trap is really there. Risks are the true ones, so that chance cannot hide or fake a trap."""

import numpy as np
import pandas as pd
import pytest

from cxdash.demo import Truth, pilots, register
from cxdash.demo.company import ITEMS, TOPICS
from cxdash.demo.surveys import wave_months

NOISE = ITEMS[-1]


@pytest.fixture(scope="module")
def answers(large):
    """Answers of the relationship survey with the truth about the customer beside them."""
    frame = large.relationship
    frame = frame[(frame["status"] == "answer") & frame["customer_id"].notna()].copy()
    who = large.customers
    place = frame["customer_id"].map({name: k for k, name in enumerate(who.ids)}).to_numpy()
    days = frame["answered_at"].to_numpy(dtype="datetime64[D]")
    month = large.calendar.month_of(days)
    ahead = month[:, None] + 1 + np.arange(12)[None, :]
    frame["place"], frame["month"] = place, month
    frame["segment"] = who.segment[place]
    frame["lived"] = who.experience[place, month]
    frame["risk"] = 1 - np.prod(1 - who.hazard[place[:, None], ahead], axis=1)
    frame["band"] = np.select([frame["nps"] <= 6, frame["nps"] >= 9], ["low", "high"], "middle")
    return frame


def gap(frame):
    risk = frame.groupby("band")["risk"].mean()
    return risk["low"] - risk["high"]


def test_unhappy_customers_really_do_leave_more_often(answers):
    risk = answers.groupby("band")["risk"].mean()
    assert risk["low"] > 1.3 * risk["middle"] > 1.3 * risk["high"]


def test_the_segment_makes_the_score_look_more_telling_than_it_is(answers):
    within = np.average(
        [gap(part) for _, part in answers.groupby("segment")],
        weights=[len(part) for _, part in answers.groupby("segment")],
    )
    assert 0 < within < 0.8 * gap(answers)


def test_the_score_rises_only_because_the_unhappy_leave(large):
    drift = Truth.of(large).summary["drift"]
    assert drift["present"] > 0.06
    assert abs(drift["same_people"]) < 0.03
    frame = large.relationship[large.relationship["status"] == "answer"]
    wave = pd.to_datetime(frame["sent_at"]).dt.to_period("M")
    score = (frame["nps"] >= 9).groupby(wave).mean() - (frame["nps"] <= 6).groupby(wave).mean()
    assert len(score) == len(wave_months(large.calendar, 6))
    assert score.iloc[-1] - score.iloc[0] > 0.03


def test_a_third_answers_and_those_are_happier_than_those_asked(large, answers):
    asked = large.invitations[large.invitations["survey"] == "relationship"]
    rate = (large.relationship["status"] == "answer").sum() / len(asked)
    assert 0.25 < rate < 0.35
    wave = wave_months(large.calendar, 6)[2]
    lived = large.customers.experience[large.customers.active_at_end_of(wave), wave].mean()
    heard = answers[answers["month"] == wave]["lived"].mean()
    assert heard > lived + 0.05


def test_the_angry_answer_more_than_the_merely_unhappy(large, answers):
    """Among those who ever answer, all waves together."""
    who = large.customers
    ever = np.isin(np.arange(who.count), answers["place"])
    shares = {"angry": [], "unhappy": []}
    for wave in wave_months(large.calendar, 6):
        spoke = np.isin(np.arange(who.count), answers[answers["month"] == wave]["place"])
        here, lived = who.active_at_end_of(wave) & ever, who.experience[:, wave]
        shares["angry"].append(spoke[here & (lived < -1.8)])
        shares["unhappy"].append(spoke[here & (lived > -1.1) & (lived < -0.7)])
    mean = {name: np.concatenate(parts).mean() for name, parts in shares.items()}
    assert mean["angry"] > mean["unhappy"] + 0.05


def test_customers_nobody_hears_leave_more_often(large, answers):
    truth, last = Truth.of(large), large.calendar.end
    there = large.customers.active_at_end_of(large.calendar.months - 1)
    ids = pd.Series(truth.ids.tolist())
    invitations = large.invitations[large.invitations["survey"] == "relationship"]
    asked = ids.isin(invitations["customer_id"]).to_numpy()
    heard = ids.isin(answers["customer_id"]).to_numpy()
    risk = {
        name: truth.probability_of_leaving(truth.ids[there & asked & who].tolist(), last, 12).mean()
        for name, who in (("heard", heard), ("silent", ~heard))
    }
    assert risk["silent"] > 1.15 * risk["heard"]
    assert (there & asked & ~heard).sum() > 0.35 * (there & asked).sum()


def test_exit_surveys_come_after_the_notice_and_look_like_prophecy(large):
    who = large.customers
    place = large.exits["customer_id"].map({name: k for k, name in enumerate(who.ids)}).to_numpy()
    days = large.exits["answered_at"].to_numpy(dtype="datetime64[D]")
    assert (days > who.cancelled_on[place]).all()
    assert (days < who.left_on[place]).mean() > 0.15  # still customers when they answered
    assert large.exits["nps"].mean() < 3
    assert len(large.exits) > 100


def test_the_item_that_means_nothing_is_unrelated_to_everything(answers):
    known = answers[answers[NOISE].notna()]
    allowed = 4 / np.sqrt(len(known) / 2.5)  # the same customers answer several times
    for other in ("risk", "lived", "segment", "nps", "product_quality"):
        both = known[known[other].notna()]
        assert abs(np.corrcoef(both[NOISE], both[other])[0, 1]) < allowed, other
    style = known.groupby("place")[NOISE].agg(["mean", "count"])
    assert style[style["count"] >= 3]["mean"].std() > 0.5  # yet people differ, steadily


@pytest.mark.parametrize("item", TOPICS)
def test_every_other_rating_reads_the_experience(answers, item):
    known = answers[answers[item].notna()]
    assert np.corrcoef(known[item], known["risk"])[0, 1] < -0.15
    assert np.corrcoef(known[item], known["lived"])[0, 1] > 0.35


def test_relationship_health_repeats_last_quarter_and_adds_nothing(large, answers):
    known = answers[answers["relationship_health"].notna()]
    cents, place, month = large.customers.cents, known["place"], known["month"]
    change = np.log(cents[place, month - 1] / cents[place, month - 4])
    echo = known["relationship_health"].to_numpy()
    assert np.corrcoef(echo, change)[0, 1] > 0.6
    risk = np.log(known["risk"] / (1 - known["risk"]))
    columns = [
        np.ones(len(known)),
        echo,
        known["lived"],
        change,
        *pd.get_dummies(known["segment"]).to_numpy().T[1:],
    ]
    weights, *_ = np.linalg.lstsq(
        np.column_stack(columns).astype(float), risk.to_numpy(), rcond=None
    )
    assert abs(weights[1]) < 0.04  # log odds a point, where experience has about -0.5
    assert weights[2] < -0.25


def test_some_desks_beg_for_full_marks_from_a_day_on(large):
    frame, begging = large.support.answers, large.support.begging
    assert 2 <= len(begging) <= 3
    since = frame["unit"].map(begging)
    after = since.notna() & (frame["answered_at"] >= since)
    before = since.notna() & ~after
    fives = frame["csat"] == 5
    assert fives[after].mean() > fives[~after].mean() + 0.25
    assert abs(fives[before].mean() - fives[since.isna()].mean()) < 0.08


def test_the_pilot_is_drawn_by_lot_and_its_effect_is_the_one_told(large):
    who, members = large.customers, large.pilot_members
    truth = Truth.of(large).summary["pilot"]
    arm = who.pilot_arm[members]
    assert abs((arm == 1).mean() - 0.5) < 0.06
    mean = who.experience_mean[members]
    assert abs(mean[arm == 1].mean() - mean[arm == 2].mean()) < 0.1
    chance = truth["leaving_without"], truth["leaving_with"]
    assert chance[0] - chance[1] > 0.05
    window = slice(large.pilot_month, large.pilot_month + truth["months"])
    left = (who.left_month[members] >= window.start) & (who.left_month[members] < window.stop)
    for number, expected in ((2, chance[0]), (1, chance[1])):
        group = left[arm == number]
        spread = np.sqrt(expected * (1 - expected) / len(group))
        assert abs(group.mean() - expected) < 4 * spread


def test_before_the_pilot_both_arms_run_the_same_risk(large):
    who, before = large.customers, large.pilot_month - 1
    means = [who.hazard[who.pilot_arm == arm, before].mean() for arm in (1, 2)]
    during = [who.hazard[who.pilot_arm == arm, before + 1].mean() for arm in (1, 2)]
    assert means[0] == pytest.approx(means[1], rel=0.12)
    assert during[0] < 0.7 * during[1]


def test_tickets_cost_more_for_the_unhappy_and_the_big(large):
    tickets, who = large.support.tickets, large.customers
    segment = who.segment[tickets["who"].to_numpy()]
    cost = tickets["cost_cents"].groupby(segment).mean()
    assert cost[0] < cost[1] < cost[2]
    months = large.calendar.months
    there = who.active_at_end_of(months - 1) & (who.start_month < 0)
    counts = who.tickets[there, :months].sum(axis=1)
    small = who.segment[there] == 0
    assert np.corrcoef(who.experience_mean[there][small], counts[small])[0, 1] < -0.2
    assert tickets["repeats"].mean() > 0.05


def test_engaged_teams_get_better_marks_two_months_later(large):
    teams = large.support.teams.pivot_table(index="unit", columns="period", values="engagement")
    frame = large.support.answers
    clean = frame[~frame["unit"].isin(large.support.begging)]
    month = large.calendar.month_of(clean["answered_at"].to_numpy(dtype="datetime64[D]"))
    late = month >= 2
    row = teams.index.get_indexer(clean["unit"])
    mood = teams.to_numpy()[row[late], month[late] - 2]
    assert np.corrcoef(mood, clean["csat"].to_numpy()[late])[0, 1] > 0.08


def test_the_register_lists_what_happened_and_nothing_else(company):
    listed = register.events(company)
    begging = listed[listed["event_kind"] == "incentive"]
    found = {row.unit: row.dated.date() for row in begging.itertuples()}
    assert found == {unit: day.item() for unit, day in company.support.begging.items()}
    others = listed[listed["event_kind"] != "incentive"]
    # The pilots; there was no general price rise, outage or season.
    assert sorted(others["dated"]) == sorted(
        company.calendar.month_start(month)
        for month in (company.pilot_month, pilots.idle_month(company))
    )
    assert listed["dated"].is_monotonic_increasing


def test_the_pilot_that_does_nothing_was_drawn_by_lot_among_those_in_no_other(large):
    rosters = pilots.roster(large)
    idle = rosters[rosters["pilot"] == pilots.IDLE_PILOT]
    assert not set(idle["customer_id"]) & set(rosters[rosters["pilot"] == pilots.PILOT].customer_id)
    who, month = large.customers, pilots.idle_month(large)
    position = {one: index for index, one in enumerate(who.ids)}
    at = np.array([position[one] for one in idle["customer_id"]])
    assert who.active_at_end_of(month - 1)[at].all()
    treated = idle["arm"].to_numpy() == "pilot"
    assert abs(treated.mean() - 0.5) < 3 * 0.5 / np.sqrt(len(idle))
    # Their chances of leaving are those they would have had anyway: no part of them knows the arm.
    chance = 1 - np.prod(1 - who.hazard[at, month : large.calendar.months], axis=1)
    apart = chance[treated].mean() - chance[~treated].mean()
    assert abs(apart) < 3 * chance.std() * np.sqrt(1 / treated.sum() + 1 / (~treated).sum())


def test_some_metrics_have_an_owner_and_a_decision_and_some_have_nobody(company):
    owned = register.metric_register(company).set_index("metric")
    assert owned["owner"].notna().any()
    assert owned["owner"].isna().any()
    assert owned["decision"].notna().sum() == owned["decided_on"].notna().sum() == 2
