"""The examination starts from the claim's own figure and never contradicts it in silence."""

from dataclasses import replace

import pytest
from test_examine import YEARS, by_question, fill

from cxdash.facts import Interval, Scope
from cxdash.questions import ask
from cxdash.questions.examine import stand
from cxdash.questions.examine.claim import rests_on_a_claim
from cxdash.questions.examine.stated import stated

LINE = "Does a straight line give the claim's own figure?"


def say(monkeypatch, value: float, low: float, high: float) -> None:
    """Let the claim's own question state another figure than it does."""

    def other(*asked):
        found = stated(*asked)
        figure = replace(found.figure, value=value, interval=Interval(low, high))
        return replace(found, figure=figure)

    monkeypatch.setattr(stand, "stated", other)


@pytest.mark.parametrize("claim", [None, "worth", "worth.gap", "worth.gap_adjusted"])
def test_the_first_row_and_the_first_mark_are_the_figure_its_own_question_states(company, claim):
    fill(company)
    answer = ask(company.db, "examine", Scope(claim=claim))
    figure = "worth.gap" if claim == "worth.gap" else "worth.gap_adjusted"
    own = ask(company.db, "worth").fact(figure)
    told = (own.value, own.interval.low, own.interval.high)
    first, mark = answer.tables["specifications"][0], answer.tables["curve"][0]
    assert (first["estimate"], first["low"], first["high"]) == told
    assert (mark["estimate"], mark["low"], mark["high"]) == told
    assert first["specification"] == 0
    assert mark["name"] == "The claim as stated"
    assert answer.charts[0].category_order == ("The claim as stated",)
    copy = answer.fact("examine.claim")
    assert (copy.value, copy.interval, copy.card) == (own.value, own.interval, own.card)
    assert answer.tables["exhibits"][0]["question"] == LINE


def test_where_a_straight_line_differs_how_far_and_why_is_said(company, monkeypatch):
    fill(company)
    say(monkeypatch, 0.15, 0.11, 0.19)
    answer = ask(company.db, "examine")
    assert "a difference of 15 percentage points (range 11–19)" in answer.headline
    told = by_question(answer)[LINE]
    assert "percentage points apart" in told["reply"]
    assert "log odds" in told["reply"]
    assert told["verdict"] == "holds"
    assert any("log odds" in caveat for caveat in answer.caveats)


@pytest.mark.parametrize("held", [True, False])
def test_a_count_is_never_told_as_another_model(company, monkeypatch, held):
    fill(company)
    say(monkeypatch, 0.15, 0.11, 0.19)
    if not held:
        monkeypatch.setattr(stand.Stand, "held_equal", ())
    told = by_question(ask(company.db, "examine", Scope(claim="worth.gap")))[LINE]
    assert "The claim counts customers as they are" in told["reply"]
    assert "log odds" not in told["reply"]


@pytest.mark.parametrize(
    ("claim", "given"),
    [(None, "with the same things held equal"), ("worth.gap", "with time as a customer")],
)
def test_an_open_claim_is_not_examined_as_if_it_were_clear(company, monkeypatch, claim, given):
    fill(company)
    say(monkeypatch, 0.05, -0.02, 0.12)
    answer = ask(company.db, "examine", Scope(claim=claim))
    assert answer.headline.startswith("Cannot tell whether unhappy customers")
    assert f"By a straight line, {given}" in answer.headline
    assert "the difference is" in answer.headline
    assert by_question(answer)["Was it the season?"]["verdict"] == "cannot tell"
    assert answer.fact("examine.accounts_to_undo").value is None


def test_of_an_open_claim_headline_and_chart_count_alike_where_a_difference_shows(
    company, monkeypatch
):
    fill(company)
    say(monkeypatch, 0.05, -0.02, 0.12)
    answer = ask(company.db, "examine")
    rows, title = answer.tables["specifications"][1:], answer.charts[0].title
    shown = sum(row["low"] > 0 for row in rows)
    assert shown > 1
    assert title == (
        f"In {shown} of {len(rows)} defensible ways of computing it a difference beyond noise "
        "shows: in all of them unhappy customers (0–6) on NPS left more often than happy customers "
        "(9–10)."
    )
    assert title in answer.headline
    assert title in by_question(answer)["Was it computed until it came out?"]["reply"]
    told = [answer.headline, answer.charts[0].alt, *(fact.label for fact in answer.facts)]
    told += [str(row["reply"]) for row in answer.tables["exhibits"]]
    assert not [each for each in told if "claim holds" in each or "claim's way" in each]
    groups = {row["group"] for row in answer.tables["curve"]}
    assert groups <= {"The claim as stated", "Range holds zero", "Above zero", "Below zero"}


def test_a_clear_claim_a_straight_line_leaves_open_is_said_so_in_the_headline(company, monkeypatch):
    fill(company, gap=0.0, seed=2)
    say(monkeypatch, 0.05, 0.02, 0.08)
    answer = ask(company.db, "examine")
    assert "a difference of 5 percentage points" in answer.headline
    assert "By a straight line, with the same things held equal, the difference lies anywhere" in (
        answer.headline
    )
    assert by_question(answer)[LINE]["verdict"] in ("weaker", "breaks")
    assert "open already" in by_question(answer)["What would make us withdraw it?"]["reply"]


