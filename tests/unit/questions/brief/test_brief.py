"""The brief: good news through the gate, money with its range, a decision the evidence allows."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from filled import fill

from cxdash.faces.columns import cell, columns
from cxdash.facts import Interval, Scope
from cxdash.facts.wording import cause_words, direction_words
from cxdash.questions import ask
from cxdash.questions.brief.answer import _none_passes, _too_small
from cxdash.questions.brief.news import Candidate, News
from cxdash.stats.estimate import Difference


def _scores(company, rng, *, lift=0.0, customers=120, items=("speed", "care", "price", "tools")):
    for number in range(customers):
        name = f"c{number:04}"
        for day, extra in (("2025-03-10", 0.0), ("2025-10-10", lift)):
            for item in items:
                value = float(np.clip(round(rng.normal(3.2 + extra, 0.9)), 1, 5))
                company.answers(name, day, value, item=item, variant="rating.1-5", scale=(1, 5))


def test_without_data_nothing_is_claimed(company):
    answer = ask(company.db, "brief")
    assert answer.status == "cannot_tell"
    assert "claims" not in answer.tables


def test_three_claims_in_order_each_with_a_fact_and_a_grade(company):
    fill(company)
    answer = ask(company.db, "brief")
    claims = answer.tables["claims"]
    assert [(c["order"], c["kind"]) for c in claims] == [
        (1, "good_news"),
        (2, "at_stake"),
        (3, "ask"),
    ]
    for claim in claims:
        fact = answer.fact(claim["fact_id"])
        assert claim["grade"] == fact.grade.name
        assert not cause_words(claim["sentence"])


def test_a_real_improvement_is_the_good_news(company):
    fill(company, customers=120)
    _scores(company, np.random.default_rng(2), lift=0.8)
    answer = ask(company.db, "brief")
    sentence = answer.tables["claims"][0]["sentence"]
    assert "higher for this period" in sentence
    fact = answer.fact("brief.good_news")
    assert sentence.startswith(f"Among the {fact.n} customers who answered in both periods, the ")
    assert fact.interval is not None
    assert fact.interval.low > 0
    assert any("left in between" in line for line in fact.caveats)


def test_a_low_answer_that_is_the_good_one_is_told_as_it_was_rated(company):
    fill(company, customers=120)
    rng = np.random.default_rng(7)
    for number in range(120):
        for day, middle in (("2025-03-10", 3.6), ("2025-10-10", 2.6)):
            value = float(np.clip(round(rng.normal(middle, 0.8)), 1, 5))
            company.answers(
                f"c{number:04}", day, value, item="waiting", variant="rating.1-5", scale=(1, 5)
            )
    with company.db.writing() as cur:
        cur.execute("UPDATE scores SET high_is_good = false WHERE item = 'waiting'")
    answer = ask(company.db, "brief")
    sentence = answer.tables["claims"][0]["sentence"]
    assert "the rating of “waiting” is lower for this period" in sentence
    assert sentence.endswith("A low answer is the good one there.")
    assert answer.fact("brief.good_news").interval.high < 0


def test_noise_is_held_back_and_counted(company):
    fill(company, customers=120, gap=0.0)
    _scores(company, np.random.default_rng(3))
    answer = ask(company.db, "brief")
    sentence = answer.tables["claims"][0]["sentence"]
    assert "Cannot tell" in sentence
    assert not direction_words(sentence)
    assert answer.fact("brief.held_back").value == len(answer.tables["held_back"]) > 0
    assert answer.fact("brief.looked_at").value >= 10


@pytest.mark.parametrize(
    ("estimate", "unit", "listed"),
    [
        (0.026, "score", 0),
        (0.0, "score", 0),
        (-0.2, "score", 0),
        (0.26, "score", 1),
        (0.04, "share", 1),
    ],
)
def test_a_difference_printed_as_none_does_not_look_good(estimate, unit, listed):
    gap = Difference(
        estimate=estimate,
        low=estimate - 0.4,
        high=estimate + 0.4,
        level=0.9,
        p_value=0.8,
        n_first=38,
        n_second=38,
        paired=True,
    )
    heard = News((Candidate("change", "CSAT", "csat", gap, unit, "rating.1-5", 3.0, 3.0, 0.9),))
    assert len(heard.held_back) == listed


def test_the_share_of_a_finding_is_shown_in_percent_and_a_score_is_not(company):
    fill(company, customers=120, gap=0.0)
    _scores(company, np.random.default_rng(3))
    answer = ask(company.db, "brief")
    (difference,) = (c for c in columns(answer, "held_back") if c.name == "difference")
    row = {"difference": 0.04, "low": -0.04, "high": 0.13}
    assert cell(difference, {**row, "unit": "share"}).startswith("4%")
    assert cell(difference, {**row, "unit": "score"}).startswith("0.04")


def test_a_fall_that_passes_the_gate_is_not_left_out(company):
    fill(company, customers=120)
    _scores(company, np.random.default_rng(4), lift=-0.8)
    answer = ask(company.db, "brief")
    assert answer.fact("brief.worse").value == len(answer.tables["worse"]) > 0
    assert any(line.startswith("Also true:") and "lower" in line for line in answer.caveats)


def test_a_fall_among_those_asked_twice_says_among_whom_and_that_others_may_differ(company):
    fill(company, customers=120)
    _scores(company, np.random.default_rng(4), lift=-0.8)
    answer = ask(company.db, "brief")
    also = [line for line in answer.caveats if line.startswith("Also true:")]
    assert also
    for line in also:
        assert re.search(r"mong the \d+ customers who answered in both periods, the rating", line)
    assert any("compares all who answered" in line for line in answer.caveats)
    sentence = answer.tables["claims"][0]["sentence"]
    assert sentence.startswith("No good news: of ")
    assert "Among the" in sentence
    assert "lower" in sentence


def test_a_rise_among_other_customers_is_no_good_news(company):
    """The average rises only because the unhappy stopped answering: nobody changed their mind."""
    fill(company, customers=120, gap=0.0)
    for number in range(120):
        value = 1 if number % 2 else 5
        for day in ("2025-03-10", "2025-10-10"):
            if value == 5 or day < "2025-06":
                for item in ("speed", "care"):
                    company.answers(
                        f"c{number:04}", day, value, item=item, variant="rating.1-5", scale=(1, 5)
                    )
    answer = ask(company.db, "brief")
    assert not any(
        "speed" in str(f.label) or "care" in str(f.label)
        for f in answer.facts
        if f.id.startswith("brief.good_news")
    )


def test_a_clear_gap_with_enough_customers_asks_for_a_pilot_by_lot(company):
    fill(company, customers=600)
    answer = ask(company.db, "brief")
    decision = answer.tables["claims"][2]
    assert "drawn by lot" in decision["sentence"]
    assert decision["fact_id"] == "worth.excess"


def _gap(low, high):
    reach = Interval(low, high, 0.9)
    return SimpleNamespace(interval=reach)


def _findings(base, customers):
    return SimpleNamespace(
        model=SimpleNamespace(adjusted={"w": SimpleNamespace(estimate=base)}),
        worst=SimpleNamespace(name="w"),
        coverage=SimpleNamespace(customers=customers),
    )


def test_a_gap_too_small_for_all_customers_to_show_needs_no_pilot():
    few, many = _findings(0.09, 984), _findings(0.09, 50_000)
    near = [_gap(-0.025, 0.022), _gap(-0.024, 0.023)]
    assert _too_small(few, near) == 0.025
    assert _too_small(many, near) is None  # enough customers to look
    assert _too_small(few, [_gap(0.001, 0.022), near[1]]) is None  # a clear gap
    assert _too_small(few, [_gap(-0.05, 0.06)]) is None  # may be most of their leaving


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (1, "The only change does not pass the tests"),
        (45, "None of 45 changes passes the tests"),
    ],
)
def test_one_change_is_told_in_the_singular(changes, said):
    assert _none_passes(changes) == said


def test_missing_money_asks_for_data_not_for_money(company):
    fill(company, customers=40, linked=False)
    answer = ask(company.db, "brief")
    decision = answer.tables["claims"][2]
    assert "supply what this answer lacks" in decision["sentence"]
    assert "$" not in decision["sentence"]
    assert answer.fact("worth.at_stake").value is None


@pytest.mark.parametrize("seed", range(3))
def test_the_brief_has_the_same_numbers_as_worth(company, seed):
    fill(company, seed=seed, customers=120)
    scope = Scope(horizon=6)
    brief, worth = ask(company.db, "brief", scope), ask(company.db, "worth", scope)
    shared = {fact.id for fact in brief.facts} & {fact.id for fact in worth.facts}
    assert "worth.at_stake" in shared
    for name in shared:
        assert brief.fact(name) == worth.fact(name)


def test_a_rise_that_pay_is_tied_to_is_held_back_with_its_reason(company):
    fill(company, customers=120)
    _scores(company, np.random.default_rng(2), lift=0.8)
    for item in ("speed", "care", "price", "tools"):
        company.add(
            "events",
            event_id=item,
            dated="2025-06-01",
            event_kind="incentive",
            what="Bonus",
            metric=item,
        )
    answer = ask(company.db, "brief")
    assert answer.fact("brief.good_news").value is None
    assert "Cannot tell" in answer.tables["claims"][0]["sentence"]
    reasons = {row["why"] for row in answer.tables["held_back"]}
    assert "pay is tied to it since 1 June 2025" in reasons
    assert any("as pay is tied to it" in line for line in answer.caveats)
    assert answer.fact("brief.held_back").value == len(answer.tables["held_back"])


def test_what_customers_like_most_is_told_but_is_no_news(company):
    fill(company, customers=120, gap=0.0)
    rng = np.random.default_rng(5)
    for number in range(120):
        for item, middle in (("speed", 4.8), ("care", 3.2), ("price", 3.2), ("tools", 3.2)):
            value = float(np.clip(round(rng.normal(middle, 0.6)), 1, 5))
            company.answers(
                f"c{number:04}",
                "2025-10-10",
                value,
                item=item,
                variant="rating.1-5",
                scale=(1, 5),
            )
    answer = ask(company.db, "brief")
    assert answer.fact("brief.good_news").value is None
    assert answer.fact("brief.liked").label.startswith("What customers like most")
    sentence = answer.tables["claims"][0]["sentence"]
    assert sentence.startswith("No good news: of 3 changes 2 pass the tests, the wrong way.")
    assert "which is no news: The rating is higher for “speed”" in sentence


def test_too_few_unhappy_customers_of_today_are_followed_up_as_they_answer(company):
    fill(company, customers=120, gap=0.3)
    answer = ask(company.db, "brief")
    decision = answer.tables["claims"][2]
    if "drawn by lot as they answer" in decision["sentence"]:
        assert "in each half" in decision["sentence"]
    else:
        assert "find a way to hear" not in decision["sentence"]
