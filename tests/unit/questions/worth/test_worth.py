"""When ``worth`` speaks, what it says, and when it says that it cannot tell."""

from datetime import date

import pytest
from filled import fill

from cxdash.errors import UsageError
from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.facts.wording import cause_words, direction_words
from cxdash.questions import ask, main_metric, metrics, segments
from cxdash.questions.worth import words


def test_without_data_it_says_what_to_import(company):
    answer = ask(company.db, "worth")
    assert answer.status == "cannot_tell"
    assert "nothing to tell yet" in answer.headline
    assert any("survey" in line for line in answer.missing)


def test_a_clear_gap_is_said_with_its_range_and_its_money(company):
    fill(company)
    answer = ask(company.db, "worth")
    assert answer.status == "answered"
    assert "left more often" in answer.headline
    assert "$" in answer.headline
    assert not cause_words(answer.headline)
    gap = answer.fact("worth.gap")
    assert gap.interval is not None
    assert gap.interval.low > 0
    assert gap.grade.name == "D"
    bands = {row["band"]: row for row in answer.tables["bands"]}
    assert list(bands) == ["detractor", "passive", "promoter", "silent"]
    whole = answer.fact("worth.at_stake")
    parts = sum(row["revenue_at_stake"] or 0 for row in bands.values())
    assert whole.value == pytest.approx(parts, abs=0.05)
    assert answer.as_of == date(2025, 12, 31)


def test_counted_rates_can_be_counted_by_hand(company):
    fill(company)
    answer = ask(company.db, "worth", Scope(horizon=6))
    row = next(r for r in answer.tables["bands"] if r["band"] == "detractor")
    by_hand = company.db.rows(
        """
        SELECT count(*) AS n, count(*) FILTER (WHERE left_on <= ends) AS gone FROM (
            SELECT s.left_on, m.ends
            FROM panel_spells s
            JOIN (SELECT DISTINCT customer_id FROM panel_answers WHERE value = 3) a
              USING (customer_id)
            CROSS JOIN (VALUES (DATE '2024-06-30', DATE '2024-12-31'),
                               (DATE '2024-12-31', DATE '2025-06-30'),
                               (DATE '2025-06-30', DATE '2025-12-31')) m(starts, ends)
            WHERE s.left_on IS NULL OR s.left_on > m.starts
        )"""
    )[0]
    assert (row["n"], row["left"]) == (by_hand["n"], by_hand["gone"])


def test_no_gap_means_no_direction_in_any_sentence(company):
    fill(company, gap=0.0, seed=4)
    answer = ask(company.db, "worth")
    assert "Cannot tell" in answer.headline
    assert not direction_words(answer.headline)
    gap = next(chart for chart in answer.charts if chart.id == "gap")
    assert not direction_words(gap.title)


def test_more_customers_than_there_are_is_no_advice_but_a_bound(company, monkeypatch):
    fill(company, gap=0.0, seed=4)
    monkeypatch.setattr(words, "customers_needed", lambda *_: 5_000_000)
    answer = ask(company.db, "worth")
    assert "would be needed" not in answer.headline
    reach = answer.fact("worth.gap").interval
    most = fmt.gap(max(-reach.low, reach.high), "share")
    assert (
        "A difference in leaving within 6 months between unhappy customers (0–6) and happy "
        f"customers (9–10) beyond {most} is all but ruled out."
    ) in answer.headline


def test_few_enough_customers_to_be_had_are_named(company, monkeypatch):
    fill(company, gap=0.0, seed=4)
    monkeypatch.setattr(words, "customers_needed", lambda *_: 100)
    assert "about 100 customers in each group would be needed" in ask(company.db, "worth").headline


def test_answers_that_do_not_match_withhold_rates_and_dollars(company):
    fill(company, customers=40, linked=False)
    answer = ask(company.db, "worth")
    assert answer.status == "cannot_tell"
    assert "only 0% of the answers find their customer" in answer.headline
    assert all(row["churn_rate"] is None for row in answer.tables["bands"])
    assert all(row["revenue_at_stake"] is None for row in answer.tables["bands"])
    assert answer.fact("worth.at_stake").value is None
    assert answer.fact("worth.matched").value == 0


def test_a_second_currency_without_a_rate_withholds_dollars_but_not_rates(company):
    fill(company)
    company.pays("c0003", "2025-12-30", 1000, currency="JPY")
    answer = ask(company.db, "worth")
    assert answer.status == "partly"
    assert "withheld" in answer.headline
    assert answer.fact("worth.at_stake").value is None
    assert answer.fact("worth.gap").value is not None
    assert any("exchange rate" in line for line in answer.caveats)