def test_a_claim_that_holds_nothing_equal_is_not_said_to_differ_by_its_model(company, monkeypatch):
    fill(company)
    say(monkeypatch, 0.15, 0.11, 0.19)

    def counted(*asked):
        found = stated(*asked)
        method = replace(found.figure.method, adjusted_for=())
        return replace(found, figure=replace(found.figure, value=0.05, method=method))

    monkeypatch.setattr(stand, "stated", counted)
    told = by_question(ask(company.db, "examine", Scope(claim="worth.gap")))[LINE]
    assert "counts customers as they are" in told["reply"]
    assert "log odds" not in told["reply"]


@pytest.mark.parametrize(
    ("claim", "part"), [("worth.excess", "rests on"), ("worth.at_stake", "rests in part on")]
)
def test_money_says_which_claim_it_rests_on_and_that_the_sum_is_not_examined(company, claim, part):
    fill(company)
    answer = ask(company.db, "examine", Scope(claim=claim))
    assert answer.headline.startswith("This money, $")
    assert f"{part} the claim that unhappy customers (0–6) on NPS leave at" in answer.headline
    assert "That claim is examined, not the sum." in answer.headline
    own = ask(company.db, "worth").fact("worth.gap_adjusted")
    assert answer.fact("examine.claim").value == own.value


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.01, 0.05, "The claim holds in "),
        (-0.01, 0.05, "Cannot tell by the claim's own figure: its range holds zero."),
    ],
)
def test_a_figure_of_another_kind_says_which_claim_is_examined_instead(
    company, monkeypatch, low, high, told
):
    fill(company)
    say(monkeypatch, 0.03, low, high)
    headline = ask(company.db, "examine", Scope(claim="trial.nps.added_skill")).headline
    assert headline.startswith("This figure, Guesswork NPS takes away on later windows: 3")
    assert (
        "is of another kind. What is examined is the claim that unhappy customers (0–6) on NPS "
        "leave at another rate than happy customers (9–10). " + told
    ) in headline
    for claim in ("churn.driver.nps", "worth.gap_adjusted"):
        other = ask(company.db, "examine", Scope(claim=claim)).headline
        assert "of another kind" not in other


def test_money_that_goes_with_a_metric_rests_on_its_claim_too():
    assert rests_on_a_claim("trial.nps.money_per_move")
    assert not rests_on_a_claim("trial.nps.added_skill")
    assert not rests_on_a_claim("revenue.driver.nps"), "what is paid is the claim itself"


def test_a_driver_states_a_step_and_the_difference_below_it_is_examined(company):
    fill(company)
    answer = ask(company.db, "examine", Scope(claim="churn.driver.nps"))
    step = ask(company.db, "churn").fact("churn.driver.nps")
    assert answer.fact("examine.claim").value == step.value < 0
    first = answer.tables["exhibits"][0]
    assert step.label in first["reply"]
    assert "Examined is the difference between the two ends" in first["reply"]
    assert first["verdict"] == "holds", "fewer leave after the step, more at the bad end"
    assert answer.tables["curve"][0]["name"] == "The claim as examined"


def test_a_step_that_does_not_say_what_the_difference_says_is_told_in_the_headline(
    company, monkeypatch
):
    fill(company)
    claim = Scope(claim="churn.driver.nps")
    assert "does not say the same" not in ask(company.db, "examine", claim).headline
    with company.db.writing() as cur:  # another state of the data, so that it is asked anew
        cur.execute("UPDATE customers SET segment = segment")
    say(monkeypatch, -0.001, -0.01, 0.008)
    answer = ask(company.db, "examine", claim)
    assert answer.headline.startswith("Cannot tell by the claim's own figure, ")
    assert "The step its own question states does not say the same" in answer.headline
    assert "claim holds" not in answer.headline
    assert answer.tables["exhibits"][0]["verdict"] == "cannot tell"


def test_a_figure_that_could_not_be_examined_is_shown_still(company):
    for number in range(200):
        name = f"c{number:04}"
        company.add("customers", customer_id=name, segment=f"S{number % 2}", row_key=name)
        company.answers(name, YEARS[2], 3 if number < 4 else 10)
        company.contract(name, "2022-05-01", "2024-09-15" if number % 5 == 0 else None, amount=100)
    company.pays("c0001", "2025-06-30", 1)
    answer = ask(company.db, "examine")
    own = ask(company.db, "worth").fact("worth.gap_adjusted")
    assert answer.status == "cannot_tell"
    assert answer.fact("examine.claim").value == own.value
    assert any("It could not be examined." in caveat for caveat in answer.caveats)


def test_an_answer_somebody_has_seen_is_found_again_and_not_worked_out_twice(company, monkeypatch):
    fill(company, customers=120)
    own = ask(company.db, "worth").fact("worth.gap_adjusted")
    monkeypatch.setattr("cxdash.questions.examine.stated._ANSWERS", {})
    assert ask(company.db, "examine").fact("examine.claim").value == own.value
