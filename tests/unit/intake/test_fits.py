"""A column that does not name the customers who are known is doubted where another one does."""

from pathlib import Path

import pytest

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.intake import meeting
from cxdash.intake.batch import known
from cxdash.intake.fits import fits
from cxdash.intake.preview import preview
from cxdash.store import Database

LAYOUTS = Path(__file__).parents[2] / "fixtures" / "layouts"
HEADER = (LAYOUTS / "stripe_payments.csv").read_text(encoding="utf-8").splitlines()[0]
ROLE = "role:customer_id"
ACCOUNT = "account_id (metadata)"
CUSTOMERS = "customer_id,segment\n" + "".join(f"ACC-{n},SMB\n" for n in range(100, 140))


def written(path: Path, text: str) -> intake.Proposal:
    path.write_text(text, encoding="utf-8")
    return intake.inspect(path)


def payment(number: int, account: str, customer: str) -> str:
    cells = dict.fromkeys(HEADER.split(","), "")
    cells |= {
        "id": f"ch_{number}",
        "Created (UTC)": f"2026-03-{number % 28 + 1:02d} 08:00",
        "Amount": "10.00",
        "Amount Refunded": "0.00",
        "Currency": "usd",
        "Status": "Paid",
        "Customer ID": customer,
        ACCOUNT: account,
    }
    return ",".join(cells.values())


def payments(path: Path, *, account: str = "ACC-{}", customer: str = "cus_{}") -> intake.Proposal:
    header = HEADER if ACCOUNT in HEADER else f"{HEADER},{ACCOUNT}"
    lines = [payment(n, account.format(n), customer.format(n)) for n in range(100, 140)]
    return written(path, "\n".join([header, *lines, ""]))


def asked(proposal: intake.Proposal) -> intake.Question | None:
    return next((one for one in proposal.put if one.id == ROLE), None)


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "cx.duckdb") as database:
        yield database


@pytest.fixture
def customers(tmp_path):
    return written(tmp_path / "customers.csv", CUSTOMERS)


def test_the_column_that_names_the_customers_is_asked_about_before_money_is_loaded(
    db, customers, tmp_path
):
    intake.load(db, customers.path, customers.mapping)
    file = payments(tmp_path / "unified_payments.csv")
    assert asked(file) is None
    assert file.mapping.columns["customer_id"].column == "Customer ID"
    met = intake.matched(db, file)
    question = asked(met)
    assert question is not None
    assert question in met.questions
    assert "Of the 40 values of 'Customer ID' 0 are" in question.text
    assert f"In {ACCOUNT!r} 40 of 40 are known" in question.text
    assert question.values == (ACCOUNT, "Customer ID")


def test_each_choice_says_how_many_of_its_values_are_known(db, customers, tmp_path):
    intake.load(db, customers.path, customers.mapping)
    question = asked(intake.matched(db, payments(tmp_path / "unified_payments.csv")))
    assert question is not None
    told = dict(question.options)
    assert told[ACCOUNT].endswith("(40 of 40 known)")
    assert told["Customer ID"].endswith("(0 of 40 known)")


@pytest.mark.parametrize("answer", [ACCOUNT, "Customer ID"])
def test_the_answer_counts_and_can_be_changed(db, customers, tmp_path, answer):
    intake.load(db, customers.path, customers.mapping)
    file = payments(tmp_path / "unified_payments.csv").with_answers({ROLE: answer})
    met = intake.matched(db, file)
    question = asked(met)
    assert question is not None
    assert question not in met.questions
    assert set(question.values) == {ACCOUNT, "Customer ID"}
    assert met.mapping.columns["customer_id"].column == answer


def test_a_list_of_customers_that_waits_beside_the_file_counts_as_well(db, customers, tmp_path):
    beside = preview(customers).names
    file = payments(tmp_path / "unified_payments.csv")
    view = preview(file, known=known(db, "revenue", [beside]))
    assert asked(file.meeting(view.met, view.fits)) is not None


