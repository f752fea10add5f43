"""What ``listening`` says: whom we heard, how the silent behave, three scores, never a claim too
many.
"""

from datetime import date, timedelta

import numpy as np
import pytest

from cxdash.facts import Scope
from cxdash.facts.wording import cause_words, direction_words
from cxdash.panel import settled
from cxdash.questions import ask
from cxdash.questions.listening.findings import find
from cxdash.questions.setting import prepare
from cxdash.stats.bounds import mean_bounds, tipping_point

FORBIDDEN = ("unbiased", "bias-free", "true score", "true nps", "representative of all")


def town(
    company,
    *,
    customers=360,
    seed=1,
    invitations=True,
    silent_leave=0.30,
    answered_leave=0.06,
    small_leave=0.0,
    by_segment=True,
):
    """A third each never asked, silent and answering; the silent leave more often; S1 answers more.

    Enterprise-like customers (segment S1) pay ten times as much and answer twice as often; the
    others leave more often by ``small_leave``, whether they answer or not.
    """
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        large = number % 3 == 0
        company.add("customers", customer_id=name, segment="S1" if large else "S0", row_key=name)
        asked = rng.random() < 0.8
        answers = asked and rng.random() < (0.75 if large and by_segment else 0.35)
        chance = answered_leave if answers else silent_leave
        leaves = rng.random() < chance + (0 if large else small_leave)
        end = f"2025-{rng.integers(2, 13):02}-15" if leaves else None
        company.contract(name, "2022-05-01", end, amount=1000 if large else 100)
        for day in ("2024-05-10", "2024-11-10", "2025-05-10", "2025-11-10"):
            if end and day >= end:
                continue
            if asked and invitations:
                company.add(
                    "invitations",
                    invitation_id=f"{name}-{day}",
                    customer_id=name,
                    sent_at=f"{day} 08:00",
                    survey="wave",
                )
            if answers:
                value = float(
                    rng.choice([3, 7, 10], p=[0.2, 0.3, 0.5] if large else [0.5, 0.3, 0.2])
                )
                company.answers(name, day, value, survey="wave")
    company.pays("c0000", "2025-12-31", 1)


def _words(answer):
    said = [answer.headline, *answer.caveats, *answer.missing]
    said += [chart.title for chart in answer.charts] + [chart.alt for chart in answer.charts]
    for fact in answer.facts:
        card = fact.card
        said += [fact.label, fact.method.description, *fact.caveats, card.model, card.formula]
        said += [*card.assumptions, card.sensitivity, card.validation]
    return said


@pytest.fixture(scope="module")
def usual(shared_company):
    """The usual town, which the tests only ask and count."""
    town(shared_company)
    return shared_company.db


@pytest.fixture(scope="module")
def answered(usual):
    return ask(usual, "listening")


def test_it_says_how_many_customers_and_how_much_revenue_was_heard(usual):
    answer = ask(usual, "listening")
    assert answer.status == "answered"
    assert answer.headline.startswith("We heard ")
    by_hand = usual.rows(
        """
        SELECT count(*) AS n, sum(s.monthly_amount) AS revenue,
               count(r.customer_id) AS heard,
               sum(s.monthly_amount) FILTER (r.customer_id IS NOT NULL) AS revenue_heard
        FROM subscriptions s
        LEFT JOIN (SELECT DISTINCT customer_id FROM responses
                   WHERE answered_at > '2025-01-01') r USING (customer_id)
        WHERE s.ended_on IS NULL"""
    )[0]
    assert answer.fact("coverage.customers").value == pytest.approx(by_hand["heard"] / by_hand["n"])
    revenue = float(by_hand["revenue_heard"]) / float(by_hand["revenue"])
    assert answer.fact("coverage.revenue").value == pytest.approx(revenue)
    silent = float(by_hand["revenue"]) - float(by_hand["revenue_heard"])
    money = answer.fact("listening.unheard_revenue")
    assert (money.value, money.unit) == (pytest.approx(6 * silent), "USD")


def test_coverage_is_the_same_number_as_on_the_page_about_worth(usual):
    here, there = ask(usual, "listening"), ask(usual, "worth")
    for name in ("coverage.customers", "coverage.revenue"):
        assert here.fact(name).value == there.fact(name).value


