"""What a sceptic asks of a claim, and what the data reply."""

from types import SimpleNamespace

import numpy as np
import pytest

from cxdash.errors import UsageError
from cxdash.facts import Answer, Scope
from cxdash.facts.wording import cause_words
from cxdash.questions import ask
from cxdash.questions.examine.answer import MOST_MARKS
from cxdash.questions.examine.claim import examinable
from cxdash.questions.examine.exhibits import by_money
from cxdash.questions.examine.ways import verdict
from cxdash.stats.estimate import Estimate

YEARS = ("2023-01-10", "2023-07-10", "2024-01-10", "2024-07-10", "2025-01-10")


def fill(company, *, customers=400, gap=0.25, seed=1, big=None, season=0.0):
    """Half of the customers answer 3, half 10; the unhappy leave more often by ``gap``.

    ``big``: an unhappy account that pays so much and takes it away. ``season``: nothing goes with
    an answer, but in every second half-year many answer 3 and many leave.
    """
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        company.add("customers", customer_id=name, segment=f"S{number % 2}", row_key=name)
        unhappy = number % 4 < 2
        end = None
        for turn, day in enumerate(YEARS):
            cold = season > 0 and turn % 2 == 0
            low = rng.random() < 0.8 if cold else rng.random() < 0.2 if season else unhappy
            company.answers(name, day, 3 if low else 10)
            chance = 0.04 + (season if cold else 0.0) + (gap if low and not season else 0.0)
            if rng.random() < chance:
                year, month = int(day[:4]), int(day[5:7])
                end = f"{year}-{month + rng.integers(1, 5):02}-15"
                break
        company.contract(name, "2022-05-01", end, amount=100 + number)
    if big:
        company.add("customers", customer_id="whale", segment="S0", row_key="whale")
        company.contract("whale", "2022-05-01", "2025-03-15", amount=big)
        for day in YEARS:
            company.answers("whale", day, 3)
    company.pays("c0001", "2025-06-30", 1)


def by_question(answer: Answer) -> dict[str, dict]:
    return {str(row["question"]): dict(row) for row in answer.tables["exhibits"]}


