"""All is asked at once, every choice can be reached, and what means nothing is refused."""

import pytest

from cxdash import intake
from cxdash.errors import FileRefused, MappingIncomplete, UsageError
from cxdash.intake.recognition.questions import GROUPS

from .conftest import TODAY

PAYMENTS = """
Invoice,Account,Invoice Date,Amount,Status
I1,C001,03/05/2026,"1,200.00",Paid
I2,C002,03/06/2026,90.00,Void
I3,C001,03/07/2026,10.00,Paid
"""
SURVEY = """
Answer ID,Client,Answered,Likelihood to recommend,Service rating,Comment
R1,C1,05/03/2026,9,4,Good
R2,C2,06/03/2026,3,2,Slow
"""


@pytest.fixture
def inspect(tmp_path):
    def run(text, name="file.csv", **more):
        path = tmp_path / name
        path.write_text(text.lstrip(), encoding="utf-8")
        return intake.inspect(path, **more)

    return run


def ids(proposal):
    return [question.id for question in proposal.questions]


@pytest.mark.parametrize(
    ("text", "asked", "answers"),
    [
        (
            PAYMENTS,
            {"revenue_kind", "currency", "dates:Invoice Date", "status:Status"},
            {
                "revenue_kind": "one-off",
                "currency": "CHF",
                "dates:Invoice Date": "mdy",
                "status:Status": "only:Paid",
            },
        ),
        (
            SURVEY,
            {"dates:Answered", "scale:Service rating"},
            {"dates:Answered": "dmy", "scale:Service rating": "rating.1-5"},
        ),
    ],
)
def test_one_round_of_answers_is_enough(inspect, text, asked, answers):
    proposal = inspect(text)
    assert set(ids(proposal)) == asked
    assert proposal.with_answers(answers).ready


def test_questions_come_in_groups_that_have_a_name(inspect):
    for text in (PAYMENTS, SURVEY, "a,b\n1,2\n"):
        assert {question.group for question in inspect(text).questions} <= set(GROUPS)


def test_answered_questions_stay_to_be_changed(inspect):
    proposal = inspect(PAYMENTS).with_answers({"currency": "EUR"})
    assert "currency" in {question.id for question in proposal.put}
    assert "currency" not in ids(proposal)
    assert proposal.with_answers({"currency": "GBP"}).mapping.constants["currency"] == "GBP"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"curency": "EUR"}, "has no question 'curency'"),
        ({"dates:Invoice Date": "dym"}, "'dym' is no answer to 'dates:Invoice Date'"),
        ({"revenue_kind": "monthly"}, "Allowed: 'recurring', 'one-off'"),
        ({"status:Status": "only:Payed"}, "'only:Payed' is no answer"),
        ({"role:customer_id": "Acount"}, "'Acount' is no answer"),
        ({"scale:Amount": "nps.0-10"}, "has no question 'scale:Amount'"),
        ({"decimal:Amount": ","}, "Allowed: '.'"),
        ({"currency": "dollars"}, "three-letter code"),
        ({"kind": "suveys"}, "'suveys' is no answer"),
        ({"header_row": "99"}, "line 99"),
    ],
)
def test_an_answer_that_means_nothing_is_refused_with_what_is_allowed(inspect, answers, said):
    with pytest.raises((UsageError, FileRefused)) as error:
        inspect(PAYMENTS).with_answers(answers)
    assert said in str(error.value)


def test_a_file_knows_which_answers_mean_something_to_it(inspect):
    payments, survey = inspect(PAYMENTS, "a.csv"), inspect(SURVEY, "b.csv")
    assert payments.knows("currency")
    assert not survey.knows("currency")
    assert survey.knows("role:unit")
    assert not survey.knows("nonsense")


def test_an_answer_to_a_question_that_another_answer_took_away_does_nothing(inspect):
    proposal = inspect("Thing,Who,When\n1,C1,05/03/2026\n2,C2,06/03/2026\n")
    assert "kind" in ids(proposal)
    as_contacts = proposal.with_answers({"kind": "contacts"})
    more = as_contacts.with_answers(
        {question.id: question.values[0] for question in as_contacts.questions}
    )
    later = more.with_answers({"kind": "customers"})
    assert later.kind == "customers"