def test_too_few_who_left_is_said_with_the_counts(company):
    fill(company, customers=16)
    answer = ask(company.db, "worth")
    assert answer.status == "cannot_tell"
    assert "only 3 of 46 observed windows" in answer.headline


def test_a_business_without_repeat_customers_gets_no_rate_of_leaving(company):
    for number in range(60):
        name = f"p{number}"
        company.pays(name, f"2025-{1 + number % 12:02}-15", 20, revenue_kind="one-off")
        company.answers(
            name,
            f"2025-{1 + number % 12:02}-18",
            number % 5 + 1,
            item="csat",
            variant="csat.1-5.top2",
            scale=(1, 5),
        )
    company.pays("p1", "2025-12-30", 20, revenue_kind="one-off")
    answer = ask(company.db, "worth")
    assert answer.status == "cannot_tell"
    assert "bought on a second day" in answer.headline
    assert any("sample of orders" in line for line in answer.caveats)
    assert all(row["churn_rate"] is None for row in answer.tables["bands"])


def test_a_declared_sample_withholds_sums(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO imports VALUES (1, 'responses', 'part.csv', NULL, 'x', 1, 'l', '', [], "
            "'sample', false, 1, 1, 0, 0, 0, '{}', now(), NULL)"
        )
    answer = ask(company.db, "worth")
    assert answer.status == "partly"
    assert answer.fact("worth.at_stake").value is None
    assert any("part.csv" in line for line in answer.caveats)


def test_the_past_is_answered_with_what_was_known_then(company):
    fill(company)
    then = ask(company.db, "worth", Scope(as_of=date(2025, 7, 20)))
    assert then.as_of == date(2025, 6, 30)
    assert any("Months are counted whole" in line for line in then.caveats)
    company.contract("late", "2025-09-01", amount=9999)
    again = ask(company.db, "worth", Scope(as_of=date(2025, 7, 20)))
    assert again.fact("worth.at_stake").value == then.fact("worth.at_stake").value


def test_exit_surveys_are_left_out_counted_and_named(company):
    fill(company)
    before = ask(company.db, "worth")
    gone = company.db.rows(
        "SELECT customer_id, left_on FROM panel_spells WHERE left_on IS NOT NULL"
    )
    for row in gone:
        company.answers(row["customer_id"], str(row["left_on"]), 0, survey="exit")
    after = ask(company.db, "worth")
    assert after.tables["bands"] == before.tables["bands"]
    assert any(line.startswith(f"{len(gone)} answers were given") for line in after.caveats)


def test_filters_narrow_the_customers(company):
    fill(company)
    everyone = ask(company.db, "worth")
    half = ask(company.db, "worth", Scope(where=(("segment", "S1"),)))
    count = {
        a: sum(r["customers"] for r in x.tables["bands"])
        for a, x in (("all", everyone), ("half", half))
    }
    assert 0 < count["half"] < count["all"]
    assert "segment S1" in half.fact("worth.at_stake").population
    assert segments(company.db) == {"segment": ("S0", "S1")}


@pytest.mark.parametrize(
    ("question", "scope", "said"),
    [
        ("wrth", Scope(), "no question"),
        ("worth", Scope(metric="happiness"), "was imported"),
        ("worth", Scope(horizon=5), "horizon"),
        ("worth", Scope(outcome="joy"), "outcome"),
        ("worth", Scope(where=(("shoe_size", "43"),)), "filtered"),
        ("worth", Scope(where=(("segment", "nowhere"),)), "No customer"),
        ("worth", Scope(as_of=date(1999, 1, 1)), "begins after"),
    ],
)
def test_wrong_questions_are_refused_with_what_to_do(company, question, scope, said):
    fill(company, customers=24)
    with pytest.raises(UsageError, match=said) as refused:
        ask(company.db, question, scope)
    assert refused.value.do_next


def test_any_imported_item_can_be_asked_about(company):
    fill(company)
    for number in range(0, 240, 2):
        company.answers(
            f"c{number:04}",
            "2025-01-11",
            1 + number % 7,
            item="effort",
            variant="ces.1-7.agree",
            scale=(1, 7),
        )
    assert [item.name for item in metrics(company.db)] == ["nps", "effort"]
    assert main_metric(metrics(company.db)).name == "nps"
    assert {row["metric"] for row in ask(company.db, "worth").tables["bands"]} == {"nps"}
    answer = ask(company.db, "worth", Scope(metric="effort"))
    assert {row["metric"] for row in answer.tables["bands"]} == {"effort"}


def test_the_same_question_gives_the_same_numbers(company):
    fill(company)
    assert ask(company.db, "worth").to_json() == ask(company.db, "worth").to_json()