def test_nothing_is_asked_of_the_first_file_of_all(db, tmp_path):
    file = payments(tmp_path / "unified_payments.csv")
    assert intake.matched(db, file) is file
    assert preview(file, known=known(db, "revenue")).fits == ()


def test_nothing_is_asked_where_no_column_names_the_customers(db, customers, tmp_path):
    intake.load(db, customers.path, customers.mapping)
    file = payments(tmp_path / "unified_payments.csv", account="elsewhere-{}")
    assert asked(intake.matched(db, file)) is None


def test_nothing_is_asked_where_the_column_taken_names_them(db, customers, tmp_path):
    intake.load(db, customers.path, customers.mapping)
    file = payments(tmp_path / "unified_payments.csv", customer="ACC-{}")
    assert asked(intake.matched(db, file)) is None


def test_a_column_of_a_few_values_is_not_taken_for_the_customer(db, tmp_path):
    people = written(tmp_path / "customers.csv", "customer_id,segment\nusd,SMB\nC2,SMB\n")
    intake.load(db, people.path, people.mapping)
    file = payments(tmp_path / "unified_payments.csv", account="elsewhere-{}")
    assert asked(intake.matched(db, file)) is None


def test_a_file_read_as_before_is_asked_about_too_and_its_answer_can_be_changed(
    db, customers, tmp_path
):
    first = payments(tmp_path / "march.csv").with_answers({"revenue_kind": "recurring"})
    intake.load(db, first.path, first.mapping)
    intake.load(db, customers.path, customers.mapping)
    seen = intake.remembered(db)
    path = tmp_path / "april.csv"
    path.write_text(first.path.read_text(encoding="utf-8"), encoding="utf-8")
    again = intake.matched(db, intake.inspect(path, remembered=seen))
    assert asked(again) in again.questions
    answered = intake.inspect(path, remembered=seen).with_answers({ROLE: ACCOUNT})
    question = asked(intake.matched(db, answered))
    assert question is not None
    assert set(question.values) == {ACCOUNT, "Customer ID"}


def test_a_file_no_column_of_which_is_in_question_is_not_read_for_it(
    db, customers, tmp_path, monkeypatch
):
    intake.load(db, customers.path, customers.mapping)
    file = payments(tmp_path / "unified_payments.csv", account="elsewhere-{}")
    file.path.unlink()
    assert fits(file, known(db, "revenue")) == ()
    monkeypatch.setattr(meeting, "preview", None)
    assert intake.meet(db, file) is file


def test_a_question_that_was_asked_anyway_says_which_column_is_known(db, customers, tmp_path):
    intake.load(db, customers.path, customers.mapping)
    text = "response_id,submitted_at,nps,Organisation code,ref code\n" + "".join(
        f"R{n},2026-03-{n % 28 + 1:02d},{n % 11},ACC-{n},x{n}\n" for n in range(100, 130)
    )
    file = written(tmp_path / "survey.csv", text)
    before = asked(file)
    assert before is not None
    assert "known)" not in " ".join(text for _, text in before.options)
    question = asked(intake.matched(db, file))
    assert question is not None
    told = dict(question.options)
    assert told["Organisation code"].endswith("(30 of 30 known)")
    assert told["ref code"].endswith("(0 of 30 known)")


def test_an_answer_that_names_no_column_is_still_refused(db, customers, tmp_path):
    intake.load(db, customers.path, customers.mapping)
    met = intake.matched(db, payments(tmp_path / "unified_payments.csv"))
    with pytest.raises(UsageError, match="is no answer"):
        met.with_answers({ROLE: "Account"})


def test_a_file_that_names_nobody_known_makes_nobody_known(db, customers, tmp_path):
    beside = preview(customers).names
    wrong = preview(payments(tmp_path / "a.csv"), known=known(db, "revenue", [beside])).names
    assert wrong.go_before("responses")
    assert not wrong.reach("responses")
    right = payments(tmp_path / "b.csv").with_answers({ROLE: ACCOUNT})
    assert preview(right, known=known(db, "revenue", [beside])).names.reach("responses")
    assert preview(right).names.reach("responses"), "with nobody to compare with, it is believed"