def test_groups_are_as_the_contract_has_them_and_their_counts_add_up(answered):
    rows = answered.tables["groups"]
    counts = {"customers", "answered", "silent", "never_asked"}
    wanted = counts | {"group", "revenue", "churn_rate", "low", "high"}
    for row in rows:
        assert wanted <= set(row)
        assert row["answered"] + row["silent"] + row["never_asked"] == row["customers"]
        assert row["low"] <= row["churn_rate"] <= row["high"]
    everybody = rows[0]
    assert everybody["group"] == "All customers"
    for part in ("customers", "answered", "silent", "never_asked"):
        segments = [row[part] for row in rows if row["group"].startswith("Segment")]
        assert sum(segments) == everybody[part]


def test_how_the_silent_behaved_is_said_only_when_it_is_clear(usual):
    clear = ask(usual, "listening")
    gap = clear.fact("listening.gap")
    assert gap.interval.low > 0
    assert "asked and did not answer left more often" in clear.headline
    assert not cause_words(clear.headline)


def test_without_a_difference_the_headline_is_silent_about_it(company):
    town(company, silent_leave=0.15, answered_leave=0.15, seed=5)
    answer = ask(company.db, "listening")
    assert answer.fact("listening.gap").interval.holds(0)
    assert "left" not in answer.headline
    assert not direction_words(answer.headline)
    title = next(chart.title for chart in answer.charts if chart.id == "afterwards")
    assert title.startswith("Cannot tell whether")


def test_what_is_left_of_the_difference_with_all_known_held_equal_stands_beside_it(company):
    town(company, customers=600)
    answer = ask(company.db, "listening")
    counted, held = answer.fact("listening.gap"), answer.fact("listening.gap_adjusted")
    assert 0 < held.interval.low < counted.value
    assert "segment" in held.method.adjusted_for
    assert "held equal, the difference in leaving within 6 months between" in answer.headline
    assert held.grade.name == "D"


def test_small_customers_who_answer_less_and_leave_more_do_not_make_silence_a_sign(company):
    """Within each segment the silent leave as often as the others."""
    town(company, customers=900, silent_leave=0.03, answered_leave=0.03, small_leave=0.45)
    answer = ask(company.db, "listening")
    assert answer.fact("listening.gap").interval.low > 0
    assert answer.fact("listening.gap_adjusted").interval.holds(0)
    assert "held equal: cannot tell whether a difference in leaving within" in answer.headline


def test_rates_of_leaving_by_standing_can_be_counted_by_hand(usual):
    answer = ask(usual, "listening", Scope(horizon=6))
    by_hand = usual.rows(
        """
        WITH marks(starts, ends) AS (VALUES (DATE '2024-06-30', DATE '2024-12-31'),
                                            (DATE '2024-12-31', DATE '2025-06-30'),
                                            (DATE '2025-06-30', DATE '2025-12-31')),
        rows AS (
            SELECT p.customer_id, p.left_on <= m.ends AS gone,
                   EXISTS (FROM responses r WHERE r.customer_id = p.customer_id
                           AND CAST(r.answered_at AS DATE) <= m.starts
                           AND CAST(r.answered_at AS DATE) > m.starts - INTERVAL 12 MONTH)
                     AS answered,
                   EXISTS (FROM invitations i WHERE i.customer_id = p.customer_id
                           AND CAST(i.sent_at AS DATE) <= m.starts
                           AND CAST(i.sent_at AS DATE) > m.starts - INTERVAL 12 MONTH) AS asked
            FROM panel_spells p CROSS JOIN marks m
            WHERE p.left_on IS NULL OR p.left_on > m.starts)
        SELECT CASE WHEN answered THEN 'answered' WHEN asked THEN 'silent' ELSE 'never_asked' END
                 AS standing,
               count(*) AS n, count(*) FILTER (gone) AS gone
        FROM rows GROUP BY 1"""
    )
    assert len(by_hand) == 3
    for row in by_hand:
        fact = answer.fact(f"listening.left.{row['standing']}")
        assert (fact.n, round(fact.value * fact.n)) == (row["n"], row["gone"])