def test_a_planted_link_holds_and_every_question_is_answered(company):
    fill(company)
    answer = ask(company.db, "examine")
    assert answer.status == "answered"
    assert "The claim holds in" in answer.headline
    assert "Unhappy customers (0–6) on NPS left more often" in answer.headline
    assert not cause_words(answer.headline)
    rows = list(answer.tables["exhibits"])
    assert [row["order"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["verdict"] for row in rows} <= {"holds", "weaker", "breaks", "cannot tell"}
    told = by_question(answer)
    for question in ("Was it the season?", "Was it one large account?", "Was it price?"):
        assert told[question]["verdict"] == "holds", told[question]
    assert "Counting each unit of revenue once" in told["Was it one large account?"]["reply"]
    assert not [row for row in rows if "dollar" in row["reply"]], "any currency may be billed"
    assert "risk ratio" in told["How strong would a cause nobody measured have to be?"]["reply"]
    assert "31 December 2025" in told["What would make us withdraw it?"]["reply"]


def test_the_ways_are_counted_and_their_shares_are_those_of_the_table(company):
    fill(company)
    answer = ask(company.db, "examine")
    rows = answer.tables["specifications"][1:]
    assert answer.fact("examine.specifications").value == len(rows) > 40
    holding = np.mean([row["low"] > 0 for row in rows])
    agreeing = np.mean([row["estimate"] > 0 for row in rows])
    assert answer.fact("examine.share_holding").value == pytest.approx(holding)
    assert answer.fact("examine.share_agreeing").value == pytest.approx(agreeing)
    assert [row["estimate"] for row in rows] == sorted(row["estimate"] for row in rows)
    assert {row["horizon"] for row in rows} >= {3, 6}
    assert len(
        {
            tuple(str(row[c]) for c in ("horizon", "memory", "definition", "controls", "sample"))
            for row in rows
        }
    ) == len(rows)
    assert 3 <= len(answer.tables["curve"]) <= MOST_MARKS + 1, "the claim, and so many ways"
    assert f"of {len(rows)} defensible" in answer.headline or f"all {len(rows)}" in answer.headline


def test_the_estimate_is_the_counted_difference_when_nothing_else_differs(company):
    fill(company)
    answer = ask(company.db, "examine")
    worth = ask(company.db, "worth")
    own, counted = answer.fact("examine.estimate"), worth.fact("worth.gap")
    assert own.value == pytest.approx(counted.value, abs=0.03)
    assert own.interval.low > 0
    assert own.card.code
    assert own.card.formula
    assert "the newest alone" in own.card.validation
    assert own.grade.name == ("C" if "so it is confirmed" in own.card.validation else "D")


def test_a_season_that_moves_answers_and_leaving_alike_is_said(company):
    fill(company, season=0.35, gap=0.0)
    answer = ask(company.db, "examine")
    told = by_question(answer)["Was it the season?"]
    assert told["verdict"] in ("breaks", "weaker"), (told, answer.headline)
    assert "each window held against itself" in told["reply"]


def test_one_large_account_that_makes_a_finding_is_named(company):
    fill(company, gap=0.0, big=4_000_000)
    answer = ask(company.db, "examine", Scope(claim="revenue.driver.nps"))
    assert "rests on one account: “whale”" in answer.headline
    told = by_question(answer)["Was it one large account?"]
    assert told["reply"].startswith("More than half of all doubt is that of one account, “whale”")
    assert told["verdict"] == "breaks"


def test_two_equal_scopes_get_the_same_answer_and_the_claim_decides_the_metric(company):
    fill(company)
    scope = Scope(claim="trial.nps")
    first, second = ask(company.db, "examine", scope), ask(company.db, "examine", scope)
    assert first.to_json() == second.to_json()
    assert first.scope.claim == "trial.nps"
    assert first.to_json()["scope"]["claim"] == "trial.nps"


def test_a_claim_that_cannot_be_examined_is_refused_with_what_can(company):
    fill(company, customers=40)
    with pytest.raises(UsageError, match="cannot be examined"):
        ask(company.db, "examine", Scope(claim="coverage.customers"))


def test_customers_without_whom_the_claim_is_open_are_counted(company):
    fill(company)
    answer = ask(company.db, "examine")
    undo = answer.fact("examine.accounts_to_undo")
    assert undo.value is not None
    assert 5 < undo.value < 200
    limit = answer.fact("examine.withdraw_at").value
    assert limit < answer.fact("examine.estimate").value


def test_a_register_of_price_changes_is_used(company):
    fill(company)
    company.add("events", event_id="e", dated="2024-09-01", event_kind="price", what="List price")
    told = by_question(ask(company.db, "examine"))["Was it price?"]
    assert "1 September 2024 in the register" in told["reply"]


def _estimate(value: float, half: float) -> Estimate:
    return Estimate(estimate=value, low=value - half, high=value + half, n=100, level=0.9)


@pytest.mark.parametrize(
    ("base", "other", "said"),
    [
        ((0.10, 0.03), (0.09, 0.03), "holds"),
        ((0.10, 0.03), (0.04, 0.01), "weaker"),
        ((0.10, 0.03), (0.06, 0.08), "weaker"),
        ((0.10, 0.03), (0.01, 0.12), "weaker"),
        ((0.10, 0.03), (0.02, 0.05), "breaks"),
        ((0.10, 0.03), (-0.02, 0.05), "breaks"),
        ((-0.10, 0.03), (-0.09, 0.03), "holds"),
        ((-0.10, 0.03), (0.09, 0.03), "breaks"),
        ((0.01, 0.03), (0.09, 0.03), "cannot tell"),
    ],
)
def test_a_verdict_says_what_another_look_leaves(base, other, said):
    assert verdict(_estimate(*base), _estimate(*other)) == said
    assert verdict(_estimate(*base), None) == "cannot tell"


def _calls(company, seed=3, customers=300):
    """Customers with contacts leave more often; answers say nothing."""
    rng = np.random.default_rng(seed)
    for number in range(customers):
        name = f"c{number:04}"
        end = None
        for turn, day in enumerate(YEARS[:-1]):
            company.answers(name, day, int(rng.integers(0, 11)))
            troubled = rng.random() < 0.4
            if troubled:
                company.add(
                    "contacts",
                    contact_id=f"{name}{day}",
                    customer_id=name,
                    contacted_at=f"{day} 09:00",
                )
            if rng.random() < (0.35 if troubled else 0.05):
                year, month = int(day[:4]), int(day[5:7])
                end = f"{year}-{month + 1 + turn % 3:02}-28"
                break
        company.contract(name, "2022-05-01", end, amount=100 + number)
    company.pays("c0001", "2025-06-30", 1)


def test_a_claim_about_contacts_is_examined_on_all_customers(company):
    _calls(company)
    answer = ask(company.db, "examine", Scope(claim="churn.driver.contacts", horizon=3))
    assert "ustomers with contacts in three months left more often" in answer.headline
    assert "recent contacts" not in answer.fact("examine.estimate").method.adjusted_for
    assert "Who answered, and who did not?" not in by_question(answer)
    assert {row["memory"] for row in answer.tables["specifications"]} == {12}
    nps = ask(company.db, "examine", Scope(claim="churn.driver.nps", horizon=3))
    assert nps.headline.startswith("Cannot tell")


def test_a_driver_is_held_against_the_other_answers(company):
    fill(company)
    with company.db.writing() as cur:
        cur.execute(
            "INSERT INTO scores BY NAME SELECT * REPLACE ('csat' AS item, "
            "least(10, greatest(0, value + hash(row_key) % 3 - 1)) AS value) FROM scores"
        )
    answer = ask(company.db, "examine", Scope(claim="churn.driver.nps"))
    assert "the other answers" in answer.fact("examine.estimate").method.adjusted_for
    mood = by_question(answer)["Is it this, or a mood in all answers?"]
    assert "other answers not held equal" in mood["reply"]
    worth = by_question(ask(company.db, "examine"))["Is it this, or a mood in all answers?"]
    assert "held equal as well" in worth["reply"]


def test_counts_and_sums_claim_nothing_that_could_be_examined():
    assert examinable("worth.gap_adjusted", ["nps"])
    assert examinable("churn", ["nps"])
    assert examinable("churn.driver.nps", ["nps"])
    assert examinable("revenue.driver.contacts", ["nps"])
    assert not examinable("revenue.nrr", ["nps"])
    assert not examinable("trial.nps.restated", ["nps"])
    assert not examinable("churn.driver.csat", ["nps"])
    assert not examinable("coverage.customers", ["nps"])
    assert examinable("worth.at_stake.unhappy", ["nps"])
    assert not examinable("worth.left.unhappy", ["nps"])
    assert not examinable("worth.at_stake_without_answers", ["nps"])


def test_a_shorter_look_ahead_uses_the_same_windows(company):
    fill(company)
    rows = ask(company.db, "examine", Scope(horizon=6)).tables["specifications"]
    whole = "all customers and windows"
    counted = {row["horizon"]: row["n"] for row in rows if row["sample"] == whole}
    assert counted[3] == counted[6] > counted[12]
    # At its own pace twice as many leave in twice the time, so the two looks nearly agree.
    ends = [
        row["estimate"]
        for row in rows
        if row["sample"] == whole
        and row["horizon"] in (3, 6)
        and row["definition"] == "one end against the other"
        and row["controls"] == "finance"
    ]
    assert len(ends) == 2
    assert max(ends) < 2 * min(ends)


@pytest.mark.parametrize(
    ("low", "high", "clear", "said"),
    [
        (-0.01, 0.11, True, "weaker"),
        (-0.05, 0.05, True, "weaker"),
        (0.04, 0.12, True, "holds"),
        (-0.12, -0.02, True, "breaks"),
        (-0.01, 0.11, False, "cannot tell"),
    ],
)
def test_a_claim_that_is_open_by_money_does_not_hold(low, high, clear, said):
    def between(least, most):
        return Estimate(estimate=(least + most) / 2, low=least, high=most, n=100, level=0.9)

    own = between(0.06, 0.13) if clear else between(-0.1, 0.12)
    stand = SimpleNamespace(clear=clear, own=own)
    counted = SimpleNamespace(estimate=between(low, high))
    assert by_money(stand, counted) == said


def test_new_customers_are_not_among_those_whose_spend_had_not_moved(company):
    fill(company)
    for number in range(80):
        name = f"n{number:03}"
        company.add("customers", customer_id=name, segment="S0", row_key=name)
        company.contract(name, "2024-11-01", None, amount=100)
        company.answers(name, "2024-12-10", 3 if number % 2 else 10)
    told = by_question(ask(company.db, "examine"))["Was it price?"]
    assert "who paid nothing three months before, such as new customers" in told["reply"]
    assert "Among the 100%" not in told["reply"]


def test_what_would_be_needed_is_no_confirmed_figure(company):
    fill(company)
    answer = ask(company.db, "examine")
    for name in ("e_value", "e_value_limit", "robustness_value", "robustness_value_limit"):
        assert answer.fact(f"examine.{name}").grade.name == "D"