def test_every_choice_is_listed_when_nothing_can_be_loaded(inspect):
    proposal = inspect(PAYMENTS)
    with pytest.raises(MappingIncomplete) as error:
        proposal.require()
    listed = next(text for text in error.value.questions if text.startswith("currency"))
    for code in ("USD", "EUR", "PLN", "MYR"):
        assert code in listed
    assert "..." not in listed


def test_columns_in_use_or_asked_about_are_not_called_unused(inspect):
    proposal = inspect(
        "payment_id,customer_id,paid_on,amount_usd,colour\nP1,C1,2026-01-05,12,red\nP2,C2,2026-01-06,9,red\n"
    )
    assert [text for text in proposal.warnings if "Not stored" in text] == [
        "Not stored, because nobody mapped them: colour."
    ]
    asked = inspect(PAYMENTS)
    assert not [text for text in asked.warnings if "Not stored" in text]
    roles = {column.name: column.role for column in asked.columns}
    assert roles["Invoice"] == "names the row"


def test_a_question_of_a_survey_that_is_not_kept_is_told_before_the_fields_of_the_export(inspect):
    fields = ",".join(f"field {n}" for n in range(12))
    rows = "".join(f"R{n},C{n},2026-05-{n:02},9,{'x,' * 12}maybe\n" for n in range(1, 13))
    proposal = inspect(f"Response ID,Customer,Date,NPS,{fields},Would you buy it again?\n{rows}")
    said = next(text for text in proposal.warnings if "Not stored" in text)
    assert said.startswith(
        "Not stored, because nobody mapped them: Would you buy it again?, field 0"
    )
    assert said.endswith("and 5 more.")


def test_a_single_day_may_be_told_for_answers_without_dates(inspect, db):
    proposal = inspect("Response ID,Customer,NPS,Comment\nR1,C1,9,fine\nR2,C2,0,bad\n")
    assert ids(proposal) == ["fixed:answered_at"]
    with pytest.raises(UsageError, match="a date such as"):
        proposal.with_answers({"fixed:answered_at": "last week"})
    ready = proposal.with_answers({"fixed:answered_at": "2026-03-05"})
    receipt = intake.load(db, ready.path, ready.require(), today=TODAY)
    assert receipt.rows_loaded == 2


def test_what_is_said_of_the_file_itself_may_be_said_at_once_or_one_after_the_other(inspect):
    bare = "C1,2026-01-05,10\nC2,2026-01-06,11\nC3,2026-01-07,12\nC4,2026-01-08,13\n"
    proposal = inspect(bare, kind="revenue")
    assert ids(proposal)[0] == "no_header"
    roles = {"role:customer_id": "column 1", "role:dated": "column 2", "role:amount": "column 3"}
    money = {"revenue_kind": "one-off", "currency": "EUR"}
    one_by_one = proposal.with_answers({"no_header": "none"})
    for id_, answer in {**roles, **money}.items():
        one_by_one = one_by_one.with_answers({id_: answer})
    assert one_by_one.ready
    together = proposal.with_answers({"no_header": "none", **roles, **money})
    assert together.require() == one_by_one.require()
    with pytest.raises(UsageError, match="'perhaps' is no answer to 'no_header'"):
        proposal.with_answers({"no_header": "perhaps"})


def test_a_file_of_fixed_width_can_be_cut_and_then_named(inspect):
    lines = [f"{n:05d} 19970{1 + n % 9}0{1 + n % 8}  {n % 5}   {10 + n}.50" for n in range(60)]
    proposal = inspect("\n".join(lines) + "\n", "master.txt", kind="revenue")
    assert "fixed_width" in ids(proposal)
    cut = next(question for question in proposal.questions if question.id == "fixed_width")
    then = proposal.with_answers({"fixed_width": cut.values[0]})
    assert then.with_answers({"no_header": "none"}).mapping.file.fixed_width