def test_three_scores_stand_beside_each_other(answered):
    heard, adjusted, bounds = (answered.fact(f"nps.{x}") for x in ("heard", "adjusted", "bounds"))
    everybody = answered.tables["groups"][0]
    wanted = mean_bounds(heard.value, heard.n, everybody["customers"], lowest=-100, highest=100)
    assert bounds.value is None
    assert (bounds.interval.low, bounds.interval.high) == pytest.approx((wanted.low, wanted.high))
    # The large are heard more and like us better, so weighting lowers the score.
    assert adjusted.value < heard.value
    assert adjusted.interval.holds(adjusted.value)
    assert (
        bounds.interval.low < adjusted.interval.low < adjusted.interval.high < bounds.interval.high
    )
    assert [row["view"] for row in answered.tables["scores"]][:2] == [
        "As those who answered gave it",
        "Weighted to all customers",
    ]
    tipping = tipping_point(
        heard.value, heard.n, everybody["customers"], line=0, lowest=-100, highest=100
    )
    assert answered.fact("listening.tipping_point").value == pytest.approx(tipping.silent)
    title = next(chart.title for chart in answered.charts if chart.id == "scores")
    assert title.startswith("NPS of all customers would be 0 if those who did not answer gave ")


def test_both_ranges_speak_of_todays_customers_as_a_fixed_list(answered):
    heard = answered.fact("nps.heard")
    customers = answered.tables["groups"][0]["customers"]
    assert heard.n < customers
    # As if so many answers came from a company without end; the share unheard is left in doubt.
    widest = 2 * 1.645 * 100 / heard.n**0.5
    assert heard.interval.width < widest * (1 - heard.n / customers) ** 0.5
    assert any("as a fixed list" in line for line in answered.caveats)
    assert f"among the {heard.n} of {customers} customers who answered it" in answered.headline
    assert "twelve months to December 2025" in heard.label


def test_a_company_heard_whole_is_known_without_a_range(company):
    for number in range(40):
        company.contract(f"c{number:04}", "2022-05-01")
        company.answers(f"c{number:04}", "2025-11-10", 10 if number % 4 else 3, survey="wave")
    company.pays("c0000", "2025-12-31", 1)
    heard = ask(company.db, "listening").fact("nps.heard")
    assert (heard.value, heard.interval, heard.n) == (50, None, 40)


def test_contacts_of_the_year_of_asking_do_not_enter_the_weights(company):
    town(company, customers=240)

    def weighted():
        return ask(company.db, "listening").fact("nps.adjusted").value

    def call(day):
        for number in range(0, 240, 2):
            name = f"c{number:04}"
            company.add(
                "contacts",
                contact_id=f"{name}-{day}",
                customer_id=name,
                contacted_at=f"{day} 10:00",
            )

    plain = weighted()
    call("2025-11-03")
    assert weighted() == pytest.approx(plain, abs=1e-12)
    call("2024-12-03")
    assert weighted() != pytest.approx(plain, abs=1e-6)


def test_revenue_kept_counts_growth_and_says_so(answered):
    kept = answered.fact("listening.kept.answered")
    assert kept.definition == "nrr"
    assert "growth counted" in kept.label


def test_no_score_is_called_right_and_what_weights_cannot_repair_is_said(answered):
    for said in _words(answered):
        assert not [word for word in FORBIDDEN if word in said.lower()]
    adjusted = answered.fact("nps.adjusted")
    assert "segment" in adjusted.method.adjusted_for
    assert any("cannot repair answering that goes with the opinion" in c for c in adjusted.caveats)
    assert any("no proof of what all customers think" in line for line in answered.caveats)
    assert adjusted.grade.name == "D"


def test_weights_that_differ_are_worth_fewer_answers(answered):
    effective = answered.fact("listening.effective_answers")
    assert effective.value < effective.n
    likeness = answered.fact("listening.representativeness")
    assert likeness.interval.high < 1


def test_where_answering_differs_most_is_the_title_of_the_first_chart(answered):
    title = answered.charts[0].title
    assert "“S1” answered more often" in title
    assert not cause_words(title)


