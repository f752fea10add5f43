"""Before anything is loaded a person sees what cells will become, what will be refused, and why."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cxdash import intake
from cxdash.intake.batch import known, place_of
from cxdash.intake.preview import Preview, preview
from cxdash.intake.sample import Line, readings
from cxdash.store import Database, erasure

TODAY = date(2026, 11, 24)
INVOICES = """invoice_id;customer_id;invoice_date;amount;currency
I1;007;03/04/2026;1.234,50;EUR
I2;008;13/04/2026;20,00;EUR
I3;007;31/02/2026;5,00;EUR
I4;;14/04/2026;1,00;EUR
I5;009;15/04/2026;abc;EUR
I6;007;16/04/2026;-4,25;USD
"""
ANSWERS = """response_id,customer_id,answered_at,nps,comment
R1,007,2026-04-01,9,Good
R2,a@x.example,2026-04-02,11,
R3,999,2026-04-03,0,Bad
"""
CUSTOMERS = "customer_id,email,segment\n007,a@x.example,SMB\n008,b@x.example,SMB\n"


def seen(tmp_path: Path, text: str, answers: dict[str, str] | None = None) -> intake.Proposal:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    found = intake.inspect(path)
    return found.with_answers(answers) if answers else found


def line(view: Preview, role: str) -> Line:
    return next(one for one in view.lines if one.role == role)


def cells(view: Preview, role: str) -> list[tuple[str, str]]:
    return [(cell.written, cell.understood) for cell in line(view, role).cells]


@pytest.fixture
def invoices(tmp_path: Path) -> intake.Proposal:
    answers = {"revenue_kind": "one-off", "currencies": "several"}
    return seen(tmp_path, INVOICES, answers)


def test_cells_stand_as_written_beside_what_they_will_be(invoices):
    view = preview(invoices, today=TODAY)
    assert ("1.234,50", "EUR 1,234.50") in cells(view, "amount")
    assert cells(view, "dated")[1] == ("03/04/2026", "3 April 2026"), "the doubtful date is shown"
    assert cells(view, "customer_id")[0] == ("007", "007"), "leading zeros stay"
    assert line(view, "dated").form == "day, month, year"
    assert line(view, "amount").form == "decimals after a comma, currency from the column currency"
    assert line(view, "revenue_kind").form == "one-off"


def test_a_cell_that_spoils_its_row_comes_first_and_is_marked(invoices):
    view = preview(invoices, today=TODAY)
    assert line(view, "dated").cells[0].refused
    assert line(view, "dated").cells[0].line == 4
    assert cells(view, "dated")[0] == ("31/02/2026", "")
    assert cells(view, "amount")[0] == ("abc", "")


def test_rows_are_taken_or_refused_with_a_reason_and_a_line_each(invoices):
    view = preview(invoices, today=TODAY)
    assert (view.rows, view.refused) == (6, 3)
    reasons = {reason.line: reason.reason for reason in view.reasons}
    assert set(reasons) == {4, 5, 6}
    assert "31/02" not in reasons[4], "cells are left out, so that equal reasons count together"
    assert "is not a date written as day, month, year" in reasons[4]
    assert "is not an amount of money" in reasons[6]


def test_sums_are_those_of_the_rows_that_would_be_taken(invoices):
    view = preview(invoices, today=TODAY)
    assert [(one.currency, one.amount) for one in view.sums] == [
        ("EUR", Decimal("1254.50")),
        ("USD", Decimal("-4.25")),
    ]
    assert (view.first_day, view.last_day) == (date(2026, 4, 3), date(2026, 4, 16))


def test_what_nobody_decided_has_cells_but_no_reading(tmp_path):
    text = "invoice_id,customer_id,invoice_date,amount,currency\nI1,7,03/04/2026,1.50,EUR\n"
    text += "I2,8,04/05/2026,2.50,EUR\n"
    view = preview(seen(tmp_path, text), today=TODAY)
    dated = line(view, "dated")
    assert dated.form == "to be decided"
    assert [cell.understood for cell in dated.cells] == ["", ""]
    assert view.refused == 0
    assert view.first_day is None
    decided = preview(seen(tmp_path, text, {"dates:invoice_date": "mdy"}), today=TODAY)
    assert cells(decided, "dated")[0] == ("03/04/2026", "4 March 2026")


def test_ratings_stand_on_their_scale_and_one_outside_is_refused(tmp_path):
    view = preview(seen(tmp_path, ANSWERS), today=TODAY)
    assert ("9", "9 of 10") in cells(view, "score nps")
    assert line(view, "score nps").form == "Net Promoter Score (NPS), 0 to 10, high is good"
    assert view.refused == 1
    assert view.reasons[0].reason == "nps: is outside the scale 0 to 10"


def test_one_key_with_two_contents_is_refused_as_loading_would(tmp_path):
    text = "customer_id,segment\n1,SMB\n1,Big\n2,SMB\n2,SMB\n"
    view = preview(seen(tmp_path, text, {"kind": "customers"}), today=TODAY)
    assert view.refused == 2
    assert "appears on several lines with different content" in view.reasons[0].reason


def test_the_preview_refuses_exactly_the_rows_that_loading_refuses(invoices, tmp_path):
    view = preview(invoices, today=TODAY)
    with Database(tmp_path / "cx.duckdb") as db:
        receipt = intake.load(db, invoices.path, invoices.mapping, today=TODAY)
    assert receipt.rows_rejected == view.refused
    assert dict(receipt.reasons) == {one.reason: one.rows for one in view.reasons}
    assert {m.currency: m.loaded for m in receipt.money} == {
        one.currency: one.amount for one in view.sums
    }


def test_nobody_is_known_until_customers_are_loaded_or_wait_beside(tmp_path):
    answers = seen(tmp_path, ANSWERS)
    with Database(tmp_path / "cx.duckdb") as db:
        alone = preview(answers, known=known(db, "responses"), today=TODAY).match
        assert alone is not None
        assert not alone.comparable
        people = tmp_path / "people.csv"
        people.write_text(CUSTOMERS, encoding="utf-8")
        file = intake.inspect(people).with_answers({"alias:email": "yes"})
        beside = preview(file, today=TODAY).names
        match = preview(answers, known=known(db, "responses", [beside]), today=TODAY).match
        assert match is not None
        assert (match.rows, match.rows_known) == (2, 1)
        intake.load(db, people, file.mapping)
        assert preview(answers, known=known(db, "responses"), today=TODAY).match == match


def test_money_of_known_customers_is_summed(invoices, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(CUSTOMERS, encoding="utf-8")
    beside = preview(intake.inspect(people), today=TODAY).names
    with Database(tmp_path / "cx.duckdb") as db:
        view = preview(invoices, known=known(db, "revenue", [beside]), today=TODAY)
    assert view.match is not None
    assert view.match.share == 1
    assert [one.known for one in view.sums] == [one.amount for one in view.sums]


def test_a_file_does_not_make_customers_known_to_its_own_kind(invoices, tmp_path):
    beside = preview(invoices, today=TODAY).names
    with Database(tmp_path / "cx.duckdb") as db:
        assert len(known(db, "revenue", [beside]).customers) == 0
        assert len(known(db, "responses", [beside]).customers) > 0


def test_files_that_say_who_exists_are_loaded_first():
    kinds = ["responses", "revenue", "contacts", "orders", "customers", "subscriptions"]
    ordered = sorted(kinds, key=place_of)
    assert ordered[:4] == ["customers", "orders", "subscriptions", "revenue"]


def test_the_same_cells_read_differently_under_each_form():
    assert readings(["1.234", "12"], "decimal", [".", ","]) == {
        ".": ("1.234", "12.00"),
        ",": ("1,234.00", "12.00"),
    }
    assert readings(["31/01/2026"], "dates", ["dmy", "mdy"]) == {
        "dmy": ("31 January 2026",),
        "mdy": ("not readable",),
    }


def test_rows_of_an_erased_customer_are_refused_before_they_are_loaded(tmp_path):
    with Database(tmp_path / "cx.duckdb") as db:
        people = seen(tmp_path, "customer_id,segment\n007,SMB\n008,SMB\n")
        intake.load(db, people.path, people.mapping)
        with db.writing() as cur:
            erasure.remember(cur, ["007"], "customer", 1)
        view = preview(people, known=known(db, "customers"), today=TODAY)
    assert (view.rows, view.refused) == (2, 1)
    assert view.reasons[0].reason == erasure.REASON


def test_several_answers_in_columns_of_their_own_stand_as_one_line(tmp_path):
    layouts = Path(__file__).parents[2] / "fixtures" / "layouts"
    view = preview(intake.inspect(layouts / "surveymonkey_current.csv"), today=TODAY)
    choices = next(one for one in view.lines if one.role.startswith("choices "))
    assert [cell.understood for cell in choices.cells] == ["Price", "Support"]


def test_a_line_a_question_makes_a_row_a_response(tmp_path):
    text = "response_id,customer_id,answered_at,question,answer\n" + "".join(
        f"R{n},C{n},2026-03-0{n},{question},{answer}\n"
        for n in range(1, 8)
        for question, answer in (("nps", 9), ("csat", 4))
    )
    view = preview(seen(tmp_path, text), today=TODAY)
    assert (view.file_rows, view.rows) == (14, 7)