def test_when_nobody_answers_more_than_others_the_title_names_nobody(company):
    town(company, by_segment=False, seed=2)
    answer = ask(company.db, "listening")
    assert answer.charts[0].title == "Share of customers who answered anything in twelve months"


def test_without_invitations_silent_and_never_asked_are_not_told_apart(company):
    town(company, invitations=False)
    answer = ask(company.db, "listening")
    assert answer.status == "partly"
    assert all(row["silent"] is None for row in answer.tables["groups"])
    assert answer.fact("listening.response_rate").value is None
    assert "customers who did not answer left more often" in answer.headline.lower()
    assert any("nobody can tell which" in line for line in answer.caveats)
    assert any("import the invitations" in line for line in answer.missing)


def test_response_rates_are_counted_by_month(usual):
    answer = ask(usual, "listening")
    by_hand = usual.rows(
        """
        SELECT last_day(CAST(i.sent_at AS DATE)) AS month, count(*) AS n,
               count(r.customer_id) AS hit
        FROM invitations i LEFT JOIN responses r
          ON r.customer_id = i.customer_id AND CAST(r.answered_at AS DATE) = CAST(i.sent_at AS DATE)
        GROUP BY 1 ORDER BY 1"""
    )
    rows = answer.tables["response_rate"]
    assert [(row["month"], row["n"]) for row in rows] == [
        (row["month"].isoformat(), row["n"]) for row in by_hand
    ]
    assert [row["response_rate"] for row in rows] == pytest.approx(
        [row["hit"] / row["n"] for row in by_hand]
    )


def test_a_month_whose_invitations_have_not_had_their_time_is_not_shown(usual):
    answer = ask(usual, "listening", Scope(as_of=date(2025, 5, 31)))
    assert [row["month"] for row in answer.tables["response_rate"]] == ["2024-05-31", "2024-11-30"]


def test_groups_of_fewer_than_five_customers_are_counted_not_shown(company):
    town(company)
    for number in range(4):
        name = f"tiny{number}"
        company.add("customers", customer_id=name, segment="Secret", row_key=name)
        company.contract(name, "2022-05-01")
    answer = ask(company.db, "listening")
    assert not [row for row in answer.tables["groups"] if "Secret" in row["group"]]
    assert any(
        line.startswith("1 group of fewer than 5 customers is not") for line in answer.caveats
    )


def test_what_the_unheard_let_us_know_unasked_is_counted(company):
    town(company)
    answer = ask(company.db, "listening")
    assert answer.fact("listening.unheard_contacts").value is None
    silent = company.db.rows(
        "SELECT customer_id FROM subscriptions WHERE ended_on IS NULL AND customer_id NOT IN "
        "(SELECT customer_id FROM responses) ORDER BY customer_id"
    )
    for row in silent[:12]:
        company.add(
            "contacts",
            contact_id=row["customer_id"],
            customer_id=row["customer_id"],
            contacted_at="2025-11-03 10:00",
            reason="Complaint",
        )
    again = ask(company.db, "listening").fact("listening.unheard_contacts")
    assert again.value == pytest.approx(12 / len(silent))
    assert "12 gave a complaint" in again.caveats[0]


def test_how_much_is_decided_on_surveys_comes_from_the_register(company):
    town(company, customers=60)
    assert (
        "No decision stands in a register"
        in (ask(company.db, "listening").fact("listening.survey_dependence").caveats[0])
    )
    for metric in ("nps", "NPS", "nrr", "shoe size"):
        company.add("metric_register", metric=metric, decision="Do it", decided_on="2025-03-01")
    fact = ask(company.db, "listening").fact("listening.survey_dependence")
    assert (fact.value, fact.n) == (pytest.approx(2 / 3), 3)
    assert "1 decision stands under a metric nobody knows" in fact.caveats[0]
    assert fact.label == "Recorded decisions that rest on a survey: 2 of 3"


def test_signals_say_what_is_loaded_and_what_to_add(answered):
    rows = {row["signal"]: row for row in answered.tables["signals"]}
    assert rows["Ratings in surveys"]["loaded"] > 0
    assert rows["Contacts with service"]["loaded"] == 0
    assert any("contacts with service" in line for line in answered.missing)


def _moody(company, *, picks, customers=600, seed=3):
    """Four waves; everybody answers either always or now and then. Those who pick answer at the
    ends of the scale whenever they answer.
    """
    rng = np.random.default_rng(seed)
    first = date(2024, 2, 1)
    for number in range(customers):
        name = f"m{number:04}"
        company.contract(name, "2020-01-01")
        always = number % 2 == 0
        for wave in range(4):
            day = first + timedelta(days=180 * wave)
            company.add(
                "invitations",
                invitation_id=f"{name}-{wave}",
                customer_id=name,
                sent_at=f"{day} 08:00",
                survey="wave",
            )
            mood = float(rng.integers(0, 11))
            strong = mood in (0, 1, 9, 10)
            if always or rng.random() < ((0.5 if strong else 0.05) if picks else 0.2):
                company.answers(name, day.isoformat(), mood, survey="wave")
    company.pays("m0000", "2025-12-31", 1)


def test_answering_only_when_feelings_are_strong_shows(company):
    _moody(company, picks=True)
    answer = ask(company.db, "listening")
    fact = answer.fact("listening.strong_feelings")
    assert fact.interval.low > 0
    assert any("Strong feelings seem to decide" in line for line in answer.caveats)
    shares = [row["share_at_the_ends"] for row in answer.tables["strong_feelings"]]
    assert shares[0] - shares[1] == pytest.approx(fact.value)


def test_answering_by_chance_is_not_taken_for_strong_feelings(company):
    _moody(company, picks=False)
    answer = ask(company.db, "listening")
    assert answer.fact("listening.strong_feelings").interval.holds(0)
    assert not any("Strong feelings seem" in line for line in answer.caveats)


def test_a_satisfied_share_and_an_average_are_told_on_their_own_scales(company):
    town(company)
    rng = np.random.default_rng(4)
    for number in range(0, 360, 2):
        for item, variant, top in (("csat", "csat.1-5.top2", 5), ("mood", "rating.1-7", 7)):
            value = float(rng.integers(1, top + 1))
            scale = (1, top)
            company.answers(
                f"c{number:04}", "2025-12-01", value, item=item, variant=variant, scale=scale
            )
    share = ask(company.db, "listening", Scope(metric="csat"))
    assert share.fact("csat.heard").unit == "share"
    assert (
        0 <= share.fact("csat.bounds").interval.low <= share.fact("csat.bounds").interval.high <= 1
    )
    mean = ask(company.db, "listening", Scope(metric="mood"))
    bounds = mean.fact("mood.bounds").interval
    assert mean.fact("mood.heard").unit == "score"
    assert 1 <= bounds.low < mean.fact("mood.adjusted").value < bounds.high <= 7


def test_the_weighted_score_hardly_depends_on_the_way_of_weighting(usual):
    """Raking to counts and one over the chance of answering stand beside each other in the card."""
    with settled(usual) as view:
        setting = prepare(view, Scope())
        assert setting is not None
        adjusted = find(view, setting).score.adjusted
    assert adjusted is not None
    assert adjusted.raked == pytest.approx(adjusted.weighted.estimate, abs=4)


def test_filters_narrow_whom_it_speaks_of(usual):
    everyone = ask(usual, "listening")
    some = ask(usual, "listening", Scope(where=(("segment", "S1"),)))
    counted = [answer.tables["groups"][0]["customers"] for answer in (everyone, some)]
    assert counted[1] < counted[0]
    assert some.fact("coverage.customers").value > everyone.fact("coverage.customers").value
    assert some.fact("listening.response_rate").n < everyone.fact("listening.response_rate").n
    assert "segment S1" in some.fact("nps.heard").population


def test_every_model_has_its_card(answered):
    for name in ("nps.adjusted", "listening.representativeness", "listening.gap_adjusted"):
        card = answered.fact(name).card
        assert card.code.startswith("cxdash.")
        assert card.formula
        assert card.sample
        assert card.sensitivity
    assert "Raking" in answered.fact("nps.adjusted").card.sensitivity


def test_the_same_question_gives_the_same_numbers(company):
    town(company, customers=120)
    assert ask(company.db, "listening").to_json() == ask(company.db, "listening").to_json()
